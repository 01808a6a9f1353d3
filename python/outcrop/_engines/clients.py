"""The client that a process calls with, made of the one that a callable was given."""

from __future__ import annotations

from typing import Any

from outcrop._clients import BaseClient, Client
from outcrop.cross_region._base import Routed


def asynchronous(client: Any) -> Any:
    """The asynchronous client or router that calls as this one does.

    Args:
        client: A client of `bedrock-runtime` or a router, of either kind.

    Raises:
        TypeError: It is none.
    """
    if isinstance(client, Routed):
        return client._twin() if isinstance(client, Client) else client  # noqa: SLF001  -- the package's own
    if isinstance(client, BaseClient) and getattr(client, "_service", None) == "bedrock-runtime":
        return client._session.async_client("bedrock-runtime") if isinstance(client, Client) else client  # noqa: SLF001  -- the package's own
    raise TypeError(
        "what calls is an outcrop.CrossRegion, a client of bedrock-runtime, or a function that gives one, "
        f"not {type(client).__name__}"
    )


def sources_of(client: Any) -> list[str]:
    """The source Regions of a client or router, the preferred first."""
    return list(client._sources) if isinstance(client, Routed) else [client.meta.region_name]  # noqa: SLF001  -- the package's own


def preferring(client: Any, source: str) -> Any:
    """The same router with one source Region before the others; breakers, limits and connections are shared.

    Args:
        client: An asynchronous client or router.
        source: The source Region; a plain client has one.
    """
    if not isinstance(client, Routed):
        return client
    kind, model, given = client.__reduce__()[1]
    # In each Region the accounts stay as they were.
    sources = sorted(given["sources"], key=lambda each: getattr(each, "region_name", each) != source)
    return kind(model, **{**given, "sources": sources})
