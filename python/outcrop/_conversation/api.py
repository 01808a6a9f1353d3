"""`outcrop.repair`: a conversation for Converse as Bedrock takes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from outcrop._conversation.names import ToolNames
from outcrop._conversation.repairing import Repairing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Messages(list[dict[str, Any]]):
    """Messages for Converse, a list as any other, that says what was done to them.

    Attributes:
        repairs: What was changed, a sentence each, without a word of the conversation; empty if nothing was.
    """

    def __init__(self, messages: Iterable[dict[str, Any]], repairs: Iterable[str]) -> None:
        super().__init__(messages)
        self.repairs = tuple(repairs)


def repair(
    messages: Iterable[Mapping[str, Any]],
    *,
    model: str | None = None,
    tools: Iterable[str] | None = None,
    strict: bool = False,
) -> Messages:
    """Make a conversation one that Bedrock takes: it may come from elsewhere, be cut, trimmed, edited or spoilt.

    Blank texts, the order of blocks, names of tools and documents, calls without results and results without calls,
    arguments that are no JSON, places of cache points, reasoning that the model refuses, first and last turns: what
    Bedrock would refuse is brought into a shape that it takes. Nothing that was said is lost; where Bedrock wants a
    text and there is none, `.` is sent, and a call that nobody answered is answered by an error.

    Args:
        messages: Converse's `messages`; they are not changed.
        model: The id of the model that will read them; without it, what every model takes is made.
        tools: The names of the tools that the request defines; none of them means that calls and results are sent as
            text, and leaving it out that nobody knows.
        strict: Whether to refuse a conversation that needs a repair instead.

    Returns:
        New messages, a list with `repairs` that tells what was done; what did not change is shared with the old ones.

    Raises:
        ValueError: If a message has no shape of Converse, or needs a repair and `strict` is set.

    Example:
        >>> call = {"toolUse": {"toolUseId": "1", "name": "files.read", "input": {}}}
        >>> asked = {"role": "user", "content": [{"text": "Read it"}]}
        >>> fixed = repair([asked, {"role": "assistant", "content": [call]}])
        >>> fixed[1]["content"][0]["toolUse"]["name"], fixed[2]["content"][0]["toolResult"]["status"]
        ('files_read', 'error')
        >>> fixed.repairs[0]
        "messages.1: the name of a tool is sent as 'files_read', which Bedrock takes"
    """
    notes: list[str] = []
    defined = None if tools is None else list(tools)
    has_tools = None if defined is None else bool(defined)
    repairing = Repairing(model or "", ToolNames(defined or ()), has_tools=has_tools, notes=notes)
    made = repairing.messages(messages)
    if strict and notes:
        raise ValueError(refusal(notes) + "leave strict out, or mend it")
    return Messages(made, in_order(notes))


def in_order(notes: Iterable[str]) -> list[str]:
    """Return what was done, each once: in the order of the turns, behind what was done to no turn of its own."""
    return sorted(dict.fromkeys(notes), key=_turn)


def _turn(note: str) -> int:
    found = _TURN.match(note)
    return int(found[1]) if found else -1


_TURN = re.compile(r"messages\.(\d+):")


def refusal(notes: Iterable[str]) -> str:
    """Say what a conversation would need, for an error that ends with the way out."""
    return f"the conversation needs repairs, which were not wanted ({'; '.join(in_order(notes))}): "
