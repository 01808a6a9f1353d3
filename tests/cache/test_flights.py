"""Equal requests at the same time are one, whatever becomes of it."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import outcrop

from .conftest import asked, bare, cold, hit

SLOW = 0.3
"""Seconds that the servers take, so that all who come meanwhile come at the same time."""


def at_once(kind, side_of, cache, number, operation="converse"):
    """The answers, or errors, of as many equal calls."""
    side = side_of(cache, retries={"max_attempts": 1})

    def one(barrier):
        barrier.wait()
        try:
            return side.call(operation, **cold())
        except outcrop.exceptions.ClientError as error:
            return error

    async def awaited():
        async def one():
            answer = await getattr(side.client, operation)(**cold())
            if "stream" in answer:
                answer["stream"] = [event async for event in answer["stream"]]
            return answer

        return await asyncio.gather(*(one() for _ in range(number)), return_exceptions=True)

    if kind == "asynchronous":
        return asyncio.run(awaited())
    barrier = threading.Barrier(number)
    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, [barrier] * number))


@pytest.mark.parametrize("operation", ["converse", "converse_stream"])
def test_one_is_sent_for_many(operation, kind, side_of, cache_of, emulator):
    emulator.regions["us-east-1"].latency = SLOW
    answers = at_once(kind, side_of, cache_of(), 12, operation)
    assert sorted(map(hit, answers)) == [False] + [True] * 11
    assert len(asked(emulator)) == 1
    [sent] = [bare(answer) for answer in answers if not hit(answer)]
    assert [bare(answer) for answer in answers] == [sent] * 12


def test_a_leader_that_fails_hands_over(kind, side_of, emulator):
    emulator.regions["us-east-1"].latency = SLOW
    emulator.fault("error", code="InternalServerException", operation="Converse", times=1)
    answers = at_once(kind, side_of, outcrop.Cache(), 6)
    errors = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(errors) == 1
    assert [hit(answer) for answer in answers if answer not in errors].count(False) == 1
    assert len(asked(emulator)) == 2


def test_whoever_saw_two_fail_goes_alone(kind, side_of, emulator):
    emulator.regions["us-east-1"].latency = SLOW
    emulator.fault("error", code="InternalServerException", operation="Converse")
    answers = at_once(kind, side_of, outcrop.Cache(), 6)
    assert all(isinstance(answer, outcrop.exceptions.InternalServerException) for answer in answers)
    assert len(asked(emulator)) == 6


async def test_a_leader_that_is_cancelled_hands_over(emulator):
    emulator.regions["us-east-1"].latency = SLOW
    runtime = emulator.async_client("bedrock-runtime", cache=outcrop.Cache())
    leader = asyncio.create_task(runtime.converse(**cold()))
    await _arrived(runtime)
    followers = [asyncio.create_task(runtime.converse(**cold())) for _ in range(3)]
    await asyncio.sleep(0)
    leader.cancel()
    answers = await asyncio.gather(*followers)
    assert sorted(map(hit, answers)) == [False, True, True]
    with pytest.raises(asyncio.CancelledError):
        await leader


async def test_a_follower_that_is_cancelled_leaves_the_leader_alone(emulator):
    emulator.regions["us-east-1"].latency = SLOW
    runtime = emulator.async_client("bedrock-runtime", cache=outcrop.Cache())
    leader = asyncio.create_task(runtime.converse(**cold()))
    await _arrived(runtime)
    follower = asyncio.create_task(runtime.converse(**cold()))
    await asyncio.sleep(0)
    follower.cancel()
    assert hit(await leader) is False
    assert hit(await runtime.converse(**cold())) is True
    assert len(asked(emulator)) == 1


def under_way(client):
    return sum(count for _, count in client.metrics().in_flight)


async def _arrived(client):
    while not under_way(client):  # noqa: ASYNC110  -- it is counted natively, and nobody tells
        await asyncio.sleep(0.005)


def test_threads_and_loops_wait_for_each_other(emulator):
    emulator.regions["us-east-1"].latency = SLOW
    session = outcrop.Session(**emulator.connection, cache=True)
    blocking, awaited = session.client("bedrock-runtime"), session.async_client("bedrock-runtime")
    barrier = threading.Barrier(4)

    def in_thread(_number):
        barrier.wait()
        return blocking.converse(**cold())

    def in_loop(_number):
        async def call():
            return await awaited.converse(**cold())

        barrier.wait()
        return asyncio.run(call())

    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(work, number) for number in range(2) for work in (in_thread, in_loop)]
        answers = [each.result() for each in waiting]
    assert sorted(map(hit, answers)) == [False, True, True, True]
    assert len(asked(emulator)) == 1


def test_a_follower_has_its_own_deadline(kind, side_of, emulator):
    cache = outcrop.Cache()
    emulator.regions["us-east-1"].latency = 5
    patient, hasty = side_of(cache, timeouts={"total": 3}), side_of(cache, timeouts={"total": 0.2})
    with ThreadPoolExecutor(1) as threads:
        leader = threads.submit(patient.call, "converse", **cold())
        while not under_way(patient.client):
            assert not leader.done()
        with pytest.raises(outcrop.exceptions.ReadTimeoutError) as caught:
            hasty.call("converse", **cold())
        assert "total" in str(caught.value) or caught.value.kwargs["clock"] == "total"
        assert isinstance(leader.exception(), outcrop.exceptions.ReadTimeoutError)
    assert len(asked(emulator)) <= 1
