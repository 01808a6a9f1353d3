"""Spans, by the shortest way that the tracer allows.

The SDK makes a span ready for whatever a program may do with it: a lock, checked and bounded attributes, a copy at the
end. A call's span is set once and never seen by anybody before it ends. Where all that stands between is known to do
nothing (the SDK's own tracer, processors that do not look at spans that start, no limits), one object is the span from
its start to what the processors get; `docs/dev/telemetry.md` has the figures. Everywhere else spans are made by
OpenTelemetry's API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.trace import SpanKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context
    from opentelemetry.trace import Span, Tracer

    from outcrop.telemetry._short_span import ShortSpan

#: More than a call's span ever has.
_MOST_ATTRIBUTES = 64


class Spans:
    """Makes the spans of one tracer.

    Args:
        tracer: The tracer.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer: Any = tracer
        self._processors: Any = None
        self._short = _short_for(tracer)

    def start(self, name: str, attributes: Mapping[str, Any], current: Context) -> Span | ShortSpan:
        """A span begins now.

        Args:
            name: Its name.
            attributes: What is known of it.
            current: The context that is current, with its parent if it has one.

        Returns:
            The span, for one call and one thread at a time.
        """
        if self._short is not None and self._is_plain():
            return self._short.start(self._tracer, name, attributes, current)
        return self._tracer.start_span(name, current, SpanKind.CLIENT, attributes)

    def _is_plain(self) -> bool:
        """Whether the tracer is on and its processors, which may be added to at any time, see ended spans only."""
        processors = self._tracer.span_processor._span_processors  # noqa: SLF001  -- looked at, never changed
        if processors is not self._processors:
            if not all(_sees_ended_spans_only(processor) for processor in processors):
                return False
            self._processors = processors
        return self._tracer._is_enabled()  # noqa: SLF001


def _short_for(tracer: Any) -> type[ShortSpan] | None:
    """The short way, if the tracer is the SDK's, has no limits or counters, and all that is used of it is there."""
    try:
        from opentelemetry.sdk import trace as sdk
        from opentelemetry.sdk.trace._tracer_metrics import NoOpTracerMetrics

        from outcrop.telemetry._short_span import FIELDS, ShortSpan

        limits = tracer._span_limits  # noqa: SLF001
        fits = (
            type(tracer) is sdk.Tracer
            and type(tracer.span_processor) is sdk.SynchronousMultiSpanProcessor
            and isinstance(tracer._tracer_metrics, NoOpTracerMetrics)  # noqa: SLF001
            and limits.max_span_attribute_length is None
            and limits.max_attribute_length is None
            and all(
                most is None or most >= _MOST_ATTRIBUTES
                for most in (limits.max_span_attributes, limits.max_event_attributes, limits.max_events)
            )
            and tracer._instrumentation_scope is not None  # noqa: SLF001
            and isinstance(tracer.span_processor._span_processors, tuple)  # noqa: SLF001
            and set(vars(sdk.ReadableSpan(""))) == FIELDS
        )
        tracer._is_enabled()  # noqa: SLF001
    except (ImportError, AttributeError):
        # The API alone, another maker's tracer, or an SDK that is built in another way.
        return None
    return ShortSpan if fits else None


def _sees_ended_spans_only(processor: Any) -> bool:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

    idle = (SpanProcessor, BatchSpanProcessor, SimpleSpanProcessor)
    kind = type(processor)
    return kind.on_start in [it.on_start for it in idle] and kind._on_ending in [it._on_ending for it in idle]  # noqa: SLF001
