"""The scenarios, as data: what a Region does, and what becomes of the call. `docs/dev/router.md` has the same table."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tests.support import frames
from tests.support.http2 import CANCEL, INTERNAL_ERROR, REFUSED_STREAM

from .servers import ANSWER, DELTA, EVENTS, REST, START, Conversation

if TYPE_CHECKING:
    from collections.abc import Callable

    from .servers import Play

Fate = Literal["answered", "failed", "throttled", "daily", "paid", "caller", "late", "late throttled", "late caller"]

MEANING = {
    "answered": "answered",
    "failed": "goes on, a failure",
    "throttled": "goes on, throttled",
    "daily": "goes on, left alone for long",
    "paid": "ends: probably paid for",
    "caller": "ends: the caller's",
    "late": "ends: a failure, counted once",
    "late throttled": "ends: throttled, counted once",
    "late caller": "ends: the caller's",
}


OPERATIONS = {
    "converse": "",
    "converse_stream": " (stream)",
    "invoke_model": " (InvokeModel)",
    "invoke_model_with_response_stream": " (InvokeModel, stream)",
}


@dataclass(frozen=True)
class Scenario:
    """What the first Region does with a connection, and what becomes of the call."""

    name: str
    play: Play
    fate: Fate
    error: str | None = None
    """The name of the attempt's error."""
    posts: int = 1
    """The requests that reach the Region whole."""
    operation: str = "converse"
    over: Literal["HTTP/1.1", "HTTP/2", "TLS", "nothing"] = "HTTP/1.1"
    silent: bool = False
    """Whether a time-out ends it: it is short then."""
    endless: bool = False
    """Whether the deadline of the whole call ends it: it is short then."""

    @property
    def row(self) -> str:
        """A line of the table."""
        operation = OPERATIONS[self.operation]
        return f"| {self.over}{operation} | {self.name} | {MEANING[self.fate]} | {self.error or ''} |"


def table() -> str:
    """The table of the page."""
    lines = ["| over | the Region | the call | the attempt's error |", "|---|---|---|---|"]
    return "\n".join([*lines, *(scenario.row for scenario in SCENARIOS)]) + "\n"


def after(*steps: object) -> Play:
    """Read a request and do so: bytes are written, names are methods of the conversation, functions are called."""

    def play(conversation: Conversation) -> None:
        if not conversation.read():
            return
        for step in steps:
            if isinstance(step, bytes):
                conversation.send(step)
            elif isinstance(step, str):
                getattr(conversation, step)()
            else:
                step(conversation)

    return play


def whole(status: str = "200 OK", body: bytes = ANSWER, kind: str = "application/json", **headers: str) -> Play:
    """Answer each request so."""

    def play(conversation: Conversation) -> None:
        while conversation.read():
            conversation.whole(body, status, kind, **headers)

    return play


def refusal(status: str, code: str, message: str = "no", **members: object) -> Play:
    """Answer each request with an error of Bedrock's."""
    body = json.dumps({"message": message, **members}).encode()
    return whole(status, body, x_amzn_ErrorType=code)


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


def streaming(*parts: object) -> Play:
    """Begin a stream; bytes are chunks of it."""

    def play(conversation: Conversation) -> None:
        if not conversation.read():
            return
        conversation.head("chunked", kind=EVENTS)
        for part in parts:
            if isinstance(part, bytes):
                conversation.chunk(part)
            else:
                getattr(conversation, str(part))()

    return play


def without_end(part: bytes, before: bytes = b"", pause: float = 0.0) -> Play:
    """Begin a stream, and send so again and again until the client leaves."""

    def play(conversation: Conversation) -> None:
        if not conversation.read():
            return
        conversation.head("chunked", kind=EVENTS)
        with contextlib.suppress(OSError):
            conversation.chunk(before + part)
            while not conversation.has_left(within=pause):
                conversation.chunk(part)

    return play


def _exception(name: str, message: str = "no") -> bytes:
    return frames.exception(name, {"message": message})


DAMAGED = bytearray(DELTA)
DAMAGED[-10] ^= 0xFF

