"""A success that is no answer is an error to all who look: the caller, the breaker, the metrics, the cache, a batch."""

from __future__ import annotations

import asyncio
import json
import pickle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import outcrop
from outcrop.cross_region import HeldClock
from outcrop.exceptions import BotoCoreError, InvalidAnswerError
from tests.support import frames
from tests.support.forgetting import no_memory_of_other_tests  # noqa: F401
from tests.support.server import ANSWER
from tests.support.sides import KEYS, Side
from tests.support.speaking import speaking, whole

from .conftest import REQUEST
from .test_garbage import texts

MODEL = "us.amazon.nova-lite-v1:0"
BODY = {"modelId": MODEL, "body": b"{}"}
DEEP = b'{"output": {"message": ' + b'{"a":' * 500 + b"1" + b"}" * 502
NONE = {
    "empty": b"",
    "no members": b"{}",
    "a gateway's words": b'{"message": "Endpoint request timed out"}',
    "a page": b"<html><body>MARKER</body></html>",
    "null": b"null",
    "a list": b"[]",
    "half of one": ANSWER[:-20],
    "two of them": ANSWER + ANSWER,
    "too deep": DEEP,
    "no output": b'{"stopReason": "end_turn", "usage": {"inputTokens": 1}}',
    "an output of nothing": b'{"output": null}',
}
OF_BYTES = [name for name in NONE if name not in {"a list", "too deep", "no output", "an output of nothing"}]
CALLS = [("converse", REQUEST | {"modelId": MODEL}, name) for name in NONE]
CALLS += [("invoke_model", BODY, name) for name in OF_BYTES]
CALLS += [("count_tokens", {"modelId": MODEL, "input": {"converse": {}}}, name) for name in NONE]


def counted(client):
    return {series.labels["outcome"]: series.calls for series in client.metrics()}


@pytest.mark.parametrize(("operation", "arguments", "name"), CALLS)
def test_it_is_an_error_with_the_bytes_at_hand_and_sent_once(make, operation, arguments, name):
    with speaking(whole(NONE[name])) as server:
        side = make(endpoint_url=server.url, retries={"max_attempts": 3})
        with pytest.raises(InvalidAnswerError, match="it was probably paid for") as caught:
            side.call(operation, **arguments)
        assert len(server.heard) == 1
    error = caught.value
    assert (error.body, error.request_id, error.status) == (NONE[name], "r-1", 200)
    assert error.headers["content-length"] == str(len(NONE[name]))
    assert isinstance(error, BotoCoreError)
    assert counted(side.client) == {"broken": 1}
    twin = pickle.loads(pickle.dumps(error))
    assert (str(twin), twin.request_id, twin.status) == (str(error), error.request_id, error.status)
    assert twin.body == b""


def test_its_pickle_has_nothing_of_what_came(make):
    """An answer is as private as a prompt, and pickles go to queues and files."""
    with speaking(whole(b'{"completion": "MARKER')) as server, pytest.raises(InvalidAnswerError) as caught:
        make(endpoint_url=server.url).call("invoke_model", **BODY)
    assert b"MARKER" in caught.value.body
    assert b"MARKER" not in pickle.dumps(caught.value)


@pytest.mark.parametrize("body", [b"<html>MARKER</html>", b'{"output": "MARKER', b'{"MARKER": "MARKER"}', b"MARKER"])
def test_its_text_says_what_is_wrong_and_nothing_of_what_came(make, body):
    with speaking(whole(body)) as server, pytest.raises(InvalidAnswerError) as caught:
        make(endpoint_url=server.url).call("converse", **REQUEST)
    assert "status 200 came without an answer of Converse: " in str(caught.value)
    assert "MARKER" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=utf-8", "Text/HTML"])
def test_a_page_is_no_answer_of_any_model(make, kind):
    with speaking(whole(b"Please sign in", kind)) as server, pytest.raises(InvalidAnswerError, match="it is a page"):
        make(endpoint_url=server.url).call("invoke_model", **BODY)


def read(side, operation, arguments):
    """The events of a stream, whatever member has them."""
    member = "stream" if operation == "converse_stream" else "body"
    if side.kind == "blocking":
        return list(getattr(side.client, operation)(**arguments)[member])

    async def reading():
        return [event async for event in (await getattr(side.client, operation)(**arguments))[member]]

    return asyncio.run(reading())


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
@pytest.mark.parametrize("body", [b'{"message": "no"}', b"", b"{}", b"<html>" + b"x" * 100_000])
@pytest.mark.parametrize("operation", ["converse_stream", "invoke_model_with_response_stream"])
def test_what_comes_in_place_of_a_stream_is_at_hand(make, operation, body, kind):
    arguments = REQUEST if operation == "converse_stream" else BODY
    with speaking(whole(body, kind)) as server:
        side = make(endpoint_url=server.url, retries={"max_attempts": 3})
        with pytest.raises(InvalidAnswerError, match="its type is that of no event stream") as caught:
            read(side, operation, arguments)
        assert len(server.heard) == 1
    assert caught.value.body == body
    assert counted(side.client) == {"broken": 1}


