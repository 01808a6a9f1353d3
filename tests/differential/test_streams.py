"""The same frames give the same events and the same errors, however the bytes are cut on their way."""

from __future__ import annotations

import base64
import functools
import json

import botocore.eventstream
import botocore.exceptions
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
from tests.support import frames
from tests.support.server import Answer

from .comparison import assert_same
from .operations import method, model
from .shapes import answers

STREAMED = {"ConverseStream": "stream", "InvokeModelWithResponseStream": "body"}
HEADERS = {"Content-Type": frames.CONTENT_TYPE, "x-amzn-RequestId": "r"}
STOP = frames.event("messageStop", {"stopReason": "end_turn"})


def shape_of(operation):
    return model("bedrock-runtime", operation).output_shape.members[STREAMED[operation]]


def members(operation, *, exceptions):
    return {
        name: member
        for name, member in shape_of(operation).members.items()
        if bool(member.metadata.get("exception")) is exceptions
    }


@functools.cache
def events_of(operation):
    """One frame of any kind of event, with padding as Bedrock adds it."""
    return st.one_of(
        [
            st.builds(
                lambda body, padding, name=name: frames.event(name, {**body, "p": padding}),
                answers(member),
                st.text("abcdefgh", min_size=1),
            )
            for name, member in members(operation, exceptions=False).items()
        ]
    )


def cut(data, body):
    """The bytes in up to five pieces."""
    places = sorted(data.draw(st.lists(st.integers(1, max(len(body) - 1, 1)), max_size=4, unique=True)))
    ends = [*places, len(body)]
    return tuple(piece for start, end in zip([0, *places], ends, strict=True) if (piece := body[start:end]))


def collected(client, operation):
    """The answer without its stream, the events, and the error that ended them."""
    arguments = {"modelId": "m"} | ({"body": b"{}"} if operation.startswith("Invoke") else {})
    answer = getattr(client, method(operation))(**arguments)
    stream, events, error = answer.pop(STREAMED[operation]), [], None
    try:
        events.extend(stream)
    except botocore.exceptions.ClientError as caught:
        error = caught
    finally:
        stream.close()
    return answer, events, error


def assert_same_stream(pair, operation, *chunks):
    pair.play(Answer(200, HEADERS, chunks=chunks))
    ours, theirs = collected(pair.ours, operation), collected(pair.theirs, operation)
    assert_same(ours[0], theirs[0])
    assert_same(ours[1], theirs[1], "events")
    assert (ours[2] is None) == (theirs[2] is None)
    if theirs[2] is not None:
        assert type(ours[2]).__name__ == type(theirs[2]).__name__ == "EventStreamError"
        assert isinstance(ours[2], outcrop.exceptions.EventStreamError)
        assert str(ours[2]) == str(theirs[2])
        assert_same(ours[2].response, theirs[2].response, "response")
        assert ours[2].operation_name == theirs[2].operation_name
    return ours


@pytest.mark.parametrize("operation", STREAMED)
@settings(max_examples=60)
@given(data=st.data())
def test_the_same_frames_give_the_same_events(pairs, operation, data):
    # A stream of nothing at all is no answer; that of Converse has its end.
    least = 0 if operation == "ConverseStream" else 1
    made = data.draw(st.lists(events_of(operation), min_size=least, max_size=6), label="events")
    body = b"".join([*made, STOP] if operation == "ConverseStream" else made)
    assert_same_stream(pairs("bedrock-runtime"), operation, *(cut(data, body) if body else ()))


EXCEPTIONS = [(operation, name) for operation in STREAMED for name in members(operation, exceptions=True)]


@pytest.mark.parametrize(("operation", "name"), EXCEPTIONS)
@pytest.mark.parametrize("body", [{"message": "no"}, {}, {"message": "m", "originalStatusCode": 500}])
def test_every_exception_inside_a_stream(pairs, operation, name, body):
    first = next(iter(members(operation, exceptions=False)))
    ours = assert_same_stream(
        pairs("bedrock-runtime"), operation, frames.event(first, {}), frames.exception(name, body)
    )
    assert len(ours[1]) == 1, "what came before the exception is handed over"


@pytest.mark.parametrize("operation", STREAMED)
def test_an_error_frame(pairs, operation):
    assert_same_stream(pairs("bedrock-runtime"), operation, frames.error("internalFailure", "it broke"))


def test_a_chunk_holds_bytes(pairs):
    payload = json.dumps({"type": "message_stop"}).encode()
    chunk = frames.event("chunk", {"bytes": base64.b64encode(payload).decode(), "p": "abc"})
    ours = assert_same_stream(pairs("bedrock-runtime"), "InvokeModelWithResponseStream", chunk)
    assert ours[1] == [{"chunk": {"bytes": payload}}]


def test_an_event_added_later_does_not_end_the_stream(pairs):
    pair = pairs("bedrock-runtime")
    pair.play(Answer(200, HEADERS, chunks=(frames.event("zzAddedLater", {"a": 1}), STOP)))
    _, events, error = collected(pair.ours, "ConverseStream")
    assert error is None
    assert events[-1] == {"messageStop": {"stopReason": "end_turn"}}


START, DELTA = frames.event("messageStart", {"role": "assistant"}), {"delta": {"text": "x"}, "contentBlockIndex": 0}
BROKEN = {
    "ends before messageStop": Answer(200, HEADERS, chunks=(START,)),
    "ends inside a frame": Answer(200, HEADERS, chunks=(START, STOP[:20])),
    "the connection goes": Answer(200, HEADERS, chunks=(START,), cut=True),
    "a checksum is wrong": Answer(200, HEADERS, chunks=(START, STOP[:-1] + bytes([STOP[-1] ^ 1]))),
    "not frames at all": Answer(200, HEADERS, chunks=(b"<html>a proxy's page, longer than a prelude</html>",)),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_a_broken_stream_raises_one_of_ours(pairs, answer):
    """botocore ends silently on the first two, and lets urllib3's errors through on the third."""
    pair = pairs("bedrock-runtime")
    pair.play(answer)
    stream = pair.ours.converse_stream(modelId="m")["stream"]
    kinds = (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError, botocore.eventstream.ParserError)
    with pytest.raises(outcrop.exceptions.OutcropError) as caught:
        list(stream)
    assert isinstance(caught.value, kinds)


def test_a_stream_is_iterated_once_and_closed_twice(pairs):
    pair = pairs("bedrock-runtime")
    pair.play(Answer(200, HEADERS, chunks=(START, STOP)))
    stream = pair.ours.converse_stream(modelId="m")["stream"]
    assert len(list(stream)) == 2
    assert list(stream) == []
    stream.close()
    stream.close()


@pytest.mark.parametrize("amount", [None, 1, 3, 1000])
def test_a_body_reads_alike(pairs, amount):
    pair = pairs("bedrock-runtime")
    pair.play(Answer(200, {"x-amzn-RequestId": "r"}, b"first\nsecond\r\nthird"))
    for read in (
        lambda body: [body.read(amount), body.read(), body.read()],
        lambda body: list(body.iter_lines()),
        lambda body: list(body.iter_lines(keepends=True)),
        lambda body: list(body.iter_chunks(amount or 4)),
        list,
        lambda body: [body.readable(), body.read(2), body.tell()],
        lambda body: body.readlines(),
    ):
        told = [read(client.invoke_model(modelId="m", body=b"{}")["body"]) for client in pair[1:]]
        assert told[0] == told[1]
