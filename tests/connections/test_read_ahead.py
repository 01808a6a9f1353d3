"""A consumer that does not read slows the sender, and not the memory."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import pytest

import outcrop
from tests.support import frames
from tests.support.sides import KEYS
from tests.support.stalling import Handled, read_request

from .conftest import REQUEST

DELTAS = {
    "long": frames.event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "x" * 1000}}),
    "empty": frames.frame({":message-type": "event", ":event-type": "contentBlockDelta"}),
}
#: 64 MB; what a reader keeps is 64 KB, and the system between the two at most some megabytes.
PIECES = 1000
PIECE = 64_000


class Eager(Handled):
    """Sends all that it can. `full` is set when nobody takes any more, or when all is sent."""

    def __init__(self, event):
        super().__init__(self._stream)
        self.events = PIECE // len(event)
        self.piece = event * self.events
        self.full = threading.Event()
        self.sent = 0

    def _stream(self, connection):
        read_request(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {frames.CONTENT_TYPE}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        for _ in range(PIECES):
            self._send(connection)
        self.full.set()
        for kind, body in (("contentBlockStop", {"contentBlockIndex": 0}), ("messageStop", {"stopReason": "end_turn"})):
            connection.sendall(frames.event(kind, body))
        connection.sendall(frames.event("metadata", {"usage": {}, "metrics": {}}))
        connection.close()

    def _send(self, connection):
        rest = memoryview(self.piece)
        # Too soon on a busy machine, it is full with less.
        connection.settimeout(None if self.full.is_set() else 0.5)
        while rest:
            with contextlib.suppress(TimeoutError):
                count = connection.send(rest)
                self.sent += count
                rest = rest[count:]
                continue
            self.full.set()
            connection.settimeout(None)


def where(server):
    return {**KEYS, "endpoint_url": f"http://127.0.0.1:{server.port}"}


def blocking(server):
    events = iter(outcrop.client("bedrock-runtime", **where(server)).converse_stream(**REQUEST)["stream"])
    next(events)
    server.full.wait()
    yield server.sent
    yield 1 + sum(1 for _ in events)


def awaited(server):
    async def both():
        client = outcrop.async_client("bedrock-runtime", **where(server))
        events = aiter((await client.converse_stream(**REQUEST))["stream"])
        await anext(events)
        await asyncio.to_thread(server.full.wait)
        held = server.sent
        return held, 1 + len([None async for _ in events])

    yield from asyncio.run(both())


@pytest.mark.parametrize("read", [blocking, awaited])
@pytest.mark.parametrize("event", DELTAS.values(), ids=DELTAS)
def test_what_nobody_reads_is_not_read_ahead(read, event):
    with Eager(event) as server:
        held, events = read(server)
    assert held < PIECES * PIECE // 2
    assert events == PIECES * server.events + 3
