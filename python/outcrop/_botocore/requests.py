"""A call as botocore lays it out, for handlers to look at, and what of their changes goes along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.awsrequest import AWSPreparedRequest, AWSRequest
    from botocore.model import OperationModel

#: What outcrop writes itself. Whoever wants another one says so where the way out names.
_OWN = {
    "authorization": "pass bearer_token= or credentials= to the client",
    "host": "pass endpoint_url= to the client",
    "content-length": "leave it to the body",
    "transfer-encoding": "leave it to the body",
    "x-amz-date": "leave it to the signature",
    "x-amz-security-token": "pass credentials= to the client",
    "x-amz-content-sha256": "leave it to the signature",
}


def laid_out(
    arguments: dict[str, Any], operation: OperationModel, endpoint_url: str, context: dict[str, Any], user_agent: str
) -> dict[str, Any]:
    """Return a call as the dict that handlers of `before-call` know.

    Args:
        arguments: The call's arguments, which were checked.
        operation: The operation.
        endpoint_url: Where it goes.
        context: The call's context.
        user_agent: Who sends it.
    """
    from botocore.awsrequest import prepare_request_dict
    from botocore.serialize import create_serializer

    serializer = create_serializer(operation.service_model.resolved_protocol, include_validation=False)
    made = serializer.serialize_to_request(arguments, operation)
    prepare_request_dict(made, endpoint_url=endpoint_url, user_agent=user_agent, context=context)
    return made


class Request:
    """One request, in botocore's three forms: a dict, an `AWSRequest`, and one that is ready to be sent.

    Args:
        given: The dict, as handlers have it.
        operation: The operation.
        own: The dict as the arguments make it, where handlers have had the other one.
        signed: Whether botocore signs it, for handlers to see; outcrop's signature goes out in its place.
    """

    def __init__(
        self,
        given: dict[str, Any],
        operation: OperationModel,
        *,
        own: dict[str, Any] | None = None,
        signed: bool = False,
    ) -> None:
        own = given if own is None else own
        self.dict = given
        self._streams = bool(operation.has_streaming_output or operation.has_event_stream_output)
        self._signed = signed
        self._headers = _lower(own["headers"])
        self._kept = self._parts(own["method"], own["url"], own["body"])

    def created(self) -> AWSRequest:
        """The request as an object, from the dict as handlers have left it."""
        from botocore.awsrequest import create_request_object

        self._check("before-call", self.dict["method"], self.dict["url"], self.dict["body"])
        request = create_request_object(self.dict)
        request.stream_output = self._streams
        return request

    def prepared(self, request: AWSRequest) -> AWSPreparedRequest:
        """The request, ready to be sent, from the object as handlers have left it."""
        self._check("request-created", request.method, request.url, request.data)
        return request.prepare()

    def carried(self, prepared: AWSPreparedRequest) -> list[tuple[str, str]]:
        """The headers that handlers have written, as they are sent along.

        Raises:
            ValueError: They have changed what outcrop sends by itself.
        """
        self._check("before-send", prepared.method, prepared.url, prepared.body)
        # Of the request's own, botocore adds the length at last.
        before = {**self._headers, "content-length": prepared.headers.get("Content-Length")}
        headers = _lower(prepared.headers).items()
        written = [(name, value) for name, value in headers if before.get(name) != value]
        if self._signed:
            # Who calls stays who it says to be; botocore's signature and count of attempts are not outcrop's.
            agent = [(name, value) for name, value in headers if name == "user-agent" and before.get(name) == value]
            theirs = [(name, value) for name, value in written if name not in _OWN and not name.startswith("amz-sdk-")]
            return agent + theirs
        for name, _ in written:
            if name in _OWN:
                raise ValueError(f"a handler wrote the header {name!r}, which outcrop writes itself: {_OWN[name]}")
        return written

    @staticmethod
    def _parts(method: Any, url: Any, body: Any) -> dict[str, Any]:
        return {"method": method, "URL": url, "body": body}

    def _check(self, event: str, method: Any, url: Any, body: Any) -> None:
        for name, value in self._parts(method, url, body).items():
            kept = self._kept[name]
            # An empty body is None, a str or bytes, by the form of the request.
            if (value or kept) and value is not kept and value != kept:
                raise ValueError(
                    f"a handler of {event} changed the request's {name}, which is made of the call's arguments: change "
                    "these in a handler of provide-client-params or before-parameter-build"
                )


def _lower(headers: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.lower(): value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for name, value in headers.items()
    }
