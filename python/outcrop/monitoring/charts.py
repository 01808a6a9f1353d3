"""The picture of a routing report: calls by serving Region over time, and latency by serving Region."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from outcrop._pictures import colour
from outcrop.monitoring.pictures import picture
from outcrop.monitoring.windows import span

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from outcrop.monitoring.rows import Dimension, RoutingRow
    from outcrop.monitoring.windows import Window

_INK = "#333333"


class _Counts(Protocol):
    """What is drawn of a report."""

    window: Window | None

    @property
    def served(self) -> int: ...
    @property
    def rerouted_percentage(self) -> float: ...
    def by(self, *dimensions: Dimension) -> list[RoutingRow]: ...


def routing_figure(report: _Counts) -> Figure:
    """Draws the report.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    figure = picture(11, 4.2)
    over_time, latency = figure.subplots(1, 2, width_ratios=[1.7, 1])
    colours = _colours(report)
    _draw_shares(over_time, report, colours)
    _draw_latency(latency, report, colours)
    figure.suptitle(
        f"{report.served:,} calls answered, {report.rerouted_percentage:.1f} % by another Region than the called one",
        x=0.01, ha="left", fontsize=12, color=_INK,
    )  # fmt: skip
    return figure


def _colours(report: _Counts) -> dict[str, str]:
    """A colour a Region, the same in both pictures, the busiest first."""
    served = sorted(report.by("serving_region"), key=lambda row: -row.served)
    names = [row.serving_region or "" for row in served if row.served]
    return {name: colour(name) for name in names}


def _draw_shares(axes: Axes, report: _Counts, colours: dict[str, str]) -> None:
    counted: dict[Any, dict[str, int]] = {}
    for row in report.by("time", "serving_region"):
        if row.served:
            counted.setdefault(row.time, {})[row.serving_region or ""] = row.served
    _tidy(axes, "Where calls were served, by time in UTC")
    if not counted:
        axes.text(0.5, 0.5, "no call was answered", ha="center", va="center", transform=axes.transAxes, color=_INK)
        return
    from matplotlib.dates import date2num

    # In matplotlib's days, which axes.bar takes for certain.
    width = (report.window.every if report.window else span("every", "5m")) / timedelta(days=1)
    moments = sorted(counted)
    times = [float(date2num(moment)) for moment in moments]
    bottom = [0.0] * len(times)
    totals = [sum(counted[moment].values()) for moment in moments]
    for region, shade in colours.items():
        shares = [100 * counted[moment].get(region, 0) / total for moment, total in zip(moments, totals, strict=True)]
        axes.bar(times, shares, width=width * 0.92, bottom=bottom, align="edge", color=shade, label=region, linewidth=0)
        bottom = [low + share for low, share in zip(bottom, shares, strict=True)]
    axes.set_ylim(0, 100)
    if report.window:
        axes.set_xlim(float(date2num(report.window.since)), float(date2num(report.window.until)))
    else:
        axes.set_xlim(times[0] - width / 2, times[-1] + width * 1.5)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    axes.xaxis_date()
    _clock(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.12), ncols=4, frameon=False, fontsize=9)


def _clock(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(maxticks=8)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def _draw_latency(axes: Axes, report: _Counts, colours: dict[str, str]) -> None:
    _tidy(axes, "Latency: median and 95th percentile")
    found = {row.serving_region: row for row in report.by("serving_region") if row.latency_p50 is not None}
    names = [name for name in colours if name in found]
    if not names:
        text = "no record holds a latency:\nrecords without bodies have none"
        axes.text(0.5, 0.5, text, ha="center", va="center", transform=axes.transAxes, color=_INK)
        axes.set_xticks([])
        axes.set_yticks([])
        return
    longest = max(found[name].latency_p95 or 0 for name in names)
    for place, name in enumerate(reversed(names)):
        p50, p95 = found[name].latency_p50 or 0, found[name].latency_p95 or 0
        axes.plot([p50, p95], [place, place], color=colours[name], linewidth=3, alpha=0.45, solid_capstyle="round")
        axes.plot(p50, place, "o", color=colours[name], markersize=9)
        axes.plot(p95, place, "|", color=colours[name], markersize=14, markeredgewidth=3)
        axes.annotate(
            f"{p50:,.0f} to {p95:,.0f} ms", (p95, place), xytext=(0, 9), textcoords="offset points",
            ha="right" if p95 > longest / 3 else "left",
            fontsize=9, color=_INK,
        )  # fmt: skip
    axes.set_yticks(range(len(names)), list(reversed(names)))
    axes.set_ylim(-0.6, len(names) - 0.3)
    axes.set_xlim(left=0)
    axes.margins(x=0.12)
    axes.set_xlabel("milliseconds to the last token", fontsize=9, color=_INK)


def _tidy(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=10, color=_INK)
    axes.tick_params(colors=_INK, labelsize=9)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="x" if title.startswith("Latency") else "y", color="#E5E5E5", linewidth=0.8)
    axes.set_axisbelow(True)
