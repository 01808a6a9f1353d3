"""What each model family can do, asked by base model id and never by the id that is called.

Sources: AWS's user guide on tool choice and reasoning, and behaviour seen and written down by langchain-aws (docs/dev).
What a family refuses is in `outcrop._models`, with who has seen it.
"""

from __future__ import annotations

from typing import Any

from outcrop import _values
from outcrop._models import refuses

AUTO, ANY, TOOL = "auto", "any", "tool"

_THINKING_BY_DEFAULT = ("claude-sonnet-5", "claude-opus-5", "claude-fable-5", "claude-haiku-5")
_UNSIGNED_REASONING = ("openai.gpt-oss", "amazon.nova-2", "deepseek.v3", "minimax", "kimi")


def thinking_in(fields: dict[str, Any]) -> bool:
    """Whether request fields ask Claude to think."""
    thinking = fields.get("thinking")
    return isinstance(thinking, dict) and thinking.get("type") in ("enabled", "adaptive")


def thinking_enabled(model: str, fields: dict[str, Any]) -> bool:
    """Whether request fields ask this model to think so much that it refuses a forced tool."""
    if "deepseek.v3" in model:
        effort = fields.get("reasoning_effort")
        return bool(effort) and str(_values.plain(effort)).lower() not in ("none", "low", "medium")
    return thinking_in(fields)


def thinks_by_default(model: str, fields: dict[str, Any]) -> bool:
    """Whether the model thinks unless it is told not to."""
    thinking = fields.get("thinking")
    disabled = isinstance(thinking, dict) and thinking.get("type") == "disabled"
    return not disabled and any(name in model for name in _THINKING_BY_DEFAULT)


def refuses_forced_tools(model: str) -> bool:
    """Whether the model never takes `any` or a named tool."""
    return refuses(model, "forced tools")


def refuses_forced_tools_when_thinking(model: str) -> bool:
    """Whether the model refuses or ignores a forced tool while it thinks."""
    return refuses(model, "forced tools while thinking")


def tool_choices(model: str | None, fields: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the kinds of tool choice that a model takes.

    Args:
        model: The base model id, or `None` if it is not known.
        fields: The additional model request fields of the call.

    Returns:
        Some of `auto`, `any` and `tool`; empty for none; `None` if nothing is known, so that Bedrock has to decide.
    """
    if model is None:
        return None
    if "claude" in model:
        forced = not refuses_forced_tools(model) and not (
            refuses_forced_tools_when_thinking(model) and thinking_in(fields)
        )
        return (AUTO, ANY, TOOL) if forced else (AUTO,)
    if "grok" in model or "nova" in model or model.startswith(("zai.glm-5.3", "openai.gpt-")):
        return (AUTO, ANY, TOOL)
    if model.startswith("zai.glm-") or "mistral-large" in model:
        return (AUTO, ANY)
    if "deepseek" in model and "r1-v1" not in model:
        return (AUTO,) if thinking_enabled(model, fields) else (AUTO, ANY)
    if "llama4" in model or "llama3-1" in model or "llama3-3" in model:
        return (AUTO,)
    if "llama3-2" in model and ("11b" in model or "90b" in model):
        return (AUTO,)
    return () if "meta.llama" in model or "deepseek.r1" in model else None


def inline_reasoning_tags(model: str) -> tuple[str, str] | None:
    """Return the tags around reasoning that the first Nova models write into their text."""
    return ("<thinking>", "</thinking>") if "amazon.nova" in model and "nova-2" not in model else None


def rejects_reasoning(model: str) -> bool:
    """Whether the model refuses any reasoning in earlier turns."""
    return refuses(model, "reasoning")


def accepts_unsigned_reasoning(model: str) -> bool:
    """Whether the model takes reasoning without a signature in earlier turns."""
    return any(name in model.lower() for name in _UNSIGNED_REASONING)


def takes_images_in_tool_results(provider: str | None) -> bool:
    """Whether images may stay inside a `toolResult`; otherwise they follow it in the same turn."""
    return not provider or not refuses(f"{provider}.", "images in tool results")
