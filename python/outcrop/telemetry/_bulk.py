"""Many values for one series of a histogram at once.

A histogram of OpenTelemetry's SDK takes one value at a time, and most of what it costs is cleaning, copying and sorting
the attributes, which are the same for each. The API knows no other way. So here the SDK's own histogram point is looked
up once and asked to take each value, as the SDK does it: views, temporality and limits stay the SDK's business. It is
done only where it was seen to work: the two ways are held against each other before the first use. Everywhere else each
value is recorded by itself.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from opentelemetry.context import Context

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opentelemetry.metrics import Histogram

#: What is recorded later belongs to no span, least of all to one that is current when metrics are collected. An empty
#: context would not do: it means the current one.
_NOWHERE = Context({"outcrop": "recorded at collection"})
#: Looking a series up costs about as much as recording a value.
_FEW = 3


class _Value:
    """What a histogram point reads of a measurement."""

    __slots__ = ("value",)
    value: float


def record(histogram: Histogram, values: Sequence[float], attributes: Mapping[str, Any]) -> None:
    """Records values that have the same attributes.

    Args:
        histogram: Where.
        values: Any number, finite and not negative.
        attributes: What they are of.
    """
    if len(values) >= _FEW and _is_known():
        # Made before there was a provider, it has the provider's behind it.
        made: Any = getattr(histogram, "_real_instrument", None) or histogram
        if _fits(made):
            _record_short(made, values, attributes)
            return
    for value in values:
        histogram.record(value, attributes, _NOWHERE)


def _fits(histogram: Any) -> bool:
    """Whether it is one of the SDK's that is switched on, and nobody wants examples of measurements without a span."""
    from opentelemetry.sdk import metrics

    if not isinstance(histogram, metrics.Histogram):
        return False
    made: Any = histogram
    wanted = type(made._measurement_consumer._sdk_config.exemplar_filter)  # noqa: SLF001
    enabled = made._is_enabled()  # noqa: SLF001
    return enabled and wanted in (metrics.TraceBasedExemplarFilter, metrics.AlwaysOffExemplarFilter)


def _record_short(histogram: Any, values: Sequence[float], attributes: Mapping[str, Any]) -> None:
    from opentelemetry.sdk.metrics._internal._view_instrument_match import _hash_attributes

    one = _Value()
    for storage in histogram._measurement_consumer._reader_storages.values():  # noqa: SLF001
        for match in storage._get_or_init_view_instrument_match(histogram):  # noqa: SLF001
            kept = match._view._attribute_keys  # noqa: SLF001
            seen = {name: it for name, it in attributes.items() if kept is None or name in kept}
            key = _hash_attributes(seen)
            # A collection of differences lets go of the points, so they are held while they take values.
            with match._lock:  # noqa: SLF001
                take = match._get_or_create_aggregation(key, seen).aggregate  # noqa: SLF001
                for one.value in values:
                    take(one, False)  # noqa: FBT003


@cache
def _is_known() -> bool:
    """Whether this SDK makes of values by the short way what it makes of them one by one."""
    try:
        return _told(short=True) == _told(short=False)
    except (ImportError, AttributeError, TypeError, ValueError):
        # The API alone, or an SDK that is built in another way.
        return False


def _told(*, short: bool) -> list[Any]:
    """What a scratch provider of the SDK, with readers of both temporalities and a view, exports of some values."""
    from opentelemetry.sdk.metrics import Histogram, MeterProvider
    from opentelemetry.sdk.metrics.export import AggregationTemporality, InMemoryMetricReader
    from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
    from opentelemetry.sdk.resources import Resource

    readers = [InMemoryMetricReader({Histogram: temporality}) for temporality in AggregationTemporality if temporality]
    views = [
        View(instrument_name="plain"),
        View(
            instrument_name="plain",
            name="exponential",
            aggregation=ExponentialBucketHistogramAggregation(),
            attribute_keys={"a"},
        ),
    ]
    # Without a resource of its own, the detectors that are configured would run.
    provider = MeterProvider(readers, Resource({}), views=views, shutdown_on_exit=False)
    histogram = provider.get_meter("outcrop").create_histogram("plain", explicit_bucket_boundaries_advisory=[1.0, 2.0])
    told: list[Any] = []
    for values in ([0.5, 1.0, 7], [3.0, 1.5]):
        for attributes in ({"a": 1, "b": "x"}, {"b": "y", "a": True}):
            if short:
                _record_short(histogram, values, attributes)
                continue
            for value in values:
                histogram.record(value, attributes, _NOWHERE)
        for reader in readers:
            data = reader.get_metrics_data()
            metrics = data.resource_metrics[0].scope_metrics[0].metrics if data else []
            points = [(metric.name, point) for metric in metrics for point in metric.data.data_points]
            told += [(name, replace(point, start_time_unix_nano=0, time_unix_nano=0)) for name, point in points]
    provider.shutdown()
    return told
