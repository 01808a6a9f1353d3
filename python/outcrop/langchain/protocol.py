"""A Converse stream as LangChain's content-block events (`stream_events(version="v3")`).

The events that langchain-core makes of chunks close every block only when the message ends. Converse says when a block
ends, and here it is closed then: a reader can act on a whole tool call while the rest is still being written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from outcrop.langchain.keys import snake_keys
from outcrop.langchain.messages.inbound import PROVIDER, block_from
from outcrop.langchain.messages.media import encoded
from outcrop.langchain.messages.usage import reasoning_tokens, usage_metadata
from outcrop.langchain.streaming import StreamReader

Event = dict[str, Any]


@dataclass
class _Block:
    """One open content block: its index on the wire, its kind, and what has arrived of it."""

    index: int
    kind: str
    fields: dict[str, Any] = field(default_factory=dict)
    parts: list[Any] = field(default_factory=list)


class ProtocolWriter(StreamReader):
    """Writes the events of one stream; checks that it is whole as `StreamReader` does."""

    def __init__(self, response: dict[str, Any], naming: dict[str, Any]) -> None:
        super().__init__(response, naming)
        self._open: dict[int, _Block] = {}
        self._next = 0
        self._usage: Any = None
        self._about: dict[str, Any] = {}

    def write(self, event: Event) -> Iterator[Event]:
        """Convert one Converse event to the events it means."""
        if (delta := event.get("contentBlockDelta")) is not None:
            yield from self._change(delta["contentBlockIndex"], delta["delta"])
        elif (start := event.get("contentBlockStart")) is not None:
            yield from self._begin(start["contentBlockIndex"], start.get("start") or {})
        elif (stop := event.get("contentBlockStop")) is not None:
            yield from self._end(stop["contentBlockIndex"])
        elif "messageStart" in event:
            names = {"provider": PROVIDER, "model": self._naming.get("model_name")}
            yield {"event": "message-start", "role": "ai", "id": "", "metadata": names}
        elif (stop := event.get("messageStop")) is not None:
            self._complete = True
            self._reasoning_tokens = reasoning_tokens(stop.get("additionalModelResponseFields"))
            self._about.update(stop)
        elif (metadata := event.get("metadata")) is not None:
            if usage := metadata.get("usage"):
                self._usage = usage_metadata(usage, self._reasoning_tokens)
            self._about.update((key, value) for key, value in metadata.items() if key != "usage")
        else:
            for block in self.read(event).content:  # raises for exceptions; anything unknown is a block of its own
                yield from self._whole(block)

    def close(self) -> Iterator[Event]:
        """Close what is open and the message."""
        self.finish()
        for index in list(self._open):
            yield from self._end(index)
        finish: Event = {
            "event": "message-finish",
            "metadata": {**self._about, **self._naming, "model_provider": PROVIDER},
        }
        if self._usage:
            finish["usage"] = self._usage
        yield finish

    def _begin(self, index: int, start: dict[str, Any]) -> Iterator[Event]:
        if use := start.get("toolUse"):
            kind = "tool_call_chunk" if use.get("type", "tool_use") == "tool_use" else "server_tool_call_chunk"
            yield self._opened(index, kind, {"id": use.get("toolUseId"), "name": use.get("name"), "args": ""})
        elif image := start.get("image"):
            yield self._opened(index, "image", {"mime_type": f"image/{image.get('format', 'png')}"})
        elif result := start.get("toolResult"):
            (value,) = block_from({"toolResult": {**result, "content": None}})
            yield self._opened(index, "non_standard", {"value": {**value, "content": []}})
        # A start without content opens nothing yet: what kind of block it is, its first delta tells.

    def _change(self, index: int, change: dict[str, Any]) -> Iterator[Event]:  # noqa: C901  -- a branch a kind of delta
        if "text" in change:
            yield from self._text(index, "text", change["text"])
        elif (use := change.get("toolUse")) is not None:
            block = self._open[index]
            block.parts.append(use.get("input", ""))
            if block.parts[-1]:
                yield _delta(block, {"type": "tool-call-delta", "args": block.parts[-1]})
        elif (reasoning := change.get("reasoningContent")) is not None:
            yield from self._text(index, "reasoning", reasoning.get("text", ""))
            names = (("signature", "signature"), ("redactedContent", "redacted_content"))
            extras = {ours: reasoning[theirs] for theirs, ours in names if theirs in reasoning}
            if extras:
                block = self._open[index]
                block.fields.setdefault("extras", {}).update(extras)
                yield _delta(block, {"type": "block-delta", "fields": {"type": "reasoning", "extras": extras}})
        elif (citation := change.get("citation")) is not None:
            yield from self._text(index, "text", "")
            self._open[index].fields.setdefault("annotations", []).append(_annotation(snake_keys(citation)))
        elif "bytes" in ((change.get("image") or {}).get("source") or {}):
            if index not in self._open:
                yield self._opened(index, "image", {"mime_type": "image/png"})
            block = self._open[index]
            # No deltas: half an image is of no use, and base64 of parts does not join.
            block.parts.append(change["image"]["source"]["bytes"])
        elif index in self._open and self._open[index].kind == "non_standard":
            self._open[index].fields["value"]["content"].extend(block_from(change))
        else:
            for block in block_from(change):
                yield from self._whole(block)

    def _text(self, index: int, kind: str, text: str) -> Iterator[Event]:
        if index not in self._open:
            yield self._opened(index, kind, {kind: ""})
        block = self._open[index]
        if text:
            block.parts.append(text)
            yield _delta(block, {"type": f"{kind}-delta", kind: text})

    def _opened(self, index: int, kind: str, fields: dict[str, Any]) -> Event:
        block = self._open[index] = _Block(self._next, kind, fields)
        self._next += 1
        return {"event": "content-block-start", "index": block.index, "content": {"type": kind, **fields}}

    def _whole(self, content: Any) -> Iterator[Event]:
        position, self._next = self._next, self._next + 1
        block = content if content.get("type") == "non_standard" else {"type": "non_standard", "value": content}
        yield {"event": "content-block-start", "index": position, "content": {"type": "non_standard", "value": {}}}
        yield {"event": "content-block-finish", "index": position, "content": block}

    def _end(self, index: int) -> Iterator[Event]:
        block = self._open.pop(index, None)
        if block is not None:
            yield {"event": "content-block-finish", "index": block.index, "content": _finished(block)}


def _delta(block: _Block, delta: dict[str, Any]) -> Event:
    return {"event": "content-block-delta", "index": block.index, "delta": delta}


def _finished(block: _Block) -> dict[str, Any]:
    if block.kind == "image":
        return {"type": "image", "base64": encoded(b"".join(block.parts)), **block.fields}
    whole = "".join(block.parts)
    if block.kind in ("text", "reasoning"):
        return {"type": block.kind, **block.fields, block.kind: whole}
    if block.kind == "non_standard":
        return {"type": "non_standard", **block.fields}
    named = {"id": block.fields["id"] or "", "name": block.fields["name"] or ""}
    try:
        args = json.loads(whole or "{}")
    except json.JSONDecodeError as error:
        reason = f"the arguments are not valid JSON: {error}"
        return {"type": "invalid_tool_call", **named, "args": whole, "error": reason}
    return {"type": block.kind.removesuffix("_chunk"), **named, "args": args}


def _annotation(citation: dict[str, Any]) -> dict[str, Any]:
    """Convert a citation as langchain-core's translator does for whole messages."""
    made: dict[str, Any] = {"type": "citation"}
    if "title" in citation:
        made["title"] = citation["title"]
    if "source_content" in citation:
        made["cited_text"] = "".join(item.get("text", "") for item in citation["source_content"])
    extras = {key: value for key, value in citation.items() if key not in ("title", "source_content")}
    return {**made, "extras": extras} if extras else made
