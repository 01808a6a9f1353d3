"""The fields by which chat models and embeddings reach Bedrock: one place for names, aliases and defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from langchain_core.utils import secret_from_env
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from outcrop import _settings

SECRETS = {
    "aws_access_key_id": "AWS_ACCESS_KEY_ID",
    "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY",
    "aws_session_token": "AWS_SESSION_TOKEN",
    "bedrock_api_key": "AWS_BEARER_TOKEN_BEDROCK",
}
"""Fields that hold secrets, and the environment variables they are read from."""

_FIELDS = {
    "bearer_token": "bedrock_api_key",
    "profile_name": "credentials_profile_name",
    "retries": "max_retries",
    "timeouts": "timeout",
}
"""What fields are called that clients have under another name."""

_ROUTED = frozenset({"sources", "geographies", "residency", "endpoint_urls", "shared"})
"""Options of a router, which would keep nothing from anywhere as parameters of a model."""


def refuse_client_arguments(given: Iterable[str], fields: set[str], client: str = "client= or async_client=") -> None:
    """Refuse what is an argument of clients and no field: it would go to the model, and may be a secret or a rule.

    Args:
        given: The names that were given.
        fields: Those of the model's fields.
        client: As what a client is given.

    Raises:
        ValueError: One of them belongs to clients, or to routers.
    """
    for name in given:
        if name in _ROUTED:
            raise ValueError(f"{name} is an option of a router and no parameter of a model: name it in cross_region=")
        if name in _settings.NAMES and name not in fields:
            field = f"name {_FIELDS[name]}=, or " if name in _FIELDS else ""
            raise ValueError(
                f"{name} is an argument of clients and no parameter of a model, to which it would be sent: {field}give "
                f"a client that has it as {client}"
            )


class AccountFields(BaseModel):
    """Whose calls they are and where they go: what every model on Bedrock takes, whichever API it speaks."""

    region_name: str | None = None
    """The source Region. Falls back to `AWS_REGION`, `AWS_DEFAULT_REGION` and the profile in `~/.aws/config`."""

    credentials_profile_name: str | None = Field(default=None, exclude=True)
    """A profile of `~/.aws/config`; it wins over keys in the environment."""

    aws_access_key_id: SecretStr | None = Field(default_factory=secret_from_env("AWS_ACCESS_KEY_ID", default=None))
    """Read from `AWS_ACCESS_KEY_ID` if not given."""

    aws_secret_access_key: SecretStr | None = Field(
        default_factory=secret_from_env("AWS_SECRET_ACCESS_KEY", default=None)
    )
    """Read from `AWS_SECRET_ACCESS_KEY` if not given."""

    aws_session_token: SecretStr | None = Field(default_factory=secret_from_env("AWS_SESSION_TOKEN", default=None))
    """Read from `AWS_SESSION_TOKEN` if not given."""

    endpoint_url: str | None = None
    """An endpoint other than AWS's own for the Region."""

    config: Any = None
    """A `botocore.config.Config`, or any object with its attributes: timeouts, retries, pool size, proxies."""

    max_connections: int | None = Field(default=None, ge=1)
    """How many connections may be open at a time; calls beyond wait for their turn. See `outcrop.Session`."""

    cross_region: dict[str, Any] | None = None
    """Options of `outcrop.CrossRegion` (`sources`, `geographies`, `residency`, …): calls then go through a router."""


class ConnectionFields(AccountFields):
    """Connection fields, under langchain-aws's names."""

    client: Any = Field(default=None, exclude=True)
    """A `bedrock-runtime` client: outcrop's, a `CrossRegion` router, or one shaped like boto3's. Made if not given."""

    async_client: Any = Field(default=None, exclude=True)
    """Its async twin. Made if neither is given; with a boto3-shaped `client` alone, async calls run in threads."""

    bedrock_client: Any = Field(default=None, exclude=True)
    """A `bedrock` (control plane) client, used for application profiles only. Made if not given."""

    bedrock_api_key: SecretStr | None = Field(
        alias="api_key", default_factory=secret_from_env("AWS_BEARER_TOKEN_BEDROCK", default=None)
    )
    """A Bedrock API key, read from `AWS_BEARER_TOKEN_BEDROCK` if not given. It wins over AWS credentials."""

    default_headers: Mapping[str, str] | None = Field(default=None, exclude=True, repr=False)
    """HTTP headers for every request. Maybe secrets: dumps leave them out, and a model with some is not pickled."""

    timeout: float | None = None
    """Seconds to wait for a connection, for the first byte, and between bytes; wins over `config`."""

    max_retries: int | None = None
    """Retries after the first attempt; wins over `config`."""

    # A refusal that showed what was given would show keys, too.
    model_config = ConfigDict(extra="forbid", populate_by_name=True, protected_namespaces=(), hide_input_in_errors=True)
