"""Servers end connections all the time: no call is lost by it, none is sent twice."""

from __future__ import annotations

import asyncio
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import outcrop
from tests.support.sides import KEYS

from .conftest import CALLS

REQUEST = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}


@pytest.fixture(params=["1.1", "2"])
def version(request):
    return request.param


@pytest.fixture(params=["sync", "async"])
def carry(request, version, canned):
    """`carry(server, at_once=…)`: makes the calls over it, so many at a time, and looks who got them."""

    def run(server, *, at_once, calls=CALLS, before=lambda number: 0.0, text="hello"):
        where = {
            "endpoint_url": f"https://127.0.0.1:{server.port}",
            "ca_bundle": server.bundle,
            "http_version": version,
        }
        asked = REQUEST | {"messages": [{"role": "user", "content": [{"text": text}]}]}
        with server:
            work = in_threads if request.param == "sync" else in_tasks
            metrics = work(where | KEYS, asked, at_once, range(calls), before)
            assert {it.labels["outcome"] for it in metrics.series} == {"ok"}
            retries = sum(it.retries for it in metrics.series)
            assert sum(it.calls for it in metrics.series) == calls
            assert canned.posts == calls
            return retries

    return run


def reloads(server):
    """Five times in the course of the calls."""

    def before(number):
        if number % (CALLS // 5) == 0:
            server.reload()
        return 0.0

    return before


def in_threads(where, asked, at_once, numbers, before):
    client = outcrop.client("bedrock-runtime", **where)

    def one(number):
        time.sleep(before(number))
        if number % 2:
            assert "output" in client.converse(**asked)
        else:
            assert "metadata" in list(client.converse_stream(**asked)["stream"])[-1]

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, numbers))
    return client.metrics()


def in_tasks(where, asked, at_once, numbers, before):
    async def every():
        client = outcrop.async_client("bedrock-runtime", **where)
        queue = iter(numbers)

        async def one():
            for number in queue:
                await asyncio.sleep(before(number))
                if number % 2:
                    assert "output" in await client.converse(**asked)
                else:
                    stream = (await client.converse_stream(**asked))["stream"]
                    assert "metadata" in [event async for event in stream][-1]

        await asyncio.gather(*(one() for _ in range(at_once)))
        return client.metrics()

    return asyncio.run(every())


@pytest.mark.parametrize(("requests", "at_once"), [(50, 64), (50, 300), (20, 64)])
def test_nginx_ends_a_connection_after_so_many_requests(carry, nginx, requests, at_once):
    assert carry(nginx(f"keepalive_requests {requests};"), at_once=at_once) == 0


def test_nginx_is_reloaded_under_load(carry, nginx):
    server = nginx()
    carry(server, at_once=32, before=reloads(server))


def test_nginx_takes_few_streams_at_a_time(carry, nginx):
    assert carry(nginx("http2_max_concurrent_streams 8;"), at_once=200) == 0


def test_nginx_closes_idle_connections_at_the_moment_of_a_call(carry, nginx):
    chance = random.Random(7)
    server = nginx("keepalive_timeout 30ms;")
    carry(server, at_once=16, calls=CALLS // 2, before=lambda _: chance.uniform(0.025, 0.035))


def test_five_megabytes_go_through(carry, nginx):
    assert carry(nginx("http2_body_preread_size 64k;"), at_once=4, calls=20, text="x" * 5_000_000) == 0


def test_haproxy_takes_few_streams_at_a_time(carry, haproxy):
    assert carry(haproxy("tune.h2.max-concurrent-streams 8"), at_once=200) == 0


def test_haproxy_closes_idle_connections_at_the_moment_of_a_call(carry, haproxy):
    chance = random.Random(7)
    server = haproxy(defaults="timeout http-keep-alive 30ms")
    carry(server, at_once=16, calls=CALLS // 2, before=lambda _: chance.uniform(0.025, 0.035))


def test_haproxy_is_reloaded_under_load(carry, haproxy):
    server = haproxy()
    carry(server, at_once=32, before=reloads(server))
