"""Switching telemetry on and off, by exchanging the clients' methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop import _clients
from outcrop._methods import add_methods
from outcrop.cross_region import AsyncCrossRegion, CrossRegion

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

#: What the methods were before, to be put back.
_plain: dict[tuple[type[Any], str], Any] = {}


def instrument(
    *,
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
    capture_content: bool = False,
) -> None:
    """Makes a span and metrics of every call to a model from here on, whichever client, router or batch makes it.

    A span is of kind CLIENT and ends with the answer, of a stream with its last event. The trace's context goes along
    in headers. Calling it again changes the providers.

    Args:
        tracer_provider: Where spans go; OpenTelemetry's global provider by default.
        meter_provider: Where metrics go; the global provider by default.
        capture_content: Whether prompts and answers are put into the spans, as JSON.

    Raises:
        ImportError: opentelemetry-api is not installed.

    Example:
        >>> from opentelemetry.sdk.trace import TracerProvider
        >>> instrument(tracer_provider=TracerProvider())
        >>> uninstrument()
    """
    try:
        from outcrop.telemetry import _calls
        from outcrop.telemetry._recorder import Recorder
    except ImportError as error:
        message = "opentelemetry-api is not installed: it comes with `pip install 'outcrop[otel]'`"
        raise ImportError(message) from error
    recorder = Recorder(tracer_provider, meter_provider, capture_content=capture_content)
    _exchange(_clients.BedrockRuntimeClient, lambda name, it: _calls.traced_blocking(name, it, recorder))
    _exchange(_clients.AsyncBedrockRuntimeClient, lambda name, it: _calls.traced_asynchronous(name, it, recorder))
    _exchange(CrossRegion, lambda name, it: _calls.routed_blocking(name, it, recorder), routed=True)
    _exchange(AsyncCrossRegion, lambda name, it: _calls.routed_asynchronous(name, it, recorder), routed=True)
    setattr(_clients.BaseClient, "_recorder", recorder)  # noqa: B010  -- the stub shows what users may see


def uninstrument() -> None:
    """Puts the plain methods back. Streams that are open keep their spans to their end."""
    for (cls, name), plain in _plain.items():
        setattr(cls, name, plain)
    _plain.clear()
    setattr(_clients.BaseClient, "_recorder", None)  # noqa: B010  -- as above


def _exchange(cls: Any, make: Any, *, routed: bool = False) -> None:
    operations = {name: operation for name, operation in cls._table.operations.items() if operation.generates}
    for name in operations:
        _plain.setdefault((cls, name), vars(cls)[name])
    add_methods(cls, make, operations, routed=routed)
