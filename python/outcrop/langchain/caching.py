"""Automatic cache points: where a `cache_control` of a call puts them.

Bedrock takes four a request. The places are tried by value: the end of the system prompt, the end of the last message,
the end of the tools, and for Claude the end of the message before the last, from which the next turn reads.
"""

from __future__ import annotations

from typing import Any

from outcrop.langchain.tools import is_cache_point

MAX_CACHE_POINTS = 4


def add_cache_points(
    request: dict[str, Any], cache_control: dict[str, Any] | None, model_id: str, provider: str | None
) -> None:
    """Add cache points to a Converse request.

    Args:
        request: The request; its lists must be its own.
        cache_control: `{"ttl": "5m" | "1h"}`; `None` or empty adds nothing.
        model_id: The base model id: Nova caches neither tools nor tool blocks, and takes no lifetime.
        provider: The model's publisher.
    """
    if not cache_control:
        return
    nova = "amazon.nova" in model_id.lower()
    claude = provider == "anthropic" or "anthropic" in model_id.lower()
    point: dict[str, Any] = {"cachePoint": {"type": "default"}}
    lifetime = cache_control.get("ttl")
    if lifetime and lifetime != "5m" and not nova:
        point["cachePoint"]["ttl"] = lifetime

    system, messages = request.get("system") or [], request["messages"]
    tools = (request.get("toolConfig") or {}).get("tools") or []
    contents = [m["content"] for m in messages if isinstance(m.get("content"), list)]
    manual = sum(is_cache_point(block) for blocks in (system, tools, *contents) for block in blocks)

    places: list[list[Any]] = [system]
    if messages and isinstance(messages[-1].get("content"), list):
        last = messages[-1]["content"]
        if not (nova and any("toolResult" in block or "toolUse" in block for block in last)):
            places.append(last)
    if not nova:
        places.append(tools)
    if claude and not nova and not manual and len(messages) > 1 and isinstance(messages[-2].get("content"), list):
        before = messages[-2]["content"]
        if before and "reasoningContent" not in before[-1]:
            places.append(before)
    free = MAX_CACHE_POINTS - manual
    for place in places:
        if free > 0 and place and not any(map(is_cache_point, place)):
            place.append({"cachePoint": dict(point["cachePoint"])})
            free -= 1
