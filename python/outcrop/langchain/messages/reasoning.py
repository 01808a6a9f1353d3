"""Reasoning that is sent back: who takes it, signed or not, and whose it was."""

from __future__ import annotations

import logging
from typing import Any

from langchain_core.messages import AIMessage

from outcrop.langchain.capabilities import accepts_unsigned_reasoning, rejects_reasoning
from outcrop.langchain.identity import identify
from outcrop.langchain.messages.media import redacted_bytes

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
        return {"reasoningContent": {"redactedContent": redacted_bytes(redacted)}}
    text, signature = reasoning.get("text") or "", reasoning.get("signature") or ""
    if signature:
        return {"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}}
    if text and accepts_unsigned_reasoning(model_id):
        return {"reasoningContent": {"reasoningText": {"text": text}}}
    logger.debug("unsigned reasoning is not sent to %s, which would refuse it", model_id)
    return None


def without_foreign_reasoning(message: AIMessage, provider: str | None, notes: list[str]) -> AIMessage:
    """Leave out reasoning that another publisher's model produced: signatures do not carry over.

    Args:
        message: An answer, from Bedrock or from elsewhere.
        provider: The publisher of the model that will read it; `None` if unknown.
        notes: Takes what was left out.

    Returns:
        The message itself, or a copy without reasoning.
    """
    if isinstance(message.content, str):
        return message
    elsewhere, name = message.response_metadata.get("model_provider"), message.response_metadata.get("model_name")
    if elsewhere not in BEDROCK_PROVIDERS:
        # Anthropic's own signatures hold on Bedrock; nobody else says so of theirs.
        foreign = elsewhere != provider
    else:
        source = identify(name).provider if isinstance(name, str) else None
        foreign = bool(source and provider and source.lower() != provider.lower())
    if not foreign:
        return message
    content = [block for block in message.content if not is_reasoning(block)]
    if len(content) == len(message.content):
        return message
    notes.append("reasoning of another publisher's model was left out")
    return message.model_copy(update={"content": content})


def is_reasoning(block: Any) -> bool:
    """Whether a block holds a model's thoughts, in whatever style."""
    if not isinstance(block, dict):
        return False
    inner = block.get("value") if block.get("type") == "non_standard" else block
    return isinstance(inner, dict) and inner.get("type") in REASONING_TYPES
