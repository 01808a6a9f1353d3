"""The bodies and streams of answers, in boto3's forms."""

from __future__ import annotations

import io
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from outcrop import _greenlets, _native, exceptions
from outcrop._siblings import dressed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from typing_extensions import Self

Event = TypeVar("Event")
"""What a stream brings: a `ConverseStreamOutput`, or a `ResponseStream` of an InvokeModel."""


class EventStream(Generic[Event]):
    """The events of an answer, to be iterated once. Closing it, or leaving its `with` block, ends the request.

    Args:
        events: The native iterator.
    """

    def __init__(self, events: _native.EventIterator | _greenlets.Events) -> None:
        self._events = events

    def __repr__(self) -> str:
        """How it is read."""
        return "<EventStream: for event in it, once; close() ends the request>"

    def _repr_html_(self) -> str:
        """How it is read; reading it here would leave nothing for who asked."""
        return _how_read("EventStream", "for event in it, once")

    def __iter__(self) -> Iterator[Event]:
        """The events that have not been read."""
        return cast("Iterator[Event]", self._events)

    def __enter__(self) -> Self:
        """The stream itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the request."""
        self.close()

    def close(self) -> None:
        """End the request; what has not been read is gone. Any thread may call it, and more than once."""
        self._events.close()


class AsyncEventStream(Generic[Event]):
    """The events of an answer, for `async for`, once. Closing it, or leaving its `async with` block, ends the request.

    Args:
        events: The native iterator.
    """

    def __init__(self, events: _native.AsyncEventIterator) -> None:
        self._events = events

    def __repr__(self) -> str:
        """How it is read."""
        return "<AsyncEventStream: async for event in it, once; close() ends the request>"

    def _repr_html_(self) -> str:
        """How it is read; reading it here would leave nothing for who asked."""
        return _how_read("AsyncEventStream", "async for event in it, once")

    def __aiter__(self) -> AsyncIterator[Event]:
        """The events that have not been read."""
        return cast("AsyncIterator[Event]", self._events)

    async def __aenter__(self) -> Self:
        """The stream itself."""
        return self

    async def __aexit__(self, *error: object) -> None:
        """End the request."""
        self.close()

    async def aclose(self) -> None:
        """End the request; what has not been read is gone."""
        self.close()

    def close(self) -> None:
        """The same, without waiting for anything."""
        self._events.close()


