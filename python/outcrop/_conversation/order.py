"""The order of the blocks of one turn, and what must stand beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop._conversation.cache_points import with_points_in_place
from outcrop._conversation.results import own_calls
from outcrop._conversation.tool_text import EMPTY

if TYPE_CHECKING:
    from collections.abc import Callable

Block = dict[str, Any]


def arranged(content: list[Block], role: str, note: Callable[[str], None]) -> list[Block]:
    """Bring the blocks of a turn into Bedrock's order, with what must stand beside them.

    Args:
        content: The blocks; they are not changed.
        role: Whose turn it is.
        note: Told of each change.
    """
    if content and _well(content, role):
        return content
    content = _results_first(content, note) if role == "user" else _calls_last(content, note)
    if all("cachePoint" in block for block in content):
        note(f"a turn that says nothing is sent as {EMPTY!r}")
        content = [{"text": EMPTY}, *content]
    if role == "user" and any("document" in block for block in content):
        content = _beside_documents(content, note)
    if any("cachePoint" in block for block in content):
        content = with_points_in_place(content, note)
    return content


def _well(content: list[Block], role: str) -> bool:
    """Whether there is nothing to do, as in most turns."""
    kinds = set[str]().union(*content)
    if not kinds.isdisjoint(("cachePoint", "document", "reasoningContent")):
        return False
    if role == "user":
        return "toolResult" not in kinds or kinds <= {"toolResult", "native"}
    called = False
    for block in content:
        if "toolUse" in block:
            called = True
        elif called:
            return False
    return True


def _results_first(content: list[Block], note: Callable[[str], None]) -> list[Block]:
    said = False
    for block in content:
        if "toolResult" in block and said:
            note("results of tools were put first in their turn")
            return [b for b in content if "toolResult" in b] + [b for b in content if "toolResult" not in b]
        said = said or ("toolResult" not in block and "cachePoint" not in block)
    return content


def _calls_last(content: list[Block], note: Callable[[str], None]) -> list[Block]:
    thoughts = [block for block in content if "reasoningContent" in block]
    if thoughts and "reasoningContent" not in content[0]:
        note("reasoning was put first in its turn")
        content = [*thoughts, *(block for block in content if "reasoningContent" not in block)]
    if thoughts and all("reasoningContent" in block or "cachePoint" in block for block in content):
        note(f"reasoning alone is sent with {EMPTY!r} behind it")
        content = [*content, {"text": EMPTY}]
    if not any("toolUse" in block for block in content):
        return content
    calls = own_calls(content)
    behind = False
    for block in content:
        own = any(block is call for call in calls)
        if behind and not own and "cachePoint" not in block:
            note("calls of tools were put last in their turn")
            return [b for b in content if not any(b is call for call in calls)] + calls
        behind = behind or own
    return content


def _beside_documents(content: list[Block], note: Callable[[str], None]) -> list[Block]:
    if any("text" in block or "guardContent" in block for block in content):
        return content
    note(f"a document without a text is sent with {EMPTY!r} before it")
    first = next(index for index, block in enumerate(content) if "document" in block)
    return [*content[:first], {"text": EMPTY}, *content[first:]]
