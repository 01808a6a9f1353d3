"""Whoever stops waiting ends the request."""

from __future__ import annotations

import asyncio
import gc
import os
from pathlib import Path

import pytest

from tests.support import frames
from tests.support.waiting import until

from .conftest import REQUEST


def abandoned(emulator):
    return [entry for entry in emulator.journal if entry.outcome == "abandoned"]


async def test_cancelling_a_task_ends_its_request(emulator, client):
    emulator.fault("stall")
    task = asyncio.create_task(client.converse(**REQUEST))
    await until(lambda: len(emulator.journal) == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: len(abandoned(emulator)) == 1)


async def test_a_timeout_ends_its_request(emulator, client):
    emulator.fault("stall")

    async def expire(limit):
        await until(lambda: len(emulator.journal) == 1)
        limit.reschedule(asyncio.get_running_loop().time())

    async def within_a_limit():
        async with asyncio.timeout(None) as limit:
            expiring = asyncio.create_task(expire(limit))
            try:
                await client.converse(**REQUEST)
            finally:
                await expiring

    with pytest.raises(TimeoutError):
        await within_a_limit()
    await until(lambda: len(abandoned(emulator)) == 1)


async def begin(emulator, client):
    """A stream of which three events have come and no more will."""
    emulator.fault("stall", after_events=3)
    stream = (await client.converse_stream(**REQUEST))["stream"]
    return stream, aiter(stream)


async def test_closing_a_stream_ends_its_request(emulator, client):
    stream, events = await begin(emulator, client)
    await anext(events)
    await stream.aclose()
    await until(lambda: len(abandoned(emulator)) == 1)
    with pytest.raises(StopAsyncIteration):
        await anext(events)


async def test_leaving_the_block_ends_its_request(emulator, client):
    stream, _ = await begin(emulator, client)
    async with stream:
        async for _event in stream:
            break
    await until(lambda: len(abandoned(emulator)) == 1)


async def test_dropping_a_stream_ends_its_request(emulator, client):
    emulator.fault("stall", after_events=3)
    async for _event in (await client.converse_stream(**REQUEST))["stream"]:
        break
    gc.collect()
    await until(lambda: len(abandoned(emulator)) == 1)


async def test_cancelling_a_reader_ends_nothing_and_loses_nothing(client_of):
    go_on = asyncio.Event()
    texts = [f"part {number}" for number in range(6)]
    deltas = [{"contentBlockIndex": 0, "delta": {"text": text}} for text in texts]

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n\r\n")
        for number, delta in enumerate(deltas):
            if number == 3:
                await go_on.wait()
            writer.write(frames.event("contentBlockDelta", delta))
        writer.write(frames.event("messageStop", {"stopReason": "end_turn"}))
        writer.write(frames.event("metadata", {"metrics": {"latencyMs": 1}}))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        events = aiter((await client_of(server).converse_stream(**REQUEST))["stream"])
        seen = [await anext(events) for _ in range(3)]
        for _ in range(3):
            reader = asyncio.ensure_future(anext(events))
            await asyncio.sleep(0)
            reader.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reader
        go_on.set()
        seen += [event async for event in events]
    assert [event["contentBlockDelta"] for event in seen[:6]] == deltas
    assert [list(event) for event in seen[6:]] == [["messageStop"], ["metadata"]]


async def test_two_readers_are_one_too_many(emulator, client):
    _, events = await begin(emulator, client)
    for _ in range(3):
        await anext(events)
    first = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="being read by another task: one task at a time can read a stream"):
        await anext(events)
    first.cancel()


async def test_nothing_is_left_of_a_thousand_cancelled_calls(emulator, client):
    emulator.fault("stall")
    tasks = [asyncio.create_task(client.converse(**REQUEST)) for _ in range(1000)]
    await until(lambda: len(emulator.journal) == 1000)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await until(lambda: len(abandoned(emulator)) == 1000)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    emulator.clear_rules()
    assert (await client.converse(**REQUEST))["stopReason"] == "end_turn"


async def test_events_that_are_here_need_no_turn_of_the_loop(emulator, client):
    async def turns_of_reading(pause):
        emulator.journal.clear()
        stream = (await client.converse_stream(**REQUEST))["stream"]
        await until(lambda: emulator.journal[0].outcome == "answered")
        turns = 0

        async def count():
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        await asyncio.sleep(pause)
        counter = asyncio.ensure_future(count())
        events = [event async for event in stream]
        counter.cancel()
        assert len(events) > 40
        return turns

    # Nothing says when the last event has crossed from the socket: a busy machine is given longer.
    assert min([await turns_of_reading(pause) for pause in (0.02, 0.1, 0.5)]) <= 3


async def test_an_event_alone_is_delivered_at_once(emulator, client):
    _, events = await begin(emulator, client)
    async with asyncio.timeout(60):
        assert [await anext(events) for _ in range(3)]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
async def test_many_slow_readers_take_little_memory(client_of):
    """Each stream would bring 4 MiB; nobody reads more than its first event."""
    deltas = frames.event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "x" * 1000}}) * 64
    asleep = 0

    async def answer(reader, writer):
        nonlocal asleep
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n\r\n")
        try:
            for _ in range(60):
                writer.write(deltas)
                await asyncio.wait_for(writer.drain(), 0.5)
        except (asyncio.TimeoutError, ConnectionError):
            pass
        asleep += 1
        writer.transport.abort()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        client = client_of(server)
        before = resident()
        streams = [(await client.converse_stream(**REQUEST))["stream"] for _ in range(100)]
        for stream in streams:
            await anext(aiter(stream))
        await until(lambda: asleep == 100, 60)
        # In all this process, with what the servers here have not got rid of.
        assert resident() - before < 120 << 20
        for stream in streams:
            await stream.aclose()


def resident():
    """The memory of this process, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_a_slow_reader_slows_the_sender(client_of):
    sent = 0
    stalled = asyncio.Event()

    async def answer(reader, writer):
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n\r\n")
        writer.write(frames.event("messageStart", {"role": "assistant"}))
        delta = frames.event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "x" * 1000}})
        while not stalled.is_set():
            writer.write(delta)
            sent += len(delta)
            try:
                await asyncio.wait_for(writer.drain(), 0.5)
            except asyncio.TimeoutError:
                stalled.set()
        writer.transport.abort()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        stream = (await client_of(server).converse_stream(**REQUEST))["stream"]
        await anext(aiter(stream))
        async with asyncio.timeout(60):
            await stalled.wait()
        # Two sockets' buffers and a little more; without back-pressure it would go on for ever.
        assert sent < 32 << 20
        await stream.aclose()
