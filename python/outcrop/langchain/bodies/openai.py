"""OpenAI's chat completions format: OpenAI, Qwen and others that speak it."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.tool import tool_call_chunk

from outcrop._conversation.names import ToolNames
from outcrop.langchain.bodies.common import Answer, Call, ChunkReader, Format, body_usage
from outcrop.langchain.bodies.openai_turns import openai_messages
from outcrop.langchain.messages.inbound import called


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
        return ChunkReader(_Deltas(self.limit, call.names), call)

    def ended(self, chunk: dict[str, Any]) -> bool:
        """Whether the model said that it stopped."""
        return bool((chunk.get("choices") or [{}])[0].get("finish_reason"))


class _Deltas(ChatCompletions):
    """Reads a stream's chunks, with the names of tools put back."""

    def __init__(self, limit: str, names: ToolNames) -> None:
        super().__init__(limit)
        self.names = names

    def delta(self, chunk: dict[str, Any]) -> AIMessageChunk | None:
        """Read one chunk of a stream."""
        first = (chunk.get("choices") or [{}])[0]
        delta, reason = first.get("delta") or {}, first.get("finish_reason")
        calls = [
            tool_call_chunk(
                name=self.names.given((c.get("function") or {}).get("name")),
                args=(c.get("function") or {}).get("arguments"),
                id=c.get("id"),
                index=c.get("index", 0),
            )
            for c in delta.get("tool_calls") or ()
        ]
        text = delta.get("content") or ""
        if not (text or calls or reason):
            return None
        return AIMessageChunk(
            content=text, tool_call_chunks=calls, response_metadata={"stop_reason": reason} if reason else {}
        )


def _function(tool: Any) -> dict[str, Any]:
    function = tool.get("function") if isinstance(tool, dict) else None
    return function if isinstance(function, dict) else {}


def _renamed(tool: Any, names: ToolNames) -> Any:
    """Return a tool, or the choice of one, under the name that is sent."""
    function = _function(tool)
    return {**tool, "function": {**function, "name": names.sent(function["name"])}} if function.get("name") else tool
