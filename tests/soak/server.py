"""A server in a process of its own that ends calls as the prompt says: `mode:cut`."""

from __future__ import annotations

import asyncio
import sys

from tests.support import frames

WHOLE = (
    b'{"output":{"message":{"role":"assistant","content":[{"text":"hi"}]}},"stopReason":"end_turn",'
    b'"usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},"metrics":{"latencyMs":1}}'
)
VECTOR = b'{"embedding":[0.5,0.5],"inputTextTokenCount":1}'
REFUSALS = {
    b"refused": (b"400 Bad Request", b"ValidationException"),
    b"throttled": (b"429 Too Many Requests", b"ThrottlingException"),
}
EVENTS = [
    frames.event("messageStart", {"role": "assistant"}),
    *(frames.event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": word}}) for word in ("a", "b", "c")),
    frames.event("contentBlockStop", {"contentBlockIndex": 0}),
    frames.event("messageStop", {"stopReason": "end_turn"}),
    frames.event("metadata", {"usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}, "metrics": {}}),
]


def head(status: bytes, kind: bytes, length: int, *more: bytes) -> bytes:
    """The head of an answer."""
    lines = [b"HTTP/1.1 " + status, b"content-type: " + kind, b"content-length: %d" % length, *more]
    return b"\r\n".join([*lines, b"x-amzn-requestid: 2f0c6ad5-0b51-4a63-8f9b-6f2f0c1f3b61", b"", b""])


def answer(path: bytes, mode: bytes) -> tuple[bytes, bool]:
    """The bytes, and whether the connection ends with them."""
    if mode in REFUSALS:
        status, code = REFUSALS[mode]
        body = b'{"message":"no"}'
        return head(status, b"application/json", len(body), b"x-amzn-errortype: " + code) + body, False
    if path.endswith(b"stream"):
        body = b"".join(EVENTS if mode == b"answered" else EVENTS[:3])
        length = len(body) if mode == b"answered" else len(body) + 1000
        return head(b"200 OK", frames.CONTENT_TYPE.encode(), length) + body, mode == b"cut"
    body = VECTOR if path.endswith(b"invoke") else WHOLE
    whole = head(b"200 OK", b"application/json", len(body)) + body
    return (whole[:-5], True) if mode == b"cut" else (whole, False)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers the requests of one connection."""
    try:
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            path = request.split(b" ", 2)[1]
            length = next(line for line in request.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            body = await reader.readexactly(int(length.split(b":")[1]))
            mode = body.partition(b"mode:")[2].partition(b'"')[0]
            if mode == b"silent" and not path.endswith(b"stream"):
                await reader.read()
                return
            said, ends = answer(path, mode)
            writer.write(said)
            await writer.drain()
            if ends:
                return
    except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
        pass
    finally:
        writer.close()


async def main() -> None:
    """Serves until standard input ends."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201  -- whoever started it reads it
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
