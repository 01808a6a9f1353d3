"""Amazon Nova's InvokeModel format, which is Converse's with other envelopes."""

from __future__ import annotations

import base64
from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.tool import tool_call_chunk

from outcrop._conversation.names import ToolNames
from outcrop._conversation.repairing import Repairing
from outcrop.langchain.bodies.common import Answer, Call, ChunkReader, Format, body_usage
from outcrop.langchain.messages.inbound import called, content_from
from outcrop.langchain.messages.outbound import conversation
from outcrop.langchain.positions import Positions, arguments
from outcrop.langchain.tool_fields import Fields, given_text


class Nova(Format):
    """Nova's `messages-v1` schema."""

    def request(self, call: Call) -> dict[str, Any]:
        """Make the body of a request."""
        messages, system = conversation(
            call.messages,
            [call.extra_system] if call.extra_system else None,
            model_id=call.model_id,
            provider="amazon",
            notes=call.notes,
        )
        repairing = Repairing(call.model_id, has_tools="toolConfig" in call.parameters, notes=call.notes)
        messages, system = repairing.messages(messages), repairing.system(system)
        inference = dict(call.parameters.get("inferenceConfig") or {})
        limits = {"maxTokens": call.max_tokens, "temperature": call.temperature, "stopSequences": call.stop}
        inference |= {key: value for key, value in limits.items() if value is not None}
        body = {**call.parameters, "schemaVersion": "messages-v1", "messages": _as_json(messages), "system": system}
        return {key: value for key, value in {**body, "inferenceConfig": inference}.items() if value}

    def answer(self, body: dict[str, Any], call: Call) -> Answer:
        """Read the body of an answer."""
        content = content_from(body.get("output", {}).get("message", {}).get("content") or [])
        text = "".join(block["text"] for block in content if block["type"] == "text")
        calls, broken = called(content, call.names)
        return Answer(text, calls, broken, body.get("stopReason"), body_usage(body.get("usage")))

    def chunks(self, call: Call) -> ChunkReader:
        """Return a reader of the chunks of one stream."""
        blocks = any(call.parameters.get(name) for name in ("tools", "toolConfig"))
        return ChunkReader(_Deltas(call.names, blocks=blocks), call)

    def ended(self, chunk: dict[str, Any]) -> bool:
        """Whether the model said that the message is complete."""
        return "messageStop" in chunk


class _Deltas(Nova):
    """Reads a stream's chunks, with the names of tools put back.

    Args:
        names: The names of the tools as they are sent.
        blocks: Whether calls may come, which texts cannot hold.
    """

    def __init__(self, names: ToolNames, *, blocks: bool) -> None:
        self.names, self.blocks = names, blocks
        self._kept: dict[int, tuple[Fields, list[str]]] = {}
        self._places = Positions()

    def delta(self, chunk: dict[str, Any]) -> AIMessageChunk | None:
        if use := (begun := chunk.get("contentBlockStart", {})).get("start", {}).get("toolUse"):
            index = self._places.begin(begun.get("contentBlockIndex", 0), "toolUse")
            if fields := self.names.fields.get(use.get("name") or ""):  # renamed when the arguments are whole
                self._kept[index] = fields, []
            given = {"id": use.get("toolUseId"), "name": self.names.given(use.get("name"))}
            return self._call(index, arguments(use.get("input")), given)
        if (stopped := chunk.get("contentBlockStop")) is not None:
            ended = self._places.end(stopped.get("contentBlockIndex", 0))
            kept = self._kept.pop(ended[1], None) if ended else None
            return self._call(ended[1], given_text(kept[1], kept[0]), {}) if ended and kept else None
        value = chunk.get("contentBlockDelta", {})
        change, count = value.get("delta") or {}, value.get("contentBlockIndex", 0)
        if (use := change.get("toolUse")) is not None:
            index = self._places.of(count, "toolUse")
            if index not in self._kept:
                return self._call(index, arguments(use.get("input")), {})
            self._kept[index][1].append(arguments(use.get("input")))
            return None
        if text := change.get("text"):
            index = self._places.of(count, "text")
            return AIMessageChunk(content=[{"type": "text", "text": text, "index": index}] if self.blocks else text)
        if reason := chunk.get("messageStop", {}).get("stopReason"):
            return AIMessageChunk(content=[] if self.blocks else "", response_metadata={"stop_reason": reason})
        return None

    @staticmethod
    def _call(index: int, part: str, given: dict[str, Any]) -> AIMessageChunk:
        call = tool_call_chunk(index=index, id=given.get("id"), name=given.get("name"), args=part)
        block = {"type": "tool_use", **given, "partial_json": part, "index": index}
        return AIMessageChunk(content=[block], tool_call_chunks=[call])


def _as_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    return [_as_json(item) for item in value] if isinstance(value, list) else value
