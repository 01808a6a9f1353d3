"""A stream that ends before its end is no answer, whatever family of models speaks in it."""

from __future__ import annotations

import asyncio
import base64
import json

import pytest

import outcrop
from outcrop.cross_region import HeldClock
from outcrop.exceptions import StreamCutError
from tests.support import frames
from tests.support.forgetting import no_memory_of_other_tests  # noqa: F401
from tests.support.sides import KEYS
from tests.support.speaking import speaking, streamed

MEASURED = {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 1, "outputTokenCount": 2}}
FAMILIES = {
    "claude": [
        {"type": "message_start", "message": {"role": "assistant"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}},
        {"type": "message_stop"},
    ],
    "nova": [
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {"delta": {"text": "a"}, "contentBlockIndex": 0}},
        {"messageStop": {"stopReason": "end_turn"}},
    ],
    "llama": [{"generation": "a", "stop_reason": None}, {"generation": "", "stop_reason": "stop"}],
    "mistral": [{"outputs": [{"text": "a", "stop_reason": None}]}, {"outputs": [{"text": "", "stop_reason": "stop"}]}],
    "cohere": [{"text": "a", "is_finished": False}, {"is_finished": True, "finish_reason": "COMPLETE"}],
    "titan": [{"outputText": "a", "completionReason": None}, {"outputText": "", "completionReason": "FINISH"}],
    "openai": [
        {"choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ],
}
CLAUDE = FAMILIES["claude"]


def chunk(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return frames.event("chunk", {"bytes": base64.b64encode(text.encode()).decode(), "p": "abc"})


def said(values):
    return streamed(b"".join(map(chunk, values)))


@pytest.fixture(params=["blocking", "async"])
def read(request):
    """`read(client_or_router)`: the events of InvokeModel's stream by either kind, and the error after them."""

    async def awaited(client):
        events, error = [], None
        try:
            answer = await client.invoke_model_with_response_stream(modelId="amazon.nova-lite-v1:0", body=b"{}")
            async for event in answer["body"]:
                events.append(event)  # noqa: PERF401  -- what came before an error counts
        except outcrop.exceptions.OutcropError as caught:
            error = caught
        return events, error

    def blocking(client):
        events, error = [], None
        try:
            answer = client.invoke_model_with_response_stream(modelId="amazon.nova-lite-v1:0", body=b"{}")
            events.extend(answer["body"])
        except outcrop.exceptions.OutcropError as caught:
            error = caught
        return events, error

    def reading(url, kind="client", **more):
        where = {"endpoint_url": url, **KEYS, **more}
        if kind == "client":
            make = outcrop.client if request.param == "blocking" else outcrop.async_client
            client = make("bedrock-runtime", **where)
        else:
            make = outcrop.CrossRegion if request.param == "blocking" else outcrop.AsyncCrossRegion
            del where["region_name"]
            usual = {"sources": ["us-east-1", "us-west-2"], "geographies": ["us"], "catalogue": "snapshot"}
            client = make("amazon.nova-lite-v1:0", clock=HeldClock(), **usual, **where)
        events, error = asyncio.run(awaited(client)) if request.param == "async" else blocking(client)
        return client, events, error

    return reading


@pytest.mark.parametrize("family", FAMILIES)
def test_a_stream_without_its_familys_end_raises(read, family):
    values = FAMILIES[family]
    cache = outcrop.Cache(when="always")
    with speaking(said(values[:-1])) as server:
        client, events, error = read(server.url, cache=cache)
        assert len(server.heard) == 1
    assert isinstance(error, StreamCutError)
    assert "the stream ended without " in str(error)
    assert len(events) == len(values) - 1, "what came before is handed out"
    assert [series.labels["outcome"] for series in client.metrics()] == ["broken"]
    assert cache.usage().entries == 0


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("measured", [False, True])
def test_a_stream_with_it_is_whole(read, family, measured):
    values = FAMILIES[family]
    values = [*values[:-1], values[-1] | MEASURED] if measured else values
    cache = outcrop.Cache(when="always")
    with speaking(said(values)) as server:
        client, events, error = read(server.url, cache=cache)
    assert (error, len(events)) == (None, len(values))
    assert [series.labels["outcome"] for series in client.metrics()] == ["ok"]
    assert cache.usage().entries == 1


@pytest.mark.parametrize(
    "values",
    [[{"zz": 1}], ["text"], [CLAUDE[0], MEASURED], [CLAUDE[1], "[DONE]"], [{"choices": []}, FAMILIES["openai"][-1]]],
)
def test_what_may_be_whole_raises_no_alarm(read, values):
    with speaking(said(values)) as server:
        _, events, error = read(server.url)
    assert (error, len(events)) == (None, len(values))


def test_nothing_at_all_is_no_answer(read):
    with speaking(said([])) as server:
        _, events, error = read(server.url)
    assert isinstance(error, StreamCutError)
    assert "without an event, so there is no answer" in str(error)
    assert events == []


def test_a_router_hears_of_it_and_begins_nothing_anew(read):
    with speaking(said(CLAUDE[:-1])) as server:
        router, events, error = read(server.url, "router", breaker={"consecutive_failures": 1})
        assert len(server.heard) == 1
    assert isinstance(error, StreamCutError)
    assert len(events) == 2
    assert len(error.cross_region["Attempts"]) == 1
    assert router.health()[0].state == "open"
    assert [series.labels["outcome"] for series in router.metrics()] == ["broken"]


def test_a_stream_that_only_opens_is_handed_on(read):
    """An endless opening is not kept back for ever: whoever sends so much has begun."""
    with speaking(said([CLAUDE[0]] * 200)) as server:
        _, events, error = read(server.url, "router")
        assert len(server.heard) == 1, "after what was handed out nothing begins anew"
    assert isinstance(error, StreamCutError)
    assert len(events) == 200
