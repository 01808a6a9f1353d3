"""Anthropic's messages format: Claude through InvokeModel."""

from __future__ import annotations

import json
from typing import Any

from langchain_core.messages import AIMessageChunk, HumanMessage
from langchain_core.messages.tool import tool_call_chunk

from outcrop._conversation.names import ToolNames
from outcrop.langchain.bodies.anthropic_messages import anthropic_messages
from outcrop.langchain.bodies.anthropic_turns import limit_points, repaired
from outcrop.langchain.bodies.common import Answer, Call, ChunkReader, Format, body_usage
from outcrop.langchain.capabilities import thinking_in, thinks_by_default
from outcrop.langchain.messages.inbound import called
from outcrop.langchain.native_schema import closed, described_schema
from outcrop.langchain.positions import Positions, arguments
from outcrop.langchain.tool_fields import Fields, given_text, with_sent_fields
from outcrop.langchain.tools import distinct

VERSION = "bedrock-2023-05-31"
DEFAULT_MAX_TOKENS = 1024


class Claude(Format):
    """Anthropic's `messages` under Bedrock's version mark."""

    def request(self, call: Call) -> dict[str, Any]:
        """Make the body of a request."""
        parameters = {**call.parameters}
        if call.stop:
            parameters["stop_sequences"] = call.stop
        if call.temperature is not None:
            parameters["temperature"] = call.temperature
        if call.max_tokens:
            parameters["max_tokens"] = call.max_tokens
        if form := parameters.pop("response_format", None):  # agents say it in OpenAI's words
            native = {"type": "json_schema", "schema": closed(described_schema(form)[0])}
            parameters["output_config"] = {**(parameters.get("output_config") or {}), "format": native}
        defaults = {"anthropic_version": VERSION, "max_tokens": DEFAULT_MAX_TOKENS}
        if (whole := _whole_body(call)) is not None:
            return {**defaults, **parameters, **whole}
        messages: list[dict[str, Any]]
        call.names = _name_tools(parameters)
        system, messages = anthropic_messages(call.messages, call.notes)
        if call.extra_system:
            system.insert(0, {"type": "text", "text": call.extra_system})
        system, messages = repaired(system, messages, call)
        if call.cache_control and messages:
            content = messages[-1]["content"]
            blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
            messages[-1]["content"] = [*blocks[:-1], {**blocks[-1], "cache_control": call.cache_control}]
        body = {**defaults, **parameters, "messages": messages}
        # One plain prompt stays a text, as people write it.
        plain = len(system) == 1 and system[0].keys() == {"type", "text"}
        if system:
            body["system"] = system[0]["text"] if plain else system
        limit_points(body, call)
        return body

    def answer(self, body: dict[str, Any], call: Call) -> Answer:
        """Read the body of an answer; a text where it is enough, the blocks where thoughts or citations are."""
        if "completion" in body:
            return Answer(body["completion"] or "", stop_reason=body.get("stop_reason"))
        content = body.get("content") or []
        text = "".join(block["text"] for block in content if block.get("type") == "text")
        thoughts = [block for block in content if block.get("type") == "thinking"]
        whole = any(
            block.get("type") in ("thinking", "redacted_thinking") or block.get("citations") for block in content
        )
        calls, broken = called(content, call.names)
        thinking = (
            {"text": thoughts[0].get("thinking", ""), "signature": thoughts[0].get("signature", "")} if thoughts else {}
        )
        usage = body_usage(body.get("usage"))
        return Answer(content if whole else text, calls, broken, body.get("stop_reason"), usage, thinking)

    def chunks(self, call: Call) -> ChunkReader:
        """Return a reader of the chunks of one stream."""
        return ChunkReader(_Deltas(_needs_blocks(call), call.names), call)


