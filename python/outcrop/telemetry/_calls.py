"""The clients' methods with a recording around each call. A stream tells its recording natively when it ends.

What is called is what the plain methods call, so nothing that is raised can differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop import _methods
from outcrop.cross_region import _calls

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from typing_extensions import Self

    from outcrop import _native
    from outcrop.telemetry._recorder import Recorder, Recording


def traced_blocking(name: str, operation: _native.Operation, recorder: Recorder) -> Callable[..., Any]:
    """The method of a blocking client."""
    return _blocking(name, operation, recorder, _methods.blocking_call(operation), routed=False)


def traced_asynchronous(name: str, operation: _native.Operation, recorder: Recorder) -> Callable[..., Any]:
    """The method of an asynchronous client."""
    return _asynchronous(name, operation, recorder, _methods.asynchronous_call(operation), routed=False)


def routed_blocking(name: str, operation: _native.Operation, recorder: Recorder) -> Callable[..., Any]:
    """The method of a blocking router."""
    return _blocking(name, operation, recorder, _calls.blocking_call(operation), routed=True)


def routed_asynchronous(name: str, operation: _native.Operation, recorder: Recorder) -> Callable[..., Any]:
    """The method of an asynchronous router."""
    return _asynchronous(name, operation, recorder, _calls.asynchronous_call(operation), routed=True)


def _blocking(
    name: str, operation: _native.Operation, recorder: Recorder, call: Callable[..., dict[str, Any]], *, routed: bool
) -> Callable[..., Any]:
    stream = operation.stream

    def recorded(self: Any, arguments: dict[str, Any]) -> dict[str, Any]:
        recording = recorder.start(self, name, arguments, self.model if routed else None)
        trace = recording.trace(streams=stream is not None)
        try:
            response = call(self, arguments, trace)
            _begun(response, recording, trace, stream, CapturedEvents)
        except BaseException as error:
            recording.failed(error, trace)
            raise
        return response

    return _methods.method(name, recorded)


def _asynchronous(
    name: str,
    operation: _native.Operation,
    recorder: Recorder,
    call: Callable[..., Awaitable[dict[str, Any]]],
    *,
    routed: bool,
) -> Callable[..., Any]:
    stream = operation.stream

    async def recorded(self: Any, arguments: dict[str, Any]) -> dict[str, Any]:
        recording = recorder.start(self, name, arguments, self.model if routed else None)
        trace = recording.trace(streams=stream is not None)
        try:
            response = await call(self, arguments, trace)
            _begun(response, recording, trace, stream, AsyncCapturedEvents)
        except BaseException as error:
            recording.failed(error, trace)
            raise
        return response

    return _methods.async_method(name, recorded)


def _begun(
    response: dict[str, Any], recording: Recording, trace: _native.Trace, stream: str | None, captured: type[Any]
) -> None:
    """Records a whole answer, or how a stream began."""
    if stream is None:
        recording.answered(response, trace)
        return
    recording.opened(response, trace)
    if recording.wants_content:
        wrapper = response[stream]
        wrapper._events = captured(wrapper._events, recording.answer)  # noqa: SLF001  -- the package's own


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
