"""Reasoning that is sent back: who takes it, signed or not, and whose it was."""

from __future__ import annotations

import logging
from typing import Any

from langchain_core.messages import AIMessage

from outcrop.langchain.capabilities import accepts_unsigned_reasoning, rejects_reasoning
from outcrop.langchain.identity import identify

logger = logging.getLogger(__name__)

REASONING_TYPES = frozenset({"reasoning", "reasoning_content", "thinking", "redacted_thinking"})
BEDROCK_PROVIDERS = frozenset({None, "bedrock", "bedrock_converse"})
"""Values of `model_provider` in messages whose content is in Bedrock's own shapes."""


def reasoning_block(reasoning: dict[str, Any], model_id: str) -> dict[str, Any] | None:
    """Build a `reasoningContent` block from `text`, `signature` and `redacted_content`.

    Args:
        reasoning: The parts, in snake or camel case.
        model_id: The base model that will read it.

    Returns:
        The block, or `None` when that model would refuse the request because of it.
    """
    if rejects_reasoning(model_id):
        return None
    redacted = reasoning.get("redacted_content") or reasoning.get("redactedContent")
    if redacted:
        return {"reasoningContent": {"redactedContent": redacted}}
    text, signature = reasoning.get("text") or "", reasoning.get("signature") or ""
    if signature:
        return {"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}}
    if text and accepts_unsigned_reasoning(model_id):
        return {"reasoningContent": {"reasoningText": {"text": text}}}
    logger.debug("unsigned reasoning is not sent to %s, which would refuse it", model_id)
    return None


def without_foreign_reasoning(message: AIMessage, provider: str | None) -> AIMessage:
    """Leave out reasoning that another publisher's model produced: signatures do not carry over."""
    if isinstance(message.content, str) or message.response_metadata.get("model_provider") not in BEDROCK_PROVIDERS:
        return message
    name = message.response_metadata.get("model_name")
    source = identify(name).provider if isinstance(name, str) else None
    if not source or not provider or source.lower() == provider.lower():
        return message
    content = [b for b in message.content if not (isinstance(b, dict) and b.get("type") in REASONING_TYPES)]
    return message if len(content) == len(message.content) else message.model_copy(update={"content": content})
