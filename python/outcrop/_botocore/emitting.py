"""A native client with botocore's events around its calls: what a client has in its place once somebody listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop import _credentials, _streams
from outcrop._botocore.emission import Emission, Emitter

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from botocore.hooks import BaseEventHooks, EventAliaser

    from outcrop import _native


def listen(client: Any) -> BaseEventHooks:
    """Give a client events, and return the emitter at which handlers are registered.

    Args:
        client: One that has none. Its calls from here on emit them.
    """
    from botocore.handlers import generate_idempotent_uuid
    from botocore.hooks import EventAliaser, HierarchicalEmitter

    events = EventAliaser(HierarchicalEmitter())
    # Otherwise tokens were made natively, and handlers would not see what is sent.
    events.register("before-parameter-build", generate_idempotent_uuid)
    client._native = Emitting(client._native, events, client.meta)  # noqa: SLF001  -- the clients' own room
    return events


class Emitting:
    """A native client whose calls emit events: on the caller's thread, or in its task.

    Args:
        native: The native client, or what stands for it.
        events: botocore's emitter, at which handlers are registered.
        meta: The client's `meta`.
    """

    def __init__(self, native: Any, events: EventAliaser, meta: Any) -> None:
        from botocore.signers import RequestSigner

        self.native, self.meta = native, meta
        self.emitter = Emitter(events, meta)
        service = meta.service_model
        #: For handlers that look at it. It has no credentials: calls are signed natively.
        self.signer = RequestSigner(service.service_id, meta.region_name, service.signing_name, "v4", None, events)

    def __getattr__(self, name: str) -> Any:
        """Every other attribute is the native client's."""
        return getattr(self.native, name)

    def call(self, operation: str, arguments: dict[str, Any], trace: _native.Trace | None = None) -> dict[str, Any]:
        """Make a call and wait for its answer."""
        emission = Emission(self, operation, arguments)
        if emission.answer is not None:
            return emission.answered()
        try:
            answer = self.native.call(operation, emission.arguments, emission.trace(trace))
        except Exception as error:
            emission.failed(error)
            raise
        return emission.succeeded(_wrapped(answer, _streams.event_stream, _streams.streaming_body))

    def start(self, operation: str, arguments: dict[str, Any], trace: _native.Trace | None = None) -> Starting:
        """A call that starts now, and is awaited once."""
        return Starting(self, operation, arguments, trace)

    def calls(self) -> EmittingCalls:
        """Many calls under way at once."""
        return EmittingCalls(self)


class Starting:
    """A call to be awaited once, with the events around it."""

    def __init__(
        self, client: Emitting, operation: str, arguments: dict[str, Any], trace: _native.Trace | None
    ) -> None:
        self._emission = emission = Emission(client, operation, arguments)
        self._pending = None
        if emission.answer is None:
            try:
                self._pending = client.native.start(operation, emission.arguments, emission.trace(trace))
            except Exception as error:
                emission.failed(error)
                raise

    def __await__(self) -> Generator[Any, Any, dict[str, Any]]:
        if self._pending is None:
            return self._emission.answered()
        try:
            answer = yield from self._pending.__await__()
        except Exception as error:
            self._emission.failed(error)
            raise
        return self._emission.succeeded(_wrapped(answer, _streams.async_event_stream, _streams.async_streaming_body))

    def cancel(self) -> None:
        """End the request, if it has begun."""
        if self._pending is not None:
            self._pending.cancel()


class EmittingCalls:
    """`_native.Calls` with the events around each of them, on the thread that starts them and takes their results."""

    def __init__(self, client: Emitting) -> None:
        self._client = client
        self._calls = _credentials.calls(client.native)
        self._emissions: dict[int, Emission] = {}
        self._answered: list[tuple[int, Any]] = []

    def start(self, number: int, operation: str, arguments: dict[str, Any], trace: _native.Trace | None = None) -> None:
        """Start a call; `take` gives its result under this number."""
        emission = Emission(self._client, operation, arguments)
        if emission.answer is not None:
            self._answered.append((number, emission.answered()))
            return
        try:
            self._calls.start(number, operation, emission.arguments, emission.trace(trace))
        except Exception as error:
            emission.failed(error)
            raise
        self._emissions[number] = emission

    def take(self, timeout: float | None = None) -> tuple[int, Any] | None:
        """Wait for the next call that ends."""
        if self._answered:
            return self._answered.pop(0)
        taken = self._calls.take(timeout)
        if taken is None:
            return None
        number, result = taken
        emission = self._emissions.pop(number)
        try:
            if isinstance(result, Exception):
                emission.failed(result)
            elif isinstance(result, dict):
                result = emission.succeeded(_wrapped(result, _streams.event_stream, _streams.streaming_body))
        except Exception as error:  # noqa: BLE001  -- a handler's error is the result of its call
            result = error
        return number, result

    def close(self) -> None:
        """End what is under way."""
        self._emissions.clear()
        self._calls.close()


def _wrapped(answer: dict[str, Any], stream: Callable[[Any], Any], body: Callable[[Any], Any]) -> dict[str, Any]:
    """Give the caller's forms to what handlers are to see in them."""
    for name in ("stream", "body"):
        if name in answer:
            answer[name] = body(stream(answer[name]))
    return answer
