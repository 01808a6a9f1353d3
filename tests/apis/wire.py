"""What Bedrock answers on the three APIs' paths, as recordings show it, and Regions that do by raw sockets."""

from __future__ import annotations

import contextlib
import json
import threading
from typing import TYPE_CHECKING, Any

from tests.support.stalling import Handled, read_request

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

GPT, CLAUDE = "us.openai.gpt-6-sol", "us.anthropic.claude-sonnet-5"
MODELS = {"chat": GPT, "responses": GPT, "messages": CLAUDE}
PATHS = {
    "chat": "/openai/v1/chat/completions",
    "responses": "/openai/v1/responses",
    "messages": "/anthropic/v1/messages",
}
APIS = list(MODELS)


def whole(api: str, text: str = "granite", **more: Any) -> dict[str, Any]:
    """A whole answer."""
    if api == "chat":
        message = {"role": "assistant", "content": text}
        usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
        answer = {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        return {"id": "chatcmpl-1", "created": 1, "model": GPT, "usage": usage, **answer, **more}
    if api == "responses":
        return response(text, **more)
    usage = {"input_tokens": 9, "output_tokens": 3}
    answer = {"type": "message", "role": "assistant", "content": [{"type": "text", "text": text}]}
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    return {"id": "msg_bdrk_1", "model": "claude-sonnet-5", "usage": usage, **stop, **answer, **more}


def response(text: str, **more: Any) -> dict[str, Any]:
    """A response, completed."""
    content = [{"type": "output_text", "text": text, "annotations": []}]
    output = [{"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content}]
    usage = {
        "input_tokens": 9,
        "output_tokens": 3,
        "total_tokens": 12,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
    }
    usual = {"error": None, "incomplete_details": None, "instructions": None, "metadata": {}, "tools": []}
    answer = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": GPT}
    choice = {"tool_choice": "auto", "parallel_tool_calls": True}
    return {**answer, **usual, **choice, "output": output, "usage": usage, **more}


def data(event: object, name: str | None = None) -> bytes:
    """One event."""
    text = event if isinstance(event, str) else json.dumps(event)
    return (f"event: {name}\n" if name else "").encode() + f"data: {text}\n\n".encode()


def opening(api: str, identifier: str = "1") -> list[bytes]:
    """The events before an answer."""
    if api == "chat":
        return [_chunk({"role": "assistant", "content": ""}, identifier)]
    if api == "responses":
        begun = response("", id=f"resp_{identifier}", status="in_progress", output=[], usage=None)
        kinds = ["response.created", "response.in_progress"]
        return [data({"type": kind, "sequence_number": at, "response": begun}) for at, kind in enumerate(kinds)]
    message = {**whole("messages"), "id": f"msg_bdrk_{identifier}", "content": [], "stop_reason": None}
    return [data({"type": "message_start", "message": message}, "message_start"), data({"type": "ping"}, "ping")]


def content(api: str, texts: list[str]) -> list[bytes]:
    """The events of an answer."""
    if api == "chat":
        return [_chunk({"content": text}) for text in texts]
    if api == "responses":
        item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "in_progress", "content": []}
        part = {"type": "output_text", "text": "", "annotations": []}
        where = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
        deltas = [{"type": "response.output_text.delta", "delta": text, "logprobs": [], **where} for text in texts]
        added = {"type": "response.output_item.added", "output_index": 0, "item": item}
        events = [added, {"type": "response.content_part.added", "part": part, **where}, *deltas]
        return [data({"sequence_number": at, **event}) for at, event in enumerate(events, 2)]
    start = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    deltas = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}} for text in texts
    ]
    return [data(event, event["type"]) for event in [start, *deltas]]


