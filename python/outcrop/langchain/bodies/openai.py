"""OpenAI's chat completions format: OpenAI, Qwen and others that speak it."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.tool import tool_call_chunk

from outcrop._conversation.names import ToolNames
from outcrop.langchain.bodies.common import Answer, Call, ChunkReader, Format, body_usage
from outcrop.langchain.bodies.openai_turns import openai_messages
from outcrop.langchain.messages.inbound import called
from outcrop.langchain.positions import Positions


class ChatCompletions(Format):
    """A format with OpenAI's messages, tools and answers.

    Args:
        limit: The format's name for the most tokens.
    """

    def __init__(self, limit: str = "max_tokens") -> None:
        self.limit = limit

    def request(self, call: Call) -> dict[str, Any]:
        """Make the body of a request."""
        tools = call.parameters.get("tools") or ()
        call.names = ToolNames(name for tool in tools if (name := _function(tool).get("name")))
        body: dict[str, Any] = {**call.parameters, "messages": openai_messages(call)}
        if call.names.originals:
            body["tools"] = [_renamed(tool, call.names) for tool in tools]
            if isinstance(choice := body.get("tool_choice"), dict):
                body["tool_choice"] = _renamed(choice, call.names)
        if call.max_tokens:
            body[self.limit] = call.max_tokens
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.stop and call.stop_key:
            body[call.stop_key] = call.stop
        return body

    def answer(self, body: dict[str, Any], call: Call) -> Answer:
        """Read the body of an answer."""
        first = (body.get("choices") or [{}])[0]
        message = first.get("message") or {}
        functions = [(c.get("id"), c.get("function") or {}) for c in message.get("tool_calls") or ()]
        uses = [
            {"type": "tool_use", "id": identifier, "name": function.get("name"), "input": function.get("arguments")}
            for identifier, function in functions
        ]
        calls, broken = called(uses, call.names)
        usage = body_usage(body.get("usage"))
        # `content` is null when a model used all its tokens for reasoning.
        return Answer(message.get("content") or "", calls, broken, first.get("finish_reason"), usage)

    def chunks(self, call: Call) -> ChunkReader:
        """Return a reader of the chunks of one stream."""
        return ChunkReader(_Deltas(self.limit, call.names, blocks=bool(call.parameters.get("tools"))), call)

    def ended(self, chunk: dict[str, Any]) -> bool:
        """Whether the model said that it stopped."""
        return bool((chunk.get("choices") or [{}])[0].get("finish_reason"))


class _Deltas(ChatCompletions):
    """Reads a stream's chunks, with the names of tools put back.

    Args:
        limit: As of `ChatCompletions`.
        names: The names of the tools as they are sent.
        blocks: Whether calls may come: of these, langchain-core's events show only what stands in blocks.
    """

    def __init__(self, limit: str, names: ToolNames, *, blocks: bool) -> None:
        super().__init__(limit)
        self.names, self._blocks = names, blocks
        self._places = Positions()
        self._places.begin("text", "text")

    def _place(self, call: dict[str, Any]) -> int:
        """Return the position of a call, also where a server counts several as one, or none at all."""
        count, identifier = call.get("index", 0), call.get("id")
        known = self._places.current(count)
        if known is None or (identifier and identifier != known[0]):
            return self._places.begin(count, identifier or "")
        return known[1]

    def delta(self, chunk: dict[str, Any]) -> AIMessageChunk | None:
        """Read one chunk of a stream."""
        first = (chunk.get("choices") or [{}])[0]
        delta, reason = first.get("delta") or {}, first.get("finish_reason")
        functions = [(c, self._place(c), c.get("function") or {}) for c in delta.get("tool_calls") or ()]
        calls = [
            tool_call_chunk(
                name=self.names.given(function.get("name")),
                args=function.get("arguments"),
                id=call.get("id"),
                index=place,
            )
            for call, place, function in functions
        ]
        text = delta.get("content") or ""
        if not (text or calls or reason):
            return None
        return AIMessageChunk(
            content=self._content(text, calls) if self._blocks else text,
            tool_call_chunks=calls,
            response_metadata={"stop_reason": reason} if reason else {},
        )

    @staticmethod
    def _content(text: str, calls: list[Any]) -> list[str | dict[str, Any]]:
        """Return blocks in Anthropic's shape, which is that of all InvokeModel answers that hold calls."""
        said: list[str | dict[str, Any]] = [{"type": "text", "text": text, "index": 0}] if text else []
        for call in calls:
            begun = {"id": call["id"], "name": call["name"]} if call["id"] else {}
            said.append({"type": "tool_use", **begun, "partial_json": call["args"] or "", "index": call["index"]})
        return said


def _function(tool: Any) -> dict[str, Any]:
    function = tool.get("function") if isinstance(tool, dict) else None
    return function if isinstance(function, dict) else {}


def _renamed(tool: Any, names: ToolNames) -> Any:
    """Return a tool, or the choice of one, under the name that is sent."""
    function = _function(tool)
    return {**tool, "function": {**function, "name": names.sent(function["name"])}} if function.get("name") else tool