STREAMS = [
    dataclasses.replace(scenario, operation="converse_stream")
    for scenario in [
        Scenario(
            "429 before the stream",
            refusal("429 Too Many Requests", "ThrottlingException"),
            "throttled",
            "ThrottlingException",
        ),
        Scenario(
            "503 before the stream",
            refusal("503 Service Unavailable", "ServiceUnavailableException"),
            "failed",
            "ServiceUnavailableException",
        ),
        Scenario("hangs up before the first event", streaming("close"), "paid", "StreamCutError"),
        Scenario("resets before the first delta", streaming(START, "reset"), "paid", "StreamCutError"),
        Scenario("stops before the first delta", streaming(START, "wait"), "paid", "ReadTimeoutError", silent=True),
        Scenario("sends what are no frames", streaming(b"event: message\n\n" * 10, "close"), "paid", "ParserError"),
        Scenario("damages the first delta", streaming(START, bytes(DAMAGED), "close"), "paid", "ParserError"),
        *(
            Scenario(
                f"{name}, {message!r}, before the first delta",
                streaming(START, _exception(name, message), "close"),
                fate,
                code,
            )
            for name, message, fate, code in [
                ("throttlingException", "no", "throttled", "ThrottlingException"),
                ("throttlingException", "Too many tokens per day", "daily", "ThrottlingException"),
                ("serviceUnavailableException", "no", "failed", "ServiceUnavailableException"),
                ("internalServerException", "no", "failed", "InternalServerException"),
                ("modelStreamErrorException", "no", "failed", "ModelStreamErrorException"),
                ("validationException", "no", "caller", "ValidationException"),
            ]
        ),
        Scenario(
            "an error frame before the first delta",
            streaming(START, frames.error("ThrottlingException", "no"), "close"),
            "throttled",
            "ThrottlingException",
        ),
        Scenario("hangs up after the first delta", streaming(START, DELTA, "close"), "late"),
        Scenario("resets after the first delta", streaming(START, DELTA, "reset"), "late"),
        Scenario("stops after the first delta", streaming(START, DELTA, "wait"), "late", silent=True),
        Scenario("damages what follows the first delta", streaming(START, DELTA, bytes(DAMAGED), "close"), "late"),
        Scenario(
            "internalServerException after the first delta",
            streaming(START, DELTA, _exception("internalServerException"), "close"),
            "late",
        ),
        Scenario(
            "throttlingException after the first delta",
            streaming(START, DELTA, _exception("throttlingException"), "close"),
            "late throttled",
        ),
        Scenario(
            "validationException after the first delta",
            streaming(START, DELTA, _exception("validationException"), "close"),
            "late caller",
        ),
    ]
]


def frames2(*steps: object) -> Play:
    """Read a request of HTTP/2 and do so: functions get the peer and the stream."""

    def play(conversation: Conversation) -> None:
        if not conversation.read2():
            return
        for step in steps:
            if isinstance(step, str):
                getattr(conversation, step)()
            else:
                step(conversation.peer, conversation.stream)

    return play


def _head(status=200, **headers):
    return lambda peer, stream: peer.head(
        stream, status, {name.replace("_", "-"): value for name, value in headers.items()}
    )


def _data(body=ANSWER, end=True):
    return lambda peer, stream: peer.data(stream, body, end=end)


def _reset(code):
    return lambda peer, stream: peer.reset(stream, code)


def untouched(refuse: Callable[[Conversation], None]) -> Play:
    """Refuse the first request before it is looked at, and answer the next, on whatever connection it comes."""

    def play(conversation: Conversation) -> None:
        while conversation.read2():
            if conversation.region.posts == 1:
                refuse(conversation)
            else:
                conversation.peer.head(conversation.stream, 200)
                conversation.peer.data(conversation.stream, ANSWER, end=True)

    return play


