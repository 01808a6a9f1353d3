"""The environment in which Bedrock's clients, and no other service's, find a local Bedrock."""

from __future__ import annotations

from typing import Protocol

OVERRIDING = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
)
"""Variables that would win over those of `variables` or go with other keys, and so have to be unset."""


class Endpoint(Protocol):
    """Where a local Bedrock is, and who may call it."""

    @property
    def endpoint_url(self) -> str: ...
    @property
    def default_region(self) -> str: ...
    @property
    def access_key_id(self) -> str: ...
    @property
    def secret_access_key(self) -> str: ...


def variables(emulator: Endpoint) -> dict[str, str]:
    """Name the variables that point Bedrock's clients of every AWS SDK at an emulator.

    Args:
        emulator: A running emulator.

    Returns:
        Values by name. Other services are left where they are.
    """
    return {
        "AWS_ENDPOINT_URL_BEDROCK": emulator.endpoint_url,
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": emulator.endpoint_url,
        "AWS_REGION": emulator.default_region,
        "AWS_DEFAULT_REGION": emulator.default_region,
        "AWS_ACCESS_KEY_ID": emulator.access_key_id,
        "AWS_SECRET_ACCESS_KEY": emulator.secret_access_key,
    }
