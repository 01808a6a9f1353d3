"""A call's span where OpenTelemetry's SDK lets it be made at once; `_spans` decides whether it does."""

from __future__ import annotations

import time
from random import getrandbits
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, DEFAULT_ON
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from outcrop.telemetry._propagation import traceparent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context

#: Samplers that take every span whose parent, if it has one, was taken.
_ALWAYS = (DEFAULT_ON, ALWAYS_ON)
# Told by newer releases only.
_RANDOM: int = getattr(TraceFlags, "RANDOM_TRACE_ID", 0)
_FLAGS = [TraceFlags(value) for value in range(256)]


class ShortSpan(ReadableSpan):
    """What a call's span needs of `opentelemetry.trace.Span` until it ends, and what processors are given then.

    One object from start to end; what most spans have in common stands in the class.

    Args:
        tracer: The SDK's tracer.
        name: Its name.
        context: Its ids.
        header: The same as W3C's header has them, unless there is a trace state to go beside it.
    """

    _parent = None
    _kind = SpanKind.CLIENT
    _events: Any = ()
    _links = ()
    _status = Status(StatusCode.UNSET)
    _end_time = None
    _recording = False

    def __init__(self, tracer: Any, name: str, context: SpanContext, header: str | None) -> None:
        self._tracer = tracer
        self._name = name
        self._context = context
        #: W3C's `traceparent`; the ids are at hand here, and asking the context for each costs a call.
        self.header = header
        self._attributes: Mapping[str, Any] = {}
        self._start_time = time.time_ns()

    @classmethod
    def start(cls, tracer: Any, name: str, attributes: Mapping[str, Any], current: Context) -> ShortSpan:
        """What the SDK's tracer does when a span starts: ids, the sampler's decision, flags."""
        # A context with nothing in it has no span, and asking for it costs as much as the ids.
        parent: Any = trace.get_current_span(current).get_span_context() if current else None
        ids, sampler = tracer.id_generator, tracer.sampler
        # What draws its numbers from `random` is not asked for them.
        drawn = type(ids) is RandomIdGenerator
        if parent is not None and parent.is_valid:
            trace_id, random = parent.trace_id, parent.trace_flags & _RANDOM
        else:
            parent = None
            trace_id = (drawn and getrandbits(128)) or ids.generate_trace_id()
            random = _RANDOM if _RANDOM and (drawn or ids.is_trace_id_random()) else 0
        if sampler in _ALWAYS and (parent is None or parent.trace_flags.sampled):
            recording, sampled, chosen = True, TraceFlags.SAMPLED, attributes
            state = parent.trace_state if parent else None
        else:
            said = sampler.should_sample(current, trace_id, name, SpanKind.CLIENT, attributes, ())
            recording, state, chosen = said.decision.is_recording(), said.trace_state, said.attributes
            sampled = TraceFlags.SAMPLED if said.decision.is_sampled() else 0
        span_id = (drawn and getrandbits(64)) or ids.generate_span_id()
        flags = _FLAGS[sampled | random]
        context = SpanContext(trace_id, span_id, is_remote=False, trace_flags=flags, trace_state=state)
        header = None if state else traceparent(trace_id, span_id, flags)
        span = cls(tracer, name, context, header)
        if parent is not None:
            span._parent = parent
        if recording:
            span._recording = True
            span._attributes = chosen
        return span

    def is_recording(self) -> bool:
        """Whether anybody wants to know."""
        return self._recording

    def set_attribute(self, key: str, value: Any) -> None:
        """Sets one attribute; the value is of a kind that OpenTelemetry has."""
        self.set_attributes({key: value})

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        """Sets several. Those that it began with are other spans', too."""
        self._attributes = {**self._attributes, **attributes}

    def add_event(self, name: str, attributes: dict[str, Any], timestamp: int | None = None) -> None:
        """Adds an event."""
        self._events = (*self._events, Event(name, attributes, timestamp))

    def set_status(self, status: Status) -> None:
        """Sets the status."""
        self._status = status

    def end(self) -> None:
        """Hands it to the processors."""
        if not self._recording:
            return
        self._recording = False
        self._end_time = time.time_ns()
        tracer = self._tracer
        self._resource = tracer.resource
        self._instrumentation_info = tracer.instrumentation_info
        self._instrumentation_scope = tracer._instrumentation_scope  # noqa: SLF001
        # A span that waits to be exported need not hold what made it.
        del self._tracer, self.header
        tracer.span_processor.on_end(self)


#: What the SDK keeps of a span that has ended, and so reads of this one.
FIELDS = {
    "_name",
    "_context",
    "_parent",
    "_resource",
    "_attributes",
    "_events",
    "_links",
    "_kind",
    "_instrumentation_info",
    "_status",
    "_start_time",
    "_end_time",
    "_instrumentation_scope",
}
