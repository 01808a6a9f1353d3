"""The widgets of the dashboard: what each shows, out of which metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop.monitoring.metric_filters import CALLS, NAMESPACE, REROUTED, SERVED

if TYPE_CHECKING:
    from collections.abc import Mapping

BEDROCK = "AWS/Bedrock"
WIDTH = 24
HEIGHT = 6
Metrics = list[list[Any]]


class WidgetMaker:
    """Makes the widgets for some source Regions and models.

    Args:
        regions: The source Regions, one or several in one picture.
        models: Model and profile ids, as in the dimension `ModelId`; without any, a search finds all.
        quotas: Model or profile id → tokens a minute, drawn as lines.
        period: Seconds a point.
        namespace: The namespace of the metrics made by `reroute_metric`.
        log_group_name: The log group that the log widgets ask.
    """

    def __init__(
        self,
        regions: list[str],
        models: list[str],
        quotas: Mapping[str, float],
        *,
        period: int = 300,
        namespace: str = NAMESPACE,
        log_group_name: str = "",
    ) -> None:
        self.regions = regions
        self.models = models
        self.quotas = quotas
        self.period = period
        self.namespace = namespace
        self.log_group_name = log_group_name

    def all(self) -> list[dict[str, Any]]:
        """All widgets, laid out in rows of 24 columns."""
        rows = [
            [self.routing_share(), self.rerouted_percentage()],
            [self.latency(), self.time_to_first_token()],
            [
                self.of_bedrock("Throttles", {"InvocationThrottles": "Sum"}, "calls"),
                self.of_bedrock("Client errors", {"InvocationClientErrors": "Sum"}, "calls"),
                self.of_bedrock("Server errors", {"InvocationServerErrors": "Sum"}, "calls"),
            ],
            [self.tokens(), self.quota()],
            [self.delivery(), *(self.serving_regions(region) for region in self.regions)],
        ]
        widgets = []
        y = 0
        for row in rows:
            for start in range(0, len(row), 3):
                part = row[start : start + 3]
                width = WIDTH // len(part)
                for column, widget in enumerate(part):
                    widgets.append({**widget, "x": column * width, "y": y, "width": width, "height": HEIGHT})
                y += HEIGHT
        return widgets

    def routing_share(self) -> dict[str, Any]:
        """Calls by the Region that served them, stacked."""
        metric = f"{SERVED}_by_region"
        metrics = [
            self._search(
                f"{{{self.namespace},InferenceRegion}}", metric, "Sum", region, label="${PROP('Dim.InferenceRegion')}"
            )
            for region in self.regions
        ]
        return self._graph("Calls by serving Region", metrics, "calls", stacked=True)

    def rerouted_percentage(self) -> dict[str, Any]:
        """The share of calls that another Region served, in per cent."""
        metrics: Metrics = []
        for number, region in enumerate(self.regions):
            rerouted, calls = f"rerouted{number}", f"calls{number}"
            hidden = {"stat": "Sum", "region": region, "visible": False, "period": self.period}
            metrics += [
                [self.namespace, REROUTED, {**hidden, "id": rerouted}],
                [self.namespace, CALLS, {**hidden, "id": calls}],
                [
                    {
                        "expression": f"100 * FILL({rerouted}, 0) / {calls}",
                        "id": f"share{number}",
                        "label": f"from {region}",
                        "region": region,
                    }
                ],
            ]
        return self._graph("Calls served by another Region", metrics, "%", maximum=100)

    def latency(self) -> dict[str, Any]:
        """Latency to the last token, by percentile."""
        return self.of_bedrock("Latency", {"InvocationLatency": ("p50", "p90", "p99")}, "ms")

    def time_to_first_token(self) -> dict[str, Any]:
        """Latency to the first token of streams."""
        return self.of_bedrock("Time to first token", {"TimeToFirstToken": ("p50", "p90")}, "ms")

    def tokens(self) -> dict[str, Any]:
        """Tokens in, out, and in the prompt cache."""
        names = ("InputTokenCount", "OutputTokenCount", "CacheReadInputTokens", "CacheWriteInputTokens")
        return self.of_bedrock("Tokens", dict.fromkeys(names, "Sum"), "tokens")

    def quota(self) -> dict[str, Any]:
        """Estimated use of the tokens-per-minute quota, with the quotas as lines."""
        lines = [{"label": f"quota of {model}", "value": value} for model, value in self.quotas.items()]
        extra: dict[str, Any] = {"annotations": {"horizontal": lines}} if lines else {}
        return self.of_bedrock(
            "Tokens per minute (estimate)", {"EstimatedTPMQuotaUsage": "Maximum"}, "tokens", period=60, **extra
        )

    def delivery(self) -> dict[str, Any]:
        """Invocation records delivered and lost."""
        names = [
            f"ModelInvocation{kind}Delivery{outcome}"
            for kind in ("LogsCloudWatch", "LogsS3", "LargeDataS3")
            for outcome in ("Success", "Failure")
        ]
        metrics: Metrics = [
            [
                BEDROCK,
                name,
                {"stat": "Sum", "region": region, "label": self._label(name, region), "period": self.period},
            ]
            for region in self.regions
            for name in names
        ]
        return self._graph("Delivery of invocation records", metrics, "records")

    def serving_regions(self, region: str) -> dict[str, Any]:
        """A log widget: who served the calls of one source Region."""
        query = (
            f"SOURCE '{self.log_group_name}' | filter not ispresent(errorCode) "
            "| stats count(*) as calls by coalesce(inferenceRegion, region) as served_in, modelId | sort calls desc"
        )
        properties = {"query": query, "region": region, "view": "table", "title": f"Who served calls from {region}"}
        return {"type": "log", "properties": properties}

    def of_bedrock(
        self, title: str, metrics: Mapping[str, str | tuple[str, ...]], unit: str, *, period: int = 0, **extra: Any
    ) -> dict[str, Any]:
        """A graph of Bedrock's own metrics, for each Region and model; `unit` stands beside the axis."""
        period = period or self.period
        rows: Metrics = []
        for region in self.regions:
            for name, stats in metrics.items():
                for stat in (stats,) if isinstance(stats, str) else stats:
                    what = name if isinstance(stats, str) else stat
                    if not self.models:
                        label = self._label(f"{what} ${{PROP('Dim.ModelId')}}", region)
                        rows.append(
                            self._search(f"{{{BEDROCK},ModelId}}", name, stat, region, label=label, period=period)
                        )
                    for model in self.models:
                        label = self._label(f"{what} {model}", region)
                        options = {"stat": stat, "region": region, "label": label, "period": period}
                        rows.append([BEDROCK, name, "ModelId", model, options])
        return self._graph(title, rows, unit, period=period, **extra)

    def _search(
        self, schema: str, metric: str, stat: str, region: str, *, label: str, period: int = 0
    ) -> list[dict[str, Any]]:
        expression = f"SEARCH('{schema} MetricName=\"{metric}\"', '{stat}', {period or self.period})"
        return [{"expression": expression, "region": region, "label": label}]

    def _graph(
        self,
        title: str,
        metrics: Metrics,
        unit: str,
        *,
        maximum: int | None = None,
        stacked: bool = False,
        period: int = 0,
        **extra: Any,
    ) -> dict[str, Any]:
        left = {"min": 0, "label": unit, "showUnits": False} | ({} if maximum is None else {"max": maximum})
        properties = {
            "title": title,
            "metrics": metrics,
            "view": "timeSeries",
            "stacked": stacked,
            "region": self.regions[0],
            "period": period or self.period,
            "yAxis": {"left": left},
            **extra,
        }
        return {"type": "metric", "properties": properties}

    def _label(self, label: str, region: str) -> str:
        return f"{label} from {region}" if len(self.regions) > 1 else label
