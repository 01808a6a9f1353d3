"""Automatic cache points: where a `cache_control` of a call puts them."""

from __future__ import annotations

from typing import Any

from outcrop._cache_points import place_cache_points
from outcrop._models import refuses


def add_cache_points(
    request: dict[str, Any], cache_control: dict[str, Any] | None, model_id: str, provider: str | None
) -> None:
    """Add cache points to a Converse request, however short it is, as langchain-aws does.

    Args:
        request: The request; its lists must be its own.
        cache_control: `{"ttl": "5m" | "1h"}`; `None` or empty adds nothing.
        model_id: The base model id.
        provider: The model's publisher.
    """
    model = model_id.lower()
    if cache_control and not refuses(model, "cache points"):
        claude = provider == "anthropic" or "anthropic" in model
        place_cache_points(request, cache_control.get("ttl"), model=model, claude=claude)
