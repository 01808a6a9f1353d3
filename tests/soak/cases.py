"""Every way of calling, and every way a call can end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import TYPE_CHECKING, Any

import outcrop
from outcrop.langchain import BedrockEmbeddings, ChatBedrockConverse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

NOVA = "us.amazon.nova-lite-v1:0"
TITAN = "amazon.titan-embed-text-v2:0"
#: How many awaited calls are under way at a time.
TOGETHER = 8
#: How many connections a client of batches has, which is fewer than they would open: so all are there from the first
#: calls on, and a busy machine, where more calls are in flight, has no more of them.
CONNECTIONS = 2 * TOGETHER
#: How many requests a batch has.
BATCH = 10


class Kit:
    """The clients that are called, made once."""

    def __init__(self, url: str, *, awaited: bool, hasty: bool = False, **more: Any) -> None:
        self.awaited = awaited
        self.settings = {
            "endpoint_url": url,
            "aws_access_key_id": "AKIDEXAMPLE",
            "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "timeouts": {"first_byte": 0.005, "idle": 0.005, "connect": 60} if hasty else {"connect": 60},
            **more,
        }
        self.client = self.make()
        self.cached = self.make(cache=outcrop.Cache(max_bytes=1 << 20, when="always"))
        make = outcrop.AsyncCrossRegion if awaited else outcrop.CrossRegion
        self.router = make(
            "amazon.nova-lite-v1:0",
            sources=["us-east-1", "us-west-2"],
            geographies=["us"],
            residency="us",
            catalogue="snapshot",
            retries={"max_attempts": 1},
            # A breaker that opens would end what is measured.
            breaker={"minimum_calls": 1_000_000, "consecutive_failures": 1_000_000},
            **self.settings,
        )
        which = {"async_client" if awaited else "client": self.client}
        self.chat = ChatBedrockConverse(model=NOVA, region_name="us-east-1", max_retries=0, **which)
        self.embeddings = BedrockEmbeddings(model_id=TITAN, region_name="us-east-1", **which)

    def make(self, **more: Any) -> Any:
        """A client with a session of its own."""
        make = outcrop.async_client if self.awaited else outcrop.client
        return make("bedrock-runtime", region_name="us-east-1", retries={"max_attempts": 1}, **self.settings, **more)


def ask(mode: str) -> dict[str, Any]:
    """A request; the server looks for the mode in it."""
    return {"messages": [{"role": "user", "content": [{"text": f"mode:{mode}"}]}]}


def refused_by_us(mode: str) -> dict[str, Any]:
    """One that is not sent."""
    return {"messages": mode}


# -- one call by each way -----------------------------------------------------------------------------------------


def read(response: Any) -> None:
    """Read a stream to its end."""
    for _ in response["stream"]:
        pass


async def aread(response: Any) -> None:
    """The same for an awaited one."""
    async for _ in response["stream"]:
        pass


async def abatch(client: Any, request: dict[str, Any]) -> None:
    """A batch of ten."""
    async for _ in client.batch("converse", [request] * BATCH):
        pass


async def astream(client: Any, request: dict[str, Any]) -> None:
    """Opens a stream and reads it."""
    await aread(await client.converse_stream(**request))


def words(request: dict[str, Any]) -> str:
    """The prompt of a request, which LangChain takes alone."""
    return request["messages"][0]["content"][0]["text"]


SYNC: dict[str, Callable[[Kit, dict[str, Any]], Any]] = {
    "call": lambda kit, request: kit.client.converse(modelId=NOVA, **request),
    "stream": lambda kit, request: read(kit.client.converse_stream(modelId=NOVA, **request)),
    "batch": lambda kit, request: list(kit.client.batch("converse", [{"modelId": NOVA, **request}] * BATCH)),
    "router": lambda kit, request: kit.router.converse(**request),
    "router's stream": lambda kit, request: read(kit.router.converse_stream(**request)),
    "router's batch": lambda kit, request: list(kit.router.batch("converse", [request] * BATCH)),
    "cache": lambda kit, request: kit.cached.converse(modelId=NOVA, **request),
    "cached stream": lambda kit, request: read(kit.cached.converse_stream(modelId=NOVA, **request)),
    "chat model": lambda kit, request: kit.chat.invoke(words(request)),
    "chat model's stream": lambda kit, request: list(kit.chat.stream(words(request))),
    "embeddings": lambda kit, request: kit.embeddings.embed_query(words(request)),
}


async def _consumed(stream: Any) -> None:
    async for _ in stream:
        pass


ASYNC: dict[str, Callable[[Kit, dict[str, Any]], Awaitable[Any]]] = {
    "call": lambda kit, request: kit.client.converse(modelId=NOVA, **request),
    "stream": lambda kit, request: astream(kit.client, {"modelId": NOVA, **request}),
    "batch": lambda kit, request: abatch(kit.client, {"modelId": NOVA, **request}),
    "router": lambda kit, request: kit.router.converse(**request),
    "router's stream": lambda kit, request: astream(kit.router, request),
    "router's batch": lambda kit, request: abatch(kit.router, request),
    "cache": lambda kit, request: kit.cached.converse(modelId=NOVA, **request),
    "cached stream": lambda kit, request: astream(kit.cached, {"modelId": NOVA, **request}),
    "chat model": lambda kit, request: kit.chat.ainvoke(words(request)),
    "chat model's stream": lambda kit, request: _consumed(kit.chat.astream(words(request))),
    "embeddings": lambda kit, request: kit.embeddings.aembed_query(words(request)),
}

#: By what the server does.
MODES = ("answered", "refused", "throttled", "cut")


# -- what a program does besides waiting --------------------------------------------------------------------------


async def cancelled(kit: Kit, way: str, turns: int) -> None:
    """Cancels a call after so many turns of the loop."""
    task = asyncio.ensure_future(_as_coroutine(ASYNC[way](kit, ask("silent"))))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _as_coroutine(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def abandoned(kit: Kit) -> None:
    """Opens a stream and lets it go."""
    kit.client.converse_stream(modelId=NOVA, **ask("silent"))


async def aabandoned(kit: Kit) -> None:
    """The same."""
    await kit.client.converse_stream(modelId=NOVA, **ask("silent"))


def collected(kit: Kit) -> None:
    """Opens a stream and leaves it to the collector."""
    held: list[Any] = [kit.client.converse_stream(modelId=NOVA, **ask("silent"))]
    held.append(held)


async def acollected(kit: Kit) -> None:
    """The same."""
    held: list[Any] = [await kit.client.converse_stream(modelId=NOVA, **ask("silent"))]
    held.append(held)


def client_gone(kit: Kit) -> None:
    """A client for one call, and one whose stream outlives it."""
    kit.make().converse(modelId=NOVA, **ask("answered"))
    read(kit.make().converse_stream(modelId=NOVA, **ask("answered")))


async def aclient_gone(kit: Kit) -> None:
    """The same."""
    await kit.make().converse(modelId=NOVA, **ask("answered"))
    await aread(await kit.make().converse_stream(modelId=NOVA, **ask("answered")))


def router_gone(kit: Kit) -> None:
    """A router for one call, with the session of others."""
    session = kit.client._session
    keys = {"sources": ["us-east-1"], "geographies": ["us"], "residency": "us", "catalogue": "snapshot"}
    outcrop.CrossRegion("amazon.nova-lite-v1:0", session=session, **keys).converse(**ask("answered"))


def loop_gone(kit: Kit, way: str) -> None:
    """A loop that is closed with a call under way, which nobody cancels."""
    event_loop = asyncio.new_event_loop()
    task = event_loop.create_task(_as_coroutine(ASYNC[way](kit, ask("silent"))))
    event_loop.run_until_complete(asyncio.sleep(0.002))
    event_loop.close()
    del task


def cases(url: str) -> Iterator[tuple[str, Callable[[int], None]]]:
    """Names, and what makes so many calls."""
    kits = {awaited: Kit(url, awaited=awaited) for awaited in (False, True)}
    batches = {awaited: Kit(url, awaited=awaited, max_connections=CONNECTIONS) for awaited in (False, True)}
    hasty = {awaited: Kit(url, awaited=awaited, hasty=True) for awaited in (False, True)}
    for way, call in SYNC.items():
        usual, counted = (batches, _of_batches) if "batch" in way else (kits, lambda run: run)
        calls = [(mode, usual, ask(mode)) for mode in MODES] + [("timed out", hasty, ask("silent"))]
        if way not in ("chat model", "chat model's stream", "embeddings"):
            calls.append(("refused by us", usual, refused_by_us("x")))
        for end, kit, request in calls:
            yield f"sync {way}: {end}", counted(_sync(call, kit[False], request))
            yield f"async {way}: {end}", counted(_async(ASYNC[way], kit[True], request))
        yield f"async {way}: cancelled", counted(_cancelled(usual[True], way))
    yield "sync stream: abandoned unread", _again(abandoned, kits[False])
    yield "async stream: abandoned unread", _async(lambda kit, _: aabandoned(kit), kits[True], {})
    yield "sync stream: collected unread", _again(collected, kits[False])
    yield "async stream: collected unread", _async(lambda kit, _: acollected(kit), kits[True], {})
    yield "sync: client gone", _again(client_gone, kits[False])
    yield "async: client gone", _async(lambda kit, _: aclient_gone(kit), kits[True], {})
    yield "sync: router gone", _again(router_gone, kits[False])
    yield "async call: loop gone", _again(lambda kit: loop_gone(kit, "call"), kits[True])
    yield "async stream: loop gone", _again(lambda kit: loop_gone(kit, "stream"), kits[True])


def _again(function: Callable[[Kit], None], kit: Kit) -> Callable[[int], None]:
    def run(calls: int) -> None:
        for _ in range(calls):
            function(kit)

    return run


def _of_batches(run: Callable[[int], None]) -> Callable[[int], None]:
    """What counts the calls of batches, not the batches."""
    return lambda calls: run(-(-calls // BATCH))


def _sync(way: Callable[..., Any], kit: Kit, request: dict[str, Any]) -> Callable[[int], None]:
    def one(kit: Kit) -> None:
        with contextlib.suppress(Exception):
            way(kit, request)

    return _again(one, kit)


def _async(way: Callable[..., Any], kit: Kit, request: dict[str, Any]) -> Callable[[int], None]:
    async def some(calls: int) -> None:
        for _ in range(calls):
            with contextlib.suppress(Exception):
                await way(kit, request)

    return lambda calls: asyncio.run(_together(some, calls))


def _cancelled(kit: Kit, way: str) -> Callable[[int], None]:
    turns = itertools.cycle(range(12))

    async def some(calls: int) -> None:
        for _ in range(calls):
            await cancelled(kit, way, next(turns))

    return lambda calls: asyncio.run(_together(some, calls))


async def _together(some: Callable[[int], Awaitable[None]], calls: int) -> None:
    await asyncio.gather(*(some(-(-calls // TOGETHER)) for _ in range(TOGETHER)))
