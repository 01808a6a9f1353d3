"""A client of boto3's whose calls are made by outcrop, with all of botocore's machinery around them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from outcrop import _methods, _native, exceptions
from outcrop._botocore import answers, streams
from outcrop._botocore.emission import Emitter
from outcrop._botocore.requests import Request, laid_out
from outcrop._siblings import dressed, with_notes
from outcrop.cross_region import _calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.awsrequest import AWSResponse
    from botocore.client import BaseClient
    from botocore.model import OperationModel

SERVICES = frozenset({"bedrock", "bedrock-runtime"})

#: Under this name a call's arguments go through its context.
_ARGUMENTS = "outcrop_arguments"
#: What botocore settles when it makes a client, in the endpoint that outcrop is given.
_SETTLED = ("use_fips_endpoint", "use_dualstack_endpoint", "ignore_configured_endpoint_urls", "auth_scheme_preference")


def settings_of(client: BaseClient, session: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of the outcrop client that carries one of boto3's: the same endpoint, principal and limits.

    Args:
        client: boto3's client.
        session: The session that made it.
        given: The arguments that it was made with.
    """
    from botocore.config import Config

    settings = {"region_name": client.meta.region_name, "endpoint_url": client.meta.endpoint_url}
    if session.profile_name != "default":
        settings["profile_name"] = session.profile_name
    if given.get("verify") is not None:
        settings["verify"] = given["verify"]
    if given.get("config") is not None:
        options = dict(given["config"]._user_provided_options)  # noqa: SLF001  -- no public attribute says what was given
        settings["config"] = Config(**{name: value for name, value in options.items() if name not in _SETTLED})
    if given.get("aws_access_key_id") is not None:
        keys = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
        settings |= {name: given[name] for name in keys if given.get(name) is not None}
    elif not os.environ.get("AWS_BEARER_TOKEN_BEDROCK"):
        settings["credentials"] = _Principal(session)
    return settings


class _Principal:
    """The credentials of a session of boto3's, as they are at each call.

    Args:
        session: The session.
    """

    def __init__(self, session: Any) -> None:
        self._session = session

    def __call__(self) -> Any:
        """Ask for them."""
        found = self._session.get_credentials()
        return None if found is None else found.get_frozen_credentials()


class Carrier:
    """The two handlers by which a client's calls become outcrop's.

    They are botocore's last ones: whoever changes arguments or headers, or answers in the server's place, has done so.

    Args:
        client: boto3's client.
        carrying: outcrop's client in its place.
        router: An `outcrop.CrossRegion` for the calls of its model.
    """

    def __init__(self, client: BaseClient, carrying: Any, router: Any = None) -> None:
        self.router = router
        self._carrying = carrying
        self._emitter = Emitter(client.meta.events, client.meta)
        self._exceptions, self._url = client.exceptions, client.meta.endpoint_url
        self._region = client.meta.region_name
        self._operations = carrying._table.operations  # noqa: SLF001  -- the package's own
        self._names = {operation.name: name for name, operation in self._operations.items()}
        self._plain: dict[str, Callable[..., dict[str, Any]]] = {}
        self._routed: dict[str, Callable[..., dict[str, Any]]] = {}
        for event, handler in (("before-parameter-build", self._remember), ("before-call", self._call)):
            # Handlers of longer names come first.
            client.meta.events.register_last(event, handler, unique_id=f"outcrop-{event}")

    @staticmethod
    def _remember(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context[_ARGUMENTS] = params

    def _call(
        self, model: OperationModel, params: dict[str, Any], context: dict[str, Any], **_: Any
    ) -> tuple[AWSResponse, dict[str, Any]] | None:
        """Make the call, in place of botocore's endpoint; operations that outcrop has not are left to that."""
        arguments = context.pop(_ARGUMENTS)
        if self.router is not None:
            _check_beside(self.router, str(model.name), arguments, self._region)
        if model.name not in self._names:
            return None
        own = laid_out(arguments, model, self._url, context, params["headers"].get("User-Agent"))
        request = Request(params, model, own=own, signed=True)
        answer, headers = self._emitter.on_the_way(request, model, context)
        if answer is not None:
            return answer
        trace = _native.Trace([])
        trace.carry(headers)
        try:
            parsed = self._made(str(model.name), dict(arguments), trace)
        except exceptions.ClientError as error:
            self._emitter.failed(model, context, error)
            if not error.response.get("ResponseMetadata"):
                raise
            # boto3's classes of errors are each service's own, and `except` clauses name them.
            made = self._exceptions.from_code(error.response["Error"]["Code"])(error.response, model.name)
            raise with_notes(made, getattr(error, "__notes__", [])) from error
        except Exception as error:
            self._emitter.failed(model, context, error)
            raise
        return answers.http_response(self._url, parsed), parsed

    def _made(self, operation: str, arguments: dict[str, Any], trace: _native.Trace) -> dict[str, Any]:
        name, router = self._names[operation], self.router
        if router is not None and router._is_for(operation, arguments.get("modelId")):  # noqa: SLF001  -- the package's own
            calls, make, caller = self._routed, _calls.blocking_call, router
        else:
            calls, make, caller = self._plain, _methods.blocking_call, self._carrying
        if name not in calls:
            calls[name] = make(self._operations[name])
        return streams.botocores(calls[name](caller, arguments, trace))


#: What sends no prompt to a model: it goes to the client's own Region.
_BESIDE = frozenset({"ApplyGuardrail", "GetAsyncInvoke", "InvokeGuardrailChecks", "ListAsyncInvokes"})


def _check_beside(router: Any, operation: str, arguments: dict[str, Any], region: str) -> None:
    """See that a call that no router makes stays where the router's data may be.

    Raises:
        NoTargetError: It would not, or nobody can say.
    """
    residency = router._residency  # noqa: SLF001  -- the package's own
    if residency.unlimited or router._is_for(operation, None):  # noqa: SLF001
        return
    if operation not in _BESIDE:
        reason = "a router has no such operation, and nobody can say where its data would go"
    else:
        arn = re.match(r"arn:[^:]*:[^:]*:([^:]*)", str(arguments.get("guardrailIdentifier", "")))
        outside = [name for name in (region, *(arn.groups() if arn else ())) if not residency.permits(name)]
        if not outside:
            return
        reason = f"it would go to {', '.join(outside)}, outside the residency"
    way_out = "make a client without router= for it"
    raise dressed(exceptions.NoTargetError)(model=router.model, report=f"  {operation}: {reason}; {way_out}")
