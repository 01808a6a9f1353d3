"""Which block of a message an event of a stream belongs to.

Bedrock counts blocks, and closes them. A server may use one count for several blocks, or leave out what begins and ends
them: a block of another kind, or after an end, is another block.
"""

from __future__ import annotations

import json
from typing import Any


class Positions:
    """The blocks of one stream, by their count on the wire."""

    def __init__(self) -> None:
        self._open: dict[Any, tuple[str, int]] = {}
        self._used: set[int] = set()

    def of(self, count: Any, kind: str) -> int:
        """Return the position of the open block of this count and kind, or that of a new one."""
        known = self._open.get(count)
        if known is not None and known[0] == kind:
            return known[1]
        return self.begin(count, kind)

    def begin(self, count: Any, kind: str) -> int:
        """Return the position of a new block: its count, if no other has it."""
        free = isinstance(count, int) and count not in self._used
        position = count if free else max(self._used, default=-1) + 1
        self._used.add(position)
        self._open[count] = kind, position
        return position

    def current(self, count: Any) -> tuple[str, int] | None:
        """Return the kind and position of the open block of a count, if there is one."""
        return self._open.get(count)

    def end(self, count: Any) -> tuple[str, int] | None:
        """Close the open block of a count, and return what it was."""
        return self._open.pop(count, None)


def kind_of(change: dict[str, Any]) -> str:
    """Return the kind of block that a delta is a part of."""
    thought = change.get("reasoningContent")
    if isinstance(thought, dict):
        return "redacted" if thought.get("redactedContent") is not None else "reasoning"
    if "citation" in change:
        return "text"
    return next(iter(change), "")


def arguments(given: Any) -> str:
    """Return a part of a call's arguments as text; some servers send an object, or nothing."""
    if isinstance(given, str):
        return given
    return json.dumps(given, ensure_ascii=False) if given else ""
