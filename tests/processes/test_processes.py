"""Threads, fork and Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest

MODEL = "us.amazon.nova-lite-v1:0"
REQUEST = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "hello"}]}]}


def test_other_threads_run_while_a_call_waits(emulator):
    """The call cannot end before another thread of this process has taken away what it waits for."""
    rule = emulator.fault("stall")
    client = emulator.client("bedrock-runtime", retries={"max_attempts": 1})
    answers = []
    caller = threading.Thread(target=lambda: answers.append(refusal(client)))
    caller.start()
    while not rule.hits:
        threading.Event().wait(0.005)
    emulator.stop()
    caller.join(20)
    assert len(answers) == 1


def refusal(client):
    from outcrop.exceptions import OutcropError

    try:
        return client.converse(**REQUEST)
    except OutcropError as error:
        return error


def test_many_threads_share_a_client(emulator):
    client = emulator.client("bedrock-runtime")
    answers: list[str] = []

    def work():
        answers.extend(client.converse(**REQUEST)["ResponseMetadata"]["RequestId"] for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 320


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_client_works_in_a_forked_child(emulator):
    client = emulator.client("bedrock-runtime")
    client.converse(**REQUEST)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if client.converse(**REQUEST)["stopReason"] == "end_turn" else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert client.converse(**REQUEST)["stopReason"] == "end_turn"


@pytest.mark.parametrize(
    "call",
    [
        "client.converse(**request)",
        "list(client.converse_stream(**request)['stream'])",
        "asyncio.run(awaited())",
    ],
    ids=["whole", "stream", "async"],
)
def test_ctrl_c_ends_a_call(emulator, call):
    rule = emulator.fault("stall")
    program = textwrap.dedent(f"""
        import asyncio, outcrop
        where = {emulator.connection!r}
        request = {REQUEST!r}
        client = outcrop.client("bedrock-runtime", **where)
        async def awaited():
            return await outcrop.async_client("bedrock-runtime", **where).converse(**request)
        try:
            {call}
        except KeyboardInterrupt:
            print("interrupted")
    """)
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    while not rule.hits and child.poll() is None:
        threading.Event().wait(0.01)
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=20)[0] == "interrupted\n"
