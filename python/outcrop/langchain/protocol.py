"""A Converse stream as LangChain's content-block events (`stream_events(version="v3")`).

The events that langchain-core makes of chunks close every block only when the message ends. Converse says when a block
ends, and here it is closed then: a reader can act on a whole tool call while the rest is still being written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from outcrop._conversation.names import ToolNames
from outcrop.langchain.keys import snake_keys
from outcrop.langchain.messages.inbound import NO_ARGUMENTS, PROVIDER, block_from
from outcrop.langchain.messages.media import encoded, redacted_bytes
from outcrop.langchain.messages.usage import reasoning_tokens, usage_metadata
from outcrop.langchain.positions import arguments, kind_of
from outcrop.langchain.streaming import StreamReader
from outcrop.langchain.tool_fields import Fields, given_text

Event = dict[str, Any]


@dataclass
class _Block:
    """One open content block: its index on the wire, its kind, and what has arrived of it."""

    index: int
    kind: str
    fields: dict[str, Any] = field(default_factory=dict)
    parts: list[Any] = field(default_factory=list)
    renamed: Fields = field(default_factory=dict)


class ProtocolWriter(StreamReader):
    """Writes the events of one stream; checks that it is whole as `StreamReader` does."""

    def __init__(self, response: dict[str, Any], naming: dict[str, Any], names: ToolNames | None = None) -> None:
        super().__init__(response, naming, names)
        self._open: dict[int, _Block] = {}
        self._next = 0
        self._usage: Any = None
        self._about: dict[str, Any] = {}

    def write(self, event: Event) -> Iterator[Event]:
        """Convert one Converse event to the events it means."""
        if (delta := event.get("contentBlockDelta")) is not None:
            yield from self._change(delta.get("contentBlockIndex", 0), delta.get("delta") or {})
        elif (start := event.get("contentBlockStart")) is not None:
            yield from self._begin(start.get("contentBlockIndex", 0), start.get("start") or {})
        elif (stop := event.get("contentBlockStop")) is not None:
            yield from self._finish(self._positions.end(stop.get("contentBlockIndex", 0)))
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
        for position in list(self._open):
            yield from self._finish(("", position))
        finish: Event = {
            "event": "message-finish",
            "metadata": {**self._about, **self._naming, "model_provider": PROVIDER},
        }
        if self._usage:
            finish["usage"] = self._usage
        yield finish

    def _begin(self, count: Any, start: dict[str, Any]) -> Iterator[Event]:
        if not start:
            return  # opens nothing yet: what kind of block it is, its first delta tells
        yield from self._finish(self._positions.end(count))
        if use := start.get("toolUse"):
            kind = "tool_call_chunk" if use.get("type", "tool_use") == "tool_use" else "server_tool_call_chunk"
            name, given = self._names.given(use.get("name")), arguments(use.get("input"))
            position = self._positions.begin(count, "toolUse")
            yield self._opened(position, kind, {"id": use.get("toolUseId"), "name": name, "args": ""})
            self._open[position].renamed = self._names.fields.get(use.get("name"), {})
            yield from self._arguments(self._open[position], given)
        elif image := start.get("image"):
            mime = f"image/{image.get('format', 'png')}"
            yield self._opened(self._positions.begin(count, "image"), "image", {"mime_type": mime})
        elif result := start.get("toolResult"):
            (value,) = block_from({"toolResult": {**result, "content": None}})
            fields = {"value": {**value, "content": []}}
            yield self._opened(self._positions.begin(count, "toolResult"), "non_standard", fields)
        else:
            for block in block_from(start):
                yield from self._whole(block)

    def _change(self, count: Any, change: dict[str, Any]) -> Iterator[Event]:  # noqa: C901, PLR0912  -- a branch a kind
        kind = kind_of(change)
        known = self._positions.current(count)
        if known is not None and known[0] != kind:  # another block under the same count
            yield from self._finish(self._positions.end(count))
        position = self._positions.of(count, kind)
        if kind == "text":
            yield from self._text(position, "text", change.get("text", ""))
            if (citation := change.get("citation")) is not None:
                found = _annotation(snake_keys(citation))
                self._open[position].fields.setdefault("annotations", []).append(found)
        elif kind == "toolUse":
            if position not in self._open:
                yield self._opened(position, "tool_call_chunk", {"id": None, "name": None, "args": ""})
            yield from self._arguments(self._open[position], arguments((change["toolUse"] or {}).get("input")))
        elif kind == "reasoning":
            reasoning = change["reasoningContent"]
            yield from self._text(position, "reasoning", reasoning.get("text") or "")
            if (signature := reasoning.get("signature")) is not None:
                extras = self._open[position].fields.setdefault("extras", {})
                extras["signature"] = extras.get("signature", "") + signature
                fields = {"type": "reasoning", "extras": dict(extras)}
                yield _delta(self._open[position], {"type": "block-delta", "fields": fields})
        elif kind == "redacted":
            if position not in self._open:
                yield self._opened(position, "redacted", {})
            # No deltas: base64 of parts does not join.
            self._open[position].parts.append(redacted_bytes(change["reasoningContent"]["redactedContent"]))
        elif kind == "image" and "bytes" in ((change.get("image") or {}).get("source") or {}):
            if position not in self._open:
                yield self._opened(position, "image", {"mime_type": "image/png"})
            # No deltas: half an image is of no use, and base64 of parts does not join.
            self._open[position].parts.append(change["image"]["source"]["bytes"])
        elif position in self._open and self._open[position].kind == "non_standard":
            self._open[position].fields["value"]["content"].extend(block_from(change))
        else:
            for block in block_from(change):
                yield from self._whole(block)

    def _text(self, position: int, kind: str, text: str) -> Iterator[Event]:
        if position not in self._open:
            yield self._opened(position, kind, {kind: ""})
        block = self._open[position]
        if text:
            block.parts.append(text)
            yield _delta(block, {"type": f"{kind}-delta", kind: text})

    def _arguments(self, block: _Block, part: str) -> Iterator[Event]:
        if part:
            block.parts.append(part)
            if not block.renamed:  # else when they are whole
                yield _delta(block, {"type": "tool-call-delta", "args": part})

    def _opened(self, position: int, kind: str, fields: dict[str, Any]) -> Event:
        block = self._open[position] = _Block(self._next, kind, fields)
        self._next += 1
        shown = {"type": "reasoning", "reasoning": ""} if kind == "redacted" else {"type": kind, **fields}
        return {"event": "content-block-start", "index": block.index, "content": shown}

    def _whole(self, content: Any) -> Iterator[Event]:
        position, self._next = self._next, self._next + 1
        block = content if content.get("type") == "non_standard" else {"type": "non_standard", "value": content}
        yield {"event": "content-block-start", "index": position, "content": {"type": "non_standard", "value": {}}}
        yield {"event": "content-block-finish", "index": position, "content": block}

    def _finish(self, ended: tuple[str, int] | None) -> Iterator[Event]:
        block = self._open.pop(ended[1], None) if ended else None
        if block is not None:
            if block.renamed and block.parts:
                block.parts = [given_text(block.parts, block.renamed)]
                yield _delta(block, {"type": "tool-call-delta", "args": block.parts[0]})
            yield {"event": "content-block-finish", "index": block.index, "content": _finished(block)}


def _delta(block: _Block, delta: dict[str, Any]) -> Event:
    return {"event": "content-block-delta", "index": block.index, "delta": delta}


def _finished(block: _Block) -> dict[str, Any]:
    if block.kind == "image":
        return {"type": "image", "base64": encoded(b"".join(block.parts)), **block.fields}
    if block.kind == "redacted":
        return {"type": "reasoning", "reasoning": "", "extras": {"redacted_content": encoded(b"".join(block.parts))}}
    whole = "".join(block.parts)
    if block.kind in ("text", "reasoning"):
        return {"type": block.kind, **block.fields, block.kind: whole}
    if block.kind == "non_standard":
        return {"type": "non_standard", **block.fields}
    named = {"id": block.fields["id"] or "", "name": block.fields["name"] or ""}
    try:
        args = json.loads(whole or "{}")
    except ValueError:
        args = None
    if not isinstance(args, dict):
        return {"type": "invalid_tool_call", **named, "args": whole, "error": NO_ARGUMENTS}
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
