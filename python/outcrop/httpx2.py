"""OpenAI's and Anthropic's clients over Bedrock's own endpoint, through a client or a router of outcrop's.

    import outcrop, outcrop.httpx2

    router = outcrop.CrossRegion("us.openai.gpt-6-sol", sources=["us-east-1", "us-west-2"], residency="us")
    client = outcrop.httpx2.openai(router)
    client.responses.create(model="us.openai.gpt-6-sol", input="Name a rock.")

The clients stay what they are: theirs are the methods, the answers, the errors. Outcrop signs, chooses the target,
goes on to the next where that is safe, and counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    import httpx2
except ImportError as _error:
    raise ImportError("httpx2 is not installed: it comes with `pip install 'outcrop[httpx2]'`") from _error

from outcrop._apis.transports import AsyncCarrier, AsyncEvents, SyncCarrier, SyncEvents

if TYPE_CHECKING:
    from anthropic import Anthropic, AsyncAnthropic  # pyright: ignore[reportMissingImports]
    from openai import AsyncOpenAI, OpenAI  # pyright: ignore[reportMissingImports]

__all__ = ["AsyncTransport", "Transport", "anthropic", "async_anthropic", "async_openai", "openai"]

_NO_KEY = "outcrop-signs"
"""The clients insist on a key; none is sent."""


class _Stream(SyncEvents, httpx2.SyncByteStream):
    pass


class _AsyncStream(AsyncEvents, httpx2.AsyncByteStream):
    pass


class Transport(SyncCarrier, httpx2.BaseTransport):
    """Carries the requests of an `httpx2.Client` to Bedrock's runtime endpoint.

    Of a request, the path, the body and the headers that concern Bedrock go on; the host and the key do not. Where a
    call fails for good, the answer says `x-should-retry: false`: the client does not try again what was tried.

    Args:
        client: A client of `bedrock-runtime` or an `outcrop.CrossRegion`; of the async kinds, their twin is taken.
        anthropic_version: What Anthropic's requests say for `anthropic-version`. By default 2023-06-01, which Bedrock
            is known to take, whatever the client says.

    Raises:
        TypeError: It is no such client.

    Example:
        >>> import httpx2
        >>> from outcrop.httpx2 import Transport
        >>> with httpx2.Client(transport=Transport(bedrock.client("bedrock-runtime", region_name="us-east-1"))) as web:
        ...     web.get("https://any.example/model/x").status_code  # no path of OpenAI's or Anthropic's
        400
    """

    library = httpx2
    stream = _Stream


class AsyncTransport(AsyncCarrier, httpx2.AsyncBaseTransport):
    """Carries the requests of an `httpx2.AsyncClient`; bound to no event loop. See `Transport`.

    Args:
        client: A client of `bedrock-runtime` or an `outcrop.CrossRegion`; of the blocking kinds, their twin is taken.
        anthropic_version: As for `Transport`.

    Raises:
        TypeError: It is no such client.
    """

    library = httpx2
    stream = _AsyncStream


def openai(client: Any, **options: Any) -> OpenAI:
    """OpenAI's client over a client or a router of outcrop's.

    Args:
        client: As for `Transport`.
        **options: Arguments of `openai.OpenAI`.

    Returns:
        The client: `chat.completions`, and `responses`.

    Raises:
        ImportError: openai is not installed.
    """
    from openai import OpenAI  # pyright: ignore[reportMissingImports]

    web = httpx2.Client(transport=Transport(client))
    return OpenAI(**_options(client, "/openai/v1", web, options))


def async_openai(client: Any, **options: Any) -> AsyncOpenAI:
    """OpenAI's asynchronous client over a client or a router of outcrop's.

    Args:
        client: As for `AsyncTransport`.
        **options: Arguments of `openai.AsyncOpenAI`.

    Returns:
        The client: `chat.completions`, and `responses`.

    Raises:
        ImportError: openai is not installed.
    """
    from openai import AsyncOpenAI  # pyright: ignore[reportMissingImports]

    web = httpx2.AsyncClient(transport=AsyncTransport(client))
    return AsyncOpenAI(**_options(client, "/openai/v1", web, options))


def anthropic(client: Any, *, anthropic_version: str | None = None, **options: Any) -> Anthropic:
    """Anthropic's client over a client or a router of outcrop's.

    Args:
        client: As for `Transport`.
        anthropic_version: As for `Transport`.
        **options: Arguments of `anthropic.Anthropic`.

    Returns:
        The client: `messages`.

    Raises:
        ImportError: anthropic is not installed.
    """
    from anthropic import Anthropic  # pyright: ignore[reportMissingImports]

    web = httpx2.Client(transport=Transport(client, anthropic_version=anthropic_version))
    return Anthropic(**_options(client, "/anthropic", web, options))


def async_anthropic(client: Any, *, anthropic_version: str | None = None, **options: Any) -> AsyncAnthropic:
    """Anthropic's asynchronous client over a client or a router of outcrop's.

    Args:
        client: As for `AsyncTransport`.
        anthropic_version: As for `AsyncTransport`.
        **options: Arguments of `anthropic.AsyncAnthropic`.

    Returns:
        The client: `messages`.

    Raises:
        ImportError: anthropic is not installed.
    """
    from anthropic import AsyncAnthropic  # pyright: ignore[reportMissingImports]

    web = httpx2.AsyncClient(transport=AsyncTransport(client, anthropic_version=anthropic_version))
    return AsyncAnthropic(**_options(client, "/anthropic", web, options))


def _options(client: Any, path: str, web: Any, options: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a client: attempts are counted and paid for in one place, which is not the client."""
    own = {"base_url": client.meta.endpoint_url + path, "api_key": _NO_KEY, "max_retries": 0, "http_client": web}
    return {**own, **options}
