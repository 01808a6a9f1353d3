"""Many values at once give what OpenTelemetry's histograms make of them one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import trace
from opentelemetry.sdk.metrics import AlwaysOnExemplarFilter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, InMemoryMetricReader
from opentelemetry.sdk.metrics.view import DropAggregation, ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.trace import TracerProvider

from outcrop.telemetry import _bulk
from outcrop.telemetry._instruments import Instruments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SITE = {"gen_ai.operation.name": "chat", "server.port": 443, "cloud.region": "us-east-1"}
VIEWS = {
    "none": [],
    "fewer attributes": [View(instrument_name="gen_ai.*", attribute_keys={"cloud.region", "error.type"})],
    "exponential": [View(instrument_name="gen_ai.*", aggregation=ExponentialBucketHistogramAggregation())],
    "dropped": [View(instrument_name="gen_ai.*", aggregation=DropAggregation())],
    "two": [View(instrument_name="gen_ai.*"), View(instrument_name="gen_ai.client.token.usage", name="tokens")],
    "few series": [View(instrument_name="gen_ai.*", aggregation_cardinality_limit=1)],
}
NOTES = st.lists(
    st.tuples(
        st.sampled_from([SITE, {**SITE, "cloud.region": "us-west-2"}]),
        st.sampled_from([None, "ThrottlingException"]),
        st.floats(0, 1e6),
        st.none() | st.floats(0, 1e3),
        st.none() | st.integers(0, 2**40),
        st.none() | st.integers(0, 2**40),
    ),
    max_size=30,
)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setattr(_bulk, "_is_known", lambda: False)


def points(reader: InMemoryMetricReader) -> list[Any]:
    data = reader.get_metrics_data()
    scopes = data.resource_metrics[0].scope_metrics if data else []
    return sorted(
        (
            (metric.name, metric.unit, replace(point, start_time_unix_nano=0, time_unix_nano=0))
            for scope in scopes
            for metric in scope.metrics
            for point in metric.data.data_points
        ),
        key=str,
    )


def exported(batches: Sequence[Any], views: Sequence[View]) -> list[Any]:
    temporalities = (AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE)
    readers = [InMemoryMetricReader({Histogram: temporality}) for temporality in temporalities]
    provider = MeterProvider(readers, views=views, shutdown_on_exit=False)
    instruments = Instruments(provider, "https://example.org")
    found = []
    for notes in batches:
        for note in notes:
            instruments.leave(note)
        found += [points(reader) for reader in readers]
    provider.shutdown()
    return found


def test_the_short_way_is_taken_with_the_sdk_that_is_locked() -> None:
    """Otherwise nothing here is tested, and collecting costs ten times as much."""
    assert _bulk._is_known()
    histogram = MeterProvider(shutdown_on_exit=False).get_meter("t").create_histogram("h")
    assert _bulk._fits(histogram)


@pytest.mark.parametrize("views", VIEWS.values(), ids=VIEWS)
@given(batches=st.lists(NOTES, min_size=1, max_size=3))
def test_both_ways_export_the_same(views: list[View], batches: list[Any]) -> None:
    short = exported(batches, views)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_bulk, "_is_known", lambda: False)
        plain = exported(batches, views)
    assert short == [
        [(name, unit, replace(point, sum=pytest.approx(point.sum))) for name, unit, point in collected]
        for collected in plain
    ]


def test_who_wants_examples_of_every_measurement_gets_them() -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], exemplar_filter=AlwaysOnExemplarFilter(), shutdown_on_exit=False)
    instruments = Instruments(provider, "https://example.org")
    for _ in range(10):
        instruments.leave((SITE, None, 0.5, None, 1, 2))
    assert all(point.exemplars for _, _, point in points(reader))


@pytest.mark.parametrize("calls", [1, 10])
def test_a_span_that_is_current_when_metrics_are_collected_is_no_example(calls: int) -> None:
    reader = InMemoryMetricReader()
    instruments = Instruments(MeterProvider([reader], shutdown_on_exit=False), "https://example.org")
    for _ in range(calls):
        instruments.leave((SITE, None, 0.5, None, 1, 2))
    with TracerProvider(shutdown_on_exit=False).get_tracer("t").start_as_current_span("export"):
        assert trace.get_current_span().is_recording()
        found = points(reader)
    assert [point.count for _, _, point in found] == [calls] * 3
    assert not any(point.exemplars for _, _, point in found)


def test_notes_do_not_pile_up_when_nobody_collects() -> None:
    instruments = Instruments(MeterProvider(shutdown_on_exit=False), "https://example.org")
    for _ in range(10_000):
        instruments.leave((SITE, None, 0.5, None, 1, 2))
    assert len(instruments._notes) < 5000


def test_a_sdk_that_is_built_otherwise_gets_values_one_by_one(one_by_one: Callable[[], None]) -> None:
    one_by_one()
    reader = InMemoryMetricReader()
    instruments = Instruments(MeterProvider([reader], shutdown_on_exit=False), "https://example.org")
    for _ in range(10):
        instruments.leave((SITE, None, 0.5, 0.25, None, None))
    assert [(name, point.count) for name, _, point in points(reader)] == [
        ("gen_ai.client.operation.duration", 10),
        ("gen_ai.client.operation.time_to_first_chunk", 10),
    ]
