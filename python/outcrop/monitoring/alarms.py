"""The alarms: re-routing, latency, throttles, errors, quota, log delivery, and calls served where they must not be."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from outcrop.monitoring.clients import Clients, EndpointUrls, SessionLike
from outcrop.monitoring.errors import InvalidAlarmError, MonitoringError
from outcrop.monitoring.infrastructure import Format, alarms_template, write_template
from outcrop.monitoring.metric_filters import CALLS, NAMESPACE, OUTSIDE, REROUTED, MetricFilter, metric_filters
from outcrop.monitoring.plan import Plan, Step, each_region
from outcrop.monitoring.setup import DEFAULT_LOG_GROUP_NAME
from outcrop.monitoring.validation import alarm_problems
from outcrop.monitoring.widgets import BEDROCK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from outcrop._tables import Table
    from outcrop.emulator import Emulator

_AT_ONCE = 100
"""How many alarms DeleteAlarms takes."""


@dataclass(frozen=True)
class Thresholds:
    """From where on something is alarming.

    Attributes:
        rerouted_percent: Share of calls that another Region served, in per cent.
        band_width: Width of the anomaly band around the usual number of re-routed calls, in standard deviations.
        latency_p99: Latency to the last token that one call in a hundred may pass, in milliseconds.
        throttles: Throttled requests in five minutes. Bedrock counts each retry of an SDK.
        server_errors: Requests that failed on the server side in five minutes.
        quota_percent: Estimated share of the tokens-per-minute quota, in per cent. The estimate leaves out what is
            reserved for `maxTokens`, so the true pressure is higher.
    """

    rerouted_percent: float = 20
    band_width: float = 2
    latency_p99: float = 30_000
    throttles: float = 0
    server_errors: float = 0
    quota_percent: float = 80


@dataclass
class Alarms:
    """CloudWatch alarms by Region, as a value.

    Attributes:
        by_region: Region → the alarms, as parameters of PutMetricAlarm.
        filters: Region → the metric filters that the alarms need, with their log groups.
        notes: What a person should know, such as alarms that were left out and why.
        allowed_regions: The Regions that may serve.
        namespace: The namespace of `reroute_metric`'s metrics.
        plan: What was done in which Region.
    """

    by_region: dict[str, list[dict[str, Any]]]
    filters: dict[str, list[tuple[str, MetricFilter]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    allowed_regions: list[str] | None = None
    namespace: str = NAMESPACE
    plan: Plan = field(default_factory=lambda: Plan([]))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (alarm for alarms in self.by_region.values() for alarm in alarms)

    def __len__(self) -> int:
        return sum(map(len, self.by_region.values()))

    def states(self, records: Emulator | Iterable[Mapping[str, Any]]) -> Table:
        """Tells which alarms would have rung over some calls, without CloudWatch.

        Args:
            records: Invocation records, or an emulator whose own are taken.

        Returns:
            A table, for a notebook or rich. An anomaly band needs two weeks of CloudWatch's data, and says so.
        """
        from outcrop.monitoring.measurements import Measurements
        from outcrop.monitoring.previews import alarm_table, records_of

        measured = Measurements(records_of(records), self.allowed_regions, self.namespace)
        return alarm_table(((region, alarm) for region in self.by_region for alarm in self.by_region[region]), measured)

    def to_json(self) -> str:
        """The alarms as JSON: Region → parameters of PutMetricAlarm."""
        return json.dumps(self.by_region, indent=2)

    def to_cloudformation(self, region: str) -> dict[str, Any]:
        """A CloudFormation template with the alarms of one Region and the metric filters that they need."""
        return alarms_template(self._of(region), self.filters.get(region, []), "cloudformation")

    def to_terraform(self, region: str) -> dict[str, Any]:
        """A Terraform configuration with the same, for a file named `*.tf.json`."""
        return alarms_template(self._of(region), self.filters.get(region, []), "terraform")

    def write(
        self,
        path: str | Path,
        *,
        format: Format = "json",
        region: str | None = None,
    ) -> Path:
        """Writes the alarms to a file.

        Args:
            path: Where to.
            format: `json`, `cloudformation`, or `terraform` (name the file `*.tf.json`).
            region: The Region, where there are several: a stack belongs to one.

        Returns:
            The path.
        """
        if format == "json":
            return write_template(path, self.by_region, format)
        if region is None and len(self.by_region) > 1:
            message = f"a {format} file holds the alarms of one Region: pass region, one of {list(self.by_region)}"
            raise MonitoringError(message)
        region = region or next(iter(self.by_region))
        return write_template(path, alarms_template(self._of(region), self.filters.get(region, []), format), format)

    def delete(self, session: SessionLike, *, endpoint_urls: EndpointUrls = None) -> Plan:
        """Deletes the alarms of these names, in each Region; those that are not there are no error.

        Args:
            session: Where credentials come from.
            endpoint_urls: As for [`enable`].

        Returns:
            What was done.

        Raises:
            MissingPermissionError: IAM refused `cloudwatch:DeleteAlarms`.
            SeveralRegionsError: CloudWatch refused in one of several Regions.
        """
        clients = Clients(session, endpoint_urls)
        plan = Plan(list(self.by_region))

        def one_region(region: str) -> list[Step]:
            names = [alarm["AlarmName"] for alarm in self.by_region[region]]
            arn = f"arn:{clients.partition(region)}:cloudwatch:{region}:*:alarm:*"
            return [
                Step(
                    region, "delete", f"{len(part)} alarms", "cloudwatch", "DeleteAlarms", {"AlarmNames": part}, arn,
                    ignore=("ResourceNotFound",),
                )
                for part in (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE))
            ]  # fmt: skip

        each_region(plan, clients, one_region)
        return plan

    def _of(self, region: str) -> list[dict[str, Any]]:
        if region not in self.by_region:
            message = f"there are no alarms for {region}: there are some for {list(self.by_region)}"
            raise MonitoringError(message)
        return self.by_region[region]


def alarms(
    session: SessionLike,
    *,
    regions: str | list[str] | None = None,
    models: Iterable[str] = (),
    quotas: Mapping[str, float] | None = None,
    allowed_regions: list[str] | None = None,
    thresholds: Thresholds | None = None,
    actions: Iterable[str] = (),
    name_prefix: str = "bedrock",
    namespace: str = NAMESPACE,
    log_group_name: str = DEFAULT_LOG_GROUP_NAME,
    endpoint_urls: EndpointUrls = None,
    dry_run: bool = False,
) -> Alarms:
    """Makes the alarms of cross-Region inference, in each source Region.

    They need the metrics of `reroute_metric` with the variants `rerouted` and `calls`, and `outside` for
    `allowed_regions`; files written from the answer hold those filters as well.

    Args:
        session: Where Region and credentials come from.
        regions: The source Regions; the session's own by default.
        models: Model and profile ids. Without any there is no alarm on latency, since CloudWatch has no percentile over
            all models; those on throttles and errors then watch all models together.
        quotas: Model or profile id → quota in tokens a minute; each gets an alarm.
        allowed_regions: The Regions that may serve. A call served elsewhere raises an alarm.
        thresholds: From where on something is alarming.
        actions: ARNs to notify, such as an Amazon SNS topic's.
        name_prefix: What the alarms' names begin with.
        namespace: The namespace of `reroute_metric`'s metrics.
        log_group_name: The log group of the invocation records.
        endpoint_urls: As for [`enable`].
        dry_run: Whether only to build them, to be looked at or written to files.

    Returns:
        The alarms.

    Raises:
        InvalidAlarmError: CloudWatch would not take one.
        MissingPermissionError: IAM refused `cloudwatch:PutMetricAlarm`.
        SeveralRegionsError: CloudWatch refused, where several Regions were asked for; the others have their alarms.
    """
    clients = Clients(session, endpoint_urls)
    made = Alarms({}, allowed_regions=allowed_regions, namespace=namespace)
    names = list(dict.fromkeys(models))
    if not names:
        made.notes.append("no models were named: there is no alarm on latency")
    for region in clients.regions(regions):
        maker = AlarmMaker(
            region, thresholds or Thresholds(), actions=list(actions), name_prefix=name_prefix, namespace=namespace
        )
        made.by_region[region] = maker.all(names, quotas or {}, outside=bool(allowed_regions))
        wanted = [*metric_filters("rerouted", region, namespace=namespace)]
        wanted += metric_filters("calls", region, namespace=namespace)
        if allowed_regions:
            wanted += metric_filters("outside", region, allowed_regions=allowed_regions, namespace=namespace)
        made.filters[region] = [(log_group_name, each) for each in wanted]
        for alarm in made.by_region[region]:
            problems = alarm_problems(alarm)
            if problems:
                raise InvalidAlarmError(alarm["AlarmName"], problems)
    made.plan = Plan(list(made.by_region), dry_run=dry_run)

    def one_region(region: str) -> list[Step]:
        arn = f"arn:{clients.partition(region)}:cloudwatch:{region}:*:alarm:{name_prefix}*"
        return [
            Step(region, "create", f"alarm {each['AlarmName']}", "cloudwatch", "PutMetricAlarm", each, arn)
            for each in made.by_region[region]
        ]

    each_region(made.plan, clients, one_region)
    return made


class AlarmMaker:
    """Makes the alarms of one source Region."""

    def __init__(
        self, region: str, thresholds: Thresholds, *, actions: list[str], name_prefix: str, namespace: str
    ) -> None:
        self.region = region
        self.thresholds = thresholds
        self.actions = actions
        self.name_prefix = name_prefix
        self.namespace = namespace

    def all(self, models: list[str], quotas: Mapping[str, float], *, outside: bool) -> list[dict[str, Any]]:
        """All alarms."""
        made = [self.rerouted_ratio(), self.rerouted_anomaly()]
        made += [self.latency(model) for model in models]
        limits = self.thresholds
        made.append(self.of_bedrock("throttles", "InvocationThrottles", limits.throttles, models))
        made.append(self.of_bedrock("server-errors", "InvocationServerErrors", limits.server_errors, models))
        made += [self.quota(model, quota) for model, quota in quotas.items()]
        made.append(self.delivery_failures())
        if outside:
            made.append(self.outside())
        return made

    def rerouted_ratio(self) -> dict[str, Any]:
        """A high share of calls is served elsewhere, in three of five periods."""
        limit = self.thresholds.rerouted_percent
        queries = [
            self._stat("rerouted", self.namespace, REROUTED, "Sum"),
            self._stat("calls", self.namespace, CALLS, "Sum"),
            # Without a call there is no share: the point is missing, and that does not alarm.
            {"Id": "share", "Expression": "100 * FILL(rerouted, 0) / calls", "Label": "rerouted %", "ReturnData": True},
        ]
        text = f"More than {limit:g} % of the calls from {self.region} were served by another Region."
        return self._alarm("rerouted-ratio", text, limit, points=3, periods=5, Metrics=queries)

    def rerouted_anomaly(self) -> dict[str, Any]:
        """More calls than usual are served elsewhere."""
        alarm = self._alarm(
            "rerouted-anomaly",
            f"More calls from {self.region} than usual were served by another Region.",
            None,
            points=3,
            periods=5,
            Metrics=[
                {**self._stat("rerouted", self.namespace, REROUTED, "Sum"), "ReturnData": True},
                {
                    "Id": "band",
                    "Expression": f"ANOMALY_DETECTION_BAND(rerouted, {self.thresholds.band_width:g})",
                    "Label": "usual",
                    "ReturnData": True,
                },
            ],
        )
        return {**alarm, "ThresholdMetricId": "band", "ComparisonOperator": "GreaterThanUpperThreshold"}

    def latency(self, model: str) -> dict[str, Any]:
        """One call in a hundred takes too long, in three of five periods."""
        limit = self.thresholds.latency_p99
        return self._alarm(
            f"latency-p99-{model}",
            f"One call in a hundred of {model} from {self.region} took more than {limit:g} ms.",
            limit,
            points=3,
            periods=5,
            Namespace=BEDROCK,
            MetricName="InvocationLatency",
            Dimensions=[{"Name": "ModelId", "Value": model}],
            ExtendedStatistic="p99",
            Period=300,
        )

    def of_bedrock(self, kind: str, metric: str, limit: float, models: list[str]) -> dict[str, Any]:
        """A sum of Bedrock's own over some models, or over all that there are."""
        text = f"{metric} of calls from {self.region} passed {limit:g} in five minutes."
        if not models or len(models) > 10:  # noqa: PLR2004 - an alarm takes ten metrics
            query = f'SELECT SUM({metric}) FROM SCHEMA("{BEDROCK}", ModelId)'  # noqa: S608 - names of our own
            queries = [{"Id": "total", "Expression": query, "Period": 300, "Label": metric, "ReturnData": True}]
        else:
            queries = [
                self._stat(f"m{number}", BEDROCK, metric, "Sum", ModelId=model) for number, model in enumerate(models)
            ]
            queries.append({"Id": "total", "Expression": "SUM(METRICS())", "Label": metric, "ReturnData": True})
        return self._alarm(kind, text, limit, points=1, periods=1, Metrics=queries)

    def quota(self, model: str, quota: float) -> dict[str, Any]:
        """The tokens-per-minute quota is nearly used up, for three minutes."""
        percent = self.thresholds.quota_percent
        return self._alarm(
            f"quota-{model}",
            f"{model} from {self.region} used more than {percent:g} % of {quota:g} tokens a minute.",
            quota * percent / 100,
            points=3,
            periods=3,
            Namespace=BEDROCK,
            MetricName="EstimatedTPMQuotaUsage",
            Dimensions=[{"Name": "ModelId", "Value": model}],
            Statistic="Maximum",
            Period=60,
        )

    def delivery_failures(self) -> dict[str, Any]:
        """Invocation records were lost, so that every other figure is too low."""
        names = [f"ModelInvocation{kind}DeliveryFailure" for kind in ("LogsCloudWatch", "LogsS3", "LargeDataS3")]
        queries = [self._stat(f"m{number}", BEDROCK, name, "Sum") for number, name in enumerate(names)]
        queries.append({"Id": "total", "Expression": "SUM(METRICS())", "Label": "lost records", "ReturnData": True})
        text = f"Invocation records of {self.region} could not be delivered."
        return self._alarm("log-delivery-failures", text, 0, points=1, periods=1, Metrics=queries)

    def outside(self) -> dict[str, Any]:
        """A call was served where it must not be."""
        return self._alarm(
            "outside-allowed-regions",
            f"A call from {self.region} was served outside the allowed Regions.",
            0,
            points=1,
            periods=1,
            Namespace=self.namespace,
            MetricName=OUTSIDE,
            Statistic="Sum",
            Period=60,
        )

    def _alarm(
        self, kind: str, text: str, limit: float | None, *, points: int, periods: int, **metric: Any
    ) -> dict[str, Any]:
        alarm: dict[str, Any] = {
            "AlarmName": f"{self.name_prefix}-{kind}-{self.region}",
            "AlarmDescription": text,
            "EvaluationPeriods": periods,
            "DatapointsToAlarm": points,
            "TreatMissingData": "notBreaching",
            **metric,
        }
        if limit is not None:
            alarm.update(Threshold=limit, ComparisonOperator="GreaterThanThreshold")
        if self.actions:
            alarm["AlarmActions"] = list(self.actions)
        return alarm

    def _stat(self, identifier: str, namespace: str, metric: str, stat: str, **dimensions: str) -> dict[str, Any]:
        named: dict[str, Any] = {"Namespace": namespace, "MetricName": metric}
        if dimensions:
            named["Dimensions"] = [{"Name": name, "Value": value} for name, value in dimensions.items()]
        return {
            "Id": identifier,
            "MetricStat": {"Metric": named, "Period": 300, "Stat": stat},
            "ReturnData": False,
        }
