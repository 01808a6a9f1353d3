"""Few files may be open: calls beyond wait for their turn, and none fails."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap

import pytest

import outcrop
from outcrop.exceptions import ProcessLimitError
from tests.support.stalling import Handled, read_request
from tests.support.waiting import PATIENCE

MODEL = "us.amazon.nova-lite-v1:0"
REQUEST = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "hello"}]}]}

# A process of its own, whose limit is not the one that is tried. Each answer takes a while, so that calls pile up.
SERVER = """
import asyncio, resource, sys
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
body = b'{"output":{"message":{"role":"assistant","content":[{"text":"hi"}]}},"stopReason":"end_turn"}'
answer = b"HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: %d\\r\\n\\r\\n" % len(body) + body

async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            length = [line for line in head.lower().split(b"\\r\\n") if line.startswith(b"content-length")][0]
            await reader.readexactly(int(length.split(b":")[1]))
            await asyncio.sleep(0.05)
            writer.write(answer)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

asyncio.run(main())
"""

PROGRAM = """
import asyncio, collections, contextlib, json, os, resource, sys, threading, outcrop
resource.setrlimit(resource.RLIMIT_NOFILE, ({limit}, {limit}))
where = dict(region_name="us-east-1", endpoint_url={url!r}, aws_access_key_id="AKIDEXAMPLE", timeouts={{"connect": 60}},
             aws_secret_access_key="secret", retries={{"max_attempts": 1}})
request, outcomes, most, counting = {request!r}, collections.Counter(), 0, threading.Lock()

def note(outcome):
    global most
    outcomes[outcome if isinstance(outcome, str) else f"{{type(outcome).__name__}}: {{outcome}}"] += 1
    # Counting them opens a file, so one counts at a time.
    with counting, contextlib.suppress(OSError):
        most = max(most, len(os.listdir("/proc/self/fd")))

{work}
print(json.dumps({{"outcomes": outcomes, "most": most}}))
"""

THREADS = """
client = outcrop.client("bedrock-runtime", **where)
start = threading.Barrier(500)
def work():
    start.wait()
    for _ in range(3):
        try:
            note(client.converse(**request)["stopReason"])
        except BaseException as error:
            note(error)
