"""The server's end of one HTTP/2 connection, frame by frame, so that a test can say anything at any time."""

from __future__ import annotations

import contextlib
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    from typing_extensions import Self

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
END_STREAM, END_HEADERS, ACK = 1, 4, 1
INTERNAL_ERROR, REFUSED_STREAM, CANCEL = 2, 7, 8


class Peer:
    """Reads requests and writes whatever it is told.

    Args:
        connection: A connection whose client speaks HTTP/2 from its first byte on.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._file = connection.makefile("rb")
        #: What the client has answered to PINGs.
        self.pongs: list[bytes] = []
        self.greeted = self._file.read(len(PREFACE)) == PREFACE
        if self.greeted:
            self.frame(SETTINGS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # The connection is not closed before whoever reads it has closed it, too.
        with contextlib.suppress(OSError):
            self._file.close()

    def frame(self, kind: int, flags: int = 0, stream: int = 0, payload: bytes = b"") -> None:
        """Write a frame."""
        head = struct.pack("!I", len(payload))[1:] + struct.pack("!BBI", kind, flags, stream)
        self.connection.sendall(head + payload)

    def ping(self, words: bytes) -> bool:
        """Write a PING of eight bytes and wait for its answer, while the client has nothing else to say."""
        self.frame(PING, payload=words)
        while self._frame():
            if self.pongs:
                return self.pongs.pop() == words
        return False

    def _frame(self) -> tuple[int, int, int, bytes] | None:
        """The next frame; its settings are acknowledged, its PINGs answered."""
        head = self._file.read(9)
        if len(head) < 9:
            return None
        kind, flags, stream = struct.unpack("!BBI", head[3:])
        payload = self._file.read(int.from_bytes(head[:3], "big"))
        if kind == PING and flags & ACK:
            self.pongs.append(payload)
        if kind in (SETTINGS, PING) and not flags & ACK:
            self.frame(kind, ACK, payload=payload if kind == PING else b"")
        return kind, flags, stream, payload

    def request(self) -> int:
        """The stream of the next request whose body has ended; 0 when the client has left."""
        while read := self._frame():
            kind, flags, stream, _ = read
            if kind in (DATA, HEADERS) and flags & END_STREAM:
                return stream
        return 0

    def head(self, stream: int, status: int, headers: dict[str, str] | None = None, *, end: bool = False) -> None:
        """Write the head of an answer."""
        fields = {":status": str(status), **(headers or {})} if status else headers or {}
        flags = END_HEADERS | (END_STREAM if end else 0)
        self.frame(HEADERS, flags, stream, b"".join(map(_literal, fields.items())))

    def data(self, stream: int, body: bytes, *, end: bool = False) -> None:
        """Write a part of an answer's body."""
        self.frame(DATA, END_STREAM if end else 0, stream, body)

    def reset(self, stream: int, code: int) -> None:
        """End a stream before its end."""
        self.frame(RST_STREAM, 0, stream, struct.pack("!I", code))

    def go_away(self, last: int, code: int = 0) -> None:
        """Say that no stream after `last` is answered."""
        self.frame(GOAWAY, 0, 0, struct.pack("!II", last, code))


def _literal(field: tuple[str, str]) -> bytes:
    """A header as HPACK has it without a table."""
    return b"\x00" + b"".join(bytes([len(part)]) + part.encode() for part in field)
