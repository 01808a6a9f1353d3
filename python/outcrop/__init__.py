"""Amazon Bedrock for Python: a native client, made for cross-Region inference.

    import outcrop

    runtime = outcrop.client("bedrock-runtime", region_name="us-east-1")
    runtime.converse(modelId="us.anthropic.claude-haiku-4-5-20251001-v1:0", messages=[…])

`outcrop.client` and `outcrop.async_client` have boto3's methods, dicts and errors; `outcrop.Session` holds credentials
and connections for several clients; `outcrop.profiles`, `outcrop.resolve` and `outcrop.plan` tell where data goes;
`outcrop.emulator` is a local Bedrock; `outcrop.exceptions` draws the tree of errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop import exceptions
from outcrop._native import __version__
from outcrop._session import Credentials, Session, async_client, client
from outcrop._settings import Retries, Timeouts

if TYPE_CHECKING:
    from outcrop._cache import Cache
    from outcrop._cache_points import add_cache_points
    from outcrop._conversation.api import repair
    from outcrop.cross_region import (
        AsyncCrossRegion,
        CrossRegion,
        async_profiles,
        async_resolve,
        benchmark,
        plan,
        profiles,
        resolve,
    )

_CROSS_REGION = (
    "AsyncCrossRegion",
    "CrossRegion",
    "async_profiles",
    "async_resolve",
    "benchmark",
    "plan",
    "profiles",
    "resolve",
)

_OTHERS = {"Cache": "_cache", "add_cache_points": "_cache_points", "repair": "_conversation.api"}

__all__ = [
    "AsyncCrossRegion",
    "Cache",
    "Credentials",
    "CrossRegion",
    "Retries",
    "Session",
    "Timeouts",
    "__version__",
    "add_cache_points",
    "async_client",
    "async_profiles",
    "async_resolve",
    "benchmark",
    "client",
    "exceptions",
    "plan",
    "profiles",
    "repair",
    "resolve",
]


def __getattr__(name: str) -> Any:
    # What most programs do not use costs them nothing at import.
    if name in _CROSS_REGION:
        from outcrop import cross_region

        return getattr(cross_region, name)
    if name in _OTHERS:
        from importlib import import_module

        return getattr(import_module(f"outcrop.{_OTHERS[name]}"), name)
    raise AttributeError(f"module 'outcrop' has no attribute {name!r}")
