"""The rules of CloudWatch for dashboards and alarms, checked before anything is sent or written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

NAME = re.compile(r"[A-Za-z0-9\-_]{1,255}")
REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
IDENTIFIER = re.compile(r"[a-z][a-zA-Z0-9_]*")
STATISTIC = re.compile(r"SampleCount|Average|Sum|Minimum|Maximum|IQM|(?:p|tm|wm|tc|ts)\d{1,2}(?:\.\d{1,10})?|p100")
HIGH_RESOLUTION = {1, 5, 10, 20, 30}
COMPARISONS = {
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
}
BAND_COMPARISONS = {
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
}
MISSING_DATA = {"breaching", "notBreaching", "ignore", "missing"}
GRID = 24
MAX_METRICS = 500
MAX_WIDGETS = 500
MAX_ALARM_METRICS = 10
DAY = 86_400
WEEK = 7 * DAY


def dashboard_problems(name: str, body: Mapping[str, Any]) -> list[str]:
    """The rules that a dashboard breaks; none if it is valid."""
    problems = []
    if not NAME.fullmatch(name):
        problems.append(f"the name {name!r} may hold up to 255 of A-Z a-z 0-9 - _")
    widgets = body.get("widgets")
    if not isinstance(widgets, list) or len(widgets) > MAX_WIDGETS:
        return [*problems, f"widgets must be a list of at most {MAX_WIDGETS}"]
    taken: dict[tuple[int, int], int] = {}
    for number, widget in enumerate(widgets):
        where = f"widget {number}"
        problems += [f"{where}: {problem}" for problem in _widget_problems(widget)]
        for cell in _cells(widget):
            other = taken.setdefault(cell, number)
            if other != number:
                problems.append(f"{where} lies over widget {other}")
                break
    return problems


def alarm_problems(alarm: Mapping[str, Any]) -> list[str]:  # noqa: C901 - a list of rules
    """The rules that an alarm, as parameters of PutMetricAlarm, breaks; none if it is valid."""
    problems = []
    if not 1 <= len(alarm.get("AlarmName", "")) <= 255:  # noqa: PLR2004
        problems.append("AlarmName must hold 1 to 255 characters")
    periods = alarm.get("EvaluationPeriods", 0)
    points = alarm.get("DatapointsToAlarm", periods)
    if periods < 1 or not 1 <= points <= periods:
        problems.append(f"DatapointsToAlarm ({points}) must be 1 to EvaluationPeriods ({periods})")
    if alarm.get("TreatMissingData", "missing") not in MISSING_DATA:
        problems.append(f"TreatMissingData must be one of {sorted(MISSING_DATA)}")
    band = "ThresholdMetricId" in alarm
    if alarm.get("ComparisonOperator") not in (BAND_COMPARISONS if band else COMPARISONS):
        problems.append(
            f"ComparisonOperator {alarm.get('ComparisonOperator')!r} does not fit a {'band' if band else 'threshold'}"
        )
    if band == ("Threshold" in alarm):
        problems.append("give either Threshold or ThresholdMetricId")
    if ("Metrics" in alarm) == ("MetricName" in alarm):
        return [*problems, "give either MetricName or Metrics"]
    if "Metrics" in alarm:
        problems += _query_problems(alarm["Metrics"], alarm.get("ThresholdMetricId"))
        longest = max([_period(query) for query in alarm["Metrics"]], default=0)
    else:
        longest = alarm.get("Period", 0)
        problems += _period_problems(longest)
        if ("Statistic" in alarm) == ("ExtendedStatistic" in alarm):
            problems.append("give either Statistic or ExtendedStatistic")
        statistic = alarm.get("Statistic") or alarm.get("ExtendedStatistic", "")
        if not STATISTIC.fullmatch(statistic):
            problems.append(f"unknown statistic {statistic!r}")
    span = longest * periods
    if span > (WEEK if longest >= 3600 else DAY):  # noqa: PLR2004
        problems.append(f"EvaluationPeriods times Period is {span} s: at most a day, or a week with periods of an hour")
    return problems


def _widget_problems(widget: Mapping[str, Any]) -> list[str]:  # noqa: C901 - a list of rules
    problems = []
    properties = widget.get("properties", {})
    for member, least, most in (("x", 0, GRID - 1), ("width", 1, GRID), ("y", 0, 10**6), ("height", 1, 1000)):
        if not isinstance(widget.get(member), int) or not least <= widget[member] <= most:
            problems.append(f"{member} must be {least} to {most}")
    if widget.get("x", 0) + widget.get("width", 0) > GRID:
        problems.append(f"x + width passes the {GRID} columns")
    kind = widget.get("type")
    if kind not in {"metric", "log", "text", "alarm", "explorer", "custom"}:
        problems.append(f"unknown type {kind!r}")
    if kind in {"metric", "log"} and not REGION.fullmatch(str(properties.get("region", ""))):
        problems.append(f"region {properties.get('region')!r} is not spelled like a Region")
    if kind == "log" and not str(properties.get("query", "")).startswith("SOURCE "):
        problems.append("a log query begins with SOURCE")
    if kind == "text" and "markdown" not in properties:
        problems.append("a text widget needs markdown")
    if kind == "metric":
        problems += _period_problems(properties.get("period", 300))
        metrics = properties.get("metrics", [])
        if not 1 <= len(metrics) <= MAX_METRICS:
            problems.append(f"metrics must hold 1 to {MAX_METRICS} rows")
        for row in metrics:
            problems += _row_problems(row)
    return problems


def _row_problems(row: Any) -> list[str]:
    options = row[-1] if isinstance(row, list) and row and isinstance(row[-1], Mapping) else {}
    problems = []
    if "id" in options and not IDENTIFIER.fullmatch(options["id"]):
        problems.append(f"id {options['id']!r} must begin with a lower-case letter")
    if "stat" in options and not STATISTIC.fullmatch(options["stat"]):
        problems.append(f"unknown statistic {options['stat']!r}")
    if "region" in options and not REGION.fullmatch(options["region"]):
        problems.append(f"region {options['region']!r} is not spelled like a Region")
    if "expression" in options:
        if len(row) != 1:
            problems.append("an expression stands alone in its row")
        return problems
    names = row[:-1] if options else row
    # Namespace, metric, and then pairs of dimension name and value, of which CloudWatch takes 30.
    if len(names) < 2 or len(names) % 2 or not all(isinstance(each, str) for each in names):  # noqa: PLR2004
        problems.append(f"{json.dumps(row)} is no namespace, metric and pairs of dimensions")
    return problems


def _query_problems(queries: list[Mapping[str, Any]], threshold_id: str | None) -> list[str]:
    problems = []
    ids = [query.get("Id", "") for query in queries]
    if len(set(ids)) != len(ids) or not all(IDENTIFIER.fullmatch(each) for each in ids):
        problems.append(f"metric ids must be unique and begin with a lower-case letter: {ids}")
    returned = [query.get("Id") for query in queries if query.get("ReturnData", True)]
    # A band is returned beside the metric that it is around.
    expected = 1 if threshold_id is None else 2
    if len(returned) != expected:
        problems.append(f"{expected} of the metrics must have ReturnData, not {returned}")
    if threshold_id is not None and threshold_id not in ids:
        problems.append(f"ThresholdMetricId {threshold_id!r} is none of {ids}")
    if sum("MetricStat" in query for query in queries) > MAX_ALARM_METRICS:
        problems.append(f"an alarm takes at most {MAX_ALARM_METRICS} metrics")
    for query in queries:
        if ("Expression" in query) == ("MetricStat" in query):
            problems.append(f"{query.get('Id')}: give either Expression or MetricStat")
        if "SEARCH(" in query.get("Expression", ""):
            problems.append(f"{query.get('Id')}: an alarm cannot search")
        if "MetricStat" in query:
            problems += _period_problems(query["MetricStat"].get("Period", 0))
    return problems


def _period_problems(period: int) -> list[str]:
    if period in HIGH_RESOLUTION or (period > 0 and period % 60 == 0):
        return []
    return [f"period {period} must be 1, 5, 10, 20, 30 or a multiple of 60 seconds"]


def _period(query: Mapping[str, Any]) -> int:
    return query.get("Period") or query.get("MetricStat", {}).get("Period", 0)


def _cells(widget: Mapping[str, Any]) -> list[tuple[int, int]]:
    x, y, width, height = (widget.get(name) for name in ("x", "y", "width", "height"))
    if not (isinstance(x, int) and isinstance(y, int) and isinstance(width, int) and isinstance(height, int)):
        return []
    return [(column, row) for column in range(x, x + width) for row in range(y, y + height)]