def test_a_stream_under_a_wrong_type_is_one_all_the_same(make):
    frame = frames.event("messageStop", {"stopReason": "end_turn"})
    with speaking(whole(frame, "application/json")) as server:
        assert read(make(endpoint_url=server.url), "converse_stream", REQUEST) == [
            {"messageStop": {"stopReason": "end_turn"}}
        ]


@pytest.mark.parametrize("moment", ["1e300", '"1e300"', "NaN", "-Infinity", "9" * 400, "{}", "[1]", '"soon"'])
def test_a_time_beyond_the_calendar_is_no_answer(make, moment):
    asked = "arn:aws:bedrock:us-east-1:123456789012:async-invoke/abcdefghijkl"
    body = f'{{"invocationArn": "{asked}", "status": "Completed", "submitTime": {moment}}}'.encode()
    with speaking(whole(body)) as server:
        side = make(endpoint_url=server.url)
        with pytest.raises(InvalidAnswerError, match="its JSON cannot be read") as caught:
            side.call("get_async_invoke", invocationArn=asked)
    assert caught.value.body == body


@pytest.mark.parametrize("body", [b'{"zz": 1}', b"[1]", b"text", b'{"message": "m", "id": 1}', b"[" * 900 + b"]" * 900])
def test_the_words_of_an_unknown_model_are_trusted(make, body):
    kind = "" if body == b"text" else "application/json"
    with speaking(whole(body, kind)) as server:
        answer = make(endpoint_url=server.url).call("invoke_model", **BODY)
    assert answer["body"].content == body


def test_members_that_nobody_knows_are_fine(make):
    body = json.dumps({"output": {"zzAddedLater": {"a": 1}}, "zzToo": [None, 1e400]}).encode()
    with speaking(whole(body)) as server:
        answer = make(endpoint_url=server.url).call("converse", **REQUEST)
    assert answer["output"] == {"zzAddedLater": {"a": 1}}


async def awaited(calling):
    return await calling


ROUTED = [("converse", {"messages": REQUEST["messages"]}), ("invoke_model", {"body": b"{}"})]


@pytest.mark.parametrize("by", ["blocking", "async"])
@pytest.mark.parametrize(("operation", "arguments"), ROUTED)
@pytest.mark.parametrize("body", [b"<html></html>", b"{}", ANSWER[:-20]])
def test_a_router_neither_believes_it_nor_pays_twice(by, operation, arguments, body):
    make = outcrop.CrossRegion if by == "blocking" else outcrop.AsyncCrossRegion
    with speaking(whole(body)) as server:
        router = make(
            "amazon.nova-lite-v1:0",
            sources=["us-east-1", "us-west-2"],
            geographies=["us"],
            catalogue="snapshot",
            clock=HeldClock(),
            endpoint_url=server.url,
            cache=outcrop.Cache(when="always"),
            **{name: value for name, value in KEYS.items() if name != "region_name"},
        )

        def call():
            made = getattr(router, operation)(**arguments)
            return asyncio.run(awaited(made)) if by == "async" else made

        for _ in range(5):
            with pytest.raises(InvalidAnswerError, match="no further attempt: it was sent") as caught:
                call()
            (attempt,) = caught.value.cross_region["Attempts"]
            assert (attempt["Error"], attempt["RequestId"]) == ("InvalidAnswerError", "r-1")
        assert len(server.heard) == 5, "none was sent twice, and none answered from the cache"
        assert [each.state for each in router.health()] == ["open", "closed"]
        assert {series.labels["outcome"]: series.calls for series in router.metrics()} == {"broken": 5}


def test_a_batch_gives_it_as_an_error_and_sends_nothing_twice():
    with speaking(whole(b"{}")) as server:
        client = outcrop.client("bedrock-runtime", endpoint_url=server.url, **KEYS)
        results = [answer for _, answer in client.batch("converse", [REQUEST] * 3, concurrency="auto")]
        assert len(server.heard) == 3
    assert [type(each).__name__ for each in results] == ["InvalidAnswerError"] * 3


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(body=texts, operation=st.sampled_from(["converse", "invoke_model"]))
def test_all_agree_on_what_an_answer_is(body, operation):
    """What the caller gets as an answer is counted as one and kept; all else is neither."""
    arguments = REQUEST if operation == "converse" else BODY
    with speaking(whole(body)) as server:
        for kind in ("blocking", "async"):
            cache = outcrop.Cache(when="always")
            side = Side(kind, endpoint_url=server.url, cache=cache)
            try:
                side.call(operation, **arguments)
                expected = ("ok", 1)
            except InvalidAnswerError:
                expected = ("broken", 0)
            assert (*counted(side.client), cache.usage().entries) == expected