class StreamingBody(io.IOBase):
    """The body of an `invoke_model` answer. It is here already, so reading it cannot fail.

    Args:
        content: The bytes.
    """

    _chunk = 1024

    def __init__(self, content: bytes) -> None:
        self._raw_stream = io.BytesIO(content)
        self._content_length = len(content)
        self._amount_read = 0

    @property
    def content(self) -> bytes:
        """All of it, whatever has been read."""
        return self._raw_stream.getvalue()

    def readable(self) -> bool:
        """Whether it is open."""
        return not self._raw_stream.closed

    def read(self, amt: int | None = None) -> bytes:
        """Read at most `amt` bytes, or all that are left.

        Args:
            amt: How many bytes.

        Returns:
            The bytes; none at the end.

        Raises:
            IncompleteReadError: The body was closed before it was read.
        """
        if self._raw_stream.closed:
            raise dressed(exceptions.IncompleteReadError)(
                actual_bytes=self._amount_read, expected_bytes=self._content_length
            )
        content = self._raw_stream.read(amt)
        self._amount_read += len(content)
        return content

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer.

        Args:
            buffer: A writable buffer.

        Returns:
            How many bytes there were.
        """
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def readlines(self, hint: int = -1) -> list[bytes]:
        """All lines that are left, each with its end.

        Args:
            hint: Stop after about so many bytes.

        Returns:
            The lines.
        """
        lines = self._raw_stream.readlines(hint)
        self._amount_read += sum(map(len, lines))
        return lines

    def tell(self) -> int:
        """How many bytes have been read."""
        return self._amount_read

    def __iter__(self) -> Iterator[bytes]:
        """Chunks of 1 KiB, as boto3 has it."""
        return self.iter_chunks(self._chunk)

    def __next__(self) -> bytes:
        """The next chunk of 1 KiB."""
        if chunk := self.read(self._chunk):
            return chunk
        raise StopIteration

    def __enter__(self) -> Self:
        """The body itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it."""
        self.close()

    def iter_chunks(self, chunk_size: int = _chunk) -> Iterator[bytes]:
        """Chunks of a size.

        Args:
            chunk_size: In bytes.

        Yields:
            The chunks; the last may be shorter.
        """
        while chunk := self.read(chunk_size):
            yield chunk

    def iter_lines(self, chunk_size: int = _chunk, keepends: bool = False) -> Iterator[bytes]:  # noqa: FBT001, FBT002  -- boto3's
        """The lines.

        Args:
            chunk_size: Accepted as boto3 has it; the content is here already.
            keepends: Whether lines keep their ends.

        Yields:
            Line by line.
        """
        del chunk_size
        yield from self.read().splitlines(keepends)

    def set_socket_timeout(self, timeout: float) -> None:
        """Accepted as boto3 has it; there is no socket to wait for any more.

        Args:
            timeout: In seconds.
        """

    def close(self) -> None:
        """Let go of the bytes."""
        self._raw_stream.close()


class AsyncStreamingBody:
    """The body of an `invoke_model` answer of an async client.

    Args:
        content: The bytes.
    """

    def __init__(self, content: bytes) -> None:
        self._body = StreamingBody(content)

    @property
    def content(self) -> bytes:
        """All of it, whatever has been read."""
        return self._body.content

    async def read(self, amt: int | None = None) -> bytes:
        """Read at most `amt` bytes, or all that are left.

        Args:
            amt: How many bytes.

        Returns:
            The bytes; none at the end.
        """
        return self._body.read(amt)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Chunks of 1 KiB."""
        for chunk in self._body:
            yield chunk

    async def iter_chunks(self, chunk_size: int = 1024) -> AsyncIterator[bytes]:
        """Chunks of a size.

        Args:
            chunk_size: In bytes.

        Yields:
            The chunks; the last may be shorter.
        """
        for chunk in self._body.iter_chunks(chunk_size):
            yield chunk

    async def iter_lines(self, chunk_size: int = 1024, keepends: bool = False) -> AsyncIterator[bytes]:  # noqa: FBT001, FBT002  -- aiobotocore's
        """The lines.

        Args:
            chunk_size: Accepted as aiobotocore has it.
            keepends: Whether lines keep their ends.

        Yields:
            Line by line.
        """
        for line in self._body.iter_lines(chunk_size, keepends):
            yield line

    async def __aenter__(self) -> Self:
        """The body itself."""
        return self

    async def __aexit__(self, *error: object) -> None:
        """Close it."""
        self.close()

    async def aclose(self) -> None:
        """Let go of the bytes."""
        self.close()

    def close(self) -> None:
        """The same, without waiting for anything."""
        self._body.close()


def event_stream(events: Any) -> Any:
    """A stream of native events; botocore's too where botocore is imported, for tools that ask for its class.

    Args:
        events: The native iterator. Anything else is given back: what a handler of botocore's events gave in its place.
    """
    if not isinstance(events, (_native.EventIterator, _greenlets.Events)):
        return events
    module = sys.modules.get("botocore.eventstream")
    return (EventStream if module is None else _also(EventStream, module.EventStream))(events)


def streaming_body(content: Any) -> Any:
    """A body of bytes, in the same way."""
    if not isinstance(content, bytes):
        return content
    module = sys.modules.get("botocore.response")
    return (StreamingBody if module is None else _also(StreamingBody, module.StreamingBody))(content)


def async_event_stream(events: Any) -> Any:
    """A stream of native events for `async for`; anything else is given back."""
    return AsyncEventStream(events) if isinstance(events, _native.AsyncEventIterator) else events


def async_streaming_body(content: Any) -> Any:
    """A body of bytes to be awaited; anything else is given back."""
    return AsyncStreamingBody(content) if isinstance(content, bytes) else content


@cache
def _also(cls: type[Any], sibling: type[Any]) -> type[Any]:
    return type(cls.__name__, (cls, sibling), {"__module__": cls.__module__, "__doc__": cls.__doc__})


def _how_read(kind: str, loop: str) -> str:
    from outcrop._tables import Table

    return Table(kind, ("", ""), [("read by", loop), ("ended by", "close(), or the end of its with block")]).to_html()
