"""Model profile data: context windows, modalities and the like, by base model id.

The data is LangChain's own (`langchain-profiles`, made from models.dev); `data/README.md` says how it is refreshed.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, cast

from langchain_core.language_models import ModelProfile

_NOT_FOR_CONVERSE = ("mid_conversation_system_messages", "mid_conversation_tools")
"""True of other APIs of these models: Converse and InvokeModel take system messages and tools only up front."""


def model_profile(model_id: str, base_model_id: str | None) -> ModelProfile:
    """Return what is known of a model.

    Args:
        model_id: The id that is called; data about exactly it comes first.
        base_model_id: Its base model id.

    Returns:
        A new dict; empty if nothing is known.
    """
    known = _profiles()
    found: dict[str, Any] = known.get(model_id) or known.get(base_model_id or "") or {}
    return cast("ModelProfile", {key: value for key, value in found.items() if key not in _NOT_FOR_CONVERSE})


@cache
def _profiles() -> dict[str, dict[str, Any]]:
    text = (resources.files("outcrop.langchain") / "data" / "profiles.json").read_text(encoding="utf-8")
    return json.loads(text)["profiles"]
