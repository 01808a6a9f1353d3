"""Whatever comes in, it goes on serving."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcrop.emulator import Emulator
from tests.support.waiting import PATIENCE

MODEL = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
CONNECTIONS = 10_000
AT_ONCE = 200
NAMES = [
    "messages",
    "role",
    "content",
    "text",
    "system",
    "toolConfig",
    "tools",
    "toolSpec",
    "inputSchema",
    "json",
    "type",
    "properties",
    "image",
    "document",
    "source",
    "bytes",
    "max_tokens",
    "prompt",
    "inputText",
    "input_type",
    "texts",
]


@pytest.fixture(scope="module")
def bedrock():
    with Emulator(verify_signatures=False) as running:
        yield running


@pytest.fixture
def serves(bedrock):
    """After the test, the emulator answers as before."""
    yield
    with bedrock.client("bedrock-runtime") as client:
        assert client.converse(modelId=MODEL, messages=MESSAGES)["stopReason"] == "end_turn"


def exchange(bedrock, data, *, whole=False):
    """What comes back for some bytes, after which nothing more is sent. Who hangs up before the answer gets none."""
    with socket.create_connection(("127.0.0.1", bedrock.port), timeout=PATIENCE) as connection:
        received = b""
        with contextlib.suppress(OSError):
            connection.sendall(data)
            if not whole:
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received += piece
        return received


def test_random_bytes(bedrock, serves):
    noise = random.Random(7)
    for length in [1, 10, 100, 1_000, 10_000, 100_000]:
        exchange(bedrock, noise.randbytes(length))


@settings(max_examples=60)
@given(
    body=st.binary(max_size=400), path=st.text(st.characters(codec="ascii", categories=("L", "N", "P")), max_size=60)
)
def test_any_path_and_body_are_answered(bedrock, path, body):
    clean = path.replace("\\", "").replace('"', "")
    head = f"POST /{clean} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    assert exchange(bedrock, head.encode() + body, whole=True).startswith(b"HTTP/1.1 4")


@settings(max_examples=100)
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(NAMES),
                inner,
                max_size=5,
            )
        ),
        max_leaves=15,
    ),
    operation=st.sampled_from(["converse", "converse-stream", "invoke", "invoke-with-response-stream", "count-tokens"]),
    model=st.sampled_from([MODEL, "us.anthropic.claude-3-haiku-20240307-v1:0", "meta.llama3-8b-instruct-v1:0"]),
)
def test_any_json_is_answered_and_never_with_a_fault_of_the_servers(bedrock, body, operation, model):
    data = json.dumps(body).encode()
    path = f"/model/{model.replace(':', '%3A')}/{operation}"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(data)}\r\n\r\n"
    status = int(exchange(bedrock, head.encode() + data, whole=True)[9:12])
    assert status in {200, 400, 404}


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /model/x/converse HTTP/1.1\r\nHost: x\r\n",
        b"POST /model/x/converse HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        b"POST /model/x/converse HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 64,
    ],
    ids=["headers", "body", "chunk", "frames"],
)
def test_half_requests(bedrock, serves, request_bytes):
    exchange(bedrock, request_bytes)


def test_oversize_headers(bedrock, serves):
    head = b"GET /inference-profiles HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * 2_000_000 + b"\r\n\r\n"
    answered = exchange(bedrock, head, whole=True)
    assert not answered or answered.startswith(b"HTTP/1.1 431")


def test_a_request_that_is_too_large(bedrock, serves):
    head = b"POST /model/x/converse HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 36000001\r\n\r\n"
    answered = exchange(bedrock, head + b" " * 36_000_001, whole=True)
    assert not answered or b"RequestEntityTooLargeException" in answered


def test_ten_thousand_quick_connections(bedrock, serves):
    reset = struct.pack("ii", 1, 0)

    async def knock(number, room):
        async with room:
            _, writer = await asyncio.open_connection("127.0.0.1", bedrock.port)
            if number % 3 == 0:
                writer.write(b"GET /inference-profiles HTTP/1.1\r\n")
            if number % 3 == 1:
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def everybody():
        room = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(knock(number, room) for number in range(CONNECTIONS)))

    asyncio.run(everybody())


def test_memory_is_bounded():
    with Emulator(verify_signatures=False, journal_entries=10) as running, running.client("bedrock-runtime") as client:
        for _ in range(20):
            client.converse(modelId=MODEL, messages=MESSAGES)
        assert (len(running.journal), running.journal.total) == (10, 20)
        assert running.journal[0].sequence == 10


def test_a_port_that_is_taken_is_an_error(bedrock):
    with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{bedrock.port}"):
        Emulator(port=bedrock.port).start()


def test_it_listens_on_loopback_only(bedrock):
    with pytest.raises(OSError), socket.create_connection((_address(), bedrock.port), timeout=PATIENCE):  # noqa: PT011
        pass


def _address():
    """An address of this machine that is not loopback; sending nothing, a datagram socket finds it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        address = probe.getsockname()[0]
    if address.startswith("127."):
        pytest.skip("this machine has no address but loopback")
    return address


def test_stopping_ends_every_stream():
    running = Emulator(verify_signatures=False).start()
    running.fault("stall", after_events=1)
    with running.client("bedrock-runtime", timeouts={"idle": 30.0}) as client:
        events = iter(client.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"])
        assert "messageStart" in next(events)
        running.stop()
        with pytest.raises(Exception, match=r"."):
            list(events)
    running.stop()
    with pytest.raises(RuntimeError, match="the emulator is not running: use it in a with-block"):
        _ = running.endpoint_url
