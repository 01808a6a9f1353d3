"""The clients' methods with a recording around each call, and around each stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop._methods import wrapping
from outcrop._streams import AsyncEventStream, AsyncStreamingBody, event_stream, streaming_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from outcrop import _native
    from outcrop.telemetry._recorder import Recorder, Recording


def traced_blocking(name: str, operation: _native.Operation, recorder: Recorder) -> Callable[..., Any]:
    """The method of a blocking client."""
    aws_name = operation.name
    member, wrap = wrapping(operation, event_stream, streaming_body)
    streams = operation.stream is not None

    def method(self: Any, *args: Any, **arguments: Any) -> dict[str, Any]:
        if args:
            raise TypeError(f"{name}() only accepts keyword arguments.")
        recording = recorder.start(self, name, arguments)
        try:
            response = self._native.call(aws_name, arguments, recording.headers())
            if member is not None:
                content = response[member]
                response[member] = wrap(RecordedEvents(content, recording) if streams else content)
            recording.answered(response)
        except BaseException as error:
            recording.failed(error)
            raise
        if not streams:
            recording.end()
        return response

    return method


def traced_asynchronous(name: str, operation: _native.Operation, recorder: Recorder) -> Callable[..., Any]:
    """The method of an asynchronous client."""
    aws_name = operation.name
    member, wrap = wrapping(operation, AsyncEventStream, AsyncStreamingBody)
    streams = operation.stream is not None

    async def method(self: Any, *args: Any, **arguments: Any) -> dict[str, Any]:
        if args:
            raise TypeError(f"{name}() only accepts keyword arguments.")
        recording = recorder.start(self, name, arguments)
        try:
            pending = self._native.start(aws_name, arguments, recording.headers())
            try:
                response = await pending
            except BaseException:
                # Cancelled, closed or failed: in each case nobody waits for the request any more.
                pending.cancel()
                raise
            if member is not None:
                content = response[member]
                response[member] = wrap(AsyncRecordedEvents(content, recording) if streams else content)
            recording.answered(response)
        except BaseException as error:
            recording.failed(error)
            raise
        if not streams:
            recording.end()
        return response

    return method


class RecordedEvents:
    """A native iterator whose events are recorded. Closing it, or letting go of it, ends the recording."""

    def __init__(self, events: _native.EventIterator, recording: Recording) -> None:
        self._events = events
        self._recording = recording

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> dict[str, Any]:
        try:
            event = next(self._events)
        except StopIteration:
            self._recording.end()
            raise
        except BaseException as error:
            self._recording.failed(error)
            raise
        self._recording.arrived(event)
        return event

    def close(self) -> None:
        """Ends the request and the recording."""
        self._events.close()
        self._recording.end()

    def __del__(self) -> None:
        self._recording.end()


class AsyncRecordedEvents:
    """The same for `async for`."""

    def __init__(self, events: _native.AsyncEventIterator, recording: Recording) -> None:
        self._events = events
        self._recording = recording

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> dict[str, Any]:
        try:
            event = await anext(self._events)
        except StopAsyncIteration:
            self._recording.end()
            raise
        except BaseException as error:
            self._recording.failed(error)
            raise
        self._recording.arrived(event)
        return event

    def close(self) -> None:
        """Ends the request and the recording."""
        self._events.close()
        self._recording.end()

    def __del__(self) -> None:
        self._recording.end()
