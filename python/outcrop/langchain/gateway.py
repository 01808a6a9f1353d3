"""LangSmith's gateway: `LANGSMITH_GATEWAY` names an endpoint and a key where the caller does not."""

from __future__ import annotations

import os
from typing import Any


def apply_gateway(values: dict[str, Any], model: type[Any]) -> None:
    """Fill `endpoint_url` and `bedrock_api_key` from the environment, in place, if a gateway is set there.

    Args:
        values: The arguments of a model.
        model: Its class.
    """
    if not os.environ.get("LANGSMITH_GATEWAY"):
        return
    from langchain_core.utils._gateway import _apply_gateway_config

    _apply_gateway_config(
        values,
        model,
        base_url_field="endpoint_url",
        api_key_field="bedrock_api_key",
        provider_path="bedrock",
        api_key_env="AWS_BEARER_TOKEN_BEDROCK",
    )
