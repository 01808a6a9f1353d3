"""CPU time of the clients' own process for the same work, on one canned server. Read the ratios of one run.

The server is another process, so its cost does not count; threads and child processes of a client do.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from benches.clients import CLIENTS, together
from benches.measuring import cpu, serving
from benches.server import DELTAS

HERE = Path(__file__).parent
EVENTS = DELTAS + 4


@pytest.fixture(scope="module")
def server():
    """`server(delay, gap)`: the URL of a canned server that waits so long before an answer, and before an event."""
    with contextlib.ExitStack() as started:
        urls = {}

        def url(*waits):
            if waits not in urls:
                urls[waits] = started.enter_context(serving(*waits))
            return urls[waits]

        yield url


@pytest.fixture
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def having(call):
    return pytest.mark.parametrize("name", [name for name, kind in CLIENTS.items() if hasattr(kind, call)])


@pytest.mark.benchmark(group="cold: import, make a client, one answer", timer=cpu)
@pytest.mark.parametrize("name", CLIENTS)
def test_cold(benchmark, server, name):
    command = [sys.executable, HERE / "clients.py", name, server()]
    benchmark.pedantic(subprocess.run, (command,), {"check": True}, rounds=7, warmup_rounds=1)


@pytest.mark.benchmark(group="blocking calls, one after the other (100)", timer=cpu)
@pytest.mark.parametrize("call", ["converse", "invoke"])
@having("converse")
def test_blocking(benchmark, server, loop, name, call):
    client = CLIENTS[name](server())
    one = getattr(client, call)
    benchmark.pedantic(lambda: [one() for _ in range(100)], rounds=7, warmup_rounds=1)
    loop.run_until_complete(client.close())


@pytest.mark.benchmark(group=f"blocking stream of {EVENTS} events (10)", timer=cpu)
@having("stream")
def test_stream(benchmark, server, loop, name):
    client = CLIENTS[name](server())
    assert client.stream() == EVENTS
    benchmark.pedantic(lambda: [client.stream() for _ in range(10)], rounds=7, warmup_rounds=1)
    loop.run_until_complete(client.close())


@pytest.mark.benchmark(group="awaited calls, 64 in flight (500)", timer=cpu)
@having("aconverse")
def test_awaited(benchmark, server, loop, name):
    client = CLIENTS[name](server())
    benchmark.pedantic(lambda: loop.run_until_complete(together(client.aconverse, 500, 64)), rounds=5, warmup_rounds=1)
    loop.run_until_complete(client.close())


@pytest.mark.benchmark(group=f"awaited streams of {EVENTS} events, 64 in flight (64)", timer=cpu)
@having("astream")
def test_awaited_streams(benchmark, server, loop, name):
    client = CLIENTS[name](server())
    benchmark.pedantic(lambda: loop.run_until_complete(together(client.astream, 64, 64)), rounds=5, warmup_rounds=1)
    loop.run_until_complete(client.close())


@pytest.mark.benchmark(group="wall time: 2,000 calls answered after 200 ms, 1,000 in flight: 0.4 s is ideal")
@having("aconverse")
def test_many_at_once(benchmark, server, loop, name):
    client = CLIENTS[name](server(0.2))
    benchmark.pedantic(
        lambda: loop.run_until_complete(together(client.aconverse, 2000, 1000)), rounds=3, warmup_rounds=1
    )
    loop.run_until_complete(client.close())


@pytest.mark.benchmark(group="wall time: 64 streams, first token after 1 s, 50 deltas 20 ms apart: 2 s is ideal")
def test_first_tokens(benchmark, server, loop):
    """Tokens arrive when they arrive: no stream waits for a thread, and none for another stream."""
    client = CLIENTS["outcrop"](server(1.0, 0.02))

    async def streams():
        return await asyncio.gather(*(client.first_token() for _ in range(64)))

    first = benchmark.pedantic(lambda: loop.run_until_complete(streams()), rounds=3, warmup_rounds=1)
    benchmark.extra_info["median_first_token_seconds"] = statistics.median(first)
    loop.run_until_complete(client.close())
    assert statistics.median(first) < 1.1
    assert benchmark.stats.stats.median < 2.3
