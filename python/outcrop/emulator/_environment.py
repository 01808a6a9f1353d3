"""The environment in which Bedrock's clients, and no other service's, find a local Bedrock."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOPBACK = "127.0.0.1"
OVERRIDING = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_AUTH_SCHEME_PREFERENCE",
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
        **reaching(emulator.endpoint_url),
        "AWS_REGION": emulator.default_region,
        "AWS_DEFAULT_REGION": emulator.default_region,
        "AWS_ACCESS_KEY_ID": emulator.access_key_id,
        "AWS_SECRET_ACCESS_KEY": emulator.secret_access_key,
    }


def reaching(url: str) -> dict[str, str]:
    """Name the variables by which Bedrock's clients reach a server on loopback, whatever the AWS files say.

    Args:
        url: The server's.

    Returns:
        Values by name. Where this process has a proxy, the loopback address is exempt from it.
    """
    return {
        "AWS_ENDPOINT_URL_BEDROCK": url,
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": url,
        # A profile may say true: then the prompt of a test would go to AWS.
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        **_past_proxies(os.environ),
    }


def _past_proxies(environment: Mapping[str, str]) -> dict[str, str]:
    if not any(name.lower() in {"http_proxy", "all_proxy"} and value for name, value in environment.items()):
        return {}
    # Python reads the name in small letters first; others read one of the two.
    exempt = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    hosts = [host.strip() for host in exempt.split(",") if host.strip()]
    exempt = ",".join(hosts if "*" in hosts or _LOOPBACK in hosts else [*hosts, _LOOPBACK])
    return {"NO_PROXY": exempt, "no_proxy": exempt}
