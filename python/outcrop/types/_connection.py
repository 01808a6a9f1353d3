"""The connection arguments, which sessions, clients and routers share; `outcrop.Session` explains them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from os import PathLike
from typing import Any, Literal

from outcrop._cache import Cache
from outcrop._settings import Retries, Timeouts
from outcrop.types._typing import TypedDict

__all__ = ["ConnectionArguments"]


class ConnectionArguments(TypedDict, total=False):
    """The arguments of `outcrop.Session`, as far as they are given; `None` is the same as leaving one out."""

    region_name: str | None
    profile_name: str | None
    aws_access_key_id: str | None
    aws_secret_access_key: str | None
    aws_session_token: str | None
    role_arn: str | None
    role_session_name: str | None
    credentials: Callable[[], Any] | None
    bearer_token: str | Callable[[], str] | Callable[[], Awaitable[str]] | None
    endpoint_url: str | None
    timeouts: Timeouts | None
    retries: Retries | None
    max_pool_connections: int | None
    max_connections: int | None
    pool_idle_timeout: float | None
    max_response_bytes: int | None
    http_version: Literal["1.1", "2", "auto"] | None
    proxy: str | Literal[False] | None
    ca_bundle: str | None
    default_headers: Mapping[str, str] | None
    parameter_validation: bool | None
    unknown_members: Literal["keep", "drop"] | None
    config: Any
    verify: bool | str | None
    use_ssl: bool | None
    cache: Cache | bool | str | PathLike[str] | None
