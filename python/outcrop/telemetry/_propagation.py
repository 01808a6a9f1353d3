"""The trace's context as headers of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import baggage, propagate, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.propagators.textmap import TextMapPropagator
    from opentelemetry.trace import Span, SpanContext

    from outcrop.telemetry._short_span import ShortSpan


class Propagation:
    """Writes the headers of W3C's trace context itself where that is what is configured; asks the propagator otherwise.

    A propagator may be exchanged at any time, so each call looks whether it is still the one known.
    """

    def __init__(self) -> None:
        self._known: TextMapPropagator | None = None
        self._plain = False

    def headers(self, span: Span | ShortSpan, current: Context) -> list[tuple[str, str]]:
        """The headers of a request that belongs to a span.

        Args:
            span: The span.
            current: The context in which it began, which may have baggage.

        Returns:
            Names and values.
        """
        propagator = propagate.get_global_textmap()
        if propagator is not self._known:
            self._known, self._plain = propagator, _is_plain(propagator)
        plain = self._plain and not (current and baggage.get_all(current))
        if plain and (header := getattr(span, "header", None)):
            return [("traceparent", header)]
        context: Any = span.get_span_context()
        if plain:
            return _trace_context(context)
        carrier: dict[str, str] = {}
        propagate.inject(carrier, trace.set_span_in_context(trace.NonRecordingSpan(context), current))
        return list(carrier.items())


def traceparent(trace_id: int, span_id: int, flags: int) -> str:
    """The value of W3C's header of this name.

    Args:
        trace_id: 128 bits.
        span_id: 64 bits.
        flags: The trace's flags, 8 bits.
    """
    return f"00-{trace_id:032x}-{span_id:016x}-{flags:02x}"


def _trace_context(context: SpanContext) -> list[tuple[str, str]]:
    if not context.is_valid:
        return []
    parent = traceparent(context.trace_id, context.span_id, context.trace_flags)
    if context.trace_state:
        return [("traceparent", parent), ("tracestate", context.trace_state.to_header())]
    return [("traceparent", parent)]


def _is_plain(propagator: TextMapPropagator) -> bool:
    """Whether it is OpenTelemetry's default: trace context and baggage, as their own classes write them."""
    parts = getattr(propagator, "_propagators", [propagator])
    kinds = [type(part) for part in parts]
    return TraceContextTextMapPropagator in kinds and set(kinds) <= {
        TraceContextTextMapPropagator,
        W3CBaggagePropagator,
    }
