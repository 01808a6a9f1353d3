"""Metric filters: the pattern's meaning, and making them against moto."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from outcrop import monitoring
from outcrop.monitoring.filter_patterns import (
    FilterPattern,
    outside_pattern,
    request_pattern,
    rerouted_pattern,
    selected,
)
from outcrop.monitoring.metric_filters import NOT_IMPLEMENTED, VARIANTS, metric_filters
from outcrop.monitoring.plan import Plan
from tests.monitoring.conftest import REGION, Moto
from tests.support.ministack import ministack

GROUP = "bedrock-model-invocation-logging"
REROUTED = "bedrock_cross_region_inference_rerouted"
ABSENT = {"region": "us-east-1", "modelId": "m", "requestId": "a-1"}
HERE = {**ABSENT, "inferenceRegion": "us-east-1"}
AWAY = {**ABSENT, "inferenceRegion": "us-west-2"}


@pytest.mark.parametrize("absent_differs", [False, True])
def test_the_rerouted_pattern_holds_however_an_absent_field_is_read(absent_differs: bool) -> None:
    pattern = FilterPattern(rerouted_pattern("us-east-1"))
    judged = [pattern.matches(record, absent_differs=absent_differs) for record in (ABSENT, HERE, AWAY)]
    assert judged == [False, False, True]


def test_the_sample_pattern_depends_on_that_reading() -> None:
    [sample] = metric_filters("sample", "us-east-1")
    assert sample.pattern == '{ $.inferenceRegion != "us-east-1" }'
    pattern = FilterPattern(sample.pattern)
    assert [pattern.matches(ABSENT), pattern.matches(ABSENT, absent_differs=True)] == [False, True]


@pytest.mark.parametrize(
    ("pattern", "record", "expected"),
    [
        ('{ $.a = "x*" }', {"a": "xyz"}, True),
        ('{ $.a = "x[1]" }', {"a": "x[1]"}, True),
        ('{ $.a = "x?" }', {"a": "xy"}, False),
        ("{ $.a = x* }", {"a": "xyz"}, True),
        ("{ $.a.b[1].c >= 3 }", {"a": {"b": [0, {"c": 3.5}]}}, True),
        ("{ $.a < 3 }", {"a": "2"}, False),
        ("{ $.a != 3 }", {"a": 4}, True),
        ("{ $.a != 3 }", {}, False),
        ("{ $.a IS NULL }", {"a": None}, True),
        ("{ $.a IS TRUE && $.b is false }", {"a": True, "b": False}, True),
        ("{ $.a NOT EXISTS }", {"a": None}, False),
        ("{ $.a NOT EXISTS || $.b = 1 && $.c = 2 }", {"a": 0, "b": 1, "c": 3}, False),
        ("{ ($.a NOT EXISTS || $.b = 1) && $.c = 2 }", {"b": 1, "c": 2}, True),
        ("{ $.['a-b'].c = 1 }".replace(".[", "["), {"a-b": {"c": 1}}, True),
        ('{ $.a = "say \\"hi\\"" }', {"a": 'say "hi"'}, True),
        ('{ $.a = "x" }', "no json", False),
        ('{ $.a = "x" }', "[1]", False),
    ],
)
def test_patterns_judge_records(pattern: str, record: Any, expected: bool) -> None:
    assert FilterPattern(pattern).matches(record) is expected


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("$.a = 1", "expected '{', found '\\$.a'"),
        ("{ $.a = 1", "expected '}', found 'the end'"),
        ("{ a = 1 }", "expected a selector"),
        ("{ $.a ~ 1 }", "expected an operator"),
        ("{ $.a = }", "expected a value"),
        ("{ $.a IS SO }", "expected NULL or TRUE or FALSE"),
        ("{ $.a = 1 } x", "expected the pattern to end"),
        ('{ $.a = "x }', "cannot read"),
    ],
)
def test_a_pattern_that_is_wrong_says_where(pattern: str, text: str) -> None:
    with pytest.raises(monitoring.FilterPatternError, match=text):
        FilterPattern(pattern)


@pytest.mark.parametrize("region", ['us-east-1" || $.a = "', "", "US-EAST-1", "us-east"])
def test_nothing_gets_out_of_a_pattern_string(region: str) -> None:
    with pytest.raises(monitoring.FilterPatternError, match="not spelled like a Region"):
        rerouted_pattern(region)
    with pytest.raises(monitoring.FilterPatternError, match="is no request id"):
        request_pattern('x" || $.a = "y')


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text('ab*"\\', max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(record=st.dictionaries(st.sampled_from("abc"), json_values, max_size=3), key=st.sampled_from("abc"))
def test_exists_and_not_exists_divide_all_records(record: dict[str, Any], key: str) -> None:
    absent = FilterPattern(f"{{ $.{key} NOT EXISTS }}").matches(record)
    assert absent == (key not in record)
    text = record.get(key)
    if isinstance(text, str) and "*" not in text:
        assert FilterPattern(f"{{ $.{key} = {json.dumps(text)} }}").matches(record)
    assert selected(record, f"$.{key}") == record.get(key)


@given(served=st.none() | st.sampled_from(["us-east-1", "us-east-2", "us-west-2", "eu-west-1"]), differs=st.booleans())
def test_outside_counts_exactly_the_regions_not_named(served: str | None, differs: bool) -> None:
    record = {"region": "us-east-1"} if served is None else {"region": "us-east-1", "inferenceRegion": served}
    pattern = FilterPattern(outside_pattern(["us-east-1", "us-west-2"]))
    outside = served in {"us-east-2", "eu-west-1"}
    assert pattern.matches(record, absent_differs=differs) is outside


def test_every_record_is_counted_by_region_once() -> None:
    named, here = metric_filters("by_region", "us-east-1")
    assert named.metric == here.metric
    assert (dict(named.dimensions), dict(here.dimensions)) == (
        {"InferenceRegion": "$.inferenceRegion"},
        {"InferenceRegion": "$.region"},
    )
    for record in (ABSENT, HERE, AWAY):
        assert sum(FilterPattern(each.pattern).matches(record) for each in (named, here)) == 1
    failed = {**ABSENT, "errorCode": "ThrottlingException"}
    assert not any(FilterPattern(each.pattern).matches(failed) for each in (named, here))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("region", ["us-east-1", "us-west-2", "us-gov-west-1"])
def test_the_examples_of_every_filter_are_judged_as_they_say(variant: Any, region: str) -> None:
    for each in metric_filters(variant, region, allowed_regions=[region, "us-east-2"]):
        assert each.examples
        for record, counts in each.examples:
            assert FilterPattern(each.pattern).matches(record) is counts


def test_the_sample_filter_is_made_with_its_parameters(moto: Moto) -> None:
    logs = moto.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    plan = monitoring.reroute_metric(moto.session(), variant="sample", endpoint_urls=moto.endpoint_url)
    assert plan.changes[0].parameters == {
        "logGroupName": GROUP,
        "filterName": REROUTED,
        "filterPattern": '{ $.inferenceRegion != "us-east-1" }',
        "metricTransformations": [
            {
                "metricNamespace": "Custom",
                "metricName": REROUTED,
                "metricValue": "1",
                "defaultValue": 0,
                "unit": "Count",
            }
        ],
    }
    [made] = logs.describe_metric_filters(logGroupName=GROUP)["metricFilters"]
    assert made["filterPattern"] == '{ $.inferenceRegion != "us-east-1" }'


def test_filters_are_made_once_and_changed_when_they_differ(moto: Moto) -> None:
    logs = moto.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    options: dict[str, Any] = {"variant": ["rerouted", "calls", "by_region"], "endpoint_urls": moto.endpoint_url}
    planned = monitoring.reroute_metric(moto.session(), dry_run=True, **options)
    assert logs.describe_metric_filters(logGroupName=GROUP)["metricFilters"] == []
    done = monitoring.reroute_metric(moto.session(), **options)
    assert [step.subject for step in planned] == [step.subject for step in done]
    assert "outcrop's own matcher judged" in str(done)
    assert len(logs.describe_metric_filters(logGroupName=GROUP)["metricFilters"]) == 4
    assert monitoring.reroute_metric(moto.session(), **options).changes == []
    plain = monitoring.reroute_metric(moto.session(), variant="sample", endpoint_urls=moto.endpoint_url)
    assert [step.effect for step in plain] == ["change"]


def test_several_regions_get_their_own_pattern(moto: Moto) -> None:
    for region in ("us-east-1", "eu-west-1"):
        moto.client("logs", region).create_log_group(logGroupName=GROUP)
    monitoring.reroute_metric(moto.session(), regions=["us-east-1", "eu-west-1"], endpoint_urls=moto.endpoint_url)
    [made] = moto.client("logs", "eu-west-1").describe_metric_filters(logGroupName=GROUP)["metricFilters"]
    assert made["filterPattern"] == '{ ($.inferenceRegion = "*") && ($.inferenceRegion != "eu-west-1") }'


def test_a_missing_log_group_is_named(moto: Moto) -> None:
    with pytest.raises(monitoring.MonitoringError, match=f"no log group {GROUP} in us-east-1: run monitoring.enable"):
        monitoring.reroute_metric(moto.session(), endpoint_urls=moto.endpoint_url)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"variant": "best"}, "unknown variant 'best'"),
        ({"variant": "outside"}, "no allowed Region was given"),
        ({"variant": "outside", "allowed_regions": ["mars"]}, "'mars' is not spelled like a Region"),
    ],
)
def test_bad_variants_are_named(moto: Moto, options: dict[str, Any], text: str) -> None:
    moto.client("logs").create_log_group(logGroupName=GROUP)
    with pytest.raises(monitoring.MonitoringError, match=text):
        monitoring.reroute_metric(moto.session(), endpoint_urls=moto.endpoint_url, **options)


@pytest.mark.parametrize("server", ["moto", pytest.param("ministack", marks=pytest.mark.ministack)])
def test_no_local_server_judges_patterns(server: str, moto: Moto) -> None:
    """When this fails, that server has TestMetricFilter: let it judge the examples in place of our matcher."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": REGION}
    with ministack(authenticate=False) if server == "ministack" else nullcontext(moto.endpoint_url) as url:
        logs = boto3.client("logs", endpoint_url=url, config=Config(retries={"total_max_attempts": 1}), **keys)
        with pytest.raises(ClientError) as refused:
            logs.test_metric_filter(filterPattern='{ $.a = "b" }', logEventMessages=['{"a":"b"}'])
    assert refused.value.response["Error"]["Code"] in NOT_IMPLEMENTED


