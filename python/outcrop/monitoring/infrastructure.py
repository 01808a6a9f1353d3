"""Dashboards, alarms and metric filters as files for CloudFormation and Terraform."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from outcrop import _values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from outcrop.monitoring.metric_filters import MetricFilter

Format = Literal["json", "cloudformation", "terraform"]
FORMATS = ("json", "cloudformation", "terraform")

# Terraform's names of what PutMetricAlarm takes, where they are not the snake-case form.
TERRAFORM_NAMES = {
    "Metrics": "metric_query",
    "MetricStat": "metric",
    "OKActions": "ok_actions",
    "DatapointsToAlarm": "datapoints_to_alarm",
    "EvaluateLowSampleCountPercentile": "evaluate_low_sample_count_percentiles",
}


def dashboard_template(name: str, body: str, format: Format) -> dict[str, Any]:
    """A template with one dashboard."""
    if format == "cloudformation":
        properties = {"DashboardName": name, "DashboardBody": _compact(body)}
        return _cloudformation("CloudWatch dashboard of cross-Region inference", {
            "Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": properties},
        })  # fmt: skip
    arguments = {"dashboard_name": name, "dashboard_body": _literal(_compact(body))}
    return {"resource": {"aws_cloudwatch_dashboard": {_identifier(name): arguments}}}


def alarms_template(
    alarms: Iterable[Mapping[str, Any]],
    filters: Iterable[tuple[str, MetricFilter]],
    format: Format,
) -> dict[str, Any]:
    """A template with alarms and the metric filters that they need, for one Region.

    Args:
        alarms: The alarms, as parameters of PutMetricAlarm.
        filters: Log group name and metric filter.
        format: `cloudformation` or `terraform`.
    """
    if format == "cloudformation":
        resources: dict[str, Any] = {}
        for group, each in filters:
            transformation = _capitalized(each.transformation())
            if "Dimensions" in transformation:
                transformation["Dimensions"] = [
                    {"Key": key, "Value": value} for key, value in transformation["Dimensions"].items()
                ]
            resources[_logical(each.name)] = {
                "Type": "AWS::Logs::MetricFilter",
                "Properties": {
                    "FilterName": each.name,
                    "LogGroupName": group,
                    "FilterPattern": each.pattern,
                    "MetricTransformations": [transformation],
                },
            }
        for alarm in alarms:
            resources[_logical(alarm["AlarmName"])] = {"Type": "AWS::CloudWatch::Alarm", "Properties": dict(alarm)}
        return _cloudformation("CloudWatch alarms of cross-Region inference", resources)
    result: dict[str, Any] = {"aws_cloudwatch_metric_alarm": {}}
    for group, each in filters:
        transformation = each.transformation()
        made = {
            "namespace": transformation["metricNamespace"],
            "name": transformation["metricName"],
            "value": transformation["metricValue"],
            "unit": transformation["unit"],
        }
        if "dimensions" in transformation:
            made["dimensions"] = transformation["dimensions"]
        else:
            made["default_value"] = str(transformation["defaultValue"])
        result.setdefault("aws_cloudwatch_log_metric_filter", {})[_identifier(each.name)] = {
            "name": each.name,
            "log_group_name": group,
            "pattern": _literal(each.pattern),
            "metric_transformation": made,
        }
    for alarm in alarms:
        result["aws_cloudwatch_metric_alarm"][_identifier(alarm["AlarmName"])] = _terraform_alarm(alarm)
    return {"resource": result}


def write_template(path: str | Path, body: Any, format: Format) -> Path:
    """Writes a template as JSON.

    Raises:
        ValueError: The format is unknown, or Terraform would not read a file of that name.
    """
    path = Path(path)
    if format not in FORMATS:
        message = f"unknown format {_values.shown(format)}: choose one of {', '.join(FORMATS)}"
        raise ValueError(message)
    if format == "terraform" and not path.name.endswith(".tf.json"):
        message = f"terraform reads JSON only from files named *.tf.json: {path.name} is not"
        raise ValueError(message)
    path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")
    return path


def _terraform_alarm(alarm: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in alarm.items():
        key = TERRAFORM_NAMES.get(name, _snake(name))
        if name == "Dimensions":
            result[key] = {dimension["Name"]: dimension["Value"] for dimension in value}
        elif name == "Metrics":
            result[key] = [_terraform_query(query) for query in value]
        else:
            result[key] = _literal(value) if isinstance(value, str) else value
    return result


def _terraform_query(query: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in query.items():
        if name != "MetricStat":
            result[_snake(name)] = _literal(value) if isinstance(value, str) else value
            continue
        metric = value["Metric"]
        result["metric"] = {
            "namespace": metric["Namespace"],
            "metric_name": metric["MetricName"],
            "period": value["Period"],
            "stat": value["Stat"],
        }
        if metric.get("Dimensions"):
            result["metric"]["dimensions"] = {each["Name"]: each["Value"] for each in metric["Dimensions"]}
    return result


def _cloudformation(description: str, resources: Mapping[str, Any]) -> dict[str, Any]:
    return {"AWSTemplateFormatVersion": "2010-09-09", "Description": description, "Resources": dict(resources)}


def _literal(text: str) -> str:
    """Text that Terraform is not to interpolate."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _compact(body: str) -> str:
    return json.dumps(json.loads(body), separators=(",", ":"))


def _capitalized(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name[0].upper() + name[1:]: each for name, each in value.items()}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _identifier(name: str) -> str:
    text = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return text if not text[:1].isdigit() else f"_{text}"


def _logical(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))
