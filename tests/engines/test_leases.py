"""Processes that share a lender keep one limit, with or without it, and none of them holds up a row."""

from __future__ import annotations

import asyncio
from collections import Counter

import outcrop
import outcrop.dask
from outcrop._engines import leases as leasing
from outcrop._engines.columns import ERROR
from outcrop._engines.leases import Here
from outcrop._engines.running import Running

from .conftest import MODEL
from .test_calls import calls_of, frame_of

QUOTAS = {"us-east-1": {"requests_per_minute": 1200}, "us-west-2": {"requests_per_minute": 2400}}


def limit(emulator):
    for region, quota in QUOTAS.items():
        emulator.regions[region].quota(requests=quota["requests_per_minute"])


def opened(router, lender, **arguments):
    """What an actor has: the same options, and a lender that others ask, too."""
    limits = {"quotas": QUOTAS}
    options = outcrop.dask.Converse(router, prompt="q", limits=limits, **arguments)._options
    client, answers = options.opened()
    return Running(options, client, lender, answers)


async def test_two_that_ask_one_lender_keep_one_limit(here, router):
    limit(here)
    lender = Here({"quotas": QUOTAS})
    both = [opened(router, lender), opened(router, lender)]
    done = await asyncio.gather(*(running.widen(frame_of(120)) for running in both))
    for running in both:
        await running.close()
    assert all(set(frame[ERROR]) == {""} for frame in done)
    assert Counter(entry.status for entry in calls_of(here)) == {200: 240}
    shares = [Counter(frame.source_region) for frame in done]
    assert all(share.keys() == QUOTAS.keys() for share in shares)


class Away:
    """A lender whose actor is gone, or comes back after a while."""

    def __init__(self, back_after: int = 10**9) -> None:
        self.lender = Here({"quotas": QUOTAS})
        self.asked = 0
        self.back_after = back_after

    async def lease(self, *asked):
        self.asked += 1
        if self.asked <= self.back_after:
            raise ConnectionError("the actor is gone")
        return await self.lender.lease(*asked)


async def test_where_the_lender_cannot_be_asked_each_goes_by_its_part(here, router, caplog):
    limit(here)
    lender = Away()
    running = opened(router, lender)
    done = await running.widen(frame_of(150))
    await running.close()
    assert set(done[ERROR]) == {""}
    assert {entry.status for entry in calls_of(here)} == {200}
    # It is left alone for a while, and said once for each time that it was asked.
    assert [record.getMessage() for record in caplog.records if record.name == "outcrop.engines"] == [
        "the shared limit cannot be asked (ConnectionError): going by 1/1 of it"
    ] * lender.asked


async def test_a_lender_that_is_back_is_asked_again(here, router, monkeypatch):
    monkeypatch.setattr(leasing.Leases, "AWAY", 0.0)
    lender = Away(back_after=2)
    running = opened(router, lender)
    done = await running.widen(frame_of(150))
    await running.close()
    assert set(done[ERROR]) == {""}
    assert lender.asked > 3


class Wrong:
    """A lender that gives what nobody asked for."""

    async def lease(self, *asked):
        return leasing.Granted({"eu-west-1": leasing.Amount(1, 0)}, 1, 0.0)


async def test_rows_do_not_wait_for_a_lender_that_is_wrong(here, router):
    running = opened(router, Wrong())
    done = await running.widen(frame_of(5))
    await running.close()
    assert list(done[ERROR]) == ["KeyError: 'eu-west-1'"] * 5
    assert not calls_of(here)


async def test_a_failing_region_is_news_for_all(here, router):
    """Its calls go on to the next Region, are charged there, and it is asked only now and then."""
    here.regions["us-east-1"].health = "unavailable"
    limit(here)
    lender = Here({"quotas": QUOTAS})
    both = [opened(router, lender), opened(router, lender)]
    done = await asyncio.gather(*(running.widen(frame_of(60)) for running in both))
    for running in both:
        await running.close()
    assert all(set(frame[ERROR]) == {""} for frame in done)
    assert all(set(frame.source_region) == {"us-west-2"} for frame in done)
    counts = Counter((entry.region, entry.status) for entry in calls_of(here))
    assert counts["us-west-2", 200] == 120
    assert counts["us-east-1", 503] < 60


def test_the_next_model_answers_rows_as_it_does_calls(here):
    other = "us.amazon.nova-lite-v1:0"
    here.fault("throttling", model="*claude*")
    router = outcrop.CrossRegion(
        [MODEL, other], sources=["us-east-1", "us-west-2"], geographies=["us"], catalogue="snapshot"
    )
    done = outcrop.dask.Converse(router, prompt="q").run(frame_of(20))
    assert set(done[ERROR]) == {""}
    assert set(done.target_model_id) == {other}
