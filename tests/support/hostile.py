"""Servers that take a request whole, count it, and then misbehave; over HTTP/1.1 and HTTP/2, by raw sockets."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support import frames
from tests.support.stalling import Handled, read_request

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

BODY = json.dumps(
    {
        "output": {"message": {"role": "assistant", "content": [{"text": "ok"}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
    }
).encode()
EVENTS = b"".join(
    [
        frames.event("messageStart", {"role": "assistant"}),
        frames.event("contentBlockDelta", {"delta": {"text": "ok"}, "contentBlockIndex": 0}),
        frames.event("contentBlockStop", {"contentBlockIndex": 0}),
        frames.event("messageStop", {"stopReason": "end_turn"}),
        frames.event("metadata", {"usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}}),
    ]
)


def answer(request: bytes, status: str = "200 OK", extra: str = "", body: bytes | None = None) -> bytes:
    """The answer that a request wants, laid out for HTTP/1.1."""
    stream = b"converse-stream" in request.split(b"\r\n", 1)[0]
    body = (EVENTS if stream else BODY) if body is None else body
    kind = frames.CONTENT_TYPE if stream else "application/json"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


def reset(connection: socket.socket) -> None:
    """End a connection by RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Fault(NamedTuple):
    """What becomes of a request that was taken whole."""

    name: str
    play: Callable[[socket.socket, bytes], None]
    free: str = "never"
    """When it may go out again as another attempt: `never`, `always`, by a `router`, or `kept`: when the connection was
    reused."""


def _says(make: Callable[[bytes], bytes], free: str = "never", pause: float = 0) -> Any:
    def play(connection: socket.socket, request: bytes) -> None:
        time.sleep(pause)
        connection.sendall(make(request))
        connection.close()

    return play, free


def _resets(pause: float) -> Callable[[socket.socket, bytes], None]:
    def play(connection: socket.socket, _: bytes) -> None:
        time.sleep(pause)
        reset(connection)

    return play


def _silent(connection: socket.socket, _: bytes) -> None:
    while connection.recv(1 << 16):
        pass


# Longer than any hang-up that was under way when the request was written.
LATE = 0.3
HTTP1 = [
    Fault("hangs up at once", *_says(lambda _: b"", "kept")),
    Fault("hangs up later", *_says(lambda _: b"", pause=LATE)),
    Fault("resets at once", _resets(0), "kept"),
    Fault("resets later", _resets(LATE)),
    Fault("silence", _silent),
    Fault("half a status line", *_says(lambda _: b"HTTP/1.1 2")),
    Fault("half a head", *_says(lambda _: b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")),
    Fault("half a body", *_says(lambda request: answer(request)[:-20])),
    Fault("an interim answer, then the end", *_says(lambda _: b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")),
    Fault("nonsense", *_says(lambda _: b"nonsense\r\n\r\n")),
    Fault("503 and close", *_says(lambda request: answer(request, "503 No", "Connection: close\r\n", b"{}"), "always")),
    Fault("half of a 503", *_says(lambda request: answer(request, "503 No", body=b"{" * 99)[:-50], "always")),
    Fault("429", *_says(lambda request: answer(request, "429 Slow", body=b"{}"), "always")),
    Fault(
        "408 and close", *_says(lambda request: answer(request, "408 Late", "Connection: close\r\n", b"{}"), "router")
    ),
    Fault("half of a 400", *_says(lambda request: answer(request, "400 No", body=b"{" * 99)[:-50])),
]


class Hostile(Handled):
    """Counts the POSTs that came whole. With `reused`, each connection's first request is answered."""

    def __init__(self, fault: Fault, *, reused: bool, context: ssl.SSLContext | None = None) -> None:
        super().__init__(self._serve_requests, context)
        self._fault = fault
        self._reused = reused
        self._count = threading.Lock()
        self.posts = 0

    def _serve_requests(self, connection: socket.socket) -> None:
        good = 1 if self._reused else 0
        with contextlib.closing(connection):
            while request := read_request(connection):
                with self._count:
                    self.posts += 1
                if not good:
                    self._fault.play(connection, request)
                    return
                good -= 1
                connection.sendall(answer(request))
