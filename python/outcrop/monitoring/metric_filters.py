"""Metric filters on the invocation log: what turns records into metrics that can be drawn and alarmed on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from outcrop import _values
from outcrop.monitoring import filter_patterns as patterns
from outcrop.monitoring.clients import Clients, EndpointUrls, SessionLike, error_code
from outcrop.monitoring.errors import FilterPatternRejectedError, MonitoringError
from outcrop.monitoring.plan import Plan, Step, each_region
from outcrop.monitoring.receipts import FILTER_BEFORE_TAG, FILTER_TAG, packed
from outcrop.monitoring.resources import Place, missing_log_group
from outcrop.monitoring.setup import DEFAULT_LOG_GROUP_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The namespace and the name that AWS's sample notebook uses.
NAMESPACE = "Custom"
REROUTED = "bedrock_cross_region_inference_rerouted"
SERVED = "bedrock_cross_region_inference_served"
CALLS = "bedrock_cross_region_inference_calls"
OUTSIDE = "bedrock_cross_region_inference_outside_allowed"

Variant = Literal["rerouted", "sample", "calls", "by_region", "by_region_and_model", "outside"]
VARIANTS = ("rerouted", "sample", "calls", "by_region", "by_region_and_model", "outside")
#: Answers of local stand-ins that have no TestMetricFilter. AWS has it everywhere.
NOT_IMPLEMENTED = frozenset({"InvalidOperationException", "UnknownOperationException", "NotImplemented", "500", "501"})


@dataclass(frozen=True)
class MetricFilter:
    """A metric filter: which records count, as which metric.

    Attributes:
        name: The filter's name.
        pattern: Which records count.
        metric: The metric's name.
        dimensions: Dimension → selector of its value. CloudWatch takes three at most, and then no default value.
        namespace: The metric's namespace.
        examples: Sample records, and whether each must count; asked of AWS before the filter is trusted.
    """

    name: str
    pattern: str
    metric: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    namespace: str = NAMESPACE
    examples: tuple[tuple[Mapping[str, Any], bool], ...] = ()

    def transformation(self) -> dict[str, Any]:
        """The metric transformation, as PutMetricFilter takes it."""
        transformation = {
            "metricNamespace": self.namespace,
            "metricName": self.metric,
            "metricValue": "1",
            "unit": "Count",
        }
        # The two exclude each other.
        extra = {"dimensions": dict(self.dimensions)} if self.dimensions else {"defaultValue": 0}
        return {**transformation, **extra}


def metric_filters(
    variant: Variant, region: str, *, allowed_regions: list[str] | None = None, namespace: str = NAMESPACE
) -> list[MetricFilter]:
    """The filters of a variant for one source Region.

    Args:
        variant: `rerouted` counts calls served elsewhere; `sample` is the plain filter of AWS's sample; `calls` counts
            every served call; `by_region` and `by_region_and_model` do so by where it was served; `outside` counts
            calls served outside the allowed Regions.
        region: The source Region.
        allowed_regions: For `outside`: the Regions that may serve.
        namespace: The metrics' namespace.

    Raises:
        MonitoringError: The variant is unknown, or `outside` has no Regions.
    """
    here = _record(region, None)
    named = _record(region, region)
    elsewhere = _record(region, "us-west-2" if region != "us-west-2" else "us-east-1")
    if variant == "rerouted":
        examples = ((elsewhere, True), (named, False), (here, False))
        return [MetricFilter(REROUTED, patterns.rerouted_pattern(region), REROUTED, {}, namespace, examples)]
    if variant == "sample":
        # What it makes of a record without the field is not known, so nothing is asked about one.
        examples = ((elsewhere, True), (named, False))
        return [MetricFilter(REROUTED, patterns.sample_pattern(region), REROUTED, {}, namespace, examples)]
    if variant == "outside":
        allowed = list(dict.fromkeys(allowed_regions or []))
        outside = _record(region, next(name for name in ("xx-outside-1", "yy-outside-1") if name not in allowed))
        examples = ((outside, True), (here, False), *((_record(region, name), False) for name in allowed))
        return [MetricFilter(OUTSIDE, patterns.outside_pattern(allowed), OUTSIDE, {}, namespace, examples)]
    failed = {**here, "errorCode": "ThrottlingException"}
    if variant == "calls":
        examples = ((elsewhere, True), (named, True), (here, True), (failed, False))
        return [MetricFilter(CALLS, patterns.served_pattern(), CALLS, {}, namespace, examples)]
    if variant not in VARIANTS:
        message = f"unknown variant {_values.shown(variant)}: choose one of {', '.join(VARIANTS)}"
        raise MonitoringError(message)
    # Two filters feed one metric, since a record of a call that stayed at home lacks the field.
    model = {"ModelId": "$.modelId"} if variant == "by_region_and_model" else {}
    suffix = "_by_region" if variant == "by_region" else "_by_region_and_model"
    metric = SERVED + suffix
    return [
        MetricFilter(
            f"{metric}_named", patterns.named_pattern(), metric, {"InferenceRegion": "$.inferenceRegion", **model},
            namespace, ((elsewhere, True), (named, True), (here, False)),
        ),
        MetricFilter(
            f"{metric}_here", patterns.served_here_pattern(), metric, {"InferenceRegion": "$.region", **model},
            namespace, ((elsewhere, False), (here, True), (failed, False)),
        ),
    ]  # fmt: skip


def reroute_metric(
    session: SessionLike,
    *,
    regions: str | list[str] | None = None,
    variant: Variant | Sequence[Variant] = "rerouted",
    log_group_name: str = DEFAULT_LOG_GROUP_NAME,
    allowed_regions: list[str] | None = None,
    namespace: str = NAMESPACE,
    verify: bool = True,
    endpoint_urls: EndpointUrls = None,
    dry_run: bool = False,
) -> Plan:
    """Makes a metric of where calls were served, after AWS has judged sample records by its pattern.

    Args:
        session: Where Region and credentials come from.
        regions: The source Regions; the session's own by default.
        variant: One or several of: `rerouted` counts calls served elsewhere; `sample` is the plain filter of AWS's
            sample notebook; `calls` counts every served call; `by_region` and `by_region_and_model` do so with a
            dimension `InferenceRegion` (and `ModelId`); `outside` counts calls served outside `allowed_regions`.
        log_group_name: The log group that Bedrock writes to.
        allowed_regions: For `outside`: the Regions that may serve.
        namespace: The metrics' namespace.
        verify: Whether TestMetricFilter must agree before a filter is made. An endpoint that does not have it (local
            stand-ins) leaves it to outcrop's own matcher, and the plan says so.
        endpoint_urls: As for [`enable`].
        dry_run: Whether only to show what would be done.

    Returns:
        The plan: what was done.

    Raises:
        FilterPatternRejectedError: CloudWatch Logs judges a sample record otherwise.
        MissingPermissionError: IAM refused a call.
        MonitoringError: The log group is not there.
        SeveralRegionsError: One of these, where several Regions were asked for; the others have their filters.
    """
    clients = Clients(session, endpoint_urls)
    plan = Plan(clients.regions(regions), dry_run=dry_run)
    variants = cast("Sequence[Variant]", [variant] if isinstance(variant, str) else variant)

    def one_region(region: str) -> list[Step]:
        place = Place(clients, region)
        if place.log_group(log_group_name) is None:
            raise missing_log_group(log_group_name, region)
        steps = []
        for each in variants:
            for wanted in metric_filters(each, region, allowed_regions=allowed_regions, namespace=namespace):
                if verify:
                    verify_filter(wanted, place, plan)
                steps += _filter_steps(place, log_group_name, wanted)
        return steps

    each_region(plan, clients, one_region)
    return plan


def verify_filter(wanted: MetricFilter, place: Place, plan: Plan | None = None) -> None:
    """Asks TestMetricFilter about the filter's examples.

    Raises:
        FilterPatternRejectedError: It judges one otherwise than the filter is meant to.
    """
    from botocore.exceptions import ClientError

    pattern = patterns.FilterPattern(wanted.pattern)
    messages = [json.dumps(record) for record, _ in wanted.examples]
    try:
        parameters = {"filterPattern": wanted.pattern, "logEventMessages": messages}
        answer = place.clients.call("logs", place.region, "TestMetricFilter", parameters)
        counted = {match["eventNumber"] - 1 for match in answer["matches"]}
        judge = "cloudwatch logs"
    except ClientError as error:
        if error_code(error) not in NOT_IMPLEMENTED:
            raise
        counted = {number for number, message in enumerate(messages) if pattern.matches(message)}
        judge = "outcrop"
        if plan is not None:
            plan.notes.append(
                f"{place.region}: the endpoint has no TestMetricFilter; outcrop's own matcher judged {wanted.name}"
            )
    for number, (record, must_count) in enumerate(wanted.examples):
        if (number in counted) != must_count:
            message = (
                f"{judge} judges {json.dumps(record)} otherwise than {wanted.name} is meant to: "
                f"it {'counts' if number in counted else 'does not count'} by {wanted.pattern}"
            )
            raise FilterPatternRejectedError(message)


def _filter_steps(place: Place, log_group_name: str, wanted: MetricFilter) -> list[Step]:
    arn = place.log_group_arn(log_group_name)
    found = place.read(
        "logs", "DescribeMetricFilters", resource=arn, logGroupName=log_group_name, filterNamePrefix=wanted.name
    )["metricFilters"]
    present = next((each for each in found if each["filterName"] == wanted.name), None)
    subject = f"metric filter {wanted.name}"
    if present and present["filterPattern"] == wanted.pattern:
        transformation = {"dimensions": {}, **present["metricTransformations"][0]}
        if all(transformation.get(name) == value for name, value in wanted.transformation().items()):
            return [Step(place.region, "keep", subject)]
    parameters = {
        "logGroupName": log_group_name,
        "filterName": wanted.name,
        "filterPattern": wanted.pattern,
        "metricTransformations": [wanted.transformation()],
    }
    put = Step(place.region, "change" if present else "create", subject, "logs", "PutMetricFilter", parameters, arn)
    if present and f"{FILTER_TAG}{wanted.name}" in place.log_group_tags(log_group_name):
        return [put]
    # So that `disable` removes the filters that outcrop made, puts back those that it changed, and touches no others.
    tags = {f"{FILTER_TAG}{wanted.name}": "changed" if present else "created"}
    if present:
        kept = ("filterName", "filterPattern", "metricTransformations", "applyOnTransformedLogs")
        before = {name: present[name] for name in kept if name in present}
        tags |= packed(json.dumps(before, sort_keys=True), f"{FILTER_BEFORE_TAG}{wanted.name}:")
    marked = {"resourceArn": arn, "tags": tags}
    mark = Step(place.region, "create", f"mark of {subject}", "logs", "TagResource", marked, arn)
    # What was there before is written down before it is changed.
    return [mark, put] if present else [put, mark]


def _record(region: str, served: str | None) -> dict[str, Any]:
    record = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "region": region,
        "operation": "Converse",
        "modelId": "us.anthropic.claude-3-haiku-20240307-v1:0",
    }
    return record if served is None else {**record, "inferenceRegion": served}