threading.stack_size(256 * 1024)
threads = [threading.Thread(target=work) for _ in range(500)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""

AWAITED = """
client = outcrop.async_client("bedrock-runtime", **where)
async def one():
    try:
        note((await client.converse(**request))["stopReason"])
    except BaseException as error:
        note(error)
async def main():
    await asyncio.gather(*(one() for _ in range(5000)))
asyncio.run(main())
"""

SESSIONS = """
# Idle connections of some sessions give way to calls of others.
clients = [outcrop.client("bedrock-runtime", **where) for _ in range(300)]
for client in clients + clients[:50]:
    note(client.converse(**request)["stopReason"])
"""

OTHERS = """
# Others in the program have taken nearly all of the files.
client = outcrop.async_client("bedrock-runtime", **where)
async def one():
    note((await client.converse(**request))["stopReason"])
async def main():
    await one()
    taken = []
    while len(os.listdir("/proc/self/fd")) < {limit} - 10:
        taken.append(open(os.devnull))
    await asyncio.gather(*(one() for _ in range(100)))
    for file in taken:
        file.close()
asyncio.run(main())
"""

EXPECTED = {
    "threads": (THREADS, 1500),
    "awaited": (AWAITED, 5000),
    "sessions": (SESSIONS, 350),
    "others": (OTHERS, 101),
}


@pytest.fixture(scope="module")
def url():
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.stdin.close()


@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc")
@pytest.mark.parametrize("limit", [256, 1024])
@pytest.mark.parametrize("work", EXPECTED)
def test_no_call_fails_for_want_of_files(url, limit, work):
    program, calls = EXPECTED[work]
    program = textwrap.dedent(PROGRAM).format(
        limit=limit, url=url, request=REQUEST, work=program.replace("{limit}", str(limit))
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["outcomes"] == {"end_turn": calls}
    # A quarter is left for others, unless others have taken it.
    assert work == "others" or told["most"] <= 0.9 * limit


FIRST = """
client = outcrop.client("bedrock-runtime", **where)
options = dict(sources=["us-east-1", "us-west-2"], geographies=["us"], residency="us", catalogue="snapshot")
router = outcrop.CrossRegion(
    "amazon.nova-lite-v1:0", **options, **{{name: value for name, value in where.items() if name != "region_name"}}
)
taken = []
with contextlib.suppress(OSError):
    while True:
        taken.append(os.open(os.devnull, os.O_RDONLY))
for call in (lambda: client.converse(**request), lambda: router.converse(messages=request["messages"])):
    try:
        call()
    except Exception as error:
        outcomes[f"{{type(error).__name__}}: {{error}}"] += 1
for file in taken:
    os.close(file)
note(client.converse(**request)["stopReason"])
note(router.converse(messages=request["messages"])["stopReason"])
most = sum(target.failures for target in router.health())
"""

THREADLESS = """
import concurrent.futures.thread, encodings.idna, socket
client = outcrop.client("bedrock-runtime", **where | {{"endpoint_url": "http://localhost:9"}})
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
try:
    client.converse(**request)
except Exception as error:
    outcomes[f"{{type(error).__name__}}: {{error}}"] += 1
"""

AT_A_LIMIT = "ProcessLimitError: this process is at one of its limits: "
REFUSED = {
    "no file at the first call": (FIRST, "Too many open files", "`ulimit -n`"),
    "no thread to look up a name": (THREADLESS, "no thread could be started", "`ulimit -u`"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="limits of threads differ elsewhere")
@pytest.mark.parametrize("case", REFUSED)
def test_what_the_process_has_not_is_said_so_and_is_no_regions_failure(url, case):
    work, reason, way_out = REFUSED[case]
    program = textwrap.dedent(PROGRAM).format(limit=256, url=url, request=REQUEST, work=work.format())
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    refused = [outcome for outcome in told["outcomes"] if outcome != "end_turn"]
    assert refused
    for outcome in refused:
        assert outcome.startswith(AT_A_LIMIT)
        assert reason in outcome
        assert way_out in outcome
    if work is FIRST:
        assert told["outcomes"]["end_turn"] == 2
        assert told["most"] == 0


@pytest.mark.parametrize("most", [1, 3])
def test_connections_are_as_many_as_said(most):
    """The rest waits for its turn, and goes over connections that came back."""
    with Counted() as server:
        where = {"region_name": "us-east-1", "aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}

        async def many():
            client = outcrop.async_client(
                "bedrock-runtime", endpoint_url=f"http://127.0.0.1:{server.port}", max_connections=most, **where
            )
            return await asyncio.gather(*(client.converse(**REQUEST) for _ in range(60)))

        assert len(asyncio.run(many())) == 60
        assert server.connections == most


class Counted(Handled):
    """Answers every request of every connection."""

    def __init__(self):
        super().__init__(self._answer)

    def _answer(self, connection):
        body = b'{"output":{"message":{}},"stopReason":"end_turn"}'
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        while read_request(connection):
            connection.sendall(head + body)


def test_a_call_that_waits_in_vain_says_what_to_do(emulator):
    """Two streams that nobody reads have both connections; that is no failure of a Region's."""
    emulator.fault("stall", after_events=1)

    async def main():
        client = emulator.async_client("bedrock-runtime", max_connections=2, timeouts={"first_byte": 0.5})
        unread = [await client.converse_stream(**REQUEST) for _ in range(2)]
        with pytest.raises(ProcessLimitError) as caught:
            await client.converse(**REQUEST)
        assert len(unread) == 2
        return str(caught.value)

    assert asyncio.run(main()) == (
        "this process is at one of its limits: none of its 2 connections became free within 0.5 s: name a larger "
        "max_connections, or close streams that nobody reads"
    )
