"""Spans, by the shortest way that the tracer allows.

The SDK makes a span ready for whatever a program may do with it: a lock, checked and bounded attributes, a copy at the
end. A call's span is set once and never seen by anybody before it ends. Where all that stands between is known to do
nothing (the SDK's own tracer, processors that do not look at spans that start, no limits), the finished span is made
at once out of its parts and handed to the processors; `docs/dev/telemetry.md` has the figures. Everywhere else spans
are made by OpenTelemetry's API.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.trace import Span, Tracer

_UNSET = Status(StatusCode.UNSET)
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
        self._sdk = _sdk_of(tracer)

    def start(self, name: str, attributes: Mapping[str, Any]) -> Span | ShortSpan:
        """A span begins now, below the current one.

        Args:
            name: Its name.
            attributes: What is known of it.

        Returns:
            The span, for one call and one thread at a time.
        """
        if self._sdk is not None and self._is_plain():
            return ShortSpan.start(self._tracer, self._sdk, name, attributes)
        return self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes)

    def _is_plain(self) -> bool:
        """Whether the tracer is on and its processors, which may be added to at any time, see ended spans only."""
        processors = self._tracer.span_processor._span_processors  # noqa: SLF001  -- looked at, never changed
        if processors is not self._processors:
            if not all(_sees_ended_spans_only(processor) for processor in processors):
                return False
            self._processors = processors
        return self._tracer._is_enabled()  # noqa: SLF001


class ShortSpan:
    """What a call's span needs of `opentelemetry.trace.Span`, until it ends.

    Args:
        tracer: The SDK's tracer.
        sdk: The SDK's class of finished spans, and of events.
        name: Its name.
        context: Its ids.
        parent: Its parent's.
    """

    __slots__ = (
        "_attributes",
        "_context",
        "_events",
        "_name",
        "_parent",
        "_recording",
        "_sdk",
        "_started",
        "_status",
        "_tracer",
    )

    def __init__(self, tracer: Any, sdk: _Sdk, name: str, context: SpanContext, parent: SpanContext | None) -> None:
        self._tracer = tracer
        self._sdk = sdk
        self._name = name
        self._context = context
        self._parent = parent
        self._recording = False
        self._attributes: dict[str, Any] = {}
        self._events: list[Any] = []
        self._status = _UNSET
        self._started = time.time_ns()

    @classmethod
    def start(cls, tracer: Any, sdk: _Sdk, name: str, attributes: Mapping[str, Any]) -> ShortSpan:
        """What the SDK's tracer does when a span starts: ids, the sampler's decision, flags."""
        parent: Any = trace.get_current_span().get_span_context()
        ids = tracer.id_generator
        if parent.is_valid:
            trace_id, random = parent.trace_id, parent.trace_flags & sdk.random
        else:
            trace_id, parent = ids.generate_trace_id(), None
            random = sdk.random if sdk.random and ids.is_trace_id_random() else 0
        sampled = tracer.sampler.should_sample(None, trace_id, name, SpanKind.CLIENT, attributes, ())
        flags = TraceFlags((1 if sampled.decision.is_sampled() else 0) | random)
        context = SpanContext(trace_id, ids.generate_span_id(), False, flags, sampled.trace_state)  # noqa: FBT003
        span = cls(tracer, sdk, name, context, parent)
        if sampled.decision.is_recording():
            span._recording = True
            span._attributes.update(sampled.attributes)
        return span

    def get_span_context(self) -> SpanContext:
        """Its ids."""
        return self._context

    def is_recording(self) -> bool:
        """Whether anybody wants to know."""
        return self._recording

    def set_attribute(self, key: str, value: Any) -> None:
        """Sets one attribute; the value is of a kind that OpenTelemetry has."""
        self._attributes[key] = value

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        """Sets several."""
        self._attributes.update(attributes)

    def add_event(self, name: str, attributes: dict[str, Any], timestamp: int | None = None) -> None:
        """Adds an event."""
        self._events.append(self._sdk.event(name, attributes, timestamp))

    def set_status(self, status: Status) -> None:
        """Sets the status."""
        self._status = status

    def end(self) -> None:
        """Hands it to the processors."""
        if not self._recording:
            return
        self._recording = False
        tracer = self._tracer
        tracer.span_processor.on_end(
            self._sdk.span(
                self._name,
                self._context,
                self._parent,
                tracer.resource,
                self._attributes,
                self._events,
                (),
                SpanKind.CLIENT,
                tracer.instrumentation_info,
                self._status,
                self._started,
                time.time_ns(),
                tracer._instrumentation_scope,  # noqa: SLF001
            )
        )


class _Sdk:
    """What is taken of the SDK; the API alone has none of it."""

    __slots__ = ("event", "random", "span")

    def __init__(self) -> None:
        from opentelemetry.sdk.trace import Event, ReadableSpan

        self.span = ReadableSpan
        self.event = Event
        # Told by newer releases only.
        self.random: int = getattr(TraceFlags, "RANDOM_TRACE_ID", 0)


def _sdk_of(tracer: Any) -> _Sdk | None:
    """The SDK, if the tracer is its own, without limits or counters of its own, and all that is used of it is there."""
    try:
        from opentelemetry.sdk import trace as sdk
        from opentelemetry.sdk.trace._tracer_metrics import NoOpTracerMetrics

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
        )
        tracer._is_enabled()  # noqa: SLF001
    except (ImportError, AttributeError):
        # The API alone, another maker's tracer, or an SDK that is built in another way.
        return None
    return _Sdk() if fits else None


def _sees_ended_spans_only(processor: Any) -> bool:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

    idle = (SpanProcessor, BatchSpanProcessor, SimpleSpanProcessor)
    kind = type(processor)
    return kind.on_start in [it.on_start for it in idle] and kind._on_ending in [it._on_ending for it in idle]  # noqa: SLF001
