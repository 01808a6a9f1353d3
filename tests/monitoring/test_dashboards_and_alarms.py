"""The dashboard and the alarms: applied to moto, and as files judged by cfn-lint."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from cfnlint import lint_all
from hypothesis import given
from hypothesis import strategies as st

from outcrop import monitoring
from outcrop.monitoring.validation import alarm_problems, dashboard_problems

if TYPE_CHECKING:
    from pathlib import Path

    from tests.monitoring.conftest import Moto

HAIKU = "us.anthropic.claude-3-haiku-20240307-v1:0"
NOVA = "us.amazon.nova-lite-v1:0"
OPTIONS: dict[str, Any] = {
    "regions": ["us-east-1", "eu-west-1"],
    "models": [HAIKU, NOVA],
    "quotas": {HAIKU: 400_000},
}
ALARM_OPTIONS = {
    **OPTIONS,
    "allowed_regions": ["us-east-1", "us-west-2"],
    "actions": ["arn:aws:sns:us-east-1:123456789012:t"],
}


@pytest.mark.parametrize("options", [{}, OPTIONS], ids=["search", "models"])
def test_the_dashboard_is_put_as_it_was_shown(moto: Moto, options: dict[str, Any]) -> None:
    cloudwatch = moto.client("cloudwatch")
    shown = monitoring.dashboard(moto.session(), endpoint_urls=moto.endpoint_url, dry_run=True, **options)
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []
    made = monitoring.dashboard(moto.session(), endpoint_urls=moto.endpoint_url, **options)
    assert json.loads(cloudwatch.get_dashboard(DashboardName=made.name)["DashboardBody"]) == shown.body == made.body
    assert made.messages == []
    titles = [widget["properties"]["title"] for widget in made.body["widgets"]]
    assert titles[:9] == [
        "Calls by serving Region",
        "Calls served by another Region",
        "Latency",
        "Time to first token",
        "Throttles",
        "Client errors",
        "Server errors",
        "Tokens",
        "Tokens per minute (estimate)",
    ]


def test_a_dashboard_without_models_searches(moto: Moto) -> None:
    made = monitoring.dashboard(moto.session(), endpoint_urls=moto.endpoint_url, dry_run=True)
    [latency] = [widget for widget in made.body["widgets"] if widget["properties"]["title"] == "Latency"]
    assert [row[0]["expression"] for row in latency["properties"]["metrics"]] == [
        f"SEARCH('{{AWS/Bedrock,ModelId}} MetricName=\"InvocationLatency\"', '{stat}', 300)"
        for stat in ("p50", "p90", "p99")
    ]


def test_quotas_are_lines(moto: Moto) -> None:
    made = monitoring.dashboard(moto.session(), endpoint_urls=moto.endpoint_url, dry_run=True, **OPTIONS)
    [quota] = [widget for widget in made.body["widgets"] if "annotations" in widget["properties"]]
    assert quota["properties"]["annotations"] == {"horizontal": [{"label": f"quota of {HAIKU}", "value": 400_000}]}
    assert {row[-1]["period"] for row in quota["properties"]["metrics"]} == {60}


def break_at(body: dict[str, Any], path: list[Any], value: Any) -> dict[str, Any]:
    broken = copy.deepcopy(body)
    target: Any = broken
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return broken


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        (["widgets", 0, "width"], 25, "width must be 1 to 24"),
        (["widgets", 1, "x"], 20, "x \\+ width passes the 24 columns"),
        (["widgets", 1, "x"], 6, "widget 1 lies over widget 0"),
        (["widgets", 0, "type"], "chart", "unknown type 'chart'"),
        (["widgets", 0, "properties", "region"], "here", "'here' is not spelled like a Region"),
        (["widgets", 0, "properties", "period"], 61, "period 61 must be"),
        (["widgets", 0, "properties", "metrics"], [], "metrics must hold 1 to 500 rows"),
        (["widgets", 0, "properties", "metrics"], [["only"]], "is no namespace, metric and pairs"),
        (["widgets", 0, "properties", "metrics"], [["n", "m", {"stat": "p101"}]], "unknown statistic 'p101'"),
        (["widgets", 0, "properties", "metrics"], [["n", "m", {"id": "M1"}]], "must begin with a lower-case letter"),
        (["widgets"], {}, "widgets must be a list"),
    ],
)
def test_broken_dashboards_are_named(moto: Moto, path: list[Any], value: Any, text: str) -> None:
    import re

    body = monitoring.dashboard(moto.session(), endpoint_urls=moto.endpoint_url, dry_run=True, **OPTIONS).body
    assert dashboard_problems("d", body) == []
    problems = dashboard_problems("d", break_at(body, path, value))
    assert any(re.search(text, problem) for problem in problems), problems


def test_a_bad_name_is_refused(moto: Moto) -> None:
    with pytest.raises(monitoring.InvalidDashboardError, match="may hold up to 255"):
        monitoring.dashboard(moto.session(), name="a b", endpoint_urls=moto.endpoint_url)


def test_the_alarms_are_put(moto: Moto) -> None:
    made = monitoring.alarms(moto.session(), endpoint_urls=moto.endpoint_url, **ALARM_OPTIONS)
    for region in ("us-east-1", "eu-west-1"):
        found = moto.client("cloudwatch", region).describe_alarms()["MetricAlarms"]
        assert {alarm["AlarmName"] for alarm in found} == {
            f"bedrock-rerouted-ratio-{region}",
            f"bedrock-rerouted-anomaly-{region}",
            f"bedrock-latency-p99-{HAIKU}-{region}",
            f"bedrock-latency-p99-{NOVA}-{region}",
            f"bedrock-throttles-{region}",
            f"bedrock-server-errors-{region}",
            f"bedrock-quota-{HAIKU}-{region}",
            f"bedrock-log-delivery-failures-{region}",
            f"bedrock-outside-allowed-regions-{region}",
        }
        assert {alarm["TreatMissingData"] for alarm in found} == {"notBreaching"}
        assert all(alarm["AlarmActions"] for alarm in found)
    assert len(made) == 18
    assert made.notes == []
    quota = next(alarm for alarm in made if "-quota-" in alarm["AlarmName"])
    assert quota["Threshold"] == 320_000


def test_alarms_without_models_watch_all_of_them(moto: Moto) -> None:
    made = monitoring.alarms(moto.session(), endpoint_urls=moto.endpoint_url)
    assert made.notes == ["no models were named: there is no alarm on latency"]
    throttles = next(alarm for alarm in made if "throttles" in alarm["AlarmName"])
    assert (
        throttles["Metrics"][0]["Expression"] == 'SELECT SUM(InvocationThrottles) FROM SCHEMA("AWS/Bedrock", ModelId)'
    )


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"AlarmName": ""}, "AlarmName must hold"),
        ({"DatapointsToAlarm": 9}, "must be 1 to EvaluationPeriods"),
        ({"TreatMissingData": "perhaps"}, "TreatMissingData must be one of"),
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "does not fit a threshold"),
        ({"ThresholdMetricId": "band"}, "give either Threshold or ThresholdMetricId"),
        ({"MetricName": "x"}, "give either MetricName or Metrics"),
        ({"EvaluationPeriods": 400}, "at most a day"),
        ({"Metrics": [{"Id": "A", "Expression": "1"}]}, "begin with a lower-case letter"),
        ({"Metrics": [{"Id": "a", "Expression": "SEARCH('x', 'Sum', 60)"}]}, "an alarm cannot search"),
        ({"Metrics": [{"Id": "a", "Expression": "1", "ReturnData": False}]}, "1 of the metrics must have ReturnData"),
        ({"Metrics": [{"Id": "a"}]}, "either Expression or MetricStat"),
    ],
)
def test_broken_alarms_are_named(moto: Moto, change: dict[str, Any], text: str) -> None:
    made = monitoring.alarms(moto.session(), endpoint_urls=moto.endpoint_url, dry_run=True)
    alarm = made.by_region["us-east-1"][0]
    assert alarm_problems(alarm) == []
    problems = alarm_problems({**alarm, **change})
    assert any(text in problem for problem in problems), problems


@pytest.mark.parametrize("kind", ["dashboard", "alarms"])
def test_cloudformation_is_valid_by_its_own_linter(moto: Moto, kind: str) -> None:
    if kind == "dashboard":
        made = monitoring.dashboard(moto.session(), endpoint_urls=moto.endpoint_url, dry_run=True, **OPTIONS)
        template = made.to_cloudformation()
        assert json.loads(template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]) == made.body
    else:
        each = monitoring.alarms(moto.session(), endpoint_urls=moto.endpoint_url, dry_run=True, **ALARM_OPTIONS)
        template = each.to_cloudformation("us-east-1")
        kinds = [resource["Type"] for resource in template["Resources"].values()]
        assert (kinds.count("AWS::CloudWatch::Alarm"), kinds.count("AWS::Logs::MetricFilter")) == (9, 3)
    # Errors and warnings; what the linter only remarks on is left to whoever deploys it.
    assert [str(match) for match in lint_all(json.dumps(template)) if match.rule.id[0] in "EW"] == []


def test_terraform_files_use_the_providers_names(moto: Moto, tmp_path: Path) -> None:
    made = monitoring.dashboard(moto.session(), endpoint_urls=moto.endpoint_url, dry_run=True)
    path = made.write(tmp_path / "dashboard.tf.json", format="terraform")
    [resource] = json.loads(path.read_text())["resource"]["aws_cloudwatch_dashboard"].values()
    # Terraform would take ${…} for its own: it is doubled, and reads back as one.
    assert "$${PROP(" in resource["dashboard_body"]
    assert json.loads(resource["dashboard_body"].replace("$${", "${")) == made.body

    each = monitoring.alarms(moto.session(), endpoint_urls=moto.endpoint_url, dry_run=True, **ALARM_OPTIONS)
    path = each.write(tmp_path / "alarms.tf.json", format="terraform", region="us-east-1")
    resources = json.loads(path.read_text())["resource"]
    ratio = resources["aws_cloudwatch_metric_alarm"]["bedrock_rerouted_ratio_us_east_1"]
    assert ratio["metric_query"][0] == {
        "id": "rerouted",
        "return_data": False,
        "metric": {
            "namespace": "Custom",
            "metric_name": "bedrock_cross_region_inference_rerouted",
            "period": 300,
            "stat": "Sum",
        },
    }
    # The arguments of the provider's aws_cloudwatch_metric_alarm.
    known = {
        "alarm_name", "alarm_description", "alarm_actions", "comparison_operator", "datapoints_to_alarm", "dimensions",
        "evaluation_periods", "extended_statistic", "metric_name", "metric_query", "namespace", "period", "statistic",
        "threshold", "threshold_metric_id", "treat_missing_data",
    }  # fmt: skip
    for alarm in resources["aws_cloudwatch_metric_alarm"].values():
        assert set(alarm) <= known
    outside = resources["aws_cloudwatch_log_metric_filter"]["bedrock_cross_region_inference_outside_allowed"]
    assert outside["metric_transformation"]["default_value"] == "0"
    assert outside["pattern"].startswith("{ ($.inferenceRegion")


def test_files_that_would_not_be_read_are_refused(moto: Moto, tmp_path: Path) -> None:
    each = monitoring.alarms(moto.session(), endpoint_urls=moto.endpoint_url, dry_run=True, **ALARM_OPTIONS)
    assert json.loads(each.write(tmp_path / "alarms.json").read_text()) == each.by_region
    with pytest.raises(ValueError, match=r"named \*\.tf\.json"):
        each.write(tmp_path / "alarms.tf", format="terraform", region="us-east-1")
    with pytest.raises(monitoring.MonitoringError, match="holds the alarms of one Region"):
        each.write(tmp_path / "alarms.yaml", format="cloudformation")
    with pytest.raises(monitoring.MonitoringError, match="no alarms for ap-south-1"):
        each.to_cloudformation("ap-south-1")


model_ids = st.from_regex(r"\A[a-z]{2}\.[a-z]{3,9}\.[a-z0-9\-\.]{3,30}(:[0-9])?\Z")
regions = st.lists(
    st.sampled_from(["us-east-1", "eu-west-1", "us-gov-west-1", "ap-southeast-2"]), min_size=1, unique=True
)


@given(regions=regions, models=st.lists(model_ids, max_size=15, unique=True), period=st.sampled_from([60, 300, 3600]))
def test_whatever_is_asked_for_is_valid(regions: list[str], models: list[str], period: int) -> None:
    import boto3

    session = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1")
    quotas = dict.fromkeys(models[:2], 1000.0)
    options: dict[str, Any] = {"regions": regions, "models": models, "quotas": quotas, "dry_run": True}
    monitoring.dashboard(session, period=period, **options)
    monitoring.alarms(session, allowed_regions=regions, **options)


def test_what_was_made_is_deleted_and_nothing_else(moto: Moto) -> None:
    session = moto.session()
    options = {"endpoint_urls": moto.endpoint_url, **ALARM_OPTIONS}
    mine, theirs = (monitoring.alarms(session, name_prefix=name, **options) for name in ("mine", "theirs"))
    kept, gone = (
        monitoring.dashboard(session, name=name, endpoint_urls=moto.endpoint_url) for name in ("kept", "gone")
    )
    assert gone.delete(session, endpoint_urls=moto.endpoint_url).changes[0].done
    done = mine.delete(session, endpoint_urls=moto.endpoint_url)
    assert [(step.region, step.subject, step.done) for step in done] == [
        ("us-east-1", "9 alarms", True),
        ("eu-west-1", "9 alarms", True),
    ]
    for region in ("us-east-1", "eu-west-1"):
        left = moto.client("cloudwatch", region).describe_alarms()["MetricAlarms"]
        assert {alarm["AlarmName"] for alarm in left} == {alarm["AlarmName"] for alarm in theirs.by_region[region]}
    [entry] = moto.client("cloudwatch").list_dashboards()["DashboardEntries"]
    assert entry["DashboardName"] == kept.name
    # Once more is no error.
    gone.delete(session, endpoint_urls=moto.endpoint_url)
    mine.delete(session, endpoint_urls=moto.endpoint_url)
