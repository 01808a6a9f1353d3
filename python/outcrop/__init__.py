"""Amazon Bedrock for Python: a native client, made for cross-Region inference.

    import outcrop

    runtime = outcrop.client("bedrock-runtime", region_name="us-east-1")
    runtime.converse(modelId="us.anthropic.claude-haiku-4-5-20251001-v1:0", messages=[…])

`outcrop.client` and `outcrop.async_client` have boto3's methods, dicts and errors; `outcrop.Session` holds credentials
and connections for several clients; `outcrop.profiles`, `outcrop.resolve` and `outcrop.plan` tell where data goes;
`outcrop.BatchJobs` is for many requests at half
the price; `outcrop.emulator` is a local Bedrock; `outcrop.exceptions` draws the tree of errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from outcrop import exceptions
from outcrop._native import __version__
from outcrop._session import Credentials, Session, async_client, client
from outcrop._settings import Retries, Timeouts

if TYPE_CHECKING:
    from typing import Any

    from outcrop import cross_region, emulator, monitoring, telemetry, types
    from outcrop._cache import Cache
    from outcrop._cache_points import add_cache_points
    from outcrop._clients import AsyncBedrockClient, AsyncBedrockRuntimeClient, BedrockClient, BedrockRuntimeClient
    from outcrop._conversation.api import repair
    from outcrop._jobs import AsyncBatchJobs, BatchJobs
    from outcrop.cross_region import (
        AsyncCrossRegion,
        CrossRegion,
        Source,
        async_profiles,
        async_resolve,
        benchmark,
        plan,
        profiles,
        resolve,
    )

__all__ = [
    "AsyncBatchJobs",
    "AsyncBedrockClient",
    "AsyncBedrockRuntimeClient",
    "AsyncCrossRegion",
    "BatchJobs",
    "BedrockClient",
    "BedrockRuntimeClient",
    "Cache",
    "Credentials",
    "CrossRegion",
    "Retries",
    "Session",
    "Source",
    "Timeouts",
    "__version__",
    "add_cache_points",
    "async_client",
    "async_profiles",
    "async_resolve",
    "benchmark",
    "client",
    "cross_region",
    "emulator",
    "exceptions",
    "monitoring",
    "plan",
    "profiles",
    "repair",
    "resolve",
    "telemetry",
    "types",
]

# What most programs do not use costs them nothing at import.
_MODULES = ("cross_region", "emulator", "monitoring", "telemetry", "types")
_HOMES = {
    "AsyncBatchJobs": "_jobs",
    "AsyncBedrockClient": "_clients",
    "AsyncBedrockRuntimeClient": "_clients",
    "BatchJobs": "_jobs",
    "BedrockClient": "_clients",
    "BedrockRuntimeClient": "_clients",
    "Cache": "_cache",
    "add_cache_points": "_cache_points",
    "repair": "_conversation.api",
}
_CROSS_REGION = (
    "AsyncCrossRegion",
    "CrossRegion",
    "Source",
    "async_profiles",
    "async_resolve",
    "benchmark",
    "plan",
    "profiles",
    "resolve",
)

if not TYPE_CHECKING:
    # Hidden from type checkers, for whom it would make every misspelt name one of Any.
    def __getattr__(name: str) -> Any:
        from importlib import import_module

        if name in _MODULES:
            return import_module(f"outcrop.{name}")
        if name in _CROSS_REGION:
            return getattr(import_module("outcrop.cross_region"), name)
        if name in _HOMES:
            return getattr(import_module(f"outcrop.{_HOMES[name]}"), name)
        raise AttributeError(f"module 'outcrop' has no attribute {name!r}", name=name, obj=import_module("outcrop"))


def __dir__() -> list[str]:
    return __all__
