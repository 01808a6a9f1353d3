"""What a call came to, as the HTTP answer that OpenAI's and Anthropic's clients expect."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop import _native, exceptions

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding"})
"""Headers that say how an answer came, which is another way than it goes on."""

_STATUSES: list[tuple[type[Exception], int, str]] = [
    (exceptions.ParamValidationError, 400, "invalid_request_error"),
    (exceptions.NoTargetError, 403, "permission_error"),
    (exceptions.OverloadedError, 429, "rate_limit_error"),
    (exceptions.NoCredentialsError, 401, "authentication_error"),
    (exceptions.CredentialRetrievalError, 401, "authentication_error"),
    (exceptions.ConnectTimeoutError, 504, "timeout_error"),
    (exceptions.ReadTimeoutError, 504, "timeout_error"),
    (exceptions.InvalidAnswerError, 502, "api_error"),
    (exceptions.ParserError, 502, "api_error"),
    (exceptions.OutcropError, 503, "api_error"),
    (ValueError, 400, "invalid_request_error"),
]
"""What an error is to these clients where Bedrock answered nothing: an exception is a reason for them to try again."""

_FIRST_ERROR = 400
_REDIRECTS = range(300, 400)
_OF_REDIRECTS = frozenset({"location", "refresh"})

_OF_KIND = {"throttled": 429, "daily-quota": 429, "failed": 500}


class Answer(NamedTuple):
    """An HTTP answer, whole."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    metadata: Mapping[str, Any]


def head(metadata: Mapping[str, Any], *, final: bool = False) -> list[tuple[str, str]]:
    """The headers of an answer: Bedrock's, the id under the names that the clients look for, and the target.

    Args:
        metadata: `ResponseMetadata`.
        final: Whether the clients are told not to try again: that was done already.
    """
    said = metadata.get("HTTPHeaders", {})
    headers = [(name, value) for name, value in said.items() if name not in _OF_CONNECTION]
    if (request_id := metadata.get("RequestId")) is not None:
        headers += [(name, request_id) for name in ("x-request-id", "request-id") if name not in said]
    route = metadata.get("CrossRegion")
    if route is not None:
        headers.append(("x-outcrop-attempts", str(len(route["Attempts"]))))
        if target := route.get("Target"):
            headers.append(("x-outcrop-source-region", target["SourceRegion"]))
            headers.append(("x-outcrop-model-id", target["ModelId"]))
    if final:
        headers = [(name, value) for name, value in headers if name != "x-should-retry"]
        headers.append(("x-should-retry", "false"))
    return headers


def refused(error: Exception, path: str) -> Answer | None:
    """The answer for a call that failed; `None` for one that was given up.

    Args:
        error: What was raised.
        path: The path that was called.
    """
    response = getattr(error, "response", None)
    if isinstance(error, exceptions.EventStreamError):
        return _in_stream(response or {}, path)
    if isinstance(error, exceptions.ClientError):
        return _of_bedrock(response or {}, path)
    if isinstance(error, exceptions.CancelledCallError):
        return None
    for kind, status, word in _STATUSES:
        if isinstance(error, kind):
            text = str(error).removeprefix("Parameter validation failed:\n")
            body = shaped(path, word, type(error).__name__, text)
            metadata = getattr(error, "metadata", None) or {}
            route = getattr(error, "cross_region", None)
            known = {"RequestId": metadata.get("RequestId"), "CrossRegion": route}
            return _made(status, body, {name: value for name, value in known.items() if value is not None})
    return None


def _of_bedrock(response: Mapping[str, Any], path: str) -> Answer:
    metadata = response.get("ResponseMetadata", {})
    status = metadata.get("HTTPStatusCode", 500)
    if status < _FIRST_ERROR:
        return _elsewhere(status, metadata, path)
    if body := response.get("body"):
        return Answer(status, head(metadata, final=True), body, metadata)
    said = response["Error"]
    word = {404: "not_found_error", 429: "rate_limit_error"}.get(status, "api_error")
    return _made(status, shaped(path, word, said["Code"], said["Message"]), metadata)


def _elsewhere(status: int, metadata: Mapping[str, Any], path: str) -> Answer:
    """For an answer that is none, such as a redirect: a client that follows those would send the request again."""
    text = f"the endpoint answered with status {status}, which is no answer of Bedrock's"
    if status in _REDIRECTS:
        text += ": it sends the request elsewhere, and nothing is sent where nobody said"
    answer = _made(502, shaped(path, "api_error", str(status), text), metadata)
    return answer._replace(headers=[(name, value) for name, value in answer.headers if name not in _OF_REDIRECTS])


def _in_stream(response: Mapping[str, Any], path: str) -> Answer:
    """An error in a stream, before any of its answer: what can be tried later is an answer of its own."""
    said, metadata = response["Error"], response.get("ResponseMetadata", {})
    status = _OF_KIND.get(_native.kind_of_failure(said["Code"], None, said["Message"]))
    if status is None:
        headers = [*head(metadata, final=True), ("content-type", "text/event-stream")]
        return Answer(200, headers, response.get("body", b""), metadata)
    word = "rate_limit_error" if status == 429 else "api_error"  # noqa: PLR2004  -- HTTP's
    return _made(status, shaped(path, word, said["Code"], said["Message"]), metadata)


def _made(status: int, body: bytes, metadata: Mapping[str, Any]) -> Answer:
    of_body = {"content-length", "content-type", "content-encoding"}
    headers = [(name, value) for name, value in head(metadata, final=True) if name not in of_body]
    headers += [("content-type", "application/json"), ("content-length", str(len(body)))]
    return Answer(status, headers, body, metadata)


def shaped(path: str, kind: str, code: str, message: str) -> bytes:
    """An error in the form of the API that a path is of."""
    if path.startswith("/anthropic/"):
        error: dict[str, Any] = {"type": "error", "error": {"type": kind, "message": message}}
    else:
        error = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return json.dumps(error).encode()
