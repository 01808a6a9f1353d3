"""From Region to Region, by the official clients: what is sent, where, how often, and what comes back."""

from __future__ import annotations

import asyncio
import json

import anthropic
import httpx2
import openai
import pytest

import outcrop
import outcrop.httpx2
from tests.apis import wire
from tests.apis.asking import arguments, method
from tests.apis.conftest import routed
from tests.apis.wire import APIS, MODELS
from tests.support.waiting import PATIENCE, until

STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
EACH = pytest.mark.parametrize("api", APIS)


def status_error(api):
    return anthropic.APIStatusError if api == "messages" else openai.APIStatusError


@EACH
@STREAMED
def test_an_answer_comes_as_the_clients_read_it(asking, regions, api, stream):
    router = asking.router(MODELS[api], **routed(regions))
    said = asking.ask(router, api, stream=stream)
    assert (said.text, said.input_tokens, said.output_tokens) == ("granite", 9, 3)
    assert [region.posts for region in regions] == [1, 0, 0]
    [series] = router.metrics()
    assert (series.labels["outcome"], series.calls) == ("ok", 1)
    assert (series.input_tokens, series.output_tokens) == (9, 3)


@EACH
@STREAMED
@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
def test_the_next_region_answers_when_one_cannot(asking, regions, api, stream, status):
    regions[0].play = lambda _: wire.refusal(api, status)
    router = asking.router(MODELS[api], **routed(regions))
    assert asking.ask(router, api, stream=stream).text == "granite"
    assert [region.posts for region in regions] == [1, 1, 0]


@EACH
@STREAMED
@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_what_another_region_cannot_cure_is_told_at_once(asking, regions, api, stream, status):
    regions[0].play = lambda _: wire.refusal(api, status, "invalid_request_error", "this is wrong")
    router = asking.router(MODELS[api], **routed(regions))
    with pytest.raises(status_error(api), match="this is wrong") as caught:
        asking.ask(router, api, stream=stream)
    assert caught.value.status_code == status
    assert caught.value.request_id == "r-1"
    assert [region.posts for region in regions] == [1, 0, 0]


@EACH
@STREAMED
def test_when_all_fail_the_last_answer_is_given_and_nobody_tries_again(asking, regions, api, stream):
    for region in regions:
        region.play = lambda _: wire.refusal(api, 503, "server_error", "come back later")
    router = asking.router(MODELS[api], **routed(regions))
    with pytest.raises(status_error(api), match="come back later") as caught:
        asking.run(router, api, lambda it: method(it, api)(**arguments(api, stream=stream)), max_retries=2)
    assert caught.value.status_code == 503
    assert caught.value.response.headers["x-should-retry"] == "false"
    assert caught.value.response.headers["x-outcrop-attempts"] == "3"
    assert sum(region.posts for region in regions) == 3


@EACH
@STREAMED
def test_what_was_sent_and_not_answered_is_not_sent_again(asking, regions, api, stream):
    regions[0].play = lambda _: None
    clocks = {"first_byte": 0.5}
    router = asking.router(MODELS[api], **routed(regions, timeouts=clocks))
    with pytest.raises(status_error(api)) as caught:
        asking.run(router, api, lambda it: method(it, api)(**arguments(api, stream=stream)), max_retries=2)
    assert caught.value.status_code == 504
    assert [region.posts for region in regions] == [1, 0, 0]


@EACH
def test_the_clients_time_out_bounds_all_attempts_together(asking, regions, api):
    regions[0].play = lambda _: wire.refusal(api, 503)
    regions[1].play = lambda _: None
    router = asking.router(MODELS[api], **routed(regions))
    with pytest.raises(status_error(api)) as caught:
        asking.run(router, api, lambda it: method(it, api)(**arguments(api, timeout=1)), max_retries=2)
    assert caught.value.status_code == 504
    assert [region.posts for region in regions] == [1, 1, 0]


