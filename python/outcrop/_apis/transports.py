"""Transports, but for the classes of the HTTP library: these come from `outcrop.httpx2` or `outcrop.httpx`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from outcrop import exceptions
from outcrop._apis import answers, carrying

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

_VERSION = b"HTTP/1.1"


class _Common:
    """What both kinds know: the library's module, and its classes of streams."""

    library: ClassVar[Any]
    stream: ClassVar[Any]

    _client: Any
    _anthropic_version: str | None

    def __repr__(self) -> str:
        """What carries the requests."""
        return f"{type(self).__name__}({self._client!r})"

    def _whole(self, answer: answers.Answer, request: Any) -> Any:
        # Unread, as from any transport: whoever asked for the answer in pieces is to find it open.
        return self.library.Response(
            answer.status,
            headers=answer.headers,
            stream=self.library.ByteStream(answer.body),
            request=request,
            extensions={"http_version": _VERSION, "outcrop": answer.metadata},
        )

    def _begun(self, response: dict[str, Any], request: Any) -> Any:
        """The answer of a call that went well."""
        metadata, body = response["ResponseMetadata"], response["body"]
        if isinstance(body, bytes):
            headers = answers.head(metadata)
            return self._whole(answers.Answer(metadata["HTTPStatusCode"], headers, body, metadata), request)
        headers = [(name, value) for name, value in answers.head(metadata) if name != "content-length"]
        return self.library.Response(
            metadata["HTTPStatusCode"],
            headers=headers,
            stream=self.stream(body, self.library),
            request=request,
            extensions={"http_version": _VERSION, "outcrop": metadata},
        )

    def _failed(self, error: Exception, request: Any) -> Any:
        """The answer in place of an error that these clients would take for a reason to try again."""
        if isinstance(error, exceptions.CancelledCallError):
            raise self.library.ReadError(str(error), request=request) from error
        answer = answers.refused(error, request.url.path)
        return None if answer is None else self._whole(answer, request)


class SyncCarrier(_Common):
    """A transport of blocking clients."""

    def __init__(self, client: Any, *, anthropic_version: str | None = None) -> None:
        self._client = carrying.sync_one(client)
        self._anthropic_version = anthropic_version

    def handle_request(self, request: Any) -> Any:
        """Send a request, and give its answer: whole, or a stream that has begun."""
        arguments = carrying.laid_out(request, request.read(), self._anthropic_version)
        try:
            response = carrying.send(self._client, arguments)
        except (exceptions.OutcropError, ValueError) as error:
            if (answer := self._failed(error, request)) is None:
                raise
            return answer
        return self._begun(response, request)


class AsyncCarrier(_Common):
    """A transport of asynchronous clients, bound to no event loop."""

    def __init__(self, client: Any, *, anthropic_version: str | None = None) -> None:
        self._client = carrying.async_one(client)
        self._anthropic_version = anthropic_version

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request, and give its answer: whole, or a stream that has begun."""
        arguments = carrying.laid_out(request, await request.aread(), self._anthropic_version)
        try:
            response = await carrying.send_async(self._client, arguments)
        except (exceptions.OutcropError, ValueError) as error:
            if (answer := self._failed(error, request)) is None:
                raise
            return answer
        return self._begun(response, request)


class SyncEvents:
    """The bytes of a stream, event by event. Closing it ends the request."""

    def __init__(self, events: Any, library: Any) -> None:
        self._events = events
        self._library = library

    def __iter__(self) -> Iterator[bytes]:
        """The events as they came."""
        try:
            yield from self._events
        except exceptions.EventStreamError as error:
            # The clients know what to make of it.
            yield _sent(error)
        except exceptions.OutcropError as error:
            raise _broken(error, self._library) from error

    def close(self) -> None:
        """End the request."""
        self._events.close()


class AsyncEvents:
    """The same for `async for`."""

    def __init__(self, events: Any, library: Any) -> None:
        self._events = events
        self._library = library

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The events as they came."""
        try:
            async for event in self._events:
                yield event
        except exceptions.EventStreamError as error:
            yield _sent(error)
        except exceptions.OutcropError as error:
            raise _broken(error, self._library) from error

    async def aclose(self) -> None:
        """End the request."""
        self._events.close()


def _sent(error: exceptions.EventStreamError) -> bytes:
    body: Any = error.response.get("body", b"")
    return body


def _broken(error: Exception, library: Any) -> Exception:
    late = isinstance(error, exceptions.ReadTimeoutError)
    return (library.ReadTimeout if late else library.ReadError)(str(error))