class _Deltas(Claude):
    """Reads a stream's chunks, as texts if `blocks` is false: nothing but text is then to come."""

    def __init__(self, blocks: bool, names: ToolNames) -> None:
        self.blocks, self.names = blocks, names
        self._kept: dict[int, tuple[Fields, list[str]]] = {}
        self._places = Positions()

    def delta(self, chunk: dict[str, Any]) -> AIMessageChunk | None:
        kind = chunk.get("type")
        if kind == "message_start":
            return AIMessageChunk(content=self._nothing())
        if kind == "content_block_start":
            block = chunk.get("content_block") or {}
            return self._start(block, self._places.begin(chunk.get("index", 0), str(block.get("type"))))
        if kind == "content_block_delta":
            delta = chunk.get("delta") or {}
            known = _BLOCKS.get(delta.get("type", ""), str(delta.get("type")))
            return self._change(delta, self._places.of(chunk.get("index", 0), known))
        if kind == "message_delta":
            delta = chunk.get("delta") or {}
            made = AIMessageChunk(
                content=self._nothing(),
                response_metadata={key: delta.get(key) for key in ("stop_reason", "stop_sequence")},
            )
            for index, (fields, parts) in self._kept.items():  # calls that nothing ended
                made += _arguments(given_text(parts, fields), index)
            self._kept.clear()
            return made
        if kind == "content_block_stop" and (ended := self._places.end(chunk.get("index", 0))):
            kept = self._kept.pop(ended[1], None)
            return _arguments(given_text(kept[1], kept[0]), ended[1]) if kept else None
        if kind in (None, "ping", "content_block_stop", "message_stop"):
            return None
        return AIMessageChunk(content=[{"type": "non_standard", "value": chunk}])

    def _nothing(self) -> Any:
        """Return content that says nothing, of the kind of the rest: a text before blocks would be one of them."""
        return [] if self.blocks else ""

    def ended(self, chunk: dict[str, Any]) -> bool:
        return chunk.get("type") == "message_stop"

    def _start(self, block: dict[str, Any], index: int) -> AIMessageChunk | None:
        if block.get("type") == "tool_use":
            name = self.names.given(block.get("name"))
            if fields := self.names.fields.get(block.get("name") or ""):  # renamed when the arguments are whole
                self._kept[index] = fields, []
            given = arguments(block.get("input"))  # whole at once, from servers that send no deltas of it
            if given and index in self._kept:
                self._kept[index][1].append(given)
                given = ""
            call = tool_call_chunk(index=index, id=block.get("id"), name=name, args=given)
            return AIMessageChunk(content=[{**block, "name": name, "index": index}], tool_call_chunks=[call])
        if block.get("type") == "text":
            return self._change({"type": "text_delta", "text": block["text"]}, index) if block.get("text") else None
        if block.get("type") == "thinking":
            return AIMessageChunk(content=[{**block, "index": index}]) if block.get("thinking") else None
        return AIMessageChunk(content=[{**block, "index": index}]) if block else None

    def _change(self, delta: dict[str, Any], index: int) -> AIMessageChunk:
        kind = delta.get("type")
        if kind == "text_delta":
            text = delta.get("text") or ""
            return AIMessageChunk(content=[{"type": "text", "text": text, "index": index}] if self.blocks else text)
        if kind == "input_json_delta":
            part = delta.get("partial_json") or ""
            if index in self._kept:
                self._kept[index][1].append(part)
                return AIMessageChunk(content=self._nothing())
            return _arguments(part, index, delta)
        if kind in ("thinking_delta", "signature_delta"):
            return AIMessageChunk(content=[{**delta, "type": "thinking", "index": index}])
        if kind == "citations_delta":
            return AIMessageChunk(
                content=[{"type": "text", "text": "", "citations": [delta["citation"]], "index": index}]
            )
        if not delta:
            return AIMessageChunk(content=self._nothing())
        return AIMessageChunk(content=[{"type": "non_standard", "value": delta, "index": index}])


_BLOCKS = {
    "text_delta": "text", "citations_delta": "text", "input_json_delta": "tool_use", "thinking_delta": "thinking",
    "signature_delta": "thinking",
}  # fmt: skip
"""The kinds of blocks that deltas are parts of."""


def _arguments(part: str, index: int, delta: dict[str, Any] | None = None) -> AIMessageChunk:
    call = tool_call_chunk(index=index, id=None, name=None, args=part)
    block = {"partial_json": part, **(delta or {}), "type": "tool_use", "index": index}
    return AIMessageChunk(content=[block], tool_call_chunks=[call])


def _needs_blocks(call: Call) -> bool:
    """Whether a stream may bring tool calls, thoughts or citations, which texts cannot hold."""
    parameters = call.parameters
    if parameters.get("tools") or thinking_in(parameters) or thinks_by_default(call.model_id, parameters):
        return True
    blocks = (b for m in call.messages if isinstance(m.content, list) for b in m.content if isinstance(b, dict))
    return any(
        (block.get("citations") or {})
        for block in blocks
        if block.get("type") in ("document", "file", "text-plain", "search_result")
    )


def _whole_body(call: Call) -> dict[str, Any] | None:
    """Recognize a prompt that is itself the JSON body of a request, written out by hand."""
    if len(call.messages) != 1 or not isinstance(call.messages[0], HumanMessage):
        return None
    text = call.messages[0].content
    if not isinstance(text, str) or not text.lstrip().startswith("{") or '"anthropic_version"' not in text:
        return None
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        return None
    return body if isinstance(body, dict) and "messages" in body and "anthropic_version" in body else None


def _name_tools(parameters: dict[str, Any]) -> ToolNames:
    """Give the tools among parameters the names that are sent, in place, and return the way back."""
    tools = distinct(parameters.get("tools") or (), lambda tool: tool.get("name"))
    names = ToolNames(tool["name"] for tool in tools if "input_schema" in tool and tool.get("name"))
    if tools:
        parameters["tools"] = [_with_sent_fields(_renamed(tool, names), names) for tool in tools]
    if isinstance(choice := parameters.get("tool_choice"), dict):
        parameters["tool_choice"] = _renamed(choice, names)
    return names


def _with_sent_fields(tool: dict[str, Any], names: ToolNames) -> dict[str, Any]:
    if not isinstance(schema := tool.get("input_schema"), dict):
        return tool
    sent, fields = with_sent_fields(schema)
    if fields:
        names.fields[tool["name"]] = fields
    return {**tool, "input_schema": sent} if fields else tool


def _renamed(tool: dict[str, Any], names: ToolNames) -> dict[str, Any]:
    """Return a tool, or the choice of one, under the name that is sent."""
    return {**tool, "name": names.sent(tool["name"])} if tool.get("name") in names.originals.values() else tool


CLAUDE = Claude()
