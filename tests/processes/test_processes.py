"""Threads, fork and Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest

import outcrop
from outcrop import _native, exceptions
from tests.support.forking import forking, in_child
from tests.support.waiting import PATIENCE, wait_until

MODEL = "us.amazon.nova-lite-v1:0"
REQUEST = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "hello"}]}]}


def at_once(work, count):
    """Do the same on so many threads, and wait for all."""
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


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
    caller.join(PATIENCE)
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

    at_once(work, 16)
    assert len(set(answers)) == 320


def answers(client, aclient):
    """What a whole call, a stream and a batch give by both sides."""

    async def awaited():
        whole = await aclient.converse(**REQUEST)
        events = [event async for event in (await aclient.converse_stream(**REQUEST))["stream"]]
        return whole["stopReason"], len(events), [number async for number, _ in aclient.batch("converse", [REQUEST])]

    whole, events = client.converse(**REQUEST), list(client.converse_stream(**REQUEST)["stream"])
    blocking = whole["stopReason"], len(events), [number for number, _ in client.batch("converse", [REQUEST])]
    assert asyncio.run(awaited()) == blocking
    return blocking


def into(queue, client, aclient):
    queue.put(answers(client, aclient))


@forking
def test_workers_forked_from_a_process_that_has_called_work(emulator):
    """As gunicorn with `preload_app` and `multiprocessing` do it: clients are made, and used, before the fork."""
    clients = emulator.client("bedrock-runtime"), emulator.async_client("bedrock-runtime")
    expected = answers(*clients)
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    workers = [context.Process(target=into, args=(queue, *clients)) for _ in range(4)]
    for worker in workers:
        worker.start()
    assert [queue.get() for _ in workers] == [expected] * 4
    for worker in workers:
        worker.join(PATIENCE)
        assert worker.exitcode == 0
    assert answers(*clients) == expected


@pytest.fixture
def quiet_logs(monkeypatch):
    """Native events are written down for Python's logging, and nobody prints them.

    A handler that writes would bring locks of its own, which Python does not free in a child.
    """
    logger = logging.getLogger("outcrop")
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "handlers", [logging.NullHandler()])
    monkeypatch.setattr(logger, "level", logging.DEBUG)


@contextlib.contextmanager
def threads_that(work):
    """Some threads that do `work` again and again."""
    stop = threading.Event()

    def again():
        while not stop.is_set():
            work()

    threads = [threading.Thread(target=again) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@forking
@pytest.mark.usefixtures("quiet_logs")
def test_a_fork_under_load_hangs_in_no_lock(emulator):
    """Other threads are anywhere in a call when the process forks; logging is on, since it has a lock of its own."""
    client, aclient = emulator.client("bedrock-runtime"), emulator.async_client("bedrock-runtime")
    with threads_that(lambda: answers(client, aclient)):
        for _ in range(10):
            assert in_child(lambda: client.converse(**REQUEST) and asyncio.run(aclient.converse(**REQUEST)))


@forking
@pytest.mark.usefixtures("quiet_logs")
def test_a_fork_while_a_log_line_is_written_hangs_in_no_lock(emulator):
    """Lines are written without the interpreter's lock, so a fork may come in the middle of one."""
    client = emulator.client("bedrock-runtime")
    with threads_that(lambda: client.converse(**REQUEST)):
        assert all(in_child(lambda: _native.deliver_logs() is None) for _ in range(300))


@forking
def test_a_stream_stays_with_the_process_that_opened_it(emulator):
    events = iter(emulator.client("bedrock-runtime").converse_stream(**REQUEST)["stream"])
    next(events)
    child = os.fork()
    if child == 0:
        with pytest.raises(
            RuntimeError, match="a stream cannot be read in a child process: call the model there again"
        ):
            next(events)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert "metadata" in list(events)[-1]


AT_EXIT = {
    "threads in calls": "start(lambda: client.converse(**request))",
    "threads in streams": "start(lambda: list(client.converse_stream(**request)['stream']))",
    "a thread in a batch": "start(lambda: list(client.batch('converse', [request] * 8)))",
    "loops in threads": "start(lambda: asyncio.run(aclient.converse(**request)))",
}


@pytest.mark.parametrize("work", AT_EXIT.values(), ids=AT_EXIT.keys())
def test_the_interpreter_ends_with_daemon_threads_in_calls(emulator, work):
    """It does not wait for them, and says nothing of them."""
    emulator.fault("latency", seconds=300, operation="Converse")
    emulator.fault("stall", after_events=3, seconds=300, operation="ConverseStream")
    program = textwrap.dedent(f"""
        import asyncio, sys, threading, outcrop
        where, request = {emulator.connection!r}, {REQUEST!r}
        client, aclient = outcrop.client("bedrock-runtime", **where), outcrop.async_client("bedrock-runtime", **where)
        def start(work):
            for _ in range(4):
                threading.Thread(target=work, daemon=True).start()
        {work}
        sys.stdin.readline()
    """)
    command = [sys.executable, "-X", "dev", "-c", program]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        wait_until(lambda: len(emulator.journal) >= 4)
        # It takes some hundredths of a second; the rest is for a busy machine. The calls would take 300 s.
        said = process.communicate("\n", timeout=PATIENCE)
    assert (process.returncode, *said) == (0, "", "")


