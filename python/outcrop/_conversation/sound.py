"""Whether a conversation is sound as it is: the plain kind, which most are, told in one pass.

Only what no rule could touch is called sound; whatever else there is goes through the repair, which may find nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop._conversation.names import whole
from outcrop._conversation.values import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from outcrop._conversation.names import ToolNames


def sound(
    turns: Sequence[Any],
    names: ToolNames,
    takes_id: Callable[[str], bool],
    *,
    has_tools: bool | None,
    shows: Callable[[dict[str, Any], str], bool],
) -> bool:
    """Whether turns alternate, say something, and have a result for each call: texts, media, calls and results only.

    Args:
        turns: Converse's messages.
        names: Names of the request's tools.
        takes_id: Whether the model takes the id of a call.
        has_tools: Whether the request defines tools; without, calls and results are no sound ones.
        shows: Whether a block that shows something, of some kind, is sent as it is.
    """
    seen: set[str] = set()
    called: set[str] = set()
    expected = "user"
    for turn in turns:
        if not isinstance(turn, dict):
            return False
        role, content = turn.get("role"), turn.get("content")
        if role != expected or not isinstance(content, list) or not content:
            return False
        if role == "user":
            if not _answers(content, called, shows=shows):
                return False
            called, expected = set(), "assistant"
        else:
            if not _calls(content, called, names, takes_id) or not seen.isdisjoint(called):
                return False
            seen |= called
            expected = "user"
        if has_tools is False and called:
            return False
    return expected == "assistant" and not called


def _says(block: dict[str, Any]) -> bool:
    text = block.get("text")
    return isinstance(text, str) and bool(text) and not text.isspace() and whole(text) == text


def _answers(content: list[Any], called: set[str], *, shows: Callable[[dict[str, Any], str], bool]) -> bool:
    """Whether a user turn has the results of `called`, each once and first, and then says something else or nothing."""
    open_ones, behind = set(called), False
    for block in content:
        if not isinstance(block, dict):
            return False
        if "text" in block:
            behind = True
            if not _says(block):
                return False
        elif "toolResult" in block:
            result = block["toolResult"]
            if behind or result.get("toolUseId") not in open_ones or not _tells(result.get("content")):
                return False
            open_ones.discard(result["toolUseId"])
        elif "image" in block:
            behind = True
            if not shows(block, "image"):
                return False
        else:
            return False
    return not open_ones


def _tells(content: Any) -> bool:
    """Whether the content of a result is texts that say something, or objects."""
    return (
        isinstance(content, list)
        and bool(content)
        and all(isinstance(part, dict) for part in content)
        and all(_says(part) if "text" in part else _is_plain(part.get("json")) for part in content)
    )


def _is_plain(value: Any) -> bool:
    return isinstance(value, dict) and plain(value) is value


def _calls(content: list[Any], called: set[str], names: ToolNames, takes_id: Callable[[str], bool]) -> bool:
    """Whether a model's turn has texts, and then calls as Bedrock takes them, whose ids are put into `called`."""
    for block in content:
        if not isinstance(block, dict):
            return False
        if "text" in block:
            if called or not _says(block):
                return False
        elif "toolUse" in block:
            use = block["toolUse"]
            identifier, name = use.get("toolUseId"), use.get("name")
            if not isinstance(identifier, str) or identifier in called or not takes_id(identifier):
                return False
            if names.sent(name) != name or not _is_plain(use.get("input")):
                return False
            called.add(identifier)
        else:
            return False
    return True