@EACH
@pytest.mark.parametrize("fault", ["error", "cut", "page"])
def test_a_stream_that_fails_before_its_answer_begins_anew_elsewhere(asking, regions, api, fault):
    name = "error" if api == "messages" else None
    kinds = {"responses": {"type": "error", "code": "server_error", "message": "m", "param": None}}
    event = wire.data(kinds.get(api, wire.error(api)), name)
    plays = {
        "error": wire.sse(*wire.opening(api, "first"), event),
        "cut": wire.sse(*wire.opening(api, "first")),
        "page": wire.http(503, b"<html>", "text/html"),
    }
    regions[0].play = lambda _: plays[fault]
    options = {"repeat_read_timeouts": True} if fault == "cut" else {}
    router = asking.router(MODELS[api], **routed(regions, **options))
    said = asking.ask(router, api, stream=True)
    # Of the first nothing is seen, its id neither.
    assert (said.text, "first" in said.identifier) == ("granite", False)
    assert [region.posts for region in regions] == [1, 1, 0]


@EACH
def test_a_stream_that_fails_after_its_answer_has_begun_is_never_spliced(asking, regions, api):
    name = "error" if api == "messages" else None
    kinds = {"responses": {"type": "error", "code": "server_error", "message": "in the middle", "param": None}}
    event = wire.data(kinds.get(api, wire.error(api, message="in the middle")), name)
    regions[0].play = lambda _: wire.sse(*wire.opening(api), *wire.content(api, ["gra"]), event)
    router = asking.router(MODELS[api], **routed(regions))
    if api == "responses":
        # Their client hands such an event on.
        with pytest.raises((AssertionError, AttributeError)):
            asking.ask(router, api, stream=True)
    else:
        wrong = anthropic.APIStatusError if api == "messages" else openai.APIError
        with pytest.raises(wrong, match="in the middle"):
            asking.ask(router, api, stream=True)
    assert [region.posts for region in regions] == [1, 0, 0]
    [series] = router.metrics()
    assert series.labels["outcome"] != "ok"


@EACH
def test_a_stream_that_is_cut_cleanly_is_no_answer(asking, regions, api):
    regions[0].play = lambda _: wire.sse(*wire.opening(api), *wire.content(api, ["gra", "nite"]))
    router = asking.router(MODELS[api], **routed(regions))
    # OpenAI's client makes its own error of the transport's, Anthropic's passes it on.
    wrong = httpx2.ReadError if api == "messages" else (openai.APIConnectionError, httpx2.ReadError)
    with pytest.raises(wrong) as caught:
        asking.ask(router, api, stream=True)
    assert "so the answer is not whole" in f"{caught.value} {caught.value.__cause__}"
    assert [region.posts for region in regions] == [1, 0, 0]


@EACH
@STREAMED
def test_status_200_of_an_unknown_path_is_no_answer(asking, regions, api, stream):
    body = b'{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}'
    regions[0].play = lambda _: wire.http(200, body)
    router = asking.router(MODELS[api], **routed(regions))
    with pytest.raises(status_error(api), match="has no such path") as caught:
        asking.ask(router, api, stream=stream)
    assert caught.value.status_code == 404
    assert [region.posts for region in regions] == [1, 0, 0]


@EACH
def test_an_error_with_status_200_is_one(asking, regions, api):
    said = (
        wire.error(api)
        if api != "responses"
        else wire.response("", status="failed", error={"code": "server_error", "message": "m"}, output=[])
    )
    regions[0].play = lambda _: wire.http(200, json.dumps(said).encode())
    router = asking.router(MODELS[api], **routed(regions))
    assert asking.ask(router, api).text == "granite"
    assert [region.posts for region in regions] == [1, 1, 0]


@EACH
@STREAMED
def test_the_model_and_the_signature_are_the_targets(asking, regions, api, stream):
    regions[0].play = lambda _: wire.refusal(api, 503)
    base = MODELS[api].removeprefix("us.")
    router = asking.router(base, **routed(regions, geographies=["us"]))
    asking.ask(router, api, stream=stream, model=base, extra_headers={"X-Team": "rocks", "x-api-key": "MARKER"})
    for region in regions[:2]:
        [request] = region.requests
        headers = wire.headers_of(request)
        assert wire.body_of(request)["model"] == MODELS[api]
        assert f"/{region.name}/bedrock/aws4_request" in headers["authorization"]
        assert "x-team" in headers["authorization"]
        assert b"MARKER" not in request
        assert b"outcrop-signs" not in request
        assert headers["host"] == f"127.0.0.1:{region.port}"
        assert headers.get("anthropic-version") == ("2023-06-01" if api == "messages" else None)


