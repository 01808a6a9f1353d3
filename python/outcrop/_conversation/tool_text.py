"""Calls of tools and their results as text, where Bedrock would refuse the blocks."""

from __future__ import annotations

import json
from typing import Any

Block = dict[str, Any]

EMPTY = "."
"""Sent where a turn has no content: Bedrock refuses an empty list and a blank text."""


def filled(blocks: list[Block]) -> list[Block]:
    """Return `blocks`, or a placeholder where there are none."""
    return blocks or [{"text": EMPTY}]


def has_tool_blocks(messages: list[dict[str, Any]]) -> bool:
    """Whether any turn holds a tool use or a tool result."""
    return any(
        "toolUse" in block or "toolResult" in block for message in messages for block in message.get("content", ())
    )


def tool_blocks_as_text(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Copy the conversation with tool uses and results written out as text."""
    return [
        {"role": m["role"], "content": filled([t for b in m.get("content", ()) for t in block_as_text(b)])}
        for m in messages
    ]


def block_as_text(block: Block) -> list[Block]:
    """Write a tool use or result out as text, with the media of a result behind it; any other block stays."""
    if "toolUse" in block:
        use = block["toolUse"]
        given = use.get("input")
        parameters = f" with parameters: {json.dumps(given, ensure_ascii=False)}" if given else ""
        return [{"text": f"[Called {use.get('name', 'function')}{parameters}]"}]
    if "toolResult" in block:
        inner = block["toolResult"].get("content", ())
        output = "".join(map(_result_text, inner))
        media = [part for part in inner if not {"text", "json"} & part.keys()]
        return [*([{"text": f"[Tool output: {output}]"}] if output.strip() else []), *media]
    return [block]


def _result_text(block: Block) -> str:
    if "text" in block:
        return block["text"]
    return json.dumps(block["json"], ensure_ascii=False) if "json" in block else ""
