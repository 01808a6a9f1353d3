"""The events of one client, and those of one call: in botocore's order and with its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from outcrop import _native, exceptions
from outcrop._botocore import answers
from outcrop._botocore.requests import Request, laid_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.awsrequest import AWSRequest, AWSResponse
    from botocore.hooks import EventAliaser
    from botocore.model import OperationModel

    Answer = tuple[AWSResponse, dict[str, Any]]


class Emitter:
    """Runs the handlers of a client's events, be the client outcrop's or boto3's.

    Args:
        events: botocore's emitter, at which handlers are registered.
        meta: The client's `meta`.
    """

    def __init__(self, events: EventAliaser, meta: Any) -> None:
        self._events = events
        self._url = meta.endpoint_url
        self._service = meta.service_model.service_id.hyphenize()

    def emit(self, event: str, operation: str, **arguments: Any) -> list[tuple[Any, Any]]:
        """Run the handlers of an event, and return what they say."""
        return self._events.emit(f"{event}.{self._service}.{operation}", **arguments)

    def first(self, event: str, operation: str, **arguments: Any) -> Any:
        """Run the handlers of an event until one says something, and return it."""
        return self._events.emit_until_response(f"{event}.{self._service}.{operation}", **arguments)[1]

    def on_the_way(
        self,
        request: Request,
        operation: OperationModel,
        context: dict[str, Any],
        sign: Callable[[AWSRequest], object] | None = None,
    ) -> tuple[Answer | None, list[tuple[str, str]]]:
        """Run the handlers of a request that is about to be sent.

        Args:
            request: The request.
            operation: Its operation.
            context: Its call's context.
            sign: Runs the handlers of `before-sign`, unless a handler of botocore's does.

        Returns:
            An answer that a handler gave in the server's place, else the headers that go along.

        Raises:
            ValueError: A handler has changed what outcrop sends by itself.
        """
        name = str(operation.name)
        context["retries"] = {"attempt": 1, "invocation-id": str(uuid4())}
        created = request.created()
        self.emit("request-created", name, request=created, operation_name=name)
        if sign is not None:
            sign(created)
        prepared = request.prepared(created)
        said = self.emit("before-send", name, request=prepared)
        response = next((answer for _, answer in said if answer is not None), None)
        if response is not None:
            return (response, answers.parsed(response, operation)), []
        return None, request.carried(prepared)

    def answered(
        self,
        operation: OperationModel,
        context: dict[str, Any],
        parsed: dict[str, Any],
        response: AWSResponse | None = None,
    ) -> None:
        """Run the handlers of `after-call`, of an answer of outcrop's or one that a handler gave."""
        response = response or answers.http_response(self._url, parsed)
        told = {"http_response": response, "parsed": parsed, "model": operation, "context": context}
        self.emit("after-call", str(operation.name), **told)

    def failed(self, operation: OperationModel, context: dict[str, Any], error: Exception) -> None:
        """Run the handlers after an error: one of the service's is an answer, too."""
        if isinstance(error, exceptions.ClientError) and error.response.get("ResponseMetadata"):
            self.answered(operation, context, error.response)
        elif not isinstance(error, exceptions.ParamValidationError):
            self.emit("after-call-error", str(operation.name), exception=error, context=context)


class Emission:
    """The events before a call of outcrop's, which are run when this is made, and those after it.

    Args:
        client: The `Emitting` client that makes the call.
        operation: AWS's name of the operation.
        arguments: The call's arguments; they are not changed.

    Attributes:
        arguments: Those that handlers want in their place.
        answer: A response and what it says, if a handler gave one in the server's place.
    """

    def __init__(self, client: Any, operation: str, arguments: dict[str, Any]) -> None:
        from botocore.hooks import first_non_none_response

        meta, self._emitter = client.meta, client.emitter
        service, emitter = meta.service_model, self._emitter
        self._operation = model = service.operation_model(operation)
        self._headers: list[tuple[str, str]] = []
        self._context = context = {
            "client_region": meta.region_name,
            "client_config": meta.config,
            "has_streaming_input": model.has_streaming_input,
            "auth_type": model.resolved_auth_type,
            "unsigned_payload": model.unsigned_payload,
            "auth_options": service.metadata.get("auth"),
        }
        told: dict[str, Any] = {"model": model, "context": context}
        # Handlers change what they are shown, or give something else.
        shown = dict(arguments)
        provided = emitter.emit("provide-client-params", operation, params=shown, **told)
        self.arguments: dict[str, Any] = first_non_none_response(provided, default=shown)
        emitter.emit("before-parameter-build", operation, params=self.arguments, **told)
        # A body may be a file, which is read once.
        client.native.check(operation, {name: value for name, value in self.arguments.items() if name != "body"})
        request = Request(
            laid_out(self.arguments, model, meta.endpoint_url, context, f"outcrop/{_native.__version__}"), model
        )
        signer: dict[str, Any] = {"request_signer": client.signer}
        self.answer: Answer | None = emitter.first("before-call", operation, params=request.dict, **signer, **told)
        if self.answer is None:
            signing = {
                "signing_name": service.signing_name,
                "region_name": meta.region_name,
                "signature_version": "v4",
                "operation_name": operation,
                **signer,
            }
            self.answer, self._headers = emitter.on_the_way(
                request,
                model,
                context,
                lambda created: emitter.emit("before-sign", operation, request=created, **signing),
            )

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
        self._emitter.answered(self._operation, self._context, parsed, response)
        return answers.checked(response, parsed, self._operation)

    def succeeded(self, parsed: dict[str, Any]) -> dict[str, Any]:
        """Run the events after an answer, and return it."""
        self._emitter.answered(self._operation, self._context, parsed)
        return parsed

    def failed(self, error: Exception) -> None:
        """Run the events after an error."""
        self._emitter.failed(self._operation, self._context, error)
