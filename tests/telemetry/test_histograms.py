"""Measurements belong to their call's span, whichever SDK, view or reader takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics import AlwaysOnExemplarFilter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from outcrop import telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop.emulator import Emulator

import pytest

ASK = {"modelId": "amazon.nova-lite-v1:0", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}


@pytest.fixture(autouse=True)
def off_again() -> Iterator[None]:
    yield
    telemetry.uninstrument()


def points(reader: InMemoryMetricReader) -> dict[str, list[Any]]:
    data = reader.get_metrics_data()
    scopes = data.resource_metrics[0].scope_metrics if data else []
    return {metric.name: list(metric.data.data_points) for scope in scopes for metric in scope.metrics}


def test_a_measurement_has_its_span_for_an_example(bedrock: Emulator) -> None:
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracing = TracerProvider(shutdown_on_exit=False)
    tracing.add_span_processor(SimpleSpanProcessor(spans))
    metering = MeterProvider([reader], exemplar_filter=AlwaysOnExemplarFilter(), shutdown_on_exit=False)
    telemetry.instrument(tracer_provider=tracing, meter_provider=metering)
    bedrock.client("bedrock-runtime").converse(**ASK)
    [span] = spans.get_finished_spans()
    found = points(reader)
    assert set(found) == {"gen_ai.client.operation.duration", "gen_ai.client.token.usage"}
    examples = [example for series in found.values() for point in series for example in point.exemplars]
    assert len(examples) == 3
    assert {example.span_id for example in examples} == {span.context.span_id}


def test_switching_on_twice_counts_once(bedrock: Emulator) -> None:
    reader = InMemoryMetricReader({Histogram: AggregationTemporality.DELTA})
    provider = MeterProvider([reader], shutdown_on_exit=False)
    for calls in (1, 2):
        telemetry.instrument(meter_provider=provider)
        client = bedrock.client("bedrock-runtime")
        for _ in range(calls):
            client.converse(**ASK)
        assert [point.count for point in points(reader)["gen_ai.client.operation.duration"]] == [calls]
