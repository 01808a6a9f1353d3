"""`reasoning_effort`: one word, and what each model family is told for it."""

from __future__ import annotations

from typing import Any

from outcrop import _values
from outcrop.langchain.errors import warn

NOVA_EFFORTS = ("low", "medium", "high")


def effort_fields(effort: str, model: str | None, levels: Any) -> dict[str, Any]:
    """Translate an effort into additional model request fields.

    Args:
        effort: `none`, `low`, `medium`, `high`, `xhigh` or `max`.
        model: The base model id.
        levels: The `reasoning_effort_levels` of the model's profile.

    Returns:
        The fields; empty, with a warning, for a model without configurable reasoning.

    Raises:
        ValueError: If the model has levels and this is none of them.
    """
    if levels and effort not in levels:
        raise ValueError(
            f"reasoning_effort={_values.shown(effort)} is not supported for model {model}. Valid values: "
            f"{list(levels)}."
        )
    fields = _fields((model or "").lower(), effort) if levels else {}
    if not fields:
        warn(f"reasoning_effort is not supported for model {model}; ignoring it.")
    return fields


def _fields(model: str, effort: str) -> dict[str, Any]:
    if model.startswith("amazon.nova-2"):
        return {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": effort}}
    if "claude" in model:
        return {"thinking": {"type": "adaptive"}, "output_config": {"effort": effort}}
    if model.startswith("openai.gpt-") and not model.startswith("openai.gpt-oss"):
        return {"reasoning": {"effort": effort}}
    if model.startswith(("openai.gpt-oss", "moonshot.", "moonshotai.", "zai.glm-")):
        return {"reasoning_effort": effort}
    return {}


def check_nova_reasoning(model: str | None, fields: dict[str, Any] | None) -> None:
    """Refuse a `reasoningConfig` that Nova 2 would refuse, in words that say what it wants.

    Raises:
        ValueError: If reasoning is enabled without one of Nova's efforts.
    """
    config = (fields or {}).get("reasoningConfig")
    if not (model or "").lower().startswith("amazon.nova-2") or not config or config.get("type") != "enabled":
        return
    valid = f"one of: {list(NOVA_EFFORTS)}"
    if "maxReasoningEffort" not in config:
        raise ValueError(f"When reasoningConfig type is 'enabled', 'maxReasoningEffort' must be specified, {valid}.")
    effort = config["maxReasoningEffort"]
    if effort not in NOVA_EFFORTS:
        if not isinstance(effort, str):
            raise ValueError(f"Invalid maxReasoningEffort type: {type(effort).__name__}. Must be a string, {valid}.")
        raise ValueError(f"Invalid maxReasoningEffort: {_values.shown(effort)}. Must be {valid}.")