@forking
def test_a_client_works_in_a_forked_child(emulator):
    client = emulator.client("bedrock-runtime")
    client.converse(**REQUEST)
    assert in_child(lambda: client.converse(**REQUEST)["stopReason"] == "end_turn")
    assert client.converse(**REQUEST)["stopReason"] == "end_turn"


BROKEN = {
    "no such profile": "[profile another]\nregion = us-east-1\n",
    "no file that can be read": "[profile own\n= = =",
    "a process that fails": f"[profile own]\nregion = us-east-1\ncredential_process = {sys.executable} -c exit(3)\n",
}


@forking
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("used", [True, False], ids=["used before", "not used before"])
def test_a_profile_that_breaks_before_a_fork_hangs_no_child(emulator, environment_without_aws, used, broken):
    """A child makes its connections anew, and may fail at it: each of its calls says so, on whichever thread."""
    config = environment_without_aws / "config"
    keys = [f"aws_{name} = {getattr(emulator, name)}\n" for name in ("access_key_id", "secret_access_key")]
    config.write_text("".join(["[profile own]\nregion = us-east-1\n", *keys]))
    session = outcrop.Session(profile_name="own", endpoint_url=emulator.endpoint_url)
    client, aclient = session.client("bedrock-runtime"), session.async_client("bedrock-runtime")
    if used:
        assert answers(client, aclient)
    config.write_text(broken)

    def ends():
        ended = []

        def call():
            for work in (lambda: client.converse(**REQUEST), lambda: asyncio.run(aclient.converse(**REQUEST))):
                try:
                    ended.append(work()["stopReason"])
                except (exceptions.OutcropError, ValueError) as error:  # noqa: PERF203
                    ended.append(str(error))

        at_once(call, 4)
        return ended

    assert in_child(lambda: len(ended := ends()) == 8 and "end_turn" not in ended)
    # The parent has what it needs.
    assert ends() == ["end_turn"] * 8


@forking
@pytest.mark.parametrize("used", [True, False], ids=["used before", "not used before"])
def test_threads_of_a_child_that_find_no_profile_at_once_hang_in_no_lock(environment_without_aws, used):
    """Making a connection anew runs Python, and Python may let another thread in at any time."""
    config = environment_without_aws / "config"
    keys = "aws_access_key_id = A\naws_secret_access_key = s\n"
    config.write_text(f"[profile own]\nregion = us-east-1\n{keys}")
    client = outcrop.Session(profile_name="own", endpoint_url="http://127.0.0.1:9").client("bedrock-runtime")
    if used:
        refusal(client)
    config.write_text("[profile another]\nregion = us-east-1\n")

    def all_fail():
        sys.setswitchinterval(1e-7)
        together, failed = threading.Barrier(8), []

        def call():
            together.wait()
            failed.append(refusal(client))

        at_once(call, 8)
        return [isinstance(error, exceptions.ProfileNotFound) for error in failed] == [True] * 8

    assert all(in_child(all_fail) for _ in range(20))


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
    assert child.communicate(timeout=PATIENCE)[0] == "interrupted\n"


IN_ANOTHER = """
try:
    import outcrop
    keys = {"aws_access_key_id": "A", "aws_secret_access_key": "s"}
    print(outcrop.client("bedrock-runtime", region_name="us-east-1", **keys).meta.region_name, flush=True)
except ImportError as error:
    print(error, flush=True)
"""

INTERPRETERS = """
import _xxsubinterpreters as interpreters
calling = {calling!r}
for _ in range(2):
    try:
        other = interpreters.create(isolated=False)
    except TypeError:
        other = interpreters.create()
    interpreters.run_string(other, calling)
    interpreters.destroy(other)
    exec(calling)
"""


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the module that makes sub-interpreters has another name")
def test_a_sub_interpreter_is_refused_in_words_and_harms_no_other():
    """What the native module keeps would be gone with the interpreter that made it, for the others as well."""
    program = INTERPRETERS.format(calling=IN_ANOTHER)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    refused, answered = done.stdout.splitlines()[:2]
    assert refused.startswith("outcrop runs in a process' main interpreter only, and this is another one")
    assert (done.returncode, done.stderr, answered) == (0, "", "us-east-1")
    assert done.stdout.splitlines() == [refused, answered] * 2
