"""Anthropic's turns in Converse's envelopes and back, so that the one repair of conversations serves both.

An envelope holds the block itself, as `native`; what the repair did not change comes out as it went in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from outcrop._conversation.cache_points import MAX_CACHE_POINTS
from outcrop._conversation.repairing import Repairing
from outcrop._models import refuses
from outcrop.langchain.bodies.common import Call
from outcrop.langchain.capabilities import thinking_in

Block = dict[str, Any]


def repaired(system: list[Block], turns: Iterable[Block], call: Call) -> tuple[list[Block], list[Block]]:
    """Repair a conversation in Anthropic's format.

    Args:
        system: Anthropic's `system`, as blocks of text; they are not changed.
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
    prompts = [_open(envelope) for envelope in repairing.system([_envelope(block) for block in system])]
    return prompts, [_opened(turn) for turn in repairing.messages(map(_enveloped, turns))]


def limit_points(body: Block, call: Call) -> None:
    """Leave out cache points that Bedrock would refuse, the first of the conversation first, and shorten others.

    Args:
        body: A body whose lists and dicts may be the caller's: what changes is copied.
        call: The call, whose `notes` take what was done.
    """
    places = [(key, path) for key in ("tools", "system", "messages") for path in _points(body.get(key))]
    if not places:
        return
    never = refuses(call.model_id, "cache points")
    over = len(places) if never else len(places) - MAX_CACHE_POINTS
    short = False
    for key, path in sorted(places, key=lambda place: place[0] != "messages") if over > 0 else places:
        if over > 0:
            over -= 1
            reason = "since this model refuses any" if never else "beyond the four that Bedrock takes"
            call.notes.append(f"{key}: a cache point was left out, {reason}")
            body[key] = _with_point(body[key], path, None)
    for key, path in places:
        if (point := _at(body[key], path).get(_POINT)) is None:
            continue
        if point.get("ttl") != "1h":
            short = True
        elif short:
            call.notes.append(f"{key}: a cache point behind a short-lived one is kept no longer than that")
            body[key] = _with_point(body[key], path, {name: value for name, value in point.items() if name != "ttl"})


_POINT = "cache_control"
_Path = tuple[Any, ...]


def _points(node: Any) -> Iterator[_Path]:
    """Find what has a cache point, in the order of the request."""
    if not isinstance(node, list):
        return
    for index, block in enumerate(node):
        if isinstance(block, dict):
            yield from ((index, "content", *path) for path in _points(block.get("content")))
            if block.get(_POINT):
                yield (index,)


def _at(node: Any, path: _Path) -> Any:
    for step in path:
        node = node[step]
    return node


def _with_point(node: Any, path: _Path, point: Block | None) -> Any:
    """Copy what leads to a block, and the block with another cache point or none."""
    if not path:
        rest = {key: value for key, value in node.items() if key != _POINT}
        return rest if point is None else {**rest, _POINT: point}
    made = list(node) if isinstance(node, list) else dict(node)
    made[path[0]] = _with_point(node[path[0]], path[1:], point)
    return made


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
