"""Transports for clients that still use httpx instead of httpx2; see `outcrop.httpx2`.

import httpx, openai, outcrop.httpx

web = httpx.Client(transport=outcrop.httpx.Transport(router))
client = openai.OpenAI(base_url="https://bedrock.example/openai/v1", api_key="none", http_client=web)
"""

from __future__ import annotations

try:
    import httpx
except ImportError as _error:
    raise ImportError("httpx is not installed: `pip install httpx`") from _error

from outcrop._apis.transports import AsyncCarrier, AsyncEvents, SyncCarrier, SyncEvents

__all__ = ["AsyncTransport", "Transport"]


class _Stream(SyncEvents, httpx.SyncByteStream):
    pass


class _AsyncStream(AsyncEvents, httpx.AsyncByteStream):
    pass


class Transport(SyncCarrier, httpx.BaseTransport):
    """Carries the requests of an `httpx.Client`; see `outcrop.httpx2.Transport`.

    Args:
        client: A client of `bedrock-runtime` or an `outcrop.CrossRegion`.
        anthropic_version: What Anthropic's requests say for `anthropic-version`.
    """

    library = httpx
    stream = _Stream


class AsyncTransport(AsyncCarrier, httpx.AsyncBaseTransport):
    """Carries the requests of an `httpx.AsyncClient`; see `outcrop.httpx2.AsyncTransport`.

    Args:
        client: A client of `bedrock-runtime` or an `outcrop.CrossRegion`.
        anthropic_version: What Anthropic's requests say for `anthropic-version`.
    """

    library = httpx
    stream = _AsyncStream
