"""The counts that a script wants told, in the place of those that were counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop.emulator import _frames

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcrop.emulator._loopback import Asked

KNOWN = {
    "inputTokens",
    "outputTokens",
    "totalTokens",
    "cacheReadInputTokens",
    "cacheWriteInputTokens",
}


def check(usage: Mapping[str, Any]) -> None:
    """Refuses what is no count.

    Raises:
        ValueError: A name or a number that usage does not have.
    """
    for name, count in usage.items():
        if name not in KNOWN:
            raise ValueError(f"usage has no {_values.shown(name)}: use {', '.join(sorted(KNOWN))}")
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise ValueError(f"{name} of usage must be a number of tokens, got {_values.shown(count)}")


def checked(usage: Mapping[str, Any] | None, asked: Asked) -> dict[str, Any] | None:
    """The counts, where the operation has a place for them.

    Raises:
        ValueError: It has none, or they are no counts.
    """
    if usage is None:
        return None
    check(usage)
    if asked.operation not in {"Converse", "ConverseStream"}:
        raise ValueError(
            f"usage goes with Converse and ConverseStream; {asked.operation} tells it in the model's words"
        )
    found = dict(usage)
    if {"inputTokens", "outputTokens"} <= set(found):
        others = found.get("cacheReadInputTokens", 0) + found.get("cacheWriteInputTokens", 0)
        found.setdefault("totalTokens", found["inputTokens"] + found["outputTokens"] + others)
    return found


def put(body: bytes, usage: Mapping[str, Any], *, streams: bool) -> bytes:
    """An answer that tells these counts."""
    if not streams:
        return _merged(body, usage)
    return b"".join(
        _frames.write(headers, _merged(payload, usage) if headers.get(":event-type") == "metadata" else payload)
        for headers, payload in _frames.read(body)
    )


def _merged(body: bytes, usage: Mapping[str, Any]) -> bytes:
    answer = json.loads(body)
    answer["usage"] = {**answer.get("usage", {}), **usage}
    return json.dumps(answer).encode()
