"""OpenAI's functions, which came before tools: a call without an id, and a result that names its function."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from langchain_core.messages import AIMessage, BaseMessage, FunctionMessage, ToolMessage

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_tools(messages: Sequence[BaseMessage]) -> Sequence[BaseMessage]:
    """Return a conversation whose calls and results of functions are those of tools; the messages are not changed.

    Args:
        messages: LangChain messages, which come back as they are if no function is in them.
    """
    if not any(isinstance(m, FunctionMessage) or "function_call" in m.additional_kwargs for m in messages):
        return messages
    return [_as_tool(message) for message in messages]


def _as_tool(message: BaseMessage) -> BaseMessage:
    if isinstance(message, FunctionMessage):
        return ToolMessage(message.content, tool_call_id=_identifier(message.name))
    call = message.additional_kwargs.get("function_call")
    if not isinstance(message, AIMessage) or message.tool_calls or not isinstance(call, dict):
        return message
    name, given = call.get("name") or "", call.get("arguments") or "{}"
    try:
        args = json.loads(given)
    except ValueError:
        args = None
    identifier = _identifier(name)
    if isinstance(args, dict):
        return message.model_copy(update={"tool_calls": [{"name": name, "args": args, "id": identifier}]})
    broken = {"name": name, "args": given, "id": identifier, "error": None, "type": "invalid_tool_call"}
    return message.model_copy(update={"invalid_tool_calls": [broken]})


def _identifier(name: str) -> str:
    return f"function_{name}"
