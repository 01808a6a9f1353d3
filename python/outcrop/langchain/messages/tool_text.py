"""Tool turns as text, for calls that bind no tools: Converse refuses tool blocks without a `toolConfig`."""

from __future__ import annotations

import json
from typing import Any

from outcrop.langchain.messages.blocks import filled


def has_tool_blocks(messages: list[dict[str, Any]]) -> bool:
    """Whether any turn holds a tool use or a tool result."""
    return any(
        "toolUse" in block or "toolResult" in block for message in messages for block in message.get("content", ())
    )


def tool_blocks_as_text(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Copy the conversation with tool uses and results written out as text."""
    return [
        {"role": m["role"], "content": filled([t for b in m.get("content", ()) for t in _text(b)])} for m in messages
    ]


def _text(block: dict[str, Any]) -> list[dict[str, Any]]:
    if "toolUse" in block:
        use = block["toolUse"]
        given = use.get("input")
        parameters = f" with parameters: {json.dumps(given, ensure_ascii=False)}" if given else ""
        return [{"text": f"[Called {use.get('name', 'function')}{parameters}]"}]
    if "toolResult" in block:
        parts = [_result_text(inner) for inner in block["toolResult"].get("content", ())]
        output = "".join(parts)
        return [{"text": f"[Tool output: {output}]"}] if output.strip() else []
    return [block]


def _result_text(block: dict[str, Any]) -> str:
    if "text" in block:
        return block["text"]
    return json.dumps(block["json"], ensure_ascii=False) if "json" in block else ""
