"""Loopback servers for one source Region each: they count the requests that reached them whole, and answer as told."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import struct
import threading
from typing import TYPE_CHECKING, Any

from tests.support import frames
from tests.support.http2 import Peer
from tests.support.stalling import Handled, read_request

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from typing_extensions import Self

    Play = Callable[["Conversation"], None]

ANSWER = json.dumps(
    {
        "output": {"message": {"role": "assistant", "content": [{"text": "A rock."}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
        "metrics": {"latencyMs": 1},
    }
).encode()
START = frames.event("messageStart", {"role": "assistant"})
DELTA = frames.event("contentBlockDelta", {"delta": {"text": "A rock."}, "contentBlockIndex": 0})
REST = (
    frames.event("contentBlockStop", {"contentBlockIndex": 0})
    + frames.event("messageStop", {"stopReason": "end_turn"})
    + frames.event("metadata", {"usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}, "metrics": {}})
)
JSON, EVENTS = "application/json", frames.CONTENT_TYPE


class Conversation:
    """One connection of the client's, and what can be done to it."""

    def __init__(self, region: Region, connection: socket.socket) -> None:
        self.region = region
        self.connection = connection
        self.peer: Any = None
        self.stream = 0

    def read(self) -> bool:
        """Read the next request whole, and count it; false when the client has left."""
        if not read_request(self.connection):
            return False
        self.region.seen()
        return True

    def read2(self) -> bool:
        """The same of HTTP/2."""
        if self.peer is None:
            self.peer = Peer(self.connection)
        self.stream = self.peer.request() if self.peer.greeted else 0
        if self.stream:
            self.region.seen()
        return bool(self.stream)

    def send(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.connection.sendall(data)

    def head(self, length: int | str, status: str = "200 OK", kind: str = JSON, **headers: str) -> None:
        """Write the head of an answer that has so many bytes, or is `chunked`."""
        framing = f"Content-Length: {length}" if isinstance(length, int) else f"Transfer-Encoding: {length}"
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.send(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{framing}\r\n{more}\r\n".encode())

    def whole(self, body: bytes = ANSWER, status: str = "200 OK", kind: str = JSON, **headers: str) -> None:
        """Write a whole answer."""
        self.head(len(body), status, kind, **headers)
        self.send(body)

    def chunk(self, data: bytes) -> None:
        """Write a part of a chunked body."""
        self.send(b"%x\r\n%b\r\n" % (len(data), data))

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def reset(self) -> None:
        """Hang up as a machine does that has crashed: no byte that is under way arrives."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def has_left(self, within: float) -> bool:
        """Whether the client leaves in so many seconds."""
        try:
            ready, _, _ = select.select([self.connection], [], [], within)
            return bool(ready) and not self.connection.recv(1 << 16)
        except (OSError, ValueError):
            return True

    def wait(self) -> None:
        """Say nothing until the client leaves."""
        with contextlib.suppress(OSError):
            while self.connection.recv(1 << 16):
                pass


class Region:
    """The endpoint of one source Region.

    Args:
        play: What it does with a connection.
        context: For TLS.
        on_request: Called when a request has come whole.
    """

    def __init__(
        self, play: Play, context: ssl.SSLContext | None = None, on_request: Callable[[], object] = dict
    ) -> None:
        self.posts = 0
        self._play = play
        self._on_request = on_request
        self._lock = threading.Lock()
        self._handled = Handled(self._handle, context)
        self.url = f"{'http' if context is None else 'https'}://127.0.0.1:{self._handled.port}"

    def seen(self) -> None:
        """A request has come whole."""
        with self._lock:
            self.posts += 1
        self._on_request()

    def _handle(self, connection: socket.socket) -> None:
        self._play(Conversation(self, connection))

    def __enter__(self) -> Self:
        self._handled.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._handled.__exit__(*error)


def well(conversation: Conversation, *, operation: str, http2: bool) -> None:
    """A Region that is well."""
    whole = operation in ("converse", "invoke_model")
    body, kind = (ANSWER, JSON) if whole else (START + DELTA + REST, EVENTS)
    while conversation.read2() if http2 else conversation.read():
        if http2:
            conversation.peer.head(conversation.stream, 200, {"content-type": kind})
            conversation.peer.data(conversation.stream, body, end=True)
        else:
            conversation.whole(body, kind=kind)
