"""Anthropic's turns in Converse's envelopes and back, so that the one repair of conversations serves both.

An envelope holds the block itself, as `native`; what the repair did not change comes out as it went in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outcrop._conversation.repairing import Repairing
from outcrop.langchain.bodies.common import Call
from outcrop.langchain.capabilities import thinking_in

Block = dict[str, Any]


def repaired_turns(turns: Iterable[Block], call: Call) -> list[Block]:
    """Repair a conversation in Anthropic's format.

    Args:
        turns: Anthropic's `messages`; they are not changed.
        call: The call, whose `notes` take what was done.
    """
    repairing = Repairing(
        call.model_id,
        call.names,
        has_tools=bool(call.parameters.get("tools")),
        thinks=thinking_in(call.parameters),
        notes=call.notes,
    )
    return [_opened(turn) for turn in repairing.messages(map(_enveloped, turns))]


def _enveloped(turn: Block) -> Block:
    content = turn["content"]
    whole = isinstance(content, str)
    blocks = [{"type": "text", "text": content}] if whole else content
    assistant = turn["role"] == "assistant"
    return {
        "role": turn["role"],
        "content": [_envelope(block, assistant=assistant) for block in blocks],
        "whole": whole,
    }


def _envelope(block: Block, *, assistant: bool = False) -> Block:
    kind = block.get("type")
    if kind == "text":
        return {"text": block.get("text"), "native": block}
    if kind == "tool_use":
        use = {"toolUseId": block.get("id"), "name": block.get("name"), "input": block.get("input")}
        return {"toolUse": use, "native": block}
    if kind == "tool_result":
        content = block.get("content")
        inner = content if not isinstance(content, list) else [_envelope(part) for part in content]
        return {"toolResult": {"toolUseId": block.get("tool_use_id"), "content": inner}, "native": block}
    if kind == "thinking":
        thought = {"text": block.get("thinking"), "signature": block.get("signature")}
        return {"reasoningContent": {"reasoningText": thought}, "native": block}
    if kind == "redacted_thinking":
        return {"reasoningContent": {"redactedContent": block.get("data")}, "native": block}
    if assistant and kind in ("image", "document"):
        return {"image": block, "native": block}
    return {"native": block}


def _opened(turn: Block) -> Block:
    blocks = [_open(envelope) for envelope in turn["content"]]
    if turn.get("whole") and len(blocks) == 1 and blocks[0].keys() == {"type", "text"}:
        return {"role": turn["role"], "content": blocks[0]["text"]}  # a question that is a text stays one
    return {"role": turn["role"], "content": blocks}


def _open(envelope: Block) -> Block:
    native = envelope.get("native") or {}
    if "text" in envelope:
        return {"type": "text", **native, "text": envelope["text"]}
    if "toolUse" in envelope:
        use = envelope["toolUse"]
        return {"type": "tool_use", **native, "id": use["toolUseId"], "name": use["name"], "input": use["input"]}
    if "toolResult" not in envelope:
        return native
    result = envelope["toolResult"]
    made = {"type": "tool_result", **native, "tool_use_id": result["toolUseId"]}
    if result.get("status") == "error":
        made["is_error"] = True
    given, inner = native.get("content"), result.get("content")
    if isinstance(given, str) and inner == [{"text": given}]:
        return made
    return {**made, "content": [_open(part) for part in inner] if isinstance(inner, list) else inner}
