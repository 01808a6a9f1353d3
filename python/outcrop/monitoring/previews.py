"""What a dashboard would show and which alarms would ring, out of records instead of CloudWatch."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, cast

from outcrop._pictures import COLOURS, colour
from outcrop._tables import Table
from outcrop.monitoring.errors import MonitoringError
from outcrop.monitoring.pictures import picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from outcrop.emulator import Emulator
    from outcrop.monitoring.measurements import Measurements, Points

_SEARCH = re.compile(r"""SEARCH\('\{([^}]+)\} MetricName="(\w+)"', '([\w.]+)', (\d+)\)""")
_SHARE = re.compile(r"100 \* FILL\((\w+), 0\) / (\w+)")
_UNIT = 0.42  # inches a unit of the dashboard's height
_COLUMNS = 24  # of a dashboard
_WIDE = 12  # columns, from which on two names stand side by side


def records_of(source: Emulator | Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """The records of an emulator, or the records."""
    return cast("Emulator", source).invocation_log if hasattr(source, "invocation_log") else cast("Any", source)


def dashboard_figure(body: Mapping[str, Any], measured: Measurements) -> Figure:
    """Draws a dashboard's metric widgets where they stand.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    widgets = [widget for widget in body["widgets"] if widget["type"] == "metric"]
    if not widgets:
        raise MonitoringError("the dashboard has no metric widget to draw")
    rows: dict[int, list[Mapping[str, Any]]] = {}
    for widget in widgets:
        rows.setdefault(widget["y"], []).append(widget)
    heights = [max(widget["height"] for widget in row) for _, row in sorted(rows.items())]
    figure = picture(15, sum(heights) * _UNIT)
    # Each row is laid out by itself: what stands beside an axis takes no room from the charts above and below.
    places = figure.add_gridspec(len(rows), 1, height_ratios=heights)
    for number, (_, row) in enumerate(sorted(rows.items())):
        widths = [widget["width"] for widget in row]
        left = _COLUMNS - sum(widths)
        place = places[number].subgridspec(1, len(row) + bool(left), width_ratios=[*widths, *([left] if left else [])])
        for column, widget in enumerate(row):
            axes = figure.add_subplot(place[column])
            _draw(axes, widget["properties"], measured, names_a_line=2 if widget["width"] >= _WIDE else 1)
    return figure


