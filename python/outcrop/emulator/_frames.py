"""`application/vnd.amazon.eventstream` frames, read by botocore and written here, for scripts and recordings."""

from __future__ import annotations

import struct
from binascii import crc32
from typing import TYPE_CHECKING

from outcrop.emulator._needs import needs_botocore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_TEXT = 7
"""The type of a header whose value is a text; Bedrock sends no other."""


def read(stream: bytes) -> Iterator[tuple[dict[str, str], bytes]]:
    """The headers and payload of each frame."""
    with needs_botocore("reading a recorded stream"):
        from botocore.eventstream import EventStreamBuffer
    buffer = EventStreamBuffer()
    buffer.add_data(stream)
    for message in buffer:
        yield dict(message.headers), message.payload


def write(headers: Mapping[str, str], payload: bytes) -> bytes:
    """One frame."""
    head = b"".join(
        bytes([len(name)]) + name.encode() + struct.pack("!BH", _TEXT, len(value.encode())) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack("!II", 16 + len(head) + len(payload), len(head))
    message = prelude + struct.pack("!I", crc32(prelude)) + head + payload
    return message + struct.pack("!I", crc32(message))