class Judge:
    """Stands in for a CloudWatch Logs that has TestMetricFilter, which no local server has."""

    region = REGION

    def __init__(self, counted: list[int] | str) -> None:
        self.clients = self
        self.counted = counted

    def call(self, service: str, region: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        assert (service, region, operation) == ("logs", REGION, "TestMetricFilter")
        assert 1 <= len(parameters["logEventMessages"]) <= 50
        if isinstance(self.counted, str):
            raise ClientError({"Error": {"Code": self.counted, "Message": ""}}, operation)
        return {"matches": [{"eventNumber": number} for number in self.counted]}


def test_a_filter_that_aws_judges_otherwise_is_not_trusted() -> None:
    from outcrop.monitoring.metric_filters import verify_filter

    [rerouted] = metric_filters("rerouted", REGION)
    verify_filter(rerouted, Judge([1]))  # type: ignore[arg-type]
    with pytest.raises(monitoring.FilterPatternRejectedError, match=r"cloudwatch logs judges .* it counts by"):
        verify_filter(rerouted, Judge([1, 3]))  # type: ignore[arg-type]
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        verify_filter(rerouted, Judge("ServiceUnavailable"))  # type: ignore[arg-type]
    plan = Plan([REGION])
    verify_filter(rerouted, Judge("InvalidOperationException"), plan)  # type: ignore[arg-type]
    assert "no TestMetricFilter" in plan.notes[0]
