"""Whatever a server says, what a caller gets is an answer or an error of outcrop's; and it gets it."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outcrop.exceptions import EventStreamError, OutcropError, ParserError
from tests.support import frames
from tests.support.sides import Side
from tests.support.stalling import Handled, read_request
from tests.support.waiting import PATIENCE

from .conftest import REQUEST

BODY = {"modelId": "m", "body": b"{}"}
CALLS = [
    ("converse", REQUEST),
    ("converse_stream", REQUEST),
    ("invoke_model", BODY),
    ("invoke_model_with_response_stream", BODY),
]
START = frames.event("messageStart", {"role": "assistant"})
STOP = frames.event("messageStop", {"stopReason": "end_turn"})

anything: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
members = st.sampled_from(["output", "usage", "stopReason", "message", "metrics", "delta", "bytes", "__type", "code"])
numbers = st.sampled_from(["1e999", "NaN", "9" * 40, "-1", "18446744073709551615"])
texts: Any = st.one_of(
    st.builds(json.dumps, anything | st.dictionaries(members, anything, max_size=3)).map(str.encode),
    st.builds('{{"usage": {{"inputTokens": {}, "outputTokens": {}}}}}'.format, numbers, numbers).map(str.encode),
    st.binary(max_size=40),
    st.sampled_from([b'{"a":' * 3000, b"[" * 100_000, b'{"x": "\\ud83d"}', b'{"x": "\xff"}', b'{"bytes": "###"}']),
)
header_values = st.binary(max_size=20).filter(lambda value: not set(value) & set(b"\r\n\0"))
headers = st.dictionaries(
    st.sampled_from(
        [b"x-amzn-ErrorType", b"x-amzn-RequestId", b"x-amz-retry-after", b"Content-Type", b"Content-Encoding", b"Date"]
    ),
    header_values | st.sampled_from([b"gzip", b"__class__", b"ThrottlingException", b"-5", b"9" * 30]),
    max_size=3,
)
statuses = st.sampled_from([200, 200, 200, 201, 204, 301, 304, 400, 403, 404, 413, 424, 429, 500, 503, 599, 999])


def whole(status, head, body):
    lines = b"".join(b"%b: %b\r\n" % each for each in head.items())
    return b"HTTP/1.1 %d X\r\n%bContent-Length: %d\r\n\r\n%b" % (status, lines, len(body), body)


frame_headers = st.dictionaries(
    st.sampled_from([":event-type", ":message-type", ":exception-type", ":error-code", ":content-type"]),
    st.sampled_from(["event", "exception", "error", "contentBlockDelta", "messageStop", "chunk", "throttlingException"])
    | st.text(max_size=8),
)
pieces = st.one_of(
    st.builds(frames.frame, frame_headers, texts), st.sampled_from([START, STOP]), st.binary(max_size=40)
)
streams = st.lists(pieces, max_size=5).map(
    lambda parts: b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n\r\n" + b"".join(parts)
)
broken_heads = st.sampled_from(
    [
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 700_000 + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]
)
said: Any = st.one_of(st.builds(whole, statuses, headers, texts), streams, broken_heads, st.binary(max_size=200))


@pytest.fixture(scope="module")
def talker():
    """`talk(bytes)`: both sides to a server that says these bytes to every request, and closes."""
    words = [b""]

    def say(connection):
        read_request(connection)
        connection.sendall(words[0])
        connection.close()

    with Handled(say) as server:
        where = {"endpoint_url": f"http://127.0.0.1:{server.port}", "retries": {"max_attempts": 1}}
        sides = [Side(kind, **where, timeouts={"total": PATIENCE}) for kind in ("blocking", "async")]

        def talk(said):
            words[0] = said
            return sides

        yield talk


def outcome(side, operation, arguments):
    """The answer, or outcrop's error; anything else fails the test."""
    try:
        return side.call(operation, **arguments)
    except OutcropError as error:
        told = error
    assert str(told)
    assert not hasattr(told, "clock"), "it was waited for"
    return told


@settings(max_examples=150)
@given(said=said, call=st.sampled_from(CALLS))
@example(said=whole(200, {}, b'{"usage": {"inputTokens": 1e999}}'), call=CALLS[0])
@example(said=whole(200, {b"Content-Encoding": b"gzip"}, gzip.compress(b"{}")), call=CALLS[0])
def test_nothing_raw_comes_out(talker, said, call):
    for side in talker(said):
        # Twice: the second sum of absurd counts of tokens must not overflow.
        outcome(side, *call)
        outcome(side, *call)


@pytest.mark.parametrize("payload", [b"", b"{", b'{"a":' * 3000, b'{"x": "\xff"}'])
@pytest.mark.parametrize("kind", ["contentBlockDelta", "neverHeardOf"])
def test_an_event_that_is_no_json_is_named(talker, kind, payload):
    event = frames.frame({":message-type": "event", ":event-type": kind}, payload)
    said = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n\r\n" + START + event + STOP
    for side in talker(said):
        error = outcome(side, "converse_stream", REQUEST)
        assert isinstance(error, (ParserError, dict))
        if payload or kind == "neverHeardOf":
            assert f'an event "{kind}" is no JSON: ' in str(error)


def test_half_a_character_does_not_cost_the_answer(talker):
    """A model may end in the middle of a pair of surrogates; the rest of what it said was paid for."""
    text = b'{"output": {"message": {"role": "assistant", "content": [{"text": "gold \\ud83d\\ude00 or \\ud83d"}]}}}'
    for side in talker(whole(200, {}, text)):
        (content,) = side.call("converse", **REQUEST)["output"]["message"]["content"]
        assert content == {"text": "gold \N{GRINNING FACE} or \N{REPLACEMENT CHARACTER}"}


def test_an_exception_without_a_name_is_an_error_all_the_same(talker):
    nameless = frames.frame({":message-type": "exception"}, b"5")
    for side in talker(b"HTTP/1.1 200 OK\r\n\r\n" + START + nameless):
        error = outcome(side, "converse_stream", REQUEST)
        assert isinstance(error, EventStreamError)
        assert error.response["Error"] == {"Message": "", "Code": ""}