def _draw(axes: Axes, properties: Mapping[str, Any], measured: Measurements, *, names_a_line: int) -> None:
    lines = [(label, points) for label, points in _lines(properties, measured) if points]
    axes.set_title(properties["title"], loc="left", fontsize=10)
    axes.set_ylabel(properties.get("yAxis", {}).get("left", {}).get("label", ""), fontsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8)
    axes.grid(axis="y", color="#E5E5E5", linewidth=0.8)
    axes.set_axisbelow(True)
    for annotation in properties.get("annotations", {}).get("horizontal", ()):
        axes.axhline(annotation["value"], color="#D55E00", linewidth=1.2, linestyle="--", label=annotation["label"])
    if not lines:
        axes.text(0.5, 0.5, "no data", ha="center", va="center", transform=axes.transAxes, color="#777777")
        axes.set_xticks([])
        return
    moments = sorted({moment for _, points in lines for moment in points})
    times = _numbers(moments)
    if properties.get("stacked"):
        values = [[points.get(moment, 0) for moment in moments] for _, points in lines]
        width = properties["period"] / 86400 * 0.92
        bottom = [0.0] * len(moments)
        for number, ((label, _), heights) in enumerate(zip(lines, values, strict=True)):
            axes.bar(times, heights, width, bottom, align="edge", color=_shade(label, number), label=label)
            bottom = [low + height for low, height in zip(bottom, heights, strict=True)]
    else:
        for number, (label, points) in enumerate(lines):
            shade = _shade(label, number)
            axes.plot(_numbers(list(points)), list(points.values()), "-o", color=shade, label=label, markersize=3)
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    if len(moments) == 1:
        # One moment has no span of its own, and matplotlib would take years. No tick may stand at the very edge: half
        # of what it says would lie outside, where the layout has no room.
        period = properties["period"] / 86400
        axes.set_xlim(times[0] - 0.7 * period, times[0] + 1.7 * period)
    locator = AutoDateLocator(maxticks=7)
    axes.xaxis_date()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    # Room above the lines for what they are called; nothing but zeros still has an axis.
    highest = max(axes.get_ylim()[1], 1.0 if not any(any(points.values()) for _, points in lines) else 0)
    axes.set_ylim(0, highest * (1.15 + 0.11 * -(-len(axes.get_legend_handles_labels()[1]) // names_a_line)))
    if axes.get_ylabel() == "%":
        # There is nothing beyond a hundred; what looks so is room for the names.
        axes.set_yticks(range(0, 101, 20))
    axes.legend(frameon=False, fontsize=6.5, loc="upper left", ncols=names_a_line).set_in_layout(False)


def _lines(properties: Mapping[str, Any], measured: Measurements) -> list[tuple[str, Points]]:
    """The rows of a widget as labelled points: metrics, searches, and shares of two metrics."""
    lines: list[tuple[str, Points]] = []
    by_id: dict[str, Points] = {}
    for row in properties["metrics"]:
        options = row[-1] if isinstance(row[-1], dict) else {}
        region, period = options.get("region", properties["region"]), options.get("period", properties["period"])
        if "expression" in options:
            lines += _expression(options, region, measured, by_id)
            continue
        names = [each for each in row if isinstance(each, str)]
        dimensions = dict(zip(names[2::2], names[3::2], strict=True))
        points = measured.points(region, names[0], names[1], dimensions, stat=options["stat"], period=period)
        if "id" in options:
            by_id[options["id"]] = points
        if options.get("visible", True):
            lines.append((options.get("label", names[1]), points))
    return lines


def _expression(
    options: Mapping[str, Any], region: str, measured: Measurements, by_id: Mapping[str, Points]
) -> list[tuple[str, Points]]:
    search = _SEARCH.fullmatch(options["expression"])
    if search:
        namespace, *names = search[1].split(",")
        found = []
        for dimensions in measured.search(region, namespace, names, search[2]):
            label = re.sub(
                r"\$\{PROP\('Dim\.(\w+)'\)\}",
                lambda it, known=dimensions: known[it[1]],
                options.get("label", search[2]),
            )
            points = measured.points(region, namespace, search[2], dimensions, stat=search[3], period=int(search[4]))
            found.append((label, points))
        return found
    share = _SHARE.fullmatch(options["expression"])
    if share:
        return [(options.get("label", "share"), shares(by_id[share[1]], by_id[share[2]]))]
    raise MonitoringError(f"{options['expression']!r} cannot be drawn without CloudWatch")


def shares(part: Points, whole: Points) -> Points:
    """`100 * FILL(part, 0) / whole`: a point where there is something whole."""
    return {moment: 100 * part.get(moment, 0) / value for moment, value in whole.items() if value}


def alarm_table(alarms: Iterable[tuple[str, Mapping[str, Any]]], measured: Measurements) -> Table:
    """Which alarms would have rung."""
    rows = []
    for region, alarm in alarms:
        points = _watched(region, alarm, measured)
        limit = alarm.get("Threshold")
        if points is None or limit is None:
            state, highest = "needs CloudWatch", ""
        else:
            state = "would ring" if _rings(alarm, points) else "quiet"
            highest = _figure(max(points.values())) if points else "no data"
        rows.append((alarm["AlarmName"], state, highest, "" if limit is None else _figure(limit)))
    return Table("Alarms", ("alarm", "state", "highest", "threshold"), rows, frozenset({"highest", "threshold"}))


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"  # noqa: PLR2004


def _rings(alarm: Mapping[str, Any], points: Points) -> bool:
    """Whether so many of so many periods on end pass the threshold; a missing one does not."""
    period = _period(alarm)
    needed, looked_at = alarm.get("DatapointsToAlarm", alarm["EvaluationPeriods"]), alarm["EvaluationPeriods"]
    passed = {moment for moment, value in points.items() if value > alarm["Threshold"]}
    return any(sum(moment + period * step in passed for step in range(looked_at)) >= needed for moment in passed)


def _period(alarm: Mapping[str, Any]) -> int:
    if "Period" in alarm:
        return alarm["Period"]
    return max(query.get("Period") or query.get("MetricStat", {}).get("Period", 0) for query in alarm["Metrics"])


def _watched(region: str, alarm: Mapping[str, Any], measured: Measurements) -> Points | None:
    """The points that an alarm looks at; None where only CloudWatch has them."""
    if "MetricName" in alarm:
        stat = alarm.get("Statistic") or alarm["ExtendedStatistic"]
        return measured.points(
            region, alarm["Namespace"], alarm["MetricName"], _dimensions(alarm), stat=stat, period=alarm["Period"]
        )
    by_id: dict[str, Points] = {}
    for query in alarm["Metrics"]:
        if "MetricStat" in query:
            metric, stat = query["MetricStat"]["Metric"], query["MetricStat"]
            by_id[query["Id"]] = measured.points(
                region, metric["Namespace"], metric["MetricName"], _dimensions(metric), stat=stat["Stat"],
                period=stat["Period"],
            )  # fmt: skip
            continue
        share = _SHARE.fullmatch(query["Expression"])
        if share:
            return shares(by_id[share[1]], by_id[share[2]])
        if query["Expression"] == "SUM(METRICS())":
            return _sum(by_id.values())
        every = re.fullmatch(r'SELECT SUM\((\w+)\) FROM SCHEMA\("([^"]+)", (\w+)\)', query["Expression"])
        if every:
            found = measured.search(region, every[2], [every[3]], every[1])
            return _sum(
                measured.points(region, every[2], every[1], each, stat="Sum", period=query["Period"]) for each in found
            )
    return None


def _sum(several: Iterable[Points]) -> Points:
    total: Points = {}
    for points in several:
        for moment, value in points.items():
            total[moment] = total.get(moment, 0) + value
    return total


def _dimensions(metric: Mapping[str, Any]) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}


def _shade(label: str, number: int) -> str:
    """A Region's own colour; for what is no Region, the next."""
    return colour(label) if re.fullmatch(r"[a-z]+(-[a-z]+)+-\d", label) else COLOURS[number % len(COLOURS)]


def _numbers(moments: list[int]) -> list[float]:
    from matplotlib.dates import date2num

    return [float(date2num(datetime.fromtimestamp(moment, tz=timezone.utc))) for moment in moments]
