"""The short way to a span gives what OpenTelemetry's API gives, and is left where anybody could tell."""

from __future__ import annotations

import json
from typing import Any

import pytest
from opentelemetry import baggage, context, propagate, trace
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.sdk.trace import IdGenerator, SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    ALWAYS_ON,
    DEFAULT_ON,
    Decision,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from outcrop.telemetry._propagation import Propagation
from outcrop.telemetry._short_span import ShortSpan
from outcrop.telemetry._spans import Spans

NOTHING = context.Context()
ATTRIBUTES = {"gen_ai.request.model": "m", "server.port": 443, "gen_ai.request.temperature": 0.5}


class LooksAtStart(SpanProcessor):
    def on_start(self, span: Any, parent_context: Any = None) -> None:
        span.set_attribute("seen", True)


def provider(**options: Any) -> tuple[TracerProvider, InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    made = TracerProvider(shutdown_on_exit=False, **options)
    made.add_span_processor(SimpleSpanProcessor(exporter))
    return made, exporter


def play(span: Any) -> None:
    span.set_attribute("one", "1")
    span.set_attributes({"gen_ai.response.finish_reasons": ("end_turn",), "gen_ai.usage.input_tokens": 3})
    span.add_event("attempt", {"cloud.region": "us-east-1", "outcrop.attempt.number": 1}, 1_700_000_000_000_000_000)
    span.set_status(Status(StatusCode.ERROR, None))
    span.end()


def comparable(span: Any) -> dict[str, Any]:
    found = json.loads(span.to_json())
    for changing in ("start_time", "end_time"):
        assert found.pop(changing)
    found["context"].pop("span_id")
    found["context"].pop("trace_id")
    return found


REMOTE = SpanContext(7, 8, is_remote=True, trace_flags=TraceFlags(1), trace_state=TraceState([("a", "b")]))
LOCAL = SpanContext(7, 8, is_remote=False, trace_flags=TraceFlags(3))


@pytest.mark.parametrize("sampler", [DEFAULT_ON, ALWAYS_ON, ParentBased(ALWAYS_ON)], ids=["default", "always", "own"])
@pytest.mark.parametrize("parent", [None, REMOTE, LOCAL], ids=["root", "remote parent", "local parent"])
def test_both_ways_export_the_same(parent: SpanContext | None, sampler: Sampler) -> None:
    made, exporter = provider(sampler=sampler)
    tracer = made.get_tracer("t", "1", "https://example.org/schema")
    token = context.attach(trace.set_span_in_context(NonRecordingSpan(parent))) if parent else None
    try:
        span = Spans(tracer).start("chat m", ATTRIBUTES, context.get_current())
        assert isinstance(span, ShortSpan)
        play(span)
        play(tracer.start_span("chat m", kind=SpanKind.CLIENT, attributes=ATTRIBUTES))
    finally:
        if token:
            context.detach(token)
    ours, theirs = exporter.get_finished_spans()
    assert comparable(ours) == comparable(theirs)
    assert ours.context.trace_flags == theirs.context.trace_flags
    assert ours.context.trace_state == theirs.context.trace_state
    assert ours.instrumentation_scope == theirs.instrumentation_scope
    assert ours.resource == theirs.resource
    assert (ours.dropped_attributes, ours.dropped_events, ours.dropped_links) == (0, 0, 0)
    assert ours.start_time <= ours.end_time <= theirs.end_time
    if parent:
        assert ours.context.trace_id == parent.trace_id
        assert ours.parent.span_id == parent.span_id


def test_a_parent_that_was_not_taken_decides() -> None:
    made, exporter = provider()
    unsampled = SpanContext(7, 8, is_remote=False, trace_flags=TraceFlags(0))
    current = trace.set_span_in_context(NonRecordingSpan(unsampled))
    span = Spans(made.get_tracer("t")).start("chat m", ATTRIBUTES, current)
    assert isinstance(span, ShortSpan)
    span.end()
    assert not exporter.get_finished_spans()
    assert span.get_span_context().trace_id == 7


def test_ids_are_the_generator_s() -> None:
    class Counting(IdGenerator):
        def generate_span_id(self) -> int:
            return 5

        def generate_trace_id(self) -> int:
            return 6

    made, exporter = provider(id_generator=Counting())
    Spans(made.get_tracer("t")).start("chat m", {}, NOTHING).end()
    [span] = exporter.get_finished_spans()
    assert (span.context.trace_id, span.context.span_id, int(span.context.trace_flags)) == (6, 5, 1)


def test_spans_share_no_attributes() -> None:
    made, exporter = provider()
    spans, attributes = Spans(made.get_tracer("t")), dict(ATTRIBUTES)
    first, second = (spans.start("chat m", attributes, NOTHING) for _ in range(2))
    first.set_attributes({"one": 1})
    first.add_event("attempt", {})
    first.end()
    second.end()
    assert attributes == ATTRIBUTES
    assert [dict(span.attributes) for span in exporter.get_finished_spans()] == [{**ATTRIBUTES, "one": 1}, ATTRIBUTES]
    assert [len(span.events) for span in exporter.get_finished_spans()] == [1, 0]


def test_samplers_are_asked() -> None:
    made, exporter = provider(sampler=ParentBased(ALWAYS_OFF))
    span = Spans(made.get_tracer("t")).start("chat m", ATTRIBUTES, NOTHING)
    assert isinstance(span, ShortSpan)
    assert not span.is_recording()
    assert Propagation().headers(span, NOTHING)[0][1][-2:] in ("00", "02")
    span.end()
    assert not exporter.get_finished_spans()
    some, kept = provider(sampler=TraceIdRatioBased(0.5))
    spans = Spans(some.get_tracer("t"))
    for _ in range(200):
        spans.start("chat m", ATTRIBUTES, NOTHING).end()
    assert 50 < len(kept.get_finished_spans()) < 150


@pytest.mark.parametrize(
    "options",
    [
        {"span_limits": SpanLimits(max_span_attribute_length=5)},
        {"span_limits": SpanLimits(max_span_attributes=3)},
    ],
    ids=["lengths", "numbers"],
)
def test_limits_are_the_api_s_to_keep(options: dict[str, Any]) -> None:
    made, _ = provider(**options)
    assert not isinstance(Spans(made.get_tracer("t")).start("chat m", {}, NOTHING), ShortSpan)


def test_processors_that_look_at_starts_see_them_whenever_they_come() -> None:
    made, exporter = provider()
    spans = Spans(made.get_tracer("t"))
    assert isinstance(spans.start("chat m", {}, NOTHING), ShortSpan)
    made.add_span_processor(LooksAtStart())
    span = spans.start("chat m", {}, NOTHING)
    assert not isinstance(span, ShortSpan)
    span.end()
    assert exporter.get_finished_spans()[0].attributes["seen"] is True


def test_another_maker_s_tracer_goes_by_the_api() -> None:
    class Theirs(trace.Tracer):
        def start_span(self, *args: Any, **arguments: Any) -> Any:
            return NonRecordingSpan(REMOTE)

        def start_as_current_span(self, *args: Any, **arguments: Any) -> Any:
            raise NotImplementedError

    assert Spans(Theirs()).start("chat m", {}, NOTHING).get_span_context() is REMOTE


class Stateful(Sampler):
    """Takes all, and sets a trace state."""

    def should_sample(self, *args: Any, **arguments: Any) -> SamplingResult:
        return SamplingResult(Decision.RECORD_AND_SAMPLE, {}, TraceState([("mine", "1")]))

    def get_description(self) -> str:
        return "stateful"


@pytest.mark.parametrize("sampler", [DEFAULT_ON, ALWAYS_OFF, Stateful()], ids=["default", "off", "stateful"])
@pytest.mark.parametrize("parent", [None, REMOTE, LOCAL], ids=["root", "remote parent", "local parent"])
def test_headers_of_a_short_span_are_those_of_the_propagator(parent: SpanContext | None, sampler: Sampler) -> None:
    made, _ = provider(sampler=sampler)
    current = trace.set_span_in_context(NonRecordingSpan(parent)) if parent else NOTHING
    span = Spans(made.get_tracer("t")).start("chat m", ATTRIBUTES, current)
    assert isinstance(span, ShortSpan)
    plain = NonRecordingSpan(span.get_span_context())
    assert dict(Propagation().headers(span, current)) == headers_of(plain)
    carrying = baggage.set_baggage("who", "me", current)
    assert dict(Propagation().headers(span, carrying)) == {**headers_of(plain), "baggage": "who=me"}


def headers_of(span: Any) -> dict[str, str]:
    carrier: dict[str, str] = {}
    propagate.inject(carrier, trace.set_span_in_context(span))
    return carrier


def test_headers_are_those_of_the_propagator() -> None:
    span, propagation = NonRecordingSpan(REMOTE), Propagation()
    assert dict(propagation.headers(span, context.get_current())) == headers_of(span)
    assert headers_of(span)["tracestate"] == "a=b"
    assert propagation.headers(trace.INVALID_SPAN, NOTHING) == list(headers_of(trace.INVALID_SPAN).items()) == []
    token = context.attach(baggage.set_baggage("who", "me"))
    try:
        assert dict(propagation.headers(span, context.get_current())) == headers_of(span)
        assert headers_of(span)["baggage"] == "who=me"
    finally:
        context.detach(token)


def test_a_propagator_that_is_exchanged_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ours(TraceContextTextMapPropagator):
        def inject(self, carrier: Any, context: Any = None, setter: Any = None) -> None:
            carrier["x-ours"] = "yes"

    span, propagation = NonRecordingSpan(REMOTE), Propagation()
    assert "traceparent" in dict(propagation.headers(span, context.get_current()))
    for mine in (Ours(), CompositePropagator([Ours()])):
        monkeypatch.setattr(propagate, "_HTTP_TEXT_FORMAT", mine)
        assert propagation.headers(span, NOTHING) == [("x-ours", "yes")]
    monkeypatch.setattr(propagate, "_HTTP_TEXT_FORMAT", CompositePropagator([]))
    assert propagation.headers(span, NOTHING) == []
