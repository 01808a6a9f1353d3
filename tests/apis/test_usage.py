"""Tokens of streams of Chat Completions are counted for limits, metrics and spans though their caller did not ask.

The caller's stream is as if nobody had asked for them.
"""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

import outcrop
import outcrop.httpx2
from tests.apis import wire
from tests.apis.asking import arguments
from tests.apis.conftest import routed
from tests.apis.wire import GPT

PATH = "/openai/v1/chat/completions"
TOKENS = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}


def bedrock(request):
    """Answers as recordings show it: with usage twice where it was asked for, and without where not."""
    asked = (wire.body_of(request).get("stream_options") or {}).get("include_usage")
    ended = wire.end("chat")
    if not asked:
        finish = json.loads(ended[0].removeprefix(b"data: "))
        del finish["usage"]
        ended = [wire.data(finish), ended[-1]]
    return wire.sse(*wire.opening("chat"), *wire.content("chat", list("granite")), *ended)


@pytest.fixture
def said(asking, regions):
    """What a caller reads who asks by these options, and the request that left."""
    for region in regions:
        region.play = bedrock
    router = asking.router(GPT, **routed(regions[:1], limits={"tokens_per_minute": 6_000, "longest_wait": 0.5}))

    def read(options):
        more = {} if options == "none" else {"stream_options": options}
        body = {**arguments("chat", stream=True), **more}
        if options == "none":
            del body["stream_options"]

        def use(client):
            return client.post(PATH.removeprefix("/openai/v1"), body=body, cast_to=httpx2.Response)

        async def use_async(client):
            return await use(client)

        answer = asking.run(router, "chat", use if asking.kind == "sync" else use_async)
        return answer.content, wire.body_of(regions[0].requests[-1])

    read.router = router
    return read


ASKS_NOT = ["none", None, {}, {"include_obfuscation": False}]


@pytest.mark.parametrize("options", ASKS_NOT, ids=str)
def test_a_caller_who_does_not_ask_reads_the_stream_of_one_who_does_not(regions, said, options):
    read, sent = said(options)
    others = options if isinstance(options, dict) else {}
    assert sent["stream_options"] == {"include_usage": True, **others}
    plain = wire.sse(*wire.opening("chat"), *wire.content("chat", list("granite")))
    events = plain.partition(b"\r\n\r\n")[2]
    assert read.startswith(events)
    assert b'"usage"' not in read
    rest = read.removeprefix(events).split(b"\n\n")
    [finish] = json.loads(rest[0].removeprefix(b"data: "))["choices"]
    assert (finish["finish_reason"], rest[1:]) == ("stop", [b"data: [DONE]", b""])
    [series] = said.router.metrics()
    assert (series.input_tokens, series.output_tokens) == (9, 3)


@pytest.mark.parametrize("wish", [True, False, None])
def test_who_says_something_of_it_is_served_by_his_word(said, wish):
    options = {"include_usage": wish}
    read, sent = said(options)
    assert sent["stream_options"] == options
    assert read.count(b'"usage"') == (2 if wish else 0)


@pytest.mark.parametrize("options", ["none", {"include_usage": True}], ids=str)
def test_what_limits_keep_back_is_settled_by_what_was_used(said, options):
    """Of calls that may each take two thirds of a minute's quota a second would wait for most of that minute."""
    for _ in range(3):
        read, _ = said(options)
        assert read.endswith(b"data: [DONE]\n\n")


def test_a_client_of_one_region_hides_them_too(asking, regions):
    regions[0].play = bedrock
    make = outcrop.client if asking.kind == "sync" else outcrop.async_client
    keys: Any = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    client = make("bedrock-runtime", endpoint_url=regions[0].endpoint_url, **keys)
    said = asking.ask(client, "chat", stream=True, stream_options=None)
    assert (said.text, said.input_tokens) == ("granite", None)
    [series] = client.metrics()
    assert (series.input_tokens, series.output_tokens) == (9, 3)


@pytest.mark.parametrize("api", ["responses", "messages"])
def test_other_apis_are_sent_as_they_are(asking, regions, api):
    router = asking.router(wire.MODELS[api], **routed(regions))
    asking.ask(router, api, stream=True)
    assert "stream_options" not in wire.body_of(regions[0].requests[0])


def test_a_whole_answer_is_not_asked_for_a_stream_s_tokens(asking, regions):
    router = asking.router(GPT, **routed(regions))
    asking.ask(router, "chat")
    assert "stream_options" not in wire.body_of(regions[0].requests[0])
