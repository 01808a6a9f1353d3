"""What CloudWatch would have measured of some calls: Bedrock's own metrics and those of the metric filters.

Made out of invocation records, so that dashboards and alarms can be looked at before there is an account, or a week of
data. The filters are the real ones, judged by the same matcher that tests them.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from outcrop.monitoring.filter_patterns import FilterPattern, selected
from outcrop.monitoring.metric_filters import NAMESPACE, metric_filters
from outcrop.monitoring.widgets import BEDROCK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from outcrop.monitoring.metric_filters import MetricFilter

_BURNS_FIVE = re.compile(r"claude-(?!v|instant|3-(?!7))")
#: Points by when they begin, in seconds since 1970.
Points = dict[int, float]
_Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


class Measurements:
    """Measured values by Region, namespace, metric and dimensions.

    Args:
        records: Invocation records.
        allowed_regions: The Regions that may serve, for the metric of calls outside them.
        namespace: The namespace of the metric filters.
    """

    def __init__(
        self, records: Iterable[Mapping[str, Any]], allowed_regions: list[str] | None = None, namespace: str = NAMESPACE
    ) -> None:
        self._values: dict[_Key, list[tuple[int, float]]] = defaultdict(list)
        self._namespace = namespace
        self._filters: dict[str, list[tuple[MetricFilter, FilterPattern]]] = {}
        self._allowed = allowed_regions
        self._used: dict[tuple[str, str, int], float] = defaultdict(float)
        for record in records:
            self._add(record)
        for (region, model, minute), tokens in self._used.items():
            self._note(region, BEDROCK, "EstimatedTPMQuotaUsage", {"ModelId": model}, moment=minute, value=tokens)

    def points(
        self, region: str, namespace: str, metric: str, dimensions: Mapping[str, str], *, stat: str, period: int
    ) -> Points:
        """One statistic of one metric, by period."""
        cut: dict[int, list[float]] = defaultdict(list)
        for moment, value in self._values.get((region, namespace, metric, _sorted(dimensions)), ()):
            cut[moment // period * period].append(value)
        return {start: _statistic(stat, values) for start, values in sorted(cut.items())}

    def search(self, region: str, namespace: str, names: Iterable[str], metric: str) -> list[dict[str, str]]:
        """The dimensions under which a metric was measured, of those with exactly these names."""
        wanted = sorted(names)
        found = [
            dict(dimensions)
            for of, space, name, dimensions in self._values
            if (of, space, name) == (region, namespace, metric) and sorted(key for key, _ in dimensions) == wanted
        ]
        return sorted(found, key=lambda dimensions: sorted(dimensions.items()))

    def _add(self, record: Mapping[str, Any]) -> None:
        moment = int(datetime.fromisoformat(str(record["timestamp"]).replace("Z", "+00:00")).timestamp())
        region = str(record.get("region", ""))
        found = _of_bedrock(record)
        used = _quota_tokens(str(record.get("modelId", "")), found)
        if used:
            self._used[region, str(record["modelId"]), moment // 60 * 60] += used
        for name, value in found.items():
            self._note(region, BEDROCK, name, {"ModelId": str(record.get("modelId", ""))}, moment=moment, value=value)
        self._note(region, BEDROCK, "ModelInvocationLogsCloudWatchDeliverySuccess", {}, moment=moment, value=1)
        for made, pattern in self._of_region(region):
            if pattern.matches(record):
                dimensions = {name: str(selected(record, selector)) for name, selector in made.dimensions.items()}
                self._note(region, made.namespace, made.metric, dimensions, moment=moment, value=1)
            elif not made.dimensions:
                # The default value, which a filter with dimensions cannot have.
                self._note(region, made.namespace, made.metric, {}, moment=moment, value=0)

    def _of_region(self, region: str) -> list[tuple[MetricFilter, FilterPattern]]:
        if region not in self._filters:
            made = [
                *metric_filters("rerouted", region, namespace=self._namespace),
                *metric_filters("calls", region, namespace=self._namespace),
                *metric_filters("by_region", region, namespace=self._namespace),
            ]
            if self._allowed:
                made += metric_filters("outside", region, allowed_regions=self._allowed, namespace=self._namespace)
            self._filters[region] = [(each, FilterPattern(each.pattern)) for each in made]
        return self._filters[region]

    def _note(
        self, region: str, namespace: str, metric: str, dimensions: Mapping[str, str], *, moment: int, value: float
    ) -> None:
        self._values[region, namespace, metric, _sorted(dimensions)].append((moment, value))


def _of_bedrock(record: Mapping[str, Any]) -> dict[str, float]:
    error = record.get("errorCode")
    if error == "ThrottlingException":
        return {"InvocationThrottles": 1}
    if error in {"InternalServerException", "ServiceUnavailableException", "ModelNotReadyException"}:
        return {"Invocations": 1, "InvocationServerErrors": 1}
    if error:
        return {"Invocations": 1, "InvocationClientErrors": 1}
    read, written = record.get("input", {}), record.get("output", {})
    found: dict[str, Any] = {
        "Invocations": 1,
        "InvocationThrottles": 0,
        "InvocationClientErrors": 0,
        "InvocationServerErrors": 0,
        "InputTokenCount": read.get("inputTokenCount"),
        "OutputTokenCount": written.get("outputTokenCount"),
        "CacheReadInputTokens": read.get("cacheReadInputTokenCount"),
        "CacheWriteInputTokens": read.get("cacheWriteInputTokenCount"),
    }
    body = written.get("outputBodyJson")
    for event in body if isinstance(body, list) else [body]:
        if isinstance(event, dict):
            told = event.get("metadata", event)
            measured = told.get("amazon-bedrock-invocationMetrics", {})
            latency = told.get("metrics", {}).get("latencyMs", measured.get("invocationLatency"))
            found["InvocationLatency"] = latency if latency is not None else found.get("InvocationLatency")
            found["TimeToFirstToken"] = measured.get("firstByteLatency")
    return {name: float(value) for name, value in found.items() if value is not None}


def _quota_tokens(model: str, found: Mapping[str, float]) -> float:
    """What a call takes of the quota in tokens a minute.

    Reads from the cache do not count, and Claude from 3.7 on burns five for one that it writes.
    """
    written = found.get("OutputTokenCount", 0) * (5 if _BURNS_FIVE.search(model) else 1)
    return found.get("InputTokenCount", 0) + found.get("CacheWriteInputTokens", 0) + written


def _statistic(stat: str, values: list[float]) -> float:
    if stat.startswith("p"):
        ordered = sorted(values)
        return ordered[max(math.ceil(float(stat[1:]) / 100 * len(ordered)) - 1, 0)]
    return {
        "Sum": sum(values),
        "Maximum": max(values),
        "Minimum": min(values),
        "Average": sum(values) / len(values),
        "SampleCount": float(len(values)),
    }[stat]


def _sorted(dimensions: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dimensions.items()))
