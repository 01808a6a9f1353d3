"""Writes `application/vnd.amazon.eventstream` frames, independently of any SDK (botocore can only read them)."""

from __future__ import annotations

import json
import struct
from binascii import crc32
from typing import Any

CONTENT_TYPE = "application/vnd.amazon.eventstream"


def frame(headers: dict[str, str], payload: bytes = b"") -> bytes:
    """One frame: prelude, its checksum, string headers, payload, the message's checksum."""
    head = b"".join(
        struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(value.encode())) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack("!II", 16 + len(head) + len(payload), len(head))
    message = prelude + struct.pack("!I", crc32(prelude)) + head + payload
    return message + struct.pack("!I", crc32(message))


def event(name: str, body: Any) -> bytes:
    """An event of a stream: `body` is the member's own JSON."""
    headers = {":event-type": name, ":content-type": "application/json", ":message-type": "event"}
    return frame(headers, json.dumps(body).encode())


def exception(name: str, body: Any) -> bytes:
    """A modeled exception inside a stream."""
    headers = {":exception-type": name, ":content-type": "application/json", ":message-type": "exception"}
    return frame(headers, json.dumps(body).encode())


def error(code: str, message: str) -> bytes:
    """An unmodeled error inside a stream: its two facts travel in headers."""
    return frame({":message-type": "error", ":error-code": code, ":error-message": message})
