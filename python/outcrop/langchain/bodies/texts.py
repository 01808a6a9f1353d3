"""Conversations for formats that take texts alone: what they cannot show is named, unless it is asked about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from outcrop import _values
from outcrop._conversation.names import whole
from outcrop._conversation.tool_text import block_as_text
from outcrop._conversation.values import plain
from outcrop.langchain.keys import pick
from outcrop.langchain.messages.blocks import LINKED, linked
from outcrop.langchain.messages.foreign_parts import with_known_parts
from outcrop.langchain.messages.functions import as_tools
from outcrop.langchain.messages.media import UNFIT, is_plain_object, named_only
from outcrop.langchain.messages.outbound import last_answer
from outcrop.langchain.messages.reasoning import is_reasoning

_CALLS = ("tool_use", "tool_call", "tool_call_chunk", "function_call", "custom_tool_call", "invalid_tool_call")
"""Blocks of calls, which an answer's `tool_calls` say, too."""


def as_texts(messages: Sequence[BaseMessage], notes: list[str]) -> list[BaseMessage]:
    """Return a conversation whose messages are texts.

    Args:
        messages: LangChain messages; they are not changed.
        notes: Takes what was left out or written otherwise.

    Raises:
        ValueError: If what is asked now shows something that is no text.
    """
    known = as_tools(with_known_parts(messages))
    answered = last_answer(known)
    return [_as_text(message, notes, now=position > answered) for position, message in enumerate(known)]


def _as_text(message: BaseMessage, notes: list[str], *, now: bool) -> BaseMessage:
    content = message.content
    blocks = [content] if isinstance(content, str) else content
    by_model = isinstance(message, AIMessage)
    asked = now and not isinstance(message, ToolMessage)
    said = "".join(_said(block, notes, asked=asked, by_model=by_model) for block in blocks)
    if isinstance(message, AIMessage) and message.tool_calls:
        notes.append("calls of tools are sent as text, since this model's InvokeModel format has none")
        uses = [{"toolUse": {"name": call["name"], "input": plain(call["args"])}} for call in message.tool_calls]
        said = "\n".join(filter(None, [said, *(block_as_text(use)[0]["text"] for use in uses)]))
    said = whole(said)
    return message if said == content else message.model_copy(update={"content": said})


def _said(block: Any, notes: list[str], *, asked: bool, by_model: bool) -> str:
    if by_model and isinstance(block, dict) and (is_reasoning(block) or block.get("type") in _CALLS):
        return ""
    if is_point(block):
        notes.append(NO_POINTS)
        return ""
    if (text := text_in(block)) is not None:
        return text
    if asked:
        raise ValueError(
            f"this model's InvokeModel format takes text only, not a block of type {_values.shown(block.get('type'))}; "
            "use ChatBedrockConverse."
        )
    return named(block, notes)


NO_POINTS = "a cache point was left out, since this model's InvokeModel format has none"


def is_point(block: Any) -> bool:
    """Whether a block is a cache point of Converse's, in whatever wrapping."""
    held = block.get("value") if isinstance(block, dict) and block.get("type") == "non_standard" else block
    return isinstance(held, dict) and not {"cachePoint", "cache_point"}.isdisjoint(held)


def text_in(block: Any) -> str | None:
    """Return what a block says that is a text in whatever style, or an object that a tool gave; `None` of any other."""
    if isinstance(block, str):
        return block
    kind = block.get("type")
    if kind in ("text", "text-plain") or (kind is None and "text" in block):
        return _words(block.get("text"))
    if kind == "guard_content":
        held = pick(block, "guard_content", "guardContent", default=block)
        return _words(held.get("text") if isinstance(held, dict) else held)
    if kind == "document" and isinstance(source := block.get("source"), dict) and source.get("type") == "text":
        return _words(source.get("data"))
    if kind in ("search_result", "tool_result"):
        inner = block.get("content")
        parts = inner if isinstance(inner, list) else [inner]
        return "\n".join(text_in(part) or "" for part in parts if part is not None)
    if kind == "json" or is_plain_object(block):
        return _words(block.get("json") if kind == "json" else block)
    return None


def _words(value: Any) -> str:
    held = plain(value)
    return held if isinstance(held, str) else "" if held is None else json.dumps(held, ensure_ascii=False)


def named(block: dict[str, Any], notes: list[str]) -> str:
    """Name what a format does not show, in an answer, a result or an earlier question."""
    if link := linked(block):
        notes.append(LINKED)
        return link
    notes.append(UNFIT)
    return named_only(block)
