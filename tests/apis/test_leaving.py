"""However a stream is left, its request ends, its room is free, it is counted once, and nothing warns."""

from __future__ import annotations

import asyncio
import gc
from contextlib import aclosing
from typing import Any

import pytest

import outcrop
from tests.apis import wire
from tests.apis.asking import arguments, method
from tests.apis.conftest import routed
from tests.apis.test_clients import CLIENTS, QUESTION
from tests.apis.wire import APIS, MODELS
from tests.support.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.usefixtures("closed_loop"), pytest.mark.parametrize("api", APIS)]


@pytest.fixture
def begun(regions, api):
    """The first Region sends the beginning of an answer and then nothing, the connection left open."""
    regions[0].play = lambda _: wire.sse(*wire.opening(api), *wire.content(api, ["gra", "ni"]))
    regions[0].holds = True
    return regions


def settled(router: Any, region: Any) -> None:
    """The request has ended, once, and there is room for another: one call at a time is all there is."""
    gc.collect()
    assert region.left.wait(PATIENCE)
    assert region.posts == 1
    wait_until(lambda: not under_way(router))
    [series] = router.metrics()
    assert (series.labels["outcome"], series.calls) == ("abandoned", 1)
    [attempt] = router.metrics().attempts
    assert (attempt.labels["outcome"], attempt.calls) == ("abandoned", 1)


def under_way(router: Any) -> int:
    metrics = router.metrics()
    return sum(count for _, count in (*metrics.in_flight, *metrics.attempts_in_flight))


def with_block(stream):
    with stream:
        next(iter(stream))


def closed(stream):
    next(iter(stream))
    stream.close()


def broken_off(stream):
    for _ in stream:
        break
    stream.close()


def dropped(stream):
    next(iter(stream))


def unread(stream):
    stream.close()


async def awith_block(stream):
    async with stream:
        await anext(aiter(stream))


async def aclosed(stream):
    await anext(aiter(stream))
    await stream.close()


async def abroken_off(stream):
    async for _ in stream:
        break
    await stream.close()


async def adropped(stream):
    await anext(aiter(stream))


async def aunread(stream):
    await stream.close()


WAYS = {
    "with": (with_block, awith_block),
    "close": (closed, aclosed),
    "break": (broken_off, abroken_off),
    "garbage": (dropped, adropped),
    "unread": (unread, aunread),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_client_s_stream_that_is_left(asking, begun, api, way):
    router = asking.router(MODELS[api], **routed(begun, limits={"concurrency": 1}))
    leave, aleave = WAYS[way]

    def use(client):
        leave(method(client, api)(**arguments(api, stream=True)))

    async def use_async(client):
        await aleave(await method(client, api)(**arguments(api, stream=True)))

    asking.run(router, api, use if asking.kind == "sync" else use_async)
    settled(router, begun[0])
    begun[0].play, begun[0].holds = wire.answer, False
    assert asking.ask(router, api).text == "granite"


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_langchain_s_stream_that_is_left(begun, api, kind):
    make = outcrop.CrossRegion if kind == "sync" else outcrop.AsyncCrossRegion
    router: Any = make(LEFT[api], **routed(begun, limits={"concurrency": 1}))
    model = CLIENTS["langchain"](router, api).model

    async def aleave():
        async with aclosing(model.astream(QUESTION)) as stream:
            async for chunk in stream:
                if chunk.text:
                    return

    if kind == "async":
        asyncio.run(aleave())
    else:
        for chunk in model.stream(QUESTION):
            if chunk.text:
                break
    settled(router, begun[0])


def test_pydantic_ai_s_stream_that_is_left(begun, api):
    router: Any = outcrop.AsyncCrossRegion(LEFT[api], **routed(begun, limits={"concurrency": 1}))
    model = CLIENTS["pydantic-ai"](router, api)

    async def leave():
        async with model.agent.run_stream(QUESTION) as result, aclosing(result.stream_text(delta=True)) as stream:
            await anext(stream)

    asyncio.run(leave())
    settled(router, begun[0])


#: As the models of tests/apis/test_clients.py are called.
LEFT = {"chat": "us.xai.grok-4.6", "responses": MODELS["responses"], "messages": MODELS["messages"]}
