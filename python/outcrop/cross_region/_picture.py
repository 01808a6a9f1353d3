"""The picture of a benchmark: every call a dot, every median with its interval, errors beside the names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outcrop import _pictures
from outcrop.cross_region._measured import confidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from outcrop.cross_region._measured import Interval, Measured


def picture(found: Sequence[Measured]) -> Figure:
    """Draw the times to the first and to the last token, and the tokens a second, target by target.

    Raises:
        ImportError: matplotlib is not installed.
    """
    try:
        from matplotlib.ticker import EngFormatter, MaxNLocator, ScalarFormatter
    except ImportError as error:
        raise ImportError("plot() needs matplotlib: pip install 'outcrop[plot]'") from error

    figure = _pictures.figure(12, 1.4 + 0.7 * len(found))
    panels = figure.subplots(1, 3, sharey=True)
    titles = ("seconds to the first token", "seconds to the last token", "tokens a second")
    for axes, title, name in zip(panels, titles, ("first_token", "last_token", "tokens_per_second"), strict=True):
        for place, row in enumerate(found):
            values = getattr(row, name)
            _draw(axes, place, values, confidence(values), _pictures.colour(row.source_region))
        axes.set_title(title, fontsize="medium")
        # From nothing, with room for the last dot; autoscaling alone ends in the middle of it.
        axes.set_xlim(0, 1.05 * axes.dataLim.xmax if axes.dataLim.xmax > 0 else 1)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(EngFormatter() if name == "tokens_per_second" else ScalarFormatter())
        axes.spines[["top", "right"]].set_visible(False)
    labels = [f"{row.model_id}\nfrom {row.source_region}{_errors(row)}" for row in found]
    panels[0].set_yticks(range(len(found)), labels)
    # The first target on top, and room for its dots.
    panels[0].set_ylim(len(found) - 0.5, -0.5)
    figure.supxlabel("a dot a call; black the median, dark its 95 % confidence interval", fontsize="small")
    return figure


def _draw(axes: Axes, place: int, values: list[float], interval: Interval | None, colour: str) -> None:
    axes.plot(values, [place] * len(values), "o", alpha=0.3, color=colour, markersize=5)
    if interval is not None:
        axes.plot([interval.low, interval.high], [place] * 2, color=colour, linewidth=6, alpha=0.5)
        axes.plot([interval.median], [place], "|", markersize=18, markeredgewidth=2, color="black")


def _errors(row: Measured) -> str:
    failed = sum(row.errors.values())
    return f": {failed} of {row.calls} failed" if failed else ""