@EACH
def test_a_plain_client_carries_them_too(asking, regions, api):
    make = outcrop.client if asking.kind == "sync" else outcrop.async_client
    keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    client = make("bedrock-runtime", endpoint_url=regions[0].endpoint_url, **keys)
    for stream in (False, True):
        assert asking.ask(client, api, stream=stream).text == "granite"
    assert regions[0].posts == 2


@EACH
def test_a_model_that_the_router_is_not_for_is_refused(asking, regions, api):
    router = asking.router(MODELS[api], **routed(regions))
    with pytest.raises(status_error(api), match="this router is for") as caught:
        asking.ask(router, api, model="global.openai.gpt-6-sol")
    assert caught.value.status_code == 400
    assert sum(region.posts for region in regions) == 0


@EACH
def test_a_residency_that_permits_nothing_sends_nothing(asking, regions, api):
    router = asking.router(MODELS[api], **routed(regions, residency={"us-east-1"}))
    with pytest.raises(status_error(api), match="outside the residency") as caught:
        asking.ask(router, api)
    assert caught.value.status_code == 403
    assert sum(region.posts for region in regions) == 0


@EACH
def test_closing_a_stream_ends_its_request(asking, regions, api):
    regions[0].play = lambda _: wire.sse(*wire.opening(api), *wire.content(api, ["gra"]))
    regions[0].holds = True
    router = asking.router(MODELS[api], **routed(regions))

    def use(client):
        stream = method(client, api)(**arguments(api, stream=True))
        next(iter(stream))
        stream.close()

    async def use_async(client):
        stream = await method(client, api)(**arguments(api, stream=True))
        await anext(aiter(stream))
        await stream.close()

    asking.run(router, api, use if asking.kind == "sync" else use_async)
    assert regions[0].left.wait(PATIENCE)
    [series] = router.metrics()
    assert series.labels["outcome"] == "abandoned"


@EACH
def test_a_connection_that_outlives_the_end_keeps_nobody_waiting(asking, regions, api):
    regions[0].play = lambda _: wire.sse(wire.streamed(api, ["granite"]))
    regions[0].holds = True
    router = asking.router(MODELS[api], **routed(regions))
    assert asking.ask(router, api, stream=True).text == "granite"
    assert regions[0].left.wait(PATIENCE)
    [series] = router.metrics()
    assert series.labels["outcome"] == "ok"


def test_cancelling_a_task_ends_its_request(regions):
    regions[0].play = lambda _: None

    async def cancelled():
        router = outcrop.AsyncCrossRegion(MODELS["responses"], **routed(regions))
        async with outcrop.httpx2.async_openai(router) as client:
            task = asyncio.ensure_future(client.responses.create(**arguments("responses")))
            await until(lambda: regions[0].posts == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(cancelled())
    assert regions[0].left.wait(PATIENCE)
    assert [region.posts for region in regions] == [1, 0, 0]


@STREAMED
@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_prompt_cache_key_keeps_calls_where_the_last_was_answered(asking, regions, api, stream):
    router = asking.router(MODELS[api], **routed(regions, affinity="prefix", breaker={"consecutive_failures": 1}))

    def ask(key):
        asking.ask(router, api, stream=stream, prompt_cache_key=key)
        return [region.posts for region in regions]

    assert ask("one") == [1, 0, 0]
    router.force(regions[0].name, "open")
    assert ask("one") == [1, 1, 0]
    router.force(regions[0].name, None)
    assert ask("one") == [1, 2, 0]
    assert ask("two") == [2, 2, 0]


@STREAMED
def test_messages_stay_by_how_their_conversation_begins(asking, regions, stream):
    router = asking.router(MODELS["messages"], **routed(regions, affinity="prefix"))
    asking.ask(router, "messages", stream=stream)
    router.force(regions[0].name, "open")
    asking.ask(router, "messages", stream=stream)
    router.force(regions[0].name, None)
    # A cache point is put to the message by making it a block.
    block = {"type": "text", "text": "Name a rock.", "cache_control": {"type": "ephemeral"}}
    asking.ask(router, "messages", stream=stream, messages=[{"role": "user", "content": [block]}])
    assert [region.posts for region in regions] == [1, 2, 0]
