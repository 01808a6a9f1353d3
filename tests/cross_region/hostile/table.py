"""The scenarios, as data: what a Region does, and what becomes of the call. `docs/dev/router.md` has the same table."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from .over_http2 import HTTP2
from .scenario import Scenario, after, refusal, streaming, whole
from .servers import ANSWER, EVENTS, START, Conversation
from .streams import ENDLESS, STREAMS

if TYPE_CHECKING:
    from .servers import Play


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
HTML = b"<html><body><h1>no</h1></body></html>"


def drip(conversation: Conversation) -> None:
    for byte in HEAD + ANSWER:
        conversation.send(bytes([byte]))


def large_head(conversation: Conversation) -> None:
    conversation.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(20_000):
        conversation.send(b"x-filler-%d: %s\r\n" % (number, b"x" * 100))
    conversation.send(b"\r\n")


def at_once(step: str) -> Play:
    return lambda conversation: getattr(conversation, step)()


def early(status: str, code: str) -> Play:
    """Answer when the first bytes have come, and hang up."""

    def play(conversation: Conversation) -> None:
        conversation.connection.recv(1)
        body = b'{"message": "no"}'
        conversation.whole(body, status, Connection="close", x_amzn_ErrorType=code)
        conversation.wait()

    return play


def no_tls(conversation: Conversation) -> None:
    conversation.connection.recv(1)
    conversation.whole(b"", "400 Bad Request")
    conversation.wait()


CONNECTIONS = [
    Scenario("refuses connections", at_once("close"), "failed", "EndpointConnectionError", 0, over="nothing"),
    Scenario(
        "takes the connection and does not shake hands",
        at_once("wait"),
        "failed",
        "ConnectTimeoutError",
        0,
        over="TLS",
        silent=True,
    ),
    Scenario("has a certificate of nobody's", at_once("wait"), "failed", "SSLError", 0, over="TLS"),
    Scenario("speaks no TLS", no_tls, "failed", "SSLError", 0, over="TLS"),
    Scenario("hangs up in the handshake", at_once("close"), "failed", "EndpointConnectionError", 0, over="TLS"),
]

WHOLE = [
    Scenario("answers byte by byte", after(drip, "wait"), "answered"),
    Scenario("says 100 Continue first", after(b"HTTP/1.1 100 Continue\r\n\r\n", HEAD, ANSWER, "wait"), "answered"),
    Scenario(
        "sends early hints first",
        after(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", HEAD, ANSWER, "wait"),
        "answered",
    ),
    Scenario("answers and hangs up", after(HEAD, ANSWER, "close"), "answered"),
    Scenario("answers with an unknown media type", whole(kind="text/plain"), "answered"),
]

BROKEN = [
    Scenario("hangs up instead of an answer", after("close"), "paid", "ConnectionClosedError"),
    Scenario("resets instead of an answer", after("reset"), "paid", "ConnectionClosedError"),
    Scenario("says nothing", after("wait"), "paid", "ReadTimeoutError", silent=True),
    Scenario("hangs up in the status line", after(b"HTTP/1.1 20", "close"), "paid", "ConnectionClosedError"),
    Scenario("hangs up in the head", after(HEAD[:40], "close"), "paid", "ConnectionClosedError"),
    Scenario("stops in the head", after(HEAD[:40], "wait"), "paid", "ReadTimeoutError", silent=True),
    Scenario("hangs up after the head", after(HEAD, "close"), "paid", "ResponseStreamingError"),
    Scenario("stops after the head", after(HEAD, "wait"), "paid", "ReadTimeoutError", silent=True),
    Scenario("hangs up in the body", after(HEAD, ANSWER[:30], "close"), "paid", "ResponseStreamingError"),
    Scenario("resets in the body", after(HEAD, ANSWER[:30], "reset"), "paid", "ResponseStreamingError"),
    Scenario("stops in the body", after(HEAD, ANSWER[:30], "wait"), "paid", "ReadTimeoutError", silent=True),
    Scenario(
        "leaves out the last chunk",
        after(CHUNKED, b"%x\r\n%b\r\n" % (len(ANSWER), ANSWER), "close"),
        "paid",
        "ResponseStreamingError",
    ),
    Scenario(
        "has chunks whose size is no number", after(CHUNKED, b"rocks\r\n", "close"), "paid", "ResponseStreamingError"
    ),
    Scenario("speaks no HTTP", after(b"220 mail ready\r\n", "close"), "paid", "ConnectionClosedError"),
    Scenario("sends a head of 2 MB", after(large_head, "close"), "paid", "ConnectionClosedError"),
]

CODES = [
    Scenario(f"{status}, {code}, {message!r}", refusal(status, code, message), fate, code)
    for status, code, message, fate in [
        (
            "429 Too Many Requests",
            "ThrottlingException",
            "Too many tokens, please wait before trying again.",
            "throttled",
        ),
        ("400 Bad Request", "ThrottlingException", "Rate exceeded", "throttled"),
        ("429 Too Many Requests", "TooManyRequestsException", "no", "throttled"),
        ("429 Too Many Requests", "LimitOfTomorrowException", "no", "throttled"),
        ("400 Bad Request", "ServiceQuotaExceededException", "Your request exceeds the service quota.", "throttled"),
        ("429 Too Many Requests", "ModelNotReadyException", "no", "failed"),
        ("503 Service Unavailable", "ServiceUnavailableException", "no", "failed"),
        ("500 Internal Server Error", "InternalServerException", "no", "failed"),
        ("408 Request Timeout", "ModelTimeoutException", "no", "failed"),
        ("424 Failed Dependency", "ModelStreamErrorException", "no", "failed"),
        ("400 Bad Request", "ValidationException", "no", "caller"),
        ("403 Forbidden", "AccessDeniedException", "no identity-based policy allows it", "caller"),
        ("403 Forbidden", "AccessDeniedException", "with an explicit deny in a policy", "caller"),
        ("404 Not Found", "ResourceNotFoundException", "no", "caller"),
        ("403 Forbidden", "ExpiredTokenException", "no", "caller"),
        ("409 Conflict", "ConflictException", "no", "caller"),
    ]
]
CODES += [
    Scenario(
        "429 ThrottlingException, tokens of the day",
        refusal(
            "429 Too Many Requests", "ThrottlingException", "Too many tokens per day, please wait before trying again."
        ),
        "daily",
        "ThrottlingException",
    ),
    Scenario(
        "424 ModelErrorException, the model said 400",
        refusal("424 Failed Dependency", "ModelErrorException", originalStatusCode=400),
        "caller",
        "ModelErrorException",
    ),
    Scenario(
        "424 ModelErrorException, the model said 503",
        refusal("424 Failed Dependency", "ModelErrorException", originalStatusCode=503),
        "failed",
        "ModelErrorException",
    ),
    *(
        Scenario(
            f"429 that asks for a pause of {pause!r}",
            whole("429 Too Many Requests", b"{}", x_amzn_ErrorType="ThrottlingException", x_amz_retry_after=pause),
            "throttled",
            "ThrottlingException",
        )
        for pause in ("3600000", "99999999999999999999999", "-1", "1e308", "NaN", "tomorrow")
    ),
]

GATEWAYS = [
    Scenario(f"a gateway's {status} in {kind}", whole(status, body, f"{kind}; charset=utf-8"), fate, status[:3])
    for status, kind, body, fate in [
        ("502 Bad Gateway", "text/html", HTML, "failed"),
        ("503 Service Unavailable", "text/html", HTML, "failed"),
        ("504 Gateway Timeout", "application/json", b'{"message": "Endpoint request timed out"}', "failed"),
        ("500 Internal Server Error", "text/plain", b"", "failed"),
        ("429 Too Many Requests", "text/html", HTML, "throttled"),
        ("403 Forbidden", "text/html", HTML, "caller"),
        ("404 Not Found", "text/html", HTML, "caller"),
        ("413 Content Too Large", "text/html", HTML, "caller"),
        ("418 I'm a teapot", "text/plain", b"tea", "caller"),
    ]
]
GATEWAYS += [
    Scenario(f"redirects with {status}", whole(status, b"", Location="https://example.com/"), "caller", status[:3])
    for status in ("301 Moved Permanently", "302 Found", "307 Temporary Redirect")
]
GATEWAYS += [
    Scenario(
        "503 and hangs up",
        after(b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "close"),
        "failed",
        "503",
    ),
    Scenario(
        "413 before the request has come whole, and hangs up",
        early("413 Content Too Large", "ValidationException"),
        "caller",
        "ValidationException",
        posts=0,
    ),
    Scenario(
        "503 before the request has come whole, and hangs up",
        early("503 Service Unavailable", "ServiceUnavailableException"),
        "failed",
        "ServiceUnavailableException",
        posts=0,
    ),
]

WORDS = b'{"message": "Endpoint request timed out"}'
ERROR = b'{"__type": "InternalServerException", "message": "no"}'

# The model may have worked for any of them, so none goes on to another Region.
NO_ANSWERS = [
    Scenario(f"answers 200 with {name}", whole(body=body, kind=kind), "paid", "InvalidAnswerError", operation=operation)
    for operation in ("converse", "invoke_model")
    for name, body, kind in [
        ("nothing", b"", "application/json"),
        ("blanks", b" \r\n ", "application/json"),
        ("a page", HTML, "text/html"),
        ("a page that says it is JSON", HTML, "application/json"),
        ("half of its JSON", ANSWER[:-20], "application/json"),
        ("two answers in one", ANSWER + ANSWER, "application/json"),
        ("a gateway's words", WORDS, "application/json"),
        ("an error's words", ERROR, "application/json"),
        ("bytes that are no text", b"\xff\xfe{}", "application/json"),
    ]
]
NO_ANSWERS += [
    Scenario(f"answers 200 with {name}", whole(body=body), "paid", "InvalidAnswerError")
    for name, body in [
        ("an empty object", b"{}"),
        ("a list", b"[" + ANSWER + b"]"),
        ("null", b"null"),
        ("a text", b'"answer"'),
        ("an output that is null", b'{"output": null, "stopReason": "end_turn"}'),
        ("another operation's answer", b'{"inputTokens": 3}'),
        ("JSON without an end to its depth", b"[" * 100_000),
    ]
]
NO_ANSWERS += [
    Scenario("answers 204 No Content", whole("204 No Content", b""), "paid", "InvalidAnswerError"),
]
NO_ANSWERS += [
    Scenario(f"answers 200 with {name}", play, "paid", error, operation=operation)
    for operation in ("converse_stream", "invoke_model_with_response_stream")
    for name, play, error in [
        ("nothing", whole(body=b"", kind=EVENTS), "StreamCutError"),
        ("a page", whole(body=HTML, kind="text/html"), "InvalidAnswerError"),
        ("a page that says it is a stream", whole(body=HTML, kind=EVENTS), "ParserError"),
        ("an answer that is no stream", whole(), "InvalidAnswerError"),
        ("a gateway's words", whole(body=WORDS), "InvalidAnswerError"),
        ("no event before its end", streaming(b"", "wait"), "StreamCutError"),
    ]
]
NO_ANSWERS += [
    dataclasses.replace(
        Scenario(
            "answers 200 and ends before the first delta", streaming(START, b"", "wait"), "paid", "StreamCutError"
        ),
        operation="converse_stream",
    ),
]
SCENARIOS = list(itertools.chain(CONNECTIONS, WHOLE, BROKEN, NO_ANSWERS, CODES, GATEWAYS, STREAMS, ENDLESS, HTTP2))


def table() -> str:
    """The table of the page."""
    lines = ["| over | the Region | the call | the attempt's error |", "|---|---|---|---|"]
    return "\n".join([*lines, *(scenario.row for scenario in SCENARIOS)]) + "\n"
