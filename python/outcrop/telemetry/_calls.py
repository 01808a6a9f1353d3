"""The clients' methods with a recording around each call. A stream tells its recording natively when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop._methods import wrapping
from outcrop._streams import AsyncEventStream, AsyncStreamingBody, event_stream, streaming_body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from typing_extensions import Self

    from outcrop import _native
    from outcrop.telemetry._recorder import Recorder, Recording


def traced_blocking(name: str, operation: _native.Operation, recorder: Recorder) -> Callable[..., Any]:
    """The method of a blocking client."""
    return _blocking(name, operation, recorder, _blocking_call(operation), routed=False)


def traced_asynchronous(name: str, operation: _native.Operation, recorder: Recorder) -> Callable[..., Any]:
    """The method of an asynchronous client."""
    return _asynchronous(name, operation, recorder, _asynchronous_call(operation), routed=False)


def routed_blocking(name: str, operation: _native.Operation, recorder: Recorder) -> Callable[..., Any]:
    """The method of a blocking router."""
    call = _blocking_call(operation)

    def routed(self: Any, arguments: dict[str, Any], trace: _native.Trace) -> dict[str, Any]:
        self._prepare()
        try:
            return call(self, self._next(arguments), trace)
        finally:
            if self._router.changed:
                self._tell()

    return _blocking(name, operation, recorder, routed, routed=True)


def routed_asynchronous(name: str, operation: _native.Operation, recorder: Recorder) -> Callable[..., Any]:
    """The method of an asynchronous router."""
    call = _asynchronous_call(operation)

    async def routed(self: Any, arguments: dict[str, Any], trace: _native.Trace) -> dict[str, Any]:
        await self._prepare()
        try:
            return await call(self, self._next(arguments), trace)
        finally:
            if self._router.changed:
                self._tell()

    return _asynchronous(name, operation, recorder, routed, routed=True)


def _blocking_call(operation: _native.Operation) -> Callable[..., dict[str, Any]]:
    aws_name = operation.name
    member, wrap = wrapping(operation, event_stream, streaming_body)

    def call(self: Any, arguments: dict[str, Any], trace: _native.Trace) -> dict[str, Any]:
        response = self._native.call(aws_name, arguments, trace)
        if member is not None:
            response[member] = wrap(response[member])
        return response

    return call


def _asynchronous_call(operation: _native.Operation) -> Callable[..., Awaitable[dict[str, Any]]]:
    aws_name = operation.name
    member, wrap = wrapping(operation, AsyncEventStream, AsyncStreamingBody)

    async def call(self: Any, arguments: dict[str, Any], trace: _native.Trace) -> dict[str, Any]:
        pending = self._native.start(aws_name, arguments, trace)
        try:
            response = await pending
        except BaseException:
            # Cancelled, closed or failed: in each case nobody waits for the request any more.
            pending.cancel()
            raise
        if member is not None:
            response[member] = wrap(response[member])
        return response

    return call


def _blocking(
    name: str, operation: _native.Operation, recorder: Recorder, call: Callable[..., dict[str, Any]], *, routed: bool
) -> Callable[..., Any]:
    stream = operation.stream

    def method(self: Any, *args: Any, **arguments: Any) -> dict[str, Any]:
        if args:
            raise TypeError(f"{name}() only accepts keyword arguments.")
        recording = recorder.start(self, name, arguments, self.model if routed else None)
        trace = recording.trace(streams=stream is not None)
        try:
            response = call(self, arguments, trace)
            _begun(response, recording, trace, stream, CapturedEvents)
        except BaseException as error:
            recording.failed(error, trace)
            raise
        return response

    return method


def _asynchronous(
    name: str,
    operation: _native.Operation,
    recorder: Recorder,
    call: Callable[..., Awaitable[dict[str, Any]]],
    *,
    routed: bool,
) -> Callable[..., Any]:
    stream = operation.stream

    async def method(self: Any, *args: Any, **arguments: Any) -> dict[str, Any]:
        if args:
            raise TypeError(f"{name}() only accepts keyword arguments.")
        recording = recorder.start(self, name, arguments, self.model if routed else None)
        trace = recording.trace(streams=stream is not None)
        try:
            response = await call(self, arguments, trace)
            _begun(response, recording, trace, stream, AsyncCapturedEvents)
        except BaseException as error:
            recording.failed(error, trace)
            raise
        return response

    return method


def _begun(
    response: dict[str, Any], recording: Recording, trace: _native.Trace, stream: str | None, captured: type[Any]
) -> None:
    """Records a whole answer, or how a stream began."""
    if stream is None:
        recording.answered(response, trace)
        return
    recording.opened(response, trace)
    if recording.wants_content:
        face = response[stream]
        face._events = captured(face._events, recording.answer)  # noqa: SLF001  -- the package's own


class CapturedEvents:
    """A stream's events, which are kept for its span, too.

    Args:
        events: The native iterator.
        kept: Where they are kept.
    """

    def __init__(self, events: _native.EventIterator, kept: list[Any]) -> None:
        self._events = events
        self._kept = kept

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> dict[str, Any]:
        event = next(self._events)
        self._kept.append(event)
        return event

    def close(self) -> None:
        """Ends the request."""
        self._events.close()


class AsyncCapturedEvents:
    """The same for `async for`.

    Args:
        events: The native iterator.
        kept: Where they are kept.
    """

    def __init__(self, events: _native.AsyncEventIterator, kept: list[Any]) -> None:
        self._events = events
        self._kept = kept

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> dict[str, Any]:
        event = await anext(self._events)
        self._kept.append(event)
        return event

    def close(self) -> None:
        """Ends the request."""
        self._events.close()
