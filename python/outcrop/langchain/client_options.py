"""A model's connection fields as the options of outcrop's clients."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from outcrop._botocore_config import arguments_of

if TYPE_CHECKING:
    from outcrop.langchain.connection_fields import ConnectionFields


def client_options(model: ConnectionFields) -> dict[str, Any]:
    """Return the keyword arguments for `outcrop.client`; what was not set is left to the client's own defaults.

    Args:
        model: The model whose connection is meant.
    """
    http = str(model.endpoint_url or "").startswith("http://")
    options: dict[str, Any] = {} if model.config is None else arguments_of(model.config, http=http)
    # In this order, which langchain-aws has always had; boto3 itself reads only the second variable.
    region = (
        model.region_name or options.get("region_name") or os.getenv("AWS_REGION") or os.getenv("AWS_DEFAULT_REGION")
    )
    options |= {
        "region_name": region,
        "endpoint_url": model.endpoint_url,
        "max_connections": model.max_connections,
        "default_headers": {**options.get("default_headers", {}), **(model.default_headers or {})} or None,
    }
    if model.timeout is not None:
        options["timeouts"] = {"connect": model.timeout, "first_byte": model.timeout, "idle": model.timeout}
    if model.max_retries is not None:
        options["retries"] = {**(options.get("retries") or {}), "max_attempts": model.max_retries + 1}
    options |= _credentials(model)
    return {key: value for key, value in options.items() if value is not None}


def _credentials(model: ConnectionFields) -> dict[str, Any]:
    """An API key wins over a profile, and a profile over keys, as in langchain-aws."""
    if key := _plain(model.bedrock_api_key):
        return {"bearer_token": key}
    if model.credentials_profile_name:
        return {"profile_name": model.credentials_profile_name}
    if not model.aws_access_key_id:
        return {}  # a session token without keys, left over in the environment, names nobody
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    return {name: _plain(getattr(model, name)) for name in names}


def _plain(secret: Any) -> str | None:
    return secret.get_secret_value() if secret else None
