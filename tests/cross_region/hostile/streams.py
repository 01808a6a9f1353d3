"""Streams that end badly, and streams that do not end."""

from __future__ import annotations

import base64
import dataclasses

from tests.support import frames

from .scenario import Scenario, refusal, streaming, without_end
from .servers import DELTA, START


def _exception(name: str, message: str = "no") -> bytes:
    return frames.exception(name, {"message": message})


DAMAGED = bytearray(DELTA)
DAMAGED[-10] ^= 0xFF

STREAMS = [
    dataclasses.replace(scenario, operation="converse_stream")
    for scenario in [
        Scenario(
            "429 before the stream",
            refusal("429 Too Many Requests", "ThrottlingException"),
            "throttled",
            "ThrottlingException",
        ),
        Scenario(
            "503 before the stream",
            refusal("503 Service Unavailable", "ServiceUnavailableException"),
            "failed",
            "ServiceUnavailableException",
        ),
        Scenario("hangs up before the first event", streaming("close"), "paid", "StreamCutError"),
        Scenario("resets before the first delta", streaming(START, "reset"), "paid", "StreamCutError"),
        Scenario("stops before the first delta", streaming(START, "wait"), "paid", "ReadTimeoutError", silent=True),
        Scenario("sends what are no frames", streaming(b"event: message\n\n" * 10, "close"), "paid", "ParserError"),
        Scenario("damages the first delta", streaming(START, bytes(DAMAGED), "close"), "paid", "ParserError"),
        *(
            Scenario(
                f"{name}, {message!r}, before the first delta",
                streaming(START, _exception(name, message), "close"),
                fate,
                code,
            )
            for name, message, fate, code in [
                ("throttlingException", "no", "throttled", "ThrottlingException"),
                ("throttlingException", "Too many tokens per day", "daily", "ThrottlingException"),
                ("serviceUnavailableException", "no", "failed", "ServiceUnavailableException"),
                ("internalServerException", "no", "failed", "InternalServerException"),
                ("modelStreamErrorException", "no", "failed", "ModelStreamErrorException"),
                ("validationException", "no", "caller", "ValidationException"),
            ]
        ),
        Scenario(
            "an error frame before the first delta",
            streaming(START, frames.error("ThrottlingException", "no"), "close"),
            "throttled",
            "ThrottlingException",
        ),
        Scenario("hangs up after the first delta", streaming(START, DELTA, "close"), "late"),
        Scenario("resets after the first delta", streaming(START, DELTA, "reset"), "late"),
        Scenario("stops after the first delta", streaming(START, DELTA, "wait"), "late", silent=True),
        Scenario("damages what follows the first delta", streaming(START, DELTA, bytes(DAMAGED), "close"), "late"),
        Scenario(
            "internalServerException after the first delta",
            streaming(START, DELTA, _exception("internalServerException"), "close"),
            "late",
        ),
        Scenario(
            "throttlingException after the first delta",
            streaming(START, DELTA, _exception("throttlingException"), "close"),
            "late throttled",
        ),
        Scenario(
            "validationException after the first delta",
            streaming(START, DELTA, _exception("validationException"), "close"),
            "late caller",
        ),
    ]
]


PING = frames.event("chunk", {"bytes": base64.b64encode(b'{"type": "ping"}').decode()})
EMPTY = frames.event("contentBlockDelta", {"delta": {"text": ""}, "contentBlockIndex": 0})
LARGE = frames.event("contentBlockDelta", {"delta": {"text": "rock " * 10_000}, "contentBlockIndex": 0})

# The time-out is shorter than 64 pauses: whoever sends as many events without a delta has begun.
ENDLESS = [
    Scenario(
        "sends pings now and then, and no delta",
        without_end(PING, pause=0.02),
        "paid",
        "ReadTimeoutError",
        operation="invoke_model_with_response_stream",
        silent=True,
    ),
    Scenario(
        "opens its answer now and then, and sends no delta",
        without_end(START, pause=0.02),
        "paid",
        "ReadTimeoutError",
        operation="converse_stream",
        silent=True,
    ),
    Scenario(
        "sends a first frame that grows byte by byte",
        without_end(b"r", LARGE[:100], pause=0.02),
        "paid",
        "ReadTimeoutError",
        operation="converse_stream",
        silent=True,
    ),
    Scenario(
        "opens its answer without end",
        without_end(START),
        "late",
        operation="converse_stream",
        endless=True,
    ),
    Scenario(
        "sends pings without end",
        without_end(PING),
        "late",
        operation="invoke_model_with_response_stream",
        endless=True,
    ),
    Scenario(
        "sends deltas without a word, and without end",
        without_end(EMPTY, START),
        "late",
        operation="converse_stream",
        endless=True,
    ),
    Scenario(
        "has a frame that grows byte by byte after the first delta",
        without_end(b"r", START + DELTA + LARGE[:100]),
        "late",
        operation="converse_stream",
        endless=True,
    ),
]
