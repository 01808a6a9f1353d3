"""Amazon Nova's InvokeModel format, which is Converse's with other envelopes."""

from __future__ import annotations

import base64
from typing import Any

from langchain_core.messages import AIMessageChunk

from outcrop._conversation.repairing import Repairing
from outcrop.langchain.bodies.common import Answer, Call, Format, body_usage
from outcrop.langchain.messages.inbound import content_from
from outcrop.langchain.messages.outbound import conversation


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
        return Answer(text, stop_reason=body.get("stopReason"), usage=body_usage(body.get("usage")))

    def delta(self, chunk: dict[str, Any]) -> AIMessageChunk | None:
        """Read one chunk of a stream."""
        if text := chunk.get("contentBlockDelta", {}).get("delta", {}).get("text"):
            return AIMessageChunk(content=text)
        if reason := chunk.get("messageStop", {}).get("stopReason"):
            return AIMessageChunk(content="", response_metadata={"stop_reason": reason})
        return None

    def ended(self, chunk: dict[str, Any]) -> bool:
        """Whether the model said that the message is complete."""
        return "messageStop" in chunk


def _as_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    return [_as_json(item) for item in value] if isinstance(value, list) else value
