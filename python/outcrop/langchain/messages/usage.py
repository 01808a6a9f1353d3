"""Token counts of an answer as LangChain's `usage_metadata`."""

from __future__ import annotations

from typing import Any, cast

from langchain_core.messages.ai import InputTokenDetails, OutputTokenDetails, UsageMetadata


def usage_metadata(usage: dict[str, Any], reasoning_tokens: int | None = None) -> UsageMetadata:
    """Convert Converse's `usage`.

    Args:
        usage: Converse's counts, in which cached tokens are not part of `inputTokens`.
        reasoning_tokens: Tokens of reasoning among the output tokens, where the model told.

    Returns:
        LangChain's counts, in which they are.
    """
    cache_read, cache_write = usage.get("cacheReadInputTokens") or 0, usage.get("cacheWriteInputTokens") or 0
    input_tokens = (usage.get("inputTokens") or 0) + cache_read + cache_write
    output_tokens = usage.get("outputTokens") or 0
    details: dict[str, Any] = {"cache_read": cache_read, "cache_creation": cache_write}
    by_lifetime = usage.get("cacheDetails") or ()
    if by_lifetime:
        for lifetime in ("5m", "1h"):
            if written := sum(d.get("inputTokens") or 0 for d in by_lifetime if d.get("ttl") == lifetime):
                details[f"ephemeral_{lifetime}_input_tokens"] = written
                details["cache_creation"] = 0  # counted by lifetime instead
    made = UsageMetadata(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        total_tokens=usage.get("totalTokens", input_tokens + output_tokens),
        input_token_details=InputTokenDetails(**details),
    )
    if usage.get("servedFromCache"):
        mark_as_paid(made)
    if reasoning_tokens is not None:
        made["output_token_details"] = OutputTokenDetails(reasoning=reasoning_tokens)
    return made


def mark_as_paid(usage: UsageMetadata) -> None:
    """Mark counts of an answer out of a cache, as langchain-core does with its own: they were paid for before."""
    cast("dict[str, Any]", usage)["total_cost"] = 0


def reasoning_tokens(fields: Any) -> int | None:
    """Read the count of thinking tokens from `additionalModelResponseFields`, asked for by the path `/usage`."""
    usage = fields.get("usage") if isinstance(fields, dict) else None
    details = usage.get("output_tokens_details") if isinstance(usage, dict) else None
    tokens = details.get("thinking_tokens") if isinstance(details, dict) else None
    return tokens if isinstance(tokens, int) else None
