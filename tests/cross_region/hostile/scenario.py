"""What a Region does, and what becomes of the call; and what a scenario is made of."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .servers import ANSWER, EVENTS, Conversation

if TYPE_CHECKING:
    from .servers import Play

Fate = Literal["answered", "failed", "throttled", "daily", "paid", "caller", "late", "late throttled", "late caller"]

MEANING = {
    "answered": "answered",
    "failed": "goes on, a failure",
    "throttled": "goes on, throttled",
    "daily": "goes on, left alone for long",
    "paid": "ends: probably paid for",
    "caller": "ends: the caller's",
    "late": "ends: a failure, counted once",
    "late throttled": "ends: throttled, counted once",
    "late caller": "ends: the caller's",
}


OPERATIONS = {
    "converse": "",
    "converse_stream": " (stream)",
    "invoke_model": " (InvokeModel)",
    "invoke_model_with_response_stream": " (InvokeModel, stream)",
}


@dataclass(frozen=True)
class Scenario:
    """What the first Region does with a connection, and what becomes of the call."""

    name: str
    play: Play
    fate: Fate
    error: str | None = None
    """The name of the attempt's error."""
    posts: int = 1
    """The requests that reach the Region whole."""
    operation: str = "converse"
    over: Literal["HTTP/1.1", "HTTP/2", "TLS", "nothing"] = "HTTP/1.1"
    silent: bool = False
    """Whether a time-out ends it: it is short then."""
    endless: bool = False
    """Whether the deadline of the whole call ends it: it is short then."""

    @property
    def row(self) -> str:
        """A line of the table."""
        operation = OPERATIONS[self.operation]
        return f"| {self.over}{operation} | {self.name} | {MEANING[self.fate]} | {self.error or ''} |"


def after(*steps: object) -> Play:
    """Read a request and do so: bytes are written, names are methods of the conversation, functions are called."""

    def play(conversation: Conversation) -> None:
        if not conversation.read():
            return
        for step in steps:
            if isinstance(step, bytes):
                conversation.send(step)
            elif isinstance(step, str):
                getattr(conversation, step)()
            else:
                step(conversation)

    return play


def whole(status: str = "200 OK", body: bytes = ANSWER, kind: str = "application/json", **headers: str) -> Play:
    """Answer each request so."""

    def play(conversation: Conversation) -> None:
        while conversation.read():
            conversation.whole(body, status, kind, **headers)

    return play


def refusal(status: str, code: str, message: str = "no", **members: object) -> Play:
    """Answer each request with an error of Bedrock's."""
    body = json.dumps({"message": message, **members}).encode()
    return whole(status, body, x_amzn_ErrorType=code)


def streaming(*parts: object) -> Play:
    """Begin a stream; bytes are chunks of it."""

    def play(conversation: Conversation) -> None:
        if not conversation.read():
            return
        conversation.head("chunked", kind=EVENTS)
        for part in parts:
            if isinstance(part, bytes):
                conversation.chunk(part)
            else:
                getattr(conversation, str(part))()

    return play


def without_end(part: bytes, before: bytes = b"", pause: float = 0.0) -> Play:
    """Begin a stream, and send so again and again until the client leaves."""

    def play(conversation: Conversation) -> None:
        if not conversation.read():
            return
        conversation.head("chunked", kind=EVENTS)
        with contextlib.suppress(OSError):
            conversation.chunk(before + part)
            while not conversation.has_left(within=pause):
                conversation.chunk(part)

    return play
