"""The same over HTTP/2, and what only its servers can do."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from tests.support.http2 import CANCEL, INTERNAL_ERROR, REFUSED_STREAM

from .scenario import Scenario
from .servers import ANSWER, DELTA, EVENTS, REST, START, Conversation

if TYPE_CHECKING:
    from collections.abc import Callable

    from .servers import Play


def frames2(*steps: object) -> Play:
    """Read a request of HTTP/2 and do so: functions get the peer and the stream."""

    def play(conversation: Conversation) -> None:
        if not conversation.read2():
            return
        for step in steps:
            if isinstance(step, str):
                getattr(conversation, step)()
            else:
                step(conversation.peer, conversation.stream)

    return play


def _head(status=200, **headers):
    return lambda peer, stream: peer.head(
        stream, status, {name.replace("_", "-"): value for name, value in headers.items()}
    )


def _data(body=ANSWER, end=True):
    return lambda peer, stream: peer.data(stream, body, end=end)


def _reset(code):
    return lambda peer, stream: peer.reset(stream, code)


def untouched(refuse: Callable[[Conversation], None]) -> Play:
    """Refuse the first request before it is looked at, and answer the next, on whatever connection it comes."""

    def play(conversation: Conversation) -> None:
        while conversation.read2():
            if conversation.region.posts == 1:
                refuse(conversation)
            else:
                conversation.peer.head(conversation.stream, 200)
                conversation.peer.data(conversation.stream, ANSWER, end=True)

    return play


HTTP2 = [
    dataclasses.replace(scenario, over="HTTP/2")
    for scenario in [
        Scenario("answers", frames2(_head(content_type="application/json"), _data(), "wait"), "answered"),
        Scenario("sends early hints first", frames2(_head(103), _head(), _data(), "wait"), "answered"),
        Scenario(
            "says that it goes away, and answers",
            frames2(lambda peer, stream: peer.go_away(stream), _head(), _data(), "wait"),
            "answered",
        ),
        Scenario(
            "429",
            frames2(_head(429, x_amzn_errortype="ThrottlingException"), _data(b"{}"), "wait"),
            "throttled",
            "ThrottlingException",
        ),
        # A request that no model has seen goes out again at no cost (RFC 9113, 6.8 and 8.7): the server counts two, and
        # there was one attempt.
        Scenario(
            "refuses the first stream before it is looked at",
            untouched(lambda it: it.peer.reset(it.stream, REFUSED_STREAM)),
            "answered",
            posts=2,
        ),
        Scenario(
            "goes away before the first stream is looked at",
            untouched(lambda it: it.peer.go_away(0)),
            "answered",
            posts=2,
        ),
        Scenario("503", frames2(_head(503), _data(b""), "wait"), "failed", "503"),
        Scenario("hangs up instead of an answer", frames2("close"), "paid", "ConnectionClosedError"),
        Scenario("says nothing", frames2("wait"), "paid", "ReadTimeoutError", silent=True),
        Scenario(
            "ends the stream with INTERNAL_ERROR",
            frames2(_reset(INTERNAL_ERROR), "wait"),
            "paid",
            "ConnectionClosedError",
        ),
        Scenario("ends the stream with CANCEL", frames2(_reset(CANCEL), "wait"), "paid", "ConnectionClosedError"),
        Scenario(
            "ends the stream in the body",
            frames2(_head(), _data(ANSWER[:30], end=False), _reset(INTERNAL_ERROR), "wait"),
            "paid",
            "ResponseStreamingError",
        ),
        Scenario(
            "hangs up in the body",
            frames2(_head(), _data(ANSWER[:30], end=False), "close"),
            "paid",
            "ResponseStreamingError",
        ),
        Scenario(
            "stops in the body",
            frames2(_head(), _data(ANSWER[:30], end=False), "wait"),
            "paid",
            "ReadTimeoutError",
            silent=True,
        ),
        Scenario(
            "sends what is no frame",
            frames2(lambda peer, _: peer.connection.sendall(b"\xff" * 64), "wait"),
            "paid",
            "ConnectionClosedError",
        ),
        Scenario(
            "says that it goes away with an error",
            frames2(lambda peer, stream: peer.go_away(stream, INTERNAL_ERROR), "close"),
            "paid",
            "ConnectionClosedError",
        ),
        dataclasses.replace(
            Scenario(
                "ends the stream after the first delta",
                frames2(_head(content_type=EVENTS), _data(START + DELTA, end=False), _reset(INTERNAL_ERROR), "wait"),
                "late",
            ),
            operation="converse_stream",
        ),
        dataclasses.replace(
            Scenario("answers", frames2(_head(content_type=EVENTS), _data(START + DELTA + REST), "wait"), "answered"),
            operation="converse_stream",
        ),
    ]
]
