"""The events of one call, in botocore's order and with its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from outcrop import _native, exceptions
from outcrop._botocore import answers
from outcrop._botocore.requests import Request, laid_out

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest, AWSResponse
    from botocore.hooks import EventAliaser


class Emitter:
    """What a client's events have in common.

    Args:
        native: The native client, or what stands for it.
        events: botocore's emitter, at which handlers are registered.
        meta: The client's `meta`.
    """

    def __init__(self, native: Any, events: EventAliaser, meta: Any) -> None:
        from botocore.signers import RequestSigner

        self.native = native
        self.events = events
        self.model = meta.service_model
        self.region_name = meta.region_name
        self.endpoint_url = meta.endpoint_url
        self.config = meta.config
        self.user_agent = f"outcrop/{_native.__version__}"
        service, name = self.model.service_id, self.model.signing_name
        #: For handlers that look at it. It has no credentials: calls are signed natively.
        self.signer = RequestSigner(service, meta.region_name, name, "v4", None, events)

    def emit(self, event: str, operation: str, **arguments: Any) -> list[tuple[Any, Any]]:
        """Run the handlers of an event, and return what they say."""
        return self.events.emit(f"{event}.{self.model.service_id.hyphenize()}.{operation}", **arguments)

    def first(self, event: str, operation: str, **arguments: Any) -> Any:
        """Run the handlers of an event until one says something, and return it."""
        name = f"{event}.{self.model.service_id.hyphenize()}.{operation}"
        return self.events.emit_until_response(name, **arguments)[1]


class Emission:
    """The events before a call, which are run when this is made, and those after it.

    Args:
        emitter: The client's.
        operation: AWS's name of the operation.
        arguments: The call's arguments.

    Attributes:
        arguments: Those that handlers want in their place.
        answer: A status line with an answer, if a handler gave one in the server's place.
    """

    def __init__(self, emitter: Emitter, operation: str, arguments: dict[str, Any]) -> None:
        from botocore.hooks import first_non_none_response

        self._emitter = emitter
        self._operation = emitter.model.operation_model(operation)
        self._headers: list[tuple[str, str]] = []
        self.answer: tuple[AWSResponse, dict[str, Any]] | None = None
        self._context = context = {
            "client_region": emitter.region_name,
            "client_config": emitter.config,
            "has_streaming_input": self._operation.has_streaming_input,
            "auth_type": self._operation.resolved_auth_type,
            "unsigned_payload": self._operation.unsigned_payload,
            "auth_options": emitter.model.metadata.get("auth"),
        }
        told: dict[str, Any] = {"model": self._operation, "context": context}
        provided = emitter.emit("provide-client-params", operation, params=dict(arguments), **told)
        self.arguments: dict[str, Any] = first_non_none_response(provided, default=arguments)
        self.arguments = dict(self.arguments)
        emitter.emit("before-parameter-build", operation, params=self.arguments, **told)
        # A body may be a file, which is read once.
        emitter.native.check(operation, {name: value for name, value in self.arguments.items() if name != "body"})
        given = laid_out(self.arguments, self._operation, emitter.endpoint_url, context, emitter.user_agent)
        request = Request(given, self._operation)
        told["request_signer"] = emitter.signer
        self.answer = emitter.first("before-call", operation, params=request.dict, **told)
        if self.answer is None:
            self._on_the_way(request)

    def _on_the_way(self, request: Request) -> None:
        emitter, name = self._emitter, self._operation.name
        self._context["retries"] = {"attempt": 1, "invocation-id": str(uuid4())}
        created: AWSRequest = request.created()
        emitter.emit("request-created", name, request=created, operation_name=name)
        emitter.emit(
            "before-sign",
            name,
            request=created,
            signing_name=emitter.model.signing_name,
            region_name=emitter.region_name,
            signature_version="v4",
            request_signer=emitter.signer,
            operation_name=name,
        )
        prepared = request.prepared(created)
        said = emitter.emit("before-send", name, request=prepared)
        response = next((answer for _, answer in said if answer is not None), None)
        if response is not None:
            self.answer = response, answers.parsed(response, self._operation)
        self._headers = request.carried(prepared)

    def trace(self, trace: _native.Trace | None) -> _native.Trace | None:
        """Return what the call takes along: the headers that handlers wrote, beside those of a trace."""
        if self._headers:
            trace = trace or _native.Trace([])
            trace.carry(self._headers)
        return trace

    def answered(self) -> dict[str, Any]:
        """Run the events after an answer that a handler gave, and return it.

        Raises:
            ClientError: It is an error.
        """
        assert self.answer is not None  # noqa: S101  -- for the types; callers have looked
        response, parsed = self.answer
        self._after(response, parsed)
        return answers.checked(response, parsed, self._operation)

    def succeeded(self, parsed: dict[str, Any]) -> dict[str, Any]:
        """Run the events after an answer, and return it."""
        self._after(answers.http_response(self._emitter.endpoint_url, parsed), parsed)
        return parsed

    def failed(self, error: Exception) -> None:
        """Run the events after an error."""
        if isinstance(error, exceptions.ClientError) and error.response.get("ResponseMetadata"):
            self._after(answers.http_response(self._emitter.endpoint_url, error.response), error.response)
        elif not isinstance(error, exceptions.ParamValidationError):
            name = self._operation.name
            self._emitter.emit("after-call-error", name, exception=error, context=self._context)

    def _after(self, response: AWSResponse, parsed: dict[str, Any]) -> None:
        told = {"parsed": parsed, "model": self._operation, "context": self._context}
        self._emitter.emit("after-call", self._operation.name, http_response=response, **told)
