"""A damaged frame is an error as soon as it can be seen, and nothing that is waited for."""

from __future__ import annotations

import threading

import botocore.eventstream
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outcrop.exceptions import ChecksumMismatch, ParserError
from tests.support import frames
from tests.support.sides import Side
from tests.support.speaking import speaking, streamed
from tests.support.waiting import PATIENCE

from .conftest import REQUEST
from .test_garbage import outcome

START = frames.event("messageStart", {"role": "assistant"})
DELTA = frames.event("contentBlockDelta", {"delta": {"text": "x"}, "contentBlockIndex": 0})
STOP = frames.event("messageStop", {"stopReason": "end_turn"})
WHOLE = START + DELTA + STOP


def flipped(data: bytes, bit: int) -> bytes:
    damaged = bytearray(data)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


@pytest.mark.parametrize("bit", range(0, 12 * 8, 5))
def test_a_damaged_length_is_not_waited_for(make, bit):
    """The server has sent it and keeps the connection open: only the prelude's own checksum can tell."""
    hold = threading.Event()
    with speaking(streamed(START + flipped(DELTA, bit)[:12]), hold) as server:
        side = make(endpoint_url=server.url, timeouts={"idle": PATIENCE})
        with pytest.raises(ParserError) as caught:
            side.call("converse_stream", **REQUEST)
    assert "the stream's bytes are no event stream: " in str(caught.value)
    if bit >= 8:
        assert isinstance(caught.value, ChecksumMismatch)


def test_headers_longer_than_their_frame_cannot_be(make):
    prelude = (len(DELTA)).to_bytes(4, "big") + (len(DELTA)).to_bytes(4, "big")
    damaged = prelude + frames.crc32(prelude).to_bytes(4, "big")
    hold = threading.Event()
    with speaking(streamed(START + damaged), hold) as server:
        side = make(endpoint_url=server.url, timeouts={"idle": PATIENCE})
        with pytest.raises(ParserError, match="bytes of headers in a frame of"):
            side.call("converse_stream", **REQUEST)


class Twice(str):
    """The same name, which a dict has twice."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other


@pytest.mark.parametrize("name", [":event-type", ":message-type", ":content-type", "x"])
def test_a_header_that_stands_twice_is_an_error_as_it_is_for_botocore(make, name):
    """Whoever goes by the first sees an event, who goes by the last an exception."""
    usual = {":event-type": "messageStop", ":message-type": "event", ":content-type": "application/json"}
    frame = frames.frame({**usual, Twice(name): "a", Twice(name): "exception"}, b'{"stopReason": "end_turn"}')
    reader = botocore.eventstream.EventStreamBuffer()
    reader.add_data(frame)
    with pytest.raises(botocore.eventstream.DuplicateHeader):
        next(reader)
    with speaking(streamed(START + frame)) as server:
        side = make(endpoint_url=server.url)
        with pytest.raises(ParserError, match=f'the header "{name}" stands twice'):
            side.call("converse_stream", **REQUEST)


def test_an_event_without_a_name_is_passed_over_as_by_botocore(make):
    nameless = [frames.frame({}, b"{}"), frames.frame({":message-type": "event"}, b'{"a": 1}')]
    with speaking(streamed(START + b"".join(nameless) + DELTA + STOP)) as server:
        events = make(endpoint_url=server.url).call("converse_stream", **REQUEST)["stream"]
    assert [next(iter(event)) for event in events] == ["messageStart", "contentBlockDelta", "messageStop"]


@pytest.fixture(scope="module")
def talker():
    with speaking() as server:
        sides = [
            Side(kind, endpoint_url=server.url, retries={"max_attempts": 1}, timeouts={"total": PATIENCE})
            for kind in ("blocking", "async")
        ]
        yield server, sides


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(bit=st.integers(0, len(WHOLE) * 8 - 1), end=st.integers(0, len(WHOLE)), extra=st.binary(max_size=30))
def test_any_damage_is_an_error_and_no_hang(talker, bit, end, extra):
    server, sides = talker
    for said in (flipped(WHOLE, bit), WHOLE[:end], WHOLE + extra, WHOLE[:end] + extra + WHOLE[end:]):
        server.said = streamed(said)
        for side in sides:
            answer = outcome(side, "converse_stream", REQUEST)
            assert (said == WHOLE) == isinstance(answer, dict)
