"""A server that says the same bytes to each request, and counts what it got."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.waiting import PATIENCE

from .frames import CONTENT_TYPE
from .stalling import Handled, read_request

if TYPE_CHECKING:
    import socket
    import threading
    from collections.abc import Iterator


HEAD = "x-amzn-RequestId: r-1\r\nConnection: close\r\n"


class Speaker:
    """What a test says and counts.

    Attributes:
        said: The bytes of the answer.
        heard: The requests that came whole.
    """

    def __init__(self, said: bytes, hold: threading.Event | None) -> None:
        self.said = said
        self.heard: list[bytes] = []
        self.url = ""
        self._hold = hold

    def handle(self, connection: socket.socket) -> None:
        """Answer one request, and close, or first wait until the test lets go."""
        request = read_request(connection)
        if request:
            self.heard.append(request)
            connection.sendall(self.said)
            if self._hold is not None:
                self._hold.wait(PATIENCE)
            connection.close()


@contextmanager
def speaking(said: bytes = b"", hold: threading.Event | None = None) -> Iterator[Speaker]:
    """The server. With `hold`, connections stay open until it is set."""
    speaker = Speaker(said, hold)
    with Handled(speaker.handle) as server:
        speaker.url = f"http://127.0.0.1:{server.port}"
        yield speaker
        if hold is not None:
            hold.set()


def whole(body: bytes, content_type: str = "application/json", status: int = 200) -> bytes:
    """An answer with a body of this type; none is said where it is empty."""
    kind = f"Content-Type: {content_type}\r\n" if content_type else ""
    head = f"HTTP/1.1 {status} OK\r\n{HEAD}{kind}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def streamed(body: bytes) -> bytes:
    """An event stream that ends where the connection does."""
    return f"HTTP/1.1 200 OK\r\n{HEAD}Content-Type: {CONTENT_TYPE}\r\n\r\n".encode() + body
