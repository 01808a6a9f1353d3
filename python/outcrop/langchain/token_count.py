"""Counting tokens: Bedrock's own count, or an estimate that says it is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.messages import BaseMessage
from langchain_core.messages.utils import count_tokens_approximately

from outcrop.langchain.errors import warn
from outcrop.langchain.tools import bound_tool, system_tool

if TYPE_CHECKING:
    from outcrop.langchain.request import Target

_COUNTED = ("messages", "system", "toolConfig", "additionalModelRequestFields")
"""What of a Converse request CountTokens reads."""


def count_tokens(
    client: Any,
    target: Target,
    request: dict[str, Any],
    messages: list[BaseMessage],
    tools: Sequence[Any] | None = None,
) -> int:
    """Count the tokens of a Converse request.

    Args:
        client: A `bedrock-runtime` client.
        target: The model; CountTokens takes base model ids only.
        request: The request whose prompt is counted.
        messages: The messages, for the estimate.
        tools: Tools that would be bound, for the estimate.

    Returns:
        Bedrock's count, or an estimate of about four characters a token after a warning.
    """
    content = {key: request[key] for key in _COUNTED if request.get(key)}
    return counted(client, target.base_model_id or target.model_id, {"converse": content}, messages, tools)


def counted(
    client: Any,
    model_id: str,
    prompt: dict[str, Any],
    messages: list[BaseMessage],
    tools: Sequence[Any] | None = None,
) -> int:
    """Ask CountTokens, and estimate if it refuses."""
    try:
        return client.count_tokens(modelId=model_id, input=prompt)["inputTokens"]
    except Exception as error:  # noqa: BLE001  -- no count and no name is worth failing a call for
        warn(f"CountTokens gave no count for {model_id}, so the number of tokens is an estimate: {error}")
        described: list[Any] = [bound_tool(tool) for tool in tools or () if not system_tool(tool)]
        return count_tokens_approximately(messages, tools=described)
