"""LangChain's standard content (`output_version="v1"`) of an earlier answer, back in the shape it was answered in."""

from __future__ import annotations

import json
from typing import Any

CONVERSE = "bedrock_converse"


def converse_content(content: Any, source: str | None) -> list[dict[str, Any]]:
    """Convert standard blocks of an AI message.

    Args:
        content: The blocks of a message with `output_version` `v1`.
        source: The message's `model_provider`; reasoning and citations go back only to where they came from.

    Returns:
        Blocks in the shape that Converse's answers are given in.
    """
    return [_convert(block, source == CONVERSE) for block in content]


def _convert(block: Any, own: bool) -> Any:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind == "text":
        made: dict[str, Any] = {"type": "text", "text": block.get("text", "")}
        if own and "annotations" in block:
            made["citations"] = [_citation(annotation) for annotation in block["annotations"]]
        return made
    if kind == "tool_call":
        return _tool_use(block, block.get("args") or {})
    if kind == "tool_call_chunk":
        return _tool_use(block, _parsed(block.get("args")))
    if kind == "reasoning" and own:
        extras = block.get("extras") or {}
        parts = {"text": block["reasoning"]} if "reasoning" in block else {}
        parts |= {key: extras[key] for key in ("signature", "redacted_content") if extras.get(key)}
        return {"type": "reasoning_content", "reasoning_content": parts}
    if kind == "non_standard" and own and "value" in block:
        return block["value"]
    return block


def _tool_use(block: dict[str, Any], args: Any) -> dict[str, Any]:
    return {"type": "tool_use", "name": block.get("name", ""), "input": args, "id": block.get("id", "")}


def _parsed(args: Any) -> Any:
    if not isinstance(args, str):
        return args or {}
    try:
        return json.loads(args or "{}")
    except json.JSONDecodeError:
        return {}


def _citation(annotation: dict[str, Any]) -> dict[str, Any]:
    if annotation["type"] == "non_standard_annotation":
        return annotation["value"]
    citation: dict[str, Any] = {}
    if "title" in annotation:
        citation["title"] = annotation["title"]
    if "cited_text" in annotation:
        citation["source_content"] = [{"text": annotation["cited_text"]}]
    return {**(annotation.get("extras") or {}), **citation}
