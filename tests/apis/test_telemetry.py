"""Calls of the official clients are spans and measurements of the conventions, however they end."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import anthropic
import openai
import pytest
from opentelemetry.trace import SpanKind, StatusCode

import outcrop
import outcrop.httpx2
from tests.apis import wire
from tests.apis.asking import arguments, method
from tests.apis.conftest import routed
from tests.apis.wire import APIS, MODELS
from tests.support.waiting import PATIENCE, until
from tests.telemetry.test_conventions import attributes_of_the_conventions
from tests.telemetry.test_spans import Watched, watched

__all__ = ["watched"]

EACH = pytest.mark.parametrize("api", APIS)
STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
METHODS = {"chat": "create_chat_completion", "responses": "create_response", "messages": "create_message"}
FINISHED = {"chat": "stop", "responses": "completed", "messages": "end_turn"}
SETTINGS = {
    "chat": {"max_completion_tokens": 99, "temperature": 0.5, "stop": ["."]},
    "responses": {"max_output_tokens": 99, "temperature": 0.5},
    "messages": {"max_tokens": 99, "stop_sequences": ["."]},
}


@EACH
@STREAMED
def test_a_call_is_a_span_of_the_conventions(watched, asking, regions, api, stream):
    router = asking.router(MODELS[api], **routed(regions))
    asking.ask(router, api, stream=stream, **SETTINGS[api])
    span = watched.span
    assert (span.name, span.kind, span.status.status_code) == (f"chat {MODELS[api]}", SpanKind.CLIENT, StatusCode.UNSET)
    told = dict(span.attributes)
    first = told.pop("gen_ai.response.time_to_first_chunk", None)
    assert (first is not None and first >= 0) == stream
    settings = {"gen_ai.request.max_tokens": 99}
    if "temperature" in SETTINGS[api]:
        settings["gen_ai.request.temperature"] = 0.5
    if api != "responses":
        settings["gen_ai.request.stop_sequences"] = (".",)
    if stream:
        settings["gen_ai.response.finish_reasons"] = (FINISHED[api],)
    assert told == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "aws.bedrock",
        "gen_ai.request.model": MODELS[api],
        "gen_ai.usage.input_tokens": 9,
        "gen_ai.usage.output_tokens": 3,
        "aws.request_id": "r-1",
        "cloud.region": "us-east-1",
        "outcrop.target.model": MODELS[api],
        "rpc.method": METHODS[api],
        **settings,
    }
    assert {name for name in told if not name.startswith("outcrop.")} <= attributes_of_the_conventions()
    sent = wire.headers_of(regions[0].requests[0])["traceparent"].split("-")
    assert sent[1:3] == [f"{span.context.trace_id:032x}", f"{span.context.span_id:016x}"]
    [duration] = watched.metric("gen_ai.client.operation.duration")
    assert (duration.count, duration.attributes["cloud.region"]) == (1, "us-east-1")
    tokens = {point.attributes["gen_ai.token.type"]: point.sum for point in watched.metric("gen_ai.client.token.usage")}
    assert tokens == {"input": 9, "output": 3}


@EACH
def test_a_stream_tells_its_tokens_though_its_caller_did_not_ask(watched, asking, regions, api):
    router = asking.router(MODELS[api], **routed(regions))
    asking.ask(router, api, stream=True, **({"stream_options": None} if api == "chat" else {}))
    assert watched.span.attributes["gen_ai.usage.output_tokens"] == 3


@EACH
@STREAMED
def test_attempts_are_events(watched, asking, regions, api, stream):
    regions[0].play = lambda _: wire.refusal(api, 503)
    router = asking.router(MODELS[api], **routed(regions))
    asking.ask(router, api, stream=stream)
    span = watched.span
    assert (span.status.status_code, span.attributes["cloud.region"]) == (StatusCode.UNSET, "us-east-2")
    first, second = (dict(event.attributes) for event in span.events)
    assert (first["cloud.region"], first["error.type"]) == ("us-east-1", "server_error")
    assert (second["cloud.region"], second.get("error.type")) == ("us-east-2", None)


@EACH
@STREAMED
def test_an_error_ends_its_span_and_tells_nothing_of_the_prompt(watched, asking, regions, api, stream):
    regions[0].play = lambda _: wire.refusal(api, 400, "invalid_request_error", "Name a rock is no question")
    router = asking.router(MODELS[api], **routed(regions))
    with pytest.raises((openai.BadRequestError, anthropic.BadRequestError)):
        asking.ask(router, api, stream=stream)
    span = watched.span
    assert (span.status.status_code, span.attributes["error.type"]) == (StatusCode.ERROR, "invalid_request_error")
    assert "Name a rock" not in span.to_json()
    [duration] = watched.metric("gen_ai.client.operation.duration")
    assert duration.attributes["error.type"] == "invalid_request_error"


@EACH
def test_a_stream_that_breaks_ends_its_span_with_its_error(watched, asking, regions, api):
    regions[0].play = lambda _: wire.sse(*wire.opening(api), *wire.content(api, ["gra"]))
    router = asking.router(MODELS[api], **routed(regions))
    with pytest.raises(Exception, match=r"not whole|Connection error"):
        asking.ask(router, api, stream=True)
    assert watched.span.attributes["error.type"] == "StreamCutError"


@EACH
def test_leaving_a_stream_ends_its_span(watched, asking, regions, api):
    regions[0].play = lambda _: wire.sse(*wire.opening(api), *wire.content(api, ["gra"]))
    regions[0].holds = True
    router = asking.router(MODELS[api], **routed(regions))

    def use(client):
        with method(client, api)(**arguments(api, stream=True)) as stream:
            next(iter(stream))

    async def use_async(client):
        async with await method(client, api)(**arguments(api, stream=True)) as stream:
            await anext(aiter(stream))

    asking.run(router, api, use if asking.kind == "sync" else use_async)
    # As a stream of Converse: whoever has seen enough has no error.
    assert "gen_ai.response.time_to_first_chunk" in watched.span.attributes
    assert "error.type" not in watched.span.attributes
    assert regions[0].left.wait(PATIENCE)


@EACH
@STREAMED
def test_cancelling_a_call_ends_its_span(watched, regions, api, stream):
    regions[0].play = lambda _: None

    async def cancelled():
        router = outcrop.AsyncCrossRegion(MODELS[api], **routed(regions))
        make = outcrop.httpx2.async_anthropic if api == "messages" else outcrop.httpx2.async_openai
        async with make(router) as client:
            task = asyncio.ensure_future(method(client, api)(**arguments(api, stream=stream)))
            await until(lambda: regions[0].posts == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(cancelled())
    assert regions[0].left.wait(PATIENCE)
    assert watched.span.attributes["error.type"] == "CancelledError"


@EACH
@STREAMED
@pytest.mark.parametrize("captured", [False, True])
def test_prompts_and_answers_are_told_on_request_alone(asking, regions, api, stream, captured):
    watched: Any = Watched(capture_content=captured)
    try:
        router = asking.router(MODELS[api], **routed(regions))
        asking.ask(router, api, stream=stream)
        span = watched.span
    finally:
        watched.close()
    told = span.to_json()
    assert ("Name a rock" in told) == captured
    if captured:
        assert "Name a rock" in json.dumps(json.loads(span.attributes["gen_ai.input.messages"]))
        answers = json.loads(span.attributes["gen_ai.output.messages"])
        read = wire.streamed(api, list("granite")).decode() if stream else wire.answer(regions[0].requests[0]).decode()
        assert "".join(answers) in read
        assert len(answers) == (len(read.split("\n\n")) - 1 if stream else 1)
    else:
        assert not [name for name in span.attributes if name.endswith(".messages")]


def test_off_costs_nothing_and_reads_no_body(asking, regions):
    router = asking.router(MODELS["chat"], **routed(regions))
    asking.ask(router, "chat")
    assert "traceparent" not in wire.headers_of(regions[0].requests[0])
