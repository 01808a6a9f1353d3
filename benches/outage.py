"""Draw what came of an outage played in virtual time, and print it as a table.

Usage:
    cargo run --release -p outcrop-client --example outage | python benches/outage.py docs/outage.svg
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.pyplot as plt

if TYPE_CHECKING:
    from collections.abc import Callable

LOOKS = {
    "SDK retries": {"color": "#a23b3b"},
    "round-robin": {"color": "#c98a1b"},
    "outcrop": {"color": "#5aa585", "linestyle": (0, (4, 1.5))},
    "outcrop, affinity": {"color": "#0b4f6e"},
}
FIRST = 12
"""The minute that the drawing begins with: before it, conversations only begin."""
SMOOTH = 0

Minute = dict[str, Any]


def answered(minute: Minute) -> float:
    return 100 * minute["answered"]


def attempts(minute: Minute) -> float:
    return minute["attempts_per_call"]


def cached(minute: Minute) -> float:
    # What few answers read from caches says nothing.
    return 100 * minute["cached"] if minute["answered"] > 0.1 else float("nan")


def cost(minute: Minute) -> float:
    return minute["cost"] / 1000 if minute["answered"] > 0.1 else float("nan")


PANELS: list[tuple[str, Callable[[Minute], float], tuple[float, float]]] = [
    ("calls answered (%)", answered, (-3, 105)),
    ("attempts per call", attempts, (0.9, 2.5)),
    ("input read from\nprompt caches (%)", cached, (40, 95)),
    ("cost of an answered call\n(1,000 tokens of input)", cost, (3, 10)),
]


def smooth(values: list[float]) -> list[float]:
    """Means over a few minutes, so that single ones do not hide the lines."""
    windows = (values[max(0, at - SMOOTH) : at + SMOOTH + 1] for at in range(len(values)))
    return [sum(window) / len(window) for window in windows]


def draw(out: dict[str, Any], path: str) -> None:
    # Names in a file instead of random ones, so that drawing it again changes nothing.
    mpl.rcParams["svg.hashsalt"] = "outage"
    figure, grid = plt.subplots(len(PANELS), 2, sharex=True, sharey="row", figsize=(11, 9.5))
    for column, accounts in enumerate([1, 2]):
        grid[0][column].set_title("one account" if accounts == 1 else "two accounts", fontsize="medium")
        for (words, measure, limits), axes in zip(PANELS, grid[:, column], strict=True):
            for row in out["played"]:
                if row["accounts"] == accounts:
                    minutes = row["minutes"]
                    middles = [at + 0.5 for at in range(len(minutes))]
                    line = smooth([measure(minute) for minute in minutes])
                    axes.plot(middles, line, label=row["strategy"], **LOOKS[row["strategy"]])
            for name, shade in {"outage": "#00000020", "rush": "#0000000c"}.items():
                axes.axvspan(*out["spans"][name], color=shade, lw=0)
            axes.spines[["top", "right"]].set_visible(False)
            axes.set_ylim(*limits)
            if column == 0:
                axes.set_ylabel(words)
    for name in ("outage", "rush"):
        middle = sum(out["spans"][name]) / 2
        for axes in grid[0]:
            axes.text(middle, 107, name, ha="center", va="bottom", fontsize="small", color="#555")
    for axes in grid[-1]:
        axes.set_xlabel("minutes")
        axes.set_xlim(FIRST, len(out["played"][0]["minutes"]))
    handles, labels = grid[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncols=len(labels), frameon=False)
    figure.align_ylabels()
    figure.tight_layout(rect=(0, 0, 1, 0.97))
    figure.savefig(path, metadata={"Date": None} if path.endswith("svg") else None)


def table(out: dict[str, Any]) -> str:
    """What came of each, as Markdown."""
    lines = [
        "| | accounts | answered | attempts | from caches | cost | in vain | moved | first token |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for phase, (begin, end) in sorted(out["spans"].items(), key=lambda span: span[1]):
        lines.append(f"| **{phase}**, minutes {begin} to {end} | | | | | | | | |")
        for row in out["played"]:
            of = row["phases"][phase]
            most = of["answered"] > 0.1
            median, slow = of["first_token"]
            cells = [
                row["strategy"],
                str(row["accounts"]),
                f"{100 * of['answered']:.1f} %",
                f"{of['attempts_per_call']:.2f}",
                f"{100 * of['cached']:.0f} %" if most else "",
                f"{of['cost']:,.0f}" if most else "",
                f"{of['paid_in_vain']:,}",
                f"{100 * of['moved']:.0f} %" if most else "",
                f"{median:.2f} s, {slow:.1f} s" if most else "",
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    out = json.load(sys.stdin)
    draw(out, sys.argv[1])
    print(table(out))


if __name__ == "__main__":
    main()
