"""A canned Bedrock in a process of its own: it answers the same bytes to everybody and costs the clients nothing.

Usage: python server.py SECONDS_BEFORE_EACH_ANSWER [SECONDS_BETWEEN_EVENTS]; prints its port.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
from binascii import crc32

DELTAS = 200
_WORDS = " ".join(["lorem"] * 100)
_USAGE = {"inputTokens": 17, "outputTokens": 100, "totalTokens": 117}


def frame(event: str, body: dict[str, object]) -> bytes:
    names = {":event-type": event, ":content-type": "application/json", ":message-type": "event"}
    head = b"".join(
        struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(value)) + value.encode()
        for name, value in names.items()
    )
    payload = json.dumps({**body, "p": "abcdefghijk"}).encode()
    prelude = struct.pack("!II", 16 + len(head) + len(payload), len(head))
    message = prelude + struct.pack("!I", crc32(prelude)) + head + payload
    return message + struct.pack("!I", crc32(message))


def answer(content_type: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\nx-amzn-RequestId: r\r\n\r\n"
    )
    return head.encode() + body


_MESSAGE = {"role": "assistant", "content": [{"text": _WORDS}]}
CONVERSE = answer(
    "application/json",
    json.dumps(
        {"output": {"message": _MESSAGE}, "stopReason": "end_turn", "usage": _USAGE, "metrics": {"latencyMs": 9}}
    ).encode(),
)
INVOKE = answer("application/json", json.dumps({"content": [{"type": "text", "text": _WORDS}]}).encode())


def stream(deltas: int) -> list[bytes]:
    """The frames of a stream with that many deltas."""
    return [
        frame("messageStart", {"role": "assistant"}),
        *(
            frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": f" word{number}"}})
            for number in range(deltas)
        ),
        frame("contentBlockStop", {"contentBlockIndex": 0}),
        frame("messageStop", {"stopReason": "end_turn"}),
        frame("metadata", {"usage": _USAGE, "metrics": {"latencyMs": 9}}),
    ]


STREAM = answer("application/vnd.amazon.eventstream", b"".join(stream(DELTAS)))
PACED_DELTAS = 50
PACED = stream(PACED_DELTAS)


class Canned(asyncio.Protocol):
    """One connection. Requests come one after the other, so only their ends need to be found."""

    def __init__(self, delay: float, gap: float) -> None:
        self.delay = delay
        self.gap = gap
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        head, end, body = self.waiting.partition(b"\r\n\r\n")
        if not end:
            return
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        if len(body) < length:
            return
        self.waiting = body[length:]
        path = head.split(b" ", 2)[1]
        loop = asyncio.get_running_loop()
        if self.gap and path.endswith(b"/converse-stream"):
            loop.call_later(self.delay, self.begin, answer("application/vnd.amazon.eventstream", b"".join(PACED)))
            return
        canned = STREAM if path.endswith(b"/converse-stream") else INVOKE if path.endswith(b"/invoke") else CONVERSE
        loop.call_later(self.delay, self.transport.write, canned)

    def begin(self, whole: bytes) -> None:
        """The head and the first two frames together; every further frame after a gap of its own."""
        loop = asyncio.get_running_loop()
        first = len(whole) - sum(map(len, PACED[2:]))
        self.transport.write(whole[:first])
        for number, event in enumerate(PACED[2:], start=1):
            loop.call_later(self.gap * number, self.transport.write, event)


async def main() -> None:
    delay, gap = (float(given) for given in [*sys.argv[1:], "0"][:2])
    server = await asyncio.get_running_loop().create_server(lambda: Canned(delay, gap), "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