def end(api: str, text: str = "granite", identifier: str = "1") -> list[bytes]:
    """The events after it."""
    if api == "chat":
        usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
        finish = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage}
        last = {"choices": [], "usage": usage}
        both = [
            data({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": GPT, **it})
            for it in (finish, last)
        ]
        return [*both, data("[DONE]")]
    if api == "responses":
        done = response(text, id=f"resp_{identifier}")
        return [data({"type": "response.completed", "sequence_number": 99, "response": done}), data("[DONE]")]
    delta = {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn"},
        "usage": {"input_tokens": 9, "output_tokens": 3},
    }
    block = {"type": "content_block_stop", "index": 0}
    return [data(event, event["type"]) for event in [block, delta, {"type": "message_stop"}]]


def streamed(api: str, texts: list[str], identifier: str = "1") -> bytes:
    """A whole stream."""
    return b"".join([*opening(api, identifier), *content(api, texts), *end(api, "".join(texts), identifier)])


def _chunk(delta: dict[str, Any], identifier: str = "1") -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    return data(
        {
            "id": f"chatcmpl-{identifier}",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": GPT,
            "choices": [choice],
        }
    )


def error(api: str, kind: str = "server_error", message: str = "the server had an error") -> dict[str, Any]:
    """An error in the API's shape."""
    if api == "messages":
        return {"type": "error", "error": {"type": kind, "message": message}}
    return {"error": {"message": message, "type": kind, "param": None, "code": kind}}


def http(status: int, body: bytes, kind: str = "application/json", extra: str = "") -> bytes:
    """An answer, laid out."""
    said = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nx-amzn-RequestId: r-1\r\n"
    head = f"HTTP/1.1 {status} x\r\n{said}{extra}\r\n"
    return head.encode() + body


def refusal(api: str, status: int, kind: str = "server_error", message: str = "no") -> bytes:
    """An error answer, laid out."""
    return http(status, json.dumps(error(api, kind, message)).encode())


def sse(*events: bytes) -> bytes:
    """A stream whose end is the connection's."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-amzn-RequestId: r-1\r\nConnection: close\r\n\r\n"
    return head + b"".join(events)


def api_of(request: bytes) -> str:
    """The API that a request asks."""
    path = request.split(b" ", 2)[1].decode().partition("?")[0]
    return next((api for api, known in PATHS.items() if path == known), "stored")


def answer(request: bytes, text: str = "granite") -> bytes:
    """What a healthy Region answers."""
    api = api_of(request)
    if api == "stored":
        return http(200, json.dumps(response(text)).encode())
    if body_of(request).get("stream"):
        return sse(streamed(api, list(text)))
    return http(200, json.dumps(whole(api, text)).encode())


def body_of(request: bytes) -> dict[str, Any]:
    """The JSON that a request brings."""
    body = request.partition(b"\r\n\r\n")[2]
    return json.loads(body) if body else {}


def headers_of(request: bytes) -> dict[str, str]:
    """A request's headers, names in lower case."""
    lines = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


class Region(Handled):
    """One Region's endpoint: keeps every request that came whole, and answers as it is told."""

    def __init__(self, name: str) -> None:
        super().__init__(self._answer)
        self.name = name
        self.requests: list[bytes] = []
        #: Gives the bytes that answer a request; `None` for silence, until the client leaves.
        self.play: Callable[[bytes], bytes | None] = answer
        #: Whether the connection stays open after what was said, until the client leaves.
        self.holds = False
        #: Set when a client has left while it was owed more.
        self.left = threading.Event()
        self._lock = threading.Lock()

    @property
    def posts(self) -> int:
        """How many requests came whole."""
        return len(self.requests)

    @property
    def endpoint_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.closing(connection):
            while request := read_request(connection):
                with self._lock:
                    self.requests.append(request)
                said = self.play(request)
                if said is not None:
                    connection.sendall(said)
                if said is None or self.holds:
                    with contextlib.suppress(OSError):
                        while connection.recv(1 << 16):
                            pass
                    self.left.set()
                    return
                if b"Connection: close" in said or b"Content-Length" not in said:
                    return
