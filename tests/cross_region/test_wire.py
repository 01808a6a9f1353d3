"""What servers say is heeded, and what they see is what was meant."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import socket

import pytest

import outcrop
from outcrop import exceptions
from outcrop.cross_region import _store
from tests.support.server import Server, json_answer

from .conftest import CLAUDE_BODY, MODEL, ON_DEMAND, ask
from .sides import Side, regions, route

PRIMARY, SECOND = "us-east-1", "us-west-2"
ANSWER = json.dumps(
    {
        "output": {"message": {"role": "assistant", "content": [{"text": "A rock."}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
        "metrics": {"latencyMs": 1},
    }
).encode()


@pytest.fixture(params=["blocking", "asynchronous"])
def side_of(request, emulator):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    usual = {"sources": [PRIMARY, SECOND], **connection}
    return lambda **options: Side(request.param, **{**usual, **options})


def asked(bedrock):
    return [entry for entry in bedrock.journal if entry.service == "bedrock-runtime"]


@pytest.mark.parametrize(
    ("wish", "least", "most"),
    [
        # Full jitter alone is below a second, and a wish is heeded for five seconds beyond it.
        ("800", 0.8, 1.0),
        ("3000", 3.0, 3.0),
        ("60000", 5.0, 6.0),
    ],
)
def test_the_pause_that_bedrock_asks_for_is_kept(side_of, wish, least, most):
    throttled = json_answer(b'{"message": "slow down"}', 429, x_amzn_ErrorType="ThrottlingException")
    throttled.headers["x-amz-retry-after"] = wish
    with Server() as server:
        server.play(throttled, json_answer(ANSWER))
        side = side_of(sources=[PRIMARY], endpoint_urls={PRIMARY: server.url})
        first, second = route(side.call())["Attempts"]
    assert first["BackOff"] == 0
    assert least <= second["BackOff"] <= most


def test_counting_tokens_moves_on_too(side_of, emulator):
    emulator.fault("throttling", region=PRIMARY)
    side = side_of(model=ON_DEMAND, geographies=["us"])
    answer = side.call("count_tokens", input={"converse": ask()})
    assert answer["inputTokens"] > 0
    assert regions(route(answer)) == [(PRIMARY, "ThrottlingException"), (SECOND, None)]
    # The model itself is what tokens are counted by, whatever the profile.
    assert [entry.operation for entry in asked(emulator)] == ["CountTokens"] * 2
    assert asked(emulator)[-1].model_id == ON_DEMAND


@pytest.mark.parametrize("after", [1, 2])
def test_a_models_own_stream_begins_anew_only_before_its_first_delta(side_of, emulator, after):
    """Claude's first chunk, message_start, brings nothing; content_block_start neither; then there is a delta."""
    emulator.fault("exception", region=PRIMARY, code="throttlingException", after_events=after * 2 - 1)
    side = side_of()
    if after == 1:
        answer = side.call("invoke_model_with_response_stream", body=CLAUDE_BODY)
        assert regions(route(answer)) == [(PRIMARY, "ThrottlingException"), (SECOND, None)]
        assert [event["chunk"]["bytes"] for event in answer["body"]]
        return
    with pytest.raises(exceptions.EventStreamError) as caught:
        side.call("invoke_model_with_response_stream", body=CLAUDE_BODY)
    assert regions(caught.value.cross_region) == [(PRIMARY, None)]
    assert [entry.region for entry in asked(emulator)] == [PRIMARY]


def test_an_answer_that_breaks_off_can_be_looked_up(side_of):
    """It was probably paid for, and its headers were here."""
    whole = json_answer(ANSWER)
    with Server(dataclasses.replace(whole, chunks=(ANSWER[:40],), cut=True)) as server:
        side = side_of(sources=[PRIMARY], endpoint_urls={PRIMARY: server.url})
        with pytest.raises(exceptions.ResponseStreamingError, match="probably paid for") as caught:
            side.call()
    (attempt,) = caught.value.cross_region["Attempts"]
    assert (attempt["Error"], attempt["RequestId"]) == ("ResponseStreamingError", whole.headers["x-amzn-RequestId"])


async def test_the_loser_of_a_race_is_hung_up_on(emulator):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    router = outcrop.AsyncCrossRegion(
        MODEL, sources=[PRIMARY, SECOND], geographies=["us"], hedge={"after": 0.05, "share": 1.0}, **connection
    )
    emulator.fault("stall", region=PRIMARY, operation="ConverseStream")
    answer = await router.converse_stream(**ask())
    assert [event async for event in answer["stream"]]
    record = route(answer)
    assert (record["Hedged"], record["Target"]["SourceRegion"]) == (True, SECOND)
    assert regions(record) == [(PRIMARY, "Cancelled"), (SECOND, None)]
    await asyncio.to_thread(emulator.journal.settle)
    assert {entry.region: entry.outcome for entry in asked(emulator)} == {PRIMARY: "abandoned", SECOND: "answered"}


def test_where_the_lists_cannot_be_reached_the_bundled_facts_route(side_of, emulator):
    """The control plane is down, or there is no network to it: calls go on."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{closed.getsockname()[1]}"
        here = dict.fromkeys([PRIMARY, SECOND], emulator.endpoint_url)
        side = side_of(catalogue="auto", endpoint_url=away, endpoint_urls=here)
        assert regions(route(side.call())) == [(PRIMARY, None)]
        plan = side.router.plan() if side.kind == "blocking" else asyncio.run(side.router.plan())
    assert len(plan.allowed) == 2
    assert all("facts of 2026-10-27, because ListInferenceProfiles failed" in note for note in plan.notes[1:-1])


def test_a_list_that_does_not_come_holds_up_no_call(side_of, emulator):
    """What AWS says is taken once it has come. Who has less time than the usual three seconds does not wait as long."""
    emulator.fault("latency", operation="ListInferenceProfiles", seconds=3)
    side = side_of(catalogue="auto", timeouts={"total": 1})
    assert regions(route(side.call())) == [(PRIMARY, None)]
    assert {facts.note.partition(", ")[2] for facts in side.router._known.facts} == {
        "since AWS's lists have not come yet"
    }
    assert {entry.outcome for entry in emulator.journal.where(operation="ListInferenceProfiles")} == {"pending"}
    for entry in _store._entries.values():
        entry.under_way.wait()
    side.router._known.fresh_until -= 1
    assert regions(route(side.call())) == [(PRIMARY, None)]
    assert [facts.note for facts in side.router._known.facts] == ["", ""]
    assert len(emulator.journal.where(operation="ListInferenceProfiles")) == 4