HTTP2 = [
    dataclasses.replace(scenario, over="HTTP/2")
    for scenario in [
        Scenario("answers", frames2(_head(content_type="application/json"), _data(), "wait"), "answered"),
        Scenario("sends early hints first", frames2(_head(103), _head(), _data(), "wait"), "answered"),
        Scenario(
            "says that it goes away, and answers",
            frames2(lambda peer, stream: peer.go_away(stream), _head(), _data(), "wait"),
            "answered",
        ),
        Scenario(
            "429",
            frames2(_head(429, x_amzn_errortype="ThrottlingException"), _data(b"{}"), "wait"),
            "throttled",
            "ThrottlingException",
        ),
        # A request that no model has seen goes out again at no cost (RFC 9113, 6.8 and 8.7): the server counts two, and
        # there was one attempt.
        Scenario(
            "refuses the first stream before it is looked at",
            untouched(lambda it: it.peer.reset(it.stream, REFUSED_STREAM)),
            "answered",
            posts=2,
        ),
        Scenario(
            "goes away before the first stream is looked at",
            untouched(lambda it: it.peer.go_away(0)),
            "answered",
            posts=2,
        ),
        Scenario("503", frames2(_head(503), _data(b""), "wait"), "failed", "503"),
        Scenario("hangs up instead of an answer", frames2("close"), "paid", "ConnectionClosedError"),
        Scenario("says nothing", frames2("wait"), "paid", "ReadTimeoutError", silent=True),
        Scenario(
            "ends the stream with INTERNAL_ERROR",
            frames2(_reset(INTERNAL_ERROR), "wait"),
            "paid",
            "ConnectionClosedError",
        ),
        Scenario("ends the stream with CANCEL", frames2(_reset(CANCEL), "wait"), "paid", "ConnectionClosedError"),
        Scenario(
            "ends the stream in the body",
            frames2(_head(), _data(ANSWER[:30], end=False), _reset(INTERNAL_ERROR), "wait"),
            "paid",
            "ResponseStreamingError",
        ),
        Scenario(
            "hangs up in the body",
            frames2(_head(), _data(ANSWER[:30], end=False), "close"),
            "paid",
            "ResponseStreamingError",
        ),
        Scenario(
            "stops in the body",
            frames2(_head(), _data(ANSWER[:30], end=False), "wait"),
            "paid",
            "ReadTimeoutError",
            silent=True,
        ),
        Scenario(
            "sends what is no frame",
            frames2(lambda peer, _: peer.connection.sendall(b"\xff" * 64), "wait"),
            "paid",
            "ConnectionClosedError",
        ),
        Scenario(
            "says that it goes away with an error",
            frames2(lambda peer, stream: peer.go_away(stream, INTERNAL_ERROR), "close"),
            "paid",
            "ConnectionClosedError",
        ),
        dataclasses.replace(
            Scenario(
                "ends the stream after the first delta",
                frames2(_head(content_type=EVENTS), _data(START + DELTA, end=False), _reset(INTERNAL_ERROR), "wait"),
                "late",
            ),
            operation="converse_stream",
        ),
        dataclasses.replace(
            Scenario("answers", frames2(_head(content_type=EVENTS), _data(START + DELTA + REST), "wait"), "answered"),
            operation="converse_stream",
        ),
    ]
]

PING = frames.event("chunk", {"bytes": base64.b64encode(b'{"type": "ping"}').decode()})
EMPTY = frames.event("contentBlockDelta", {"delta": {"text": ""}, "contentBlockIndex": 0})
LARGE = frames.event("contentBlockDelta", {"delta": {"text": "rock " * 10_000}, "contentBlockIndex": 0})

# The time-out is shorter than 64 pauses: whoever sends as many events without a delta has begun.
ENDLESS = [
    Scenario(
        "sends pings now and then, and no delta",
        without_end(PING, pause=0.02),
        "paid",
        "ReadTimeoutError",
        operation="invoke_model_with_response_stream",
        silent=True,
    ),
    Scenario(
        "opens its answer now and then, and sends no delta",
        without_end(START, pause=0.02),
        "paid",
        "ReadTimeoutError",
        operation="converse_stream",
        silent=True,
    ),
    Scenario(
        "sends a first frame that grows byte by byte",
        without_end(b"r", LARGE[:100], pause=0.02),
        "paid",
        "ReadTimeoutError",
        operation="converse_stream",
        silent=True,
    ),
    Scenario(
        "opens its answer without end",
        without_end(START),
        "late",
        operation="converse_stream",
        endless=True,
    ),
    Scenario(
        "sends pings without end",
        without_end(PING),
        "late",
        operation="invoke_model_with_response_stream",
        endless=True,
    ),
    Scenario(
        "sends deltas without a word, and without end",
        without_end(EMPTY, START),
        "late",
        operation="converse_stream",
        endless=True,
    ),
    Scenario(
        "has a frame that grows byte by byte after the first delta",
        without_end(b"r", START + DELTA + LARGE[:100]),
        "late",
        operation="converse_stream",
        endless=True,
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
