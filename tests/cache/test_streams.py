"""Only a stream that ended well is kept; one that lies unread holds nobody up."""

from __future__ import annotations

import asyncio

import pytest

import outcrop

from .conftest import asked, cold, hit


@pytest.mark.parametrize("fault", ["reset", "cut_frame", "bad_checksum", "exception"])
def test_a_stream_that_is_cut_is_not_kept(fault, cache_of, side_of, emulator):
    cache = cache_of()
    side = side_of(cache, retries={"max_attempts": 1})
    emulator.fault(fault, operation="ConverseStream", times=1, after_events=3)
    errors = ("ClientError", "BotoCoreError", "ChecksumMismatch")
    with pytest.raises(tuple(getattr(outcrop.exceptions, name) for name in errors)):
        side.call("converse_stream", **cold())
    assert cache.usage().entries == 0
    answers = side.calls(*[("converse_stream", cold())] * 2)
    assert list(map(hit, answers)) == [False, True]
    assert "messageStop" in answers[1]["stream"][-2]


def test_a_stream_that_is_left_is_not_kept(cache_of, emulator):
    cache = cache_of()
    runtime = emulator.client("bedrock-runtime", cache=cache)
    with runtime.converse_stream(**cold())["stream"] as stream:
        next(iter(stream))
    assert cache.usage().entries == 0
    assert hit(runtime.converse_stream(**cold())) is False


async def test_an_awaited_stream_that_is_left_is_not_kept(cache_of, emulator):
    # Long enough for the busiest machine to leave it before its end.
    emulator.answer_with(reply_tokens=400, tokens_per_second=4)
    cache = cache_of()
    runtime = emulator.async_client("bedrock-runtime", cache=cache)
    async with (await runtime.converse_stream(**cold()))["stream"] as stream:
        await anext(aiter(stream))
    assert cache.usage().entries == 0


def test_whoever_opens_both_before_reading_either_is_not_held_up(emulator):
    runtime = emulator.client("bedrock-runtime", cache=True)
    first, second = runtime.converse_stream(**cold()), runtime.converse_stream(**cold())
    assert (hit(first), hit(second)) == (False, False)
    assert list(first["stream"]) == list(second["stream"])
    assert hit(runtime.converse_stream(**cold())) is True
    assert len(asked(emulator)) == 2


async def test_a_follower_of_a_stream_takes_over_from_one_that_is_left(emulator):
    emulator.answer_with(reply_tokens=60, tokens_per_second=100)
    runtime = emulator.async_client("bedrock-runtime", cache=True)
    leader = await runtime.converse_stream(**cold())
    events = aiter(leader["stream"])
    await anext(events)
    follower = asyncio.create_task(runtime.converse_stream(**cold()))
    await asyncio.sleep(0)
    leader["stream"].close()
    answer = await follower
    assert hit(answer) is False
    kinds = [next(iter(event)) async for event in answer["stream"]]
    assert kinds[-2:] == ["messageStop", "metadata"]
    assert hit(await runtime.converse_stream(**cold())) is True


def test_a_stream_that_is_played_may_be_left_too(cache_of, emulator):
    runtime = emulator.client("bedrock-runtime", cache=cache_of())
    list(runtime.converse_stream(**cold())["stream"])
    for _ in range(2):
        answer = runtime.converse_stream(**cold())
        assert hit(answer) is True
        with answer["stream"] as stream:
            next(iter(stream))
        assert list(stream) == []
