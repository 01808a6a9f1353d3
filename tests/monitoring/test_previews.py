"""Dashboards and alarms as they would look, out of records."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from outcrop import monitoring
from outcrop.monitoring.measurements import Measurements
from tests.monitoring.records import NOON, PROFILE, a_morning, record

if TYPE_CHECKING:
    from tests.monitoring.conftest import Moto

ALL: dict[str, Any] = {"dry_run": True, "regions": ["us-east-1"]}


@pytest.fixture
def dashboard(moto: Moto) -> monitoring.Dashboard:
    return monitoring.dashboard(moto.session(), quotas={PROFILE: 100}, **ALL)


def alarms(moto: Moto, **options: Any) -> monitoring.Alarms:
    return monitoring.alarms(moto.session(), models=[PROFILE], **ALL, **options)


def test_every_metric_widget_is_drawn(dashboard: monitoring.Dashboard) -> None:
    figure = dashboard.plot(a_morning())
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == [each["properties"]["title"] for each in dashboard.body["widgets"] if each["type"] == "metric"]
    drawn = {axes.get_title(loc="left"): axes for axes in figure.axes}
    share = drawn["Calls by serving Region"]
    assert {text.get_text() for text in share.get_legend().get_texts()} == {"us-east-1", "us-west-2"}
    assert sum(bar.get_height() for bar in share.patches) == 9
    assert drawn["Time to first token"].texts[0].get_text() == "no data"
    assert max(drawn["Calls served by another Region"].lines[0].get_ydata()) == 100
    assert any("quota" in line.get_label() for line in drawn["Tokens per minute (estimate)"].lines)


def test_one_moment_is_drawn_as_minutes(dashboard: monitoring.Dashboard) -> None:
    """Warnings are errors here: matplotlib has one for a span that it must guess, and one for what does not fit."""
    figure = dashboard.plot([record(number, minutes=1) for number in range(3)])
    figure.savefig(io.BytesIO())
    for axes in figure.axes:
        if axes.lines or axes.patches:
            start, end = axes.get_xlim()
            assert end - start < 1 / 24, axes.get_title(loc="left")


def test_a_share_has_no_ticks_beyond_a_hundred(dashboard: monitoring.Dashboard) -> None:
    [axes] = [it for it in dashboard.plot(a_morning()).axes if it.get_ylabel() == "%"]
    assert max(axes.get_yticks()) == 100


def test_every_axis_has_a_unit_and_no_chart_lies_over_another(dashboard: monitoring.Dashboard) -> None:
    figure = dashboard.plot(a_morning())
    figure.draw_without_rendering()
    assert {axes.get_ylabel() for axes in figure.axes} == {"calls", "%", "ms", "tokens", "records"}
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    assert not [
        (one, other) for number, one in enumerate(boxes) for other in boxes[:number] if one.padded(-1).overlaps(other)
    ]


def test_measurements_are_those_of_the_metrics() -> None:
    measured = Measurements(a_morning(), ["us-east-1"])
    bedrock, model = "AWS/Bedrock", {"ModelId": PROFILE}
    options: dict[str, Any] = {"stat": "Sum", "period": 3600}
    hour = int(NOON.timestamp())
    assert measured.points("us-east-1", bedrock, "InvocationThrottles", model, **options) == {hour: 1}
    assert measured.points("us-east-1", bedrock, "OutputTokenCount", model, **options) == {hour: 120}
    latency = measured.points("us-east-1", bedrock, "InvocationLatency", model, stat="p50", period=3600)
    assert latency == {hour: 402}
    for name, expected in (("rerouted", 3), ("calls", 9), ("outside_allowed", 3)):
        metric = f"bedrock_cross_region_inference_{name}"
        assert measured.points("us-east-1", "Custom", metric, {}, **options) == {hour: expected}, name
    assert len(measured.search("us-east-1", bedrock, ["ModelId"], "Invocations")) == 2


def test_the_alarms_that_would_ring(moto: Moto) -> None:
    # Half of an hour's calls are served elsewhere, one is throttled.
    records = [record(number, minutes=number, served="us-west-2" if number % 2 else None) for number in range(50)]
    records.append(record(50, error="ThrottlingException", minutes=50))
    made = alarms(moto, allowed_regions=["us-east-1"], quotas={PROFILE: 1000})
    states = {name.removeprefix("bedrock-"): state for name, state, *_ in made.states(records).rows}
    assert states["rerouted-ratio-us-east-1"] == "would ring"
    assert states["throttles-us-east-1"] == "would ring"
    assert states["outside-allowed-regions-us-east-1"] == "would ring"
    assert states["server-errors-us-east-1"] == "quiet"
    assert states[f"latency-p99-{PROFILE}-us-east-1"] == "quiet"
    assert states["rerouted-anomaly-us-east-1"] == "needs CloudWatch"
    assert "rerouted-ratio" in made.states(records)._repr_html_()


def test_a_short_burst_does_not_ring_what_takes_three_periods(moto: Moto) -> None:
    records = [record(number, served="us-west-2", minutes=1) for number in range(20)]
    states = dict(row[:2] for row in alarms(moto).states(records).rows)
    assert states["bedrock-rerouted-ratio-us-east-1"] == "quiet"


def test_what_only_cloudwatch_can_draw_is_said() -> None:
    row = [{"expression": "ANOMALY_DETECTION_BAND(m1)", "region": "us-east-1"}]
    properties = {"title": "t", "metrics": [row], "region": "us-east-1", "period": 60}
    widget = {"type": "metric", "x": 0, "y": 0, "width": 6, "height": 6, "properties": properties}
    with pytest.raises(monitoring.MonitoringError, match="cannot be drawn without CloudWatch"):
        monitoring.Dashboard("d", {"widgets": [widget]}).plot([])
    with pytest.raises(monitoring.MonitoringError, match="no metric widget"):
        monitoring.Dashboard("d", {"widgets": []}).plot([])
