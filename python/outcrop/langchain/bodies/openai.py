"""OpenAI's chat completions format: OpenAI, Qwen and others that speak it."""

from __future__ import annotations

import json
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.messages.tool import tool_call, tool_call_chunk

from outcrop.langchain.bodies.common import Answer, Call, Format, body_usage


def _said(message: BaseMessage) -> BaseMessage:
    """Leave of an earlier answer its text and its tool calls, which is all that the format has."""
    if isinstance(message, AIMessage) and isinstance(message.content, list):
        return message.model_copy(update={"content": str(message.text)})
    return message


class ChatCompletions(Format):
    """A format with OpenAI's messages, tools and answers.

    Args:
        limit: The format's name for the most tokens.
    """

    def __init__(self, limit: str = "max_tokens") -> None:
        self.limit = limit

    def request(self, call: Call) -> dict[str, Any]:
        """Make the body of a request."""
        body: dict[str, Any] = {
            **call.parameters,
            "messages": convert_to_openai_messages([_said(m) for m in call.messages]),
        }
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
        calls = [
            tool_call(name=c["function"]["name"], args=json.loads(c["function"]["arguments"] or "{}"), id=c.get("id"))
            for c in message.get("tool_calls") or ()
        ]
        # `content` is null when a model used all its tokens for reasoning.
        return Answer(message.get("content") or "", calls, first.get("finish_reason"), body_usage(body.get("usage")))

    def delta(self, chunk: dict[str, Any]) -> AIMessageChunk | None:
        """Read one chunk of a stream."""
        first = (chunk.get("choices") or [{}])[0]
        delta, reason = first.get("delta") or {}, first.get("finish_reason")
        calls = [
            tool_call_chunk(
                name=(c.get("function") or {}).get("name"),
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

    def ended(self, chunk: dict[str, Any]) -> bool:
        """Whether the model said that it stopped."""
        return bool((chunk.get("choices") or [{}])[0].get("finish_reason"))
