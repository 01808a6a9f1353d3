"""What a handler of a signal may do while a call waits: all that Python code may."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import outcrop
from tests.support.server import Server, json_answer
from tests.support.waiting import PATIENCE, wait_until

MODEL = "us.amazon.nova-lite-v1:0"
REQUEST = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "hello"}]}]}
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
ANSWER = json_answer(b'{"output":{"message":{"role":"assistant","content":[{"text":"hi"}]}},"stopReason":"end_turn"}')


def opened(emulator):
    events = iter(emulator.client("bedrock-runtime").converse_stream(**REQUEST)["stream"])
    next(events)
    return events


def forks(emulator):
    child = os.fork()
    if child == 0:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def in_vain(emulator):
    with pytest.raises(outcrop.exceptions.ParamValidationError):
        emulator.client("bedrock-runtime").converse()


async def reads(client):
    return [event async for event in (await client.converse_stream(**REQUEST))["stream"]]


ACTIONS = {
    "calls": lambda emulator: emulator.client("bedrock-runtime").converse(**REQUEST),
    "calls in vain": in_vain,
    "reads a stream": lambda emulator: list(emulator.client("bedrock-runtime").converse_stream(**REQUEST)["stream"]),
    "closes a stream": lambda emulator: opened(emulator).close(),
    "drops a stream": lambda emulator: (opened(emulator), gc.collect()),
    "runs a batch": lambda emulator: list(emulator.client("bedrock-runtime").batch("converse", [REQUEST] * 3)),
    "runs a loop": lambda emulator: asyncio.run(emulator.async_client("bedrock-runtime").converse(**REQUEST)),
    "reads an async stream": lambda emulator: asyncio.run(reads(emulator.async_client("bedrock-runtime"))),
    "forks": forks,
}


def waiting_client(url, **options):
    return outcrop.client("bedrock-runtime", region_name="us-east-1", endpoint_url=url, **KEYS, **options)


def waiting_router(url):
    usual = {"sources": ["us-east-1"], "geographies": ["us"], "residency": "us", "catalogue": "snapshot"}
    return outcrop.CrossRegion("amazon.nova-lite-v1:0", endpoint_url=url, **usual, **KEYS)


PLACES = {
    "call": lambda url: waiting_client(url).converse(**REQUEST),
    "batch": lambda url: next(answer for _, answer in waiting_client(url).batch("converse", [REQUEST])),
    "router": lambda url: waiting_router(url).converse(messages=REQUEST["messages"]),
    "batch of a router": lambda url: next(
        answer for _, answer in waiting_router(url).batch("converse", [{"messages": REQUEST["messages"]}])
    ),
}

forking = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
on_main_thread = pytest.mark.skipif(
    threading.current_thread() is not threading.main_thread(), reason="Python runs handlers on the main thread only"
)


class InterruptedCallError(Exception):
    """What a handler raises."""


def interrupted(place, handler):
    """Wait in a place for an answer that comes when a handler has run."""
    released, main = threading.Event(), threading.main_thread().ident

    def answer(_request):
        signal.pthread_kill(main, signal.SIGUSR1)
        assert released.wait(PATIENCE)
        return ANSWER

    def handle(_number, _frame):
        try:
            handler()
        finally:
            released.set()

    before = signal.signal(signal.SIGUSR1, handle)
    try:
        with Server(answer=answer) as server:
            return place(server.url)
    finally:
        signal.signal(signal.SIGUSR1, before)


@forking
@on_main_thread
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.sampled_from(sorted(ACTIONS)), min_size=1, max_size=4))
def test_a_handler_may_do_anything(emulator, place, names):
    done = []

    def handler():
        for name in names:
            ACTIONS[name](emulator)
            done.append(name)

    assert interrupted(place, handler)["stopReason"] == "end_turn"
    assert done == names


@on_main_thread
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_what_a_handler_raises_ends_the_call(emulator, place):
    def handler():
        emulator.client("bedrock-runtime").converse(**REQUEST)
        raise InterruptedCallError

    with pytest.raises(InterruptedCallError):
        interrupted(place, handler)


@forking
@on_main_thread
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.sampled_from(sorted(ACTIONS)), max_size=3))
def test_a_handler_may_close_the_stream_that_is_read(emulator, names):
    seen, main = [], threading.main_thread().ident

    def handle(_number, _frame):
        for name in names:
            ACTIONS[name](emulator)
        stream.close()

    def ring():
        wait_until(lambda: len(seen) == 3)
        signal.pthread_kill(main, signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, handle)
    try:
        with emulator.fault("stall", after_events=3, times=1):
            stream = emulator.client("bedrock-runtime").converse_stream(**REQUEST)["stream"]
            bell = threading.Thread(target=ring)
            bell.start()
            for event in stream:
                seen.append(event)  # noqa: PERF402  -- `ring` counts them meanwhile
            bell.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert len(seen) == 3


FORKED = """
import os, signal, sys, threading, outcrop
client = outcrop.client("bedrock-runtime", **{where!r})
parent = os.getpid()
def handle(number, frame):
    child = os.fork()
    if child:
        print("child", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
signal.signal(signal.SIGUSR1, handle)
try:
    {waiting}
except RuntimeError as error:
    # The child goes on as its parent does, and can call anew.
    assert os.getpid() != parent, error
    again = client.converse(**{request!r})["stopReason"]
    os._exit(7 if "process" in str(error) and again == "end_turn" else 1)
print("answered", flush=True)
"""

WAITING = {
    "call": "client.invoke_model(modelId={model!r}, body={body!r})",
    "stream": "list(client.converse_stream(**{request!r})['stream'])",
    "batch": "list(client.batch('invoke_model', [dict(modelId={model!r}, body={body!r})]))",
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.parametrize("waiting", WAITING.values(), ids=WAITING)
def test_a_child_that_comes_back_into_a_call_is_told_so(emulator, waiting):
    """The parent's call goes on; the child's ends, and the child can call anew."""
    rules = [
        emulator.fault("latency", seconds=2, operation="InvokeModel"),
        emulator.fault("stall", seconds=2, after_events=1, operation="ConverseStream"),
    ]
    body = '{"messages":[{"role":"user","content":[{"text":"hi"}]}]}'
    filled = waiting.format(model=MODEL, body=body, request=REQUEST)
    program = textwrap.dedent(FORKED).format(where=emulator.connection, request=REQUEST, waiting=filled)
    command = [sys.executable, "-W", "ignore", "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        wait_until(lambda: any(rule.hits for rule in rules))
        process.send_signal(signal.SIGUSR1)
        said = process.communicate(timeout=PATIENCE)[0]
    assert (process.returncode, said) == (0, "child 7\nanswered\n")
