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
from tests.support.http2 import CANCEL, HEADERS, INTERNAL_ERROR, Peer
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
    play: Callable[[Any, Any], object]
    """Gets the connection and the request; over HTTP/2 the peer and the stream."""
    free: str = "never"
    """When it may go out again as another attempt: `never`, `always`, by a `router`, or `kept`: when the connection was
    reused."""
    keeps: bool = False
    """Whether the connection serves the next request, and as badly. Others end with the fault, and the client sees it
    before it asks again: by `Connection: close`, or an answer that is not whole."""
    version: str = "1.1"


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
    Fault(
        "429",
        lambda connection, request: connection.sendall(answer(request, "429 Slow", body=b"{}")),
        "always",
        keeps=True,
    ),
    Fault("429 and close", *_says(lambda request: answer(request, "429 No", "Connection: close\r\n", b"{}"), "always")),
    Fault(
        "408 and close", *_says(lambda request: answer(request, "408 Late", "Connection: close\r\n", b"{}"), "router")
    ),
    Fault("half of a 400", *_says(lambda request: answer(request, "400 No", body=b"{" * 99)[:-50])),
]


def _refuses(status: int, *, length: int = 2, end: bool = True) -> Callable[[Peer, int], None]:
    def play(peer: Peer, stream: int) -> None:
        peer.head(stream, status, {"content-type": "application/json", "content-length": str(length)})
        peer.data(stream, b"{}", end=end)

    return play


def _goes(peer: Peer, stream: int) -> None:
    peer.go_away(stream)


def _later(peer: Peer, _: int) -> None:
    time.sleep(LATE)


def _half_a_head(peer: Peer, stream: int) -> None:
    peer.frame(HEADERS, 0, stream, b"\x88")


def _half_a_body(peer: Peer, stream: int) -> None:
    peer.head(stream, 200, {"content-type": "application/json"})
    peer.data(stream, BODY[:-20])


def _over_http2(name: str, play: Callable[[Peer, int], object], free: str = "never", *, keeps: bool = False) -> Fault:
    return Fault(f"{name}, HTTP/2", play, free, keeps, "2")


HTTP2 = [
    _over_http2("hangs up at once", lambda *_: None, "kept"),
    _over_http2("hangs up later", _later),
    _over_http2("resets at once", lambda peer, _: reset(peer.connection), "kept"),
    _over_http2("resets later", lambda peer, _: _resets(LATE)(peer.connection, b"")),
    _over_http2("silence", lambda *_: None, keeps=True),
    _over_http2("half a head", _half_a_head),
    _over_http2("half a body", _half_a_body),
    _over_http2("half a body and silence", _half_a_body, keeps=True),
    _over_http2("an interim answer, then the end", lambda peer, stream: peer.head(stream, 103)),
    _over_http2("nonsense", lambda peer, _: peer.connection.sendall(b"nonsense\r\n\r\n")),
    _over_http2("503", _refuses(503), "always", keeps=True),
    _over_http2("half of a 503", _refuses(503, length=99, end=False), "always"),
    _over_http2("429", _refuses(429), "always", keeps=True),
    _over_http2("408", _refuses(408), "router", keeps=True),
    _over_http2("half of a 400", _refuses(400, length=99, end=False)),
    _over_http2("internal error", lambda peer, stream: peer.reset(stream, INTERNAL_ERROR), keeps=True),
    _over_http2("cancelled", lambda peer, stream: peer.reset(stream, CANCEL), keeps=True),
    _over_http2("the last that it took", _goes),
    _over_http2("the last that it took, and silence", _goes, keeps=True),
]


class Hostile(Handled):
    """Counts the POSTs that came whole. With `reused`, each connection's first request is answered."""

    def __init__(self, fault: Fault, *, reused: bool, context: ssl.SSLContext | None = None) -> None:
        super().__init__(self._over_http2 if fault.version == "2" else self._over_http1, context)
        self._fault = fault
        self._reused = reused
        self._count = threading.Lock()
        self.posts = 0
        #: Where a request does not say what it wants, which it does in a table of its connection's over HTTP/2.
        self.streams = False

    def where(self) -> dict[str, Any]:
        """What a client has to know of it, but for TLS."""
        clocks = {"first_byte": 0.5, "idle": 0.5}
        url = f"http://127.0.0.1:{self.port}"
        return {"endpoint_url": url, "timeouts": clocks, "http_version": self._fault.version}

    def _over_http1(self, connection: socket.socket) -> None:
        def says(request: bytes) -> None:
            connection.sendall(answer(request))

        with contextlib.closing(connection):
            self._serve_requests(connection, lambda: read_request(connection), says)

    def _over_http2(self, connection: socket.socket) -> None:
        peer = Peer(connection)

        def says(stream: int) -> None:
            peer.head(stream, 200, {"content-type": frames.CONTENT_TYPE if self.streams else "application/json"})
            peer.data(stream, EVENTS if self.streams else BODY, end=True)

        with contextlib.closing(connection), peer:
            self._serve_requests(peer, peer.request, says)

    def _serve_requests(self, peer: Any, take: Callable[[], Any], says: Callable[[Any], None]) -> None:
        good = 1 if self._reused else 0
        while request := take():
            with self._count:
                self.posts += 1
            if good:
                good -= 1
                says(request)
                continue
            self._fault.play(peer, request)
            if not self._fault.keeps:
                return
