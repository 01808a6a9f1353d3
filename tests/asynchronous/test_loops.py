"""A client is bound to no event loop."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
import threading

import pytest
import uvloop

import outcrop
from tests.support.waiting import PATIENCE

from .conftest import REQUEST


async def answer(client):
    return (await client.converse(**REQUEST))["stopReason"]


async def events(client):
    return [event async for event in (await client.converse_stream(**REQUEST))["stream"]]


def test_one_client_under_several_loops(client):
    for _ in range(3):
        assert asyncio.run(answer(client)) == "end_turn"
        assert "metadata" in asyncio.run(events(client))[-1]


def test_one_client_from_loops_in_several_threads(client):
    results = []

    def work():
        results.extend(asyncio.run(answer(client)) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["end_turn"] * 40


def test_uvloop_is_a_loop_too(client):
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(answer(client)) == "end_turn"
        assert "metadata" in runner.run(events(client))[-1]


async def test_methods_are_coroutine_functions(client):
    assert inspect.iscoroutinefunction(client.converse)
    assert inspect.iscoroutinefunction(type(client).converse_stream)
    task = asyncio.create_task(client.converse(**REQUEST))
    assert (await task)["stopReason"] == "end_turn"


async def test_with_and_without_a_block(emulator):
    async with emulator.async_client("bedrock-runtime") as client:
        assert await answer(client) == "end_turn"
    assert await answer(emulator.async_client("bedrock-runtime")) == "end_turn"


def test_without_a_loop_it_says_what_to_do(client):
    coroutine = client.converse(**REQUEST)
    with pytest.raises(
        RuntimeError, match=r"need a running asyncio loop \(uvloop is one too\): under trio, call a bloc"
    ):
        coroutine.send(None)


async def test_the_body_of_invoke_model(client):
    body = '{"anthropic_version":"bedrock-2023-05-31","max_tokens":20,"messages":[{"role":"user","content":"hi"}]}'
    async with (await client.invoke_model(modelId=REQUEST["modelId"], body=body))["body"] as answered:
        whole = await answered.read()
    assert whole.startswith(b"{")
    again = (await client.invoke_model(modelId=REQUEST["modelId"], body=body))["body"]
    assert b"".join([chunk async for chunk in again])[:1] == b"{"
    await again.aclose()


AT_EXIT = """
import asyncio, sys, outcrop

client = outcrop.async_client("bedrock-runtime", region_name="us-east-1", endpoint_url=sys.argv[1],
                              aws_access_key_id="AKIAOUTCROPEMULATOR1",
                              aws_secret_access_key="outcrop/emulator/not/a/real/secret/key/1")
request = {"modelId": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
           "messages": [{"role": "user", "content": [{"text": "hello"}]}]}
"""

ENDINGS = {
    "the loop ends with calls in flight": """
async def main():
    tasks = [asyncio.ensure_future(client.converse(**request)) for _ in range(50)]
    await asyncio.sleep(0.1)
asyncio.run(main())
""",
    "the loop is closed under a call": """
async def main():
    client.task = asyncio.ensure_future(client.converse(**request))
    await asyncio.sleep(0.1)
loop = asyncio.new_event_loop()
loop.run_until_complete(main())
client.task.cancel()
loop.run_until_complete(asyncio.sleep(0))
loop.close()
""",
    "the interpreter exits with a stream half read": """
async def main():
    stream = (await client.converse_stream(**request))["stream"]
    await anext(aiter(stream))
    sys.exit(0)
asyncio.run(main())
""",
    "a stream outlives its loop": """
async def main():
    return (await client.converse_stream(**request))["stream"]
stream = asyncio.run(main())
del stream
""",
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS.keys())
def test_an_end_with_work_in_flight_is_quick_and_quiet(emulator, ending):
    emulator.fault("latency", seconds=300, operation="Converse")
    emulator.fault("stall", after_events=3, seconds=300, operation="ConverseStream")
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", AT_EXIT + ending, emulator.endpoint_url]
    # A second is for the exit; the rest is for the start of an interpreter on a busy machine.
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


async def test_clients_share_what_the_caller_sees_in_its_context(client):
    """A task's context is its own before and after a call."""
    import contextvars

    variable = contextvars.ContextVar("variable", default=0)

    async def work(number):
        variable.set(number)
        await client.converse(**REQUEST)
        return variable.get()

    assert await asyncio.gather(*(work(number) for number in range(20))) == list(range(20))


def test_both_clients_have_the_same_methods(emulator):
    for service in ("bedrock", "bedrock-runtime"):
        blocking, awaitable = emulator.client(service), emulator.async_client(service)
        for name in blocking.meta.method_to_api_mapping:
            assert not inspect.iscoroutinefunction(getattr(blocking, name))
            assert inspect.iscoroutinefunction(getattr(awaitable, name))
        assert blocking.meta.method_to_api_mapping == awaitable.meta.method_to_api_mapping
    assert outcrop.async_client is not outcrop.client
