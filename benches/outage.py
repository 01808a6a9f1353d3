"""Draw what came of an outage played in virtual time: docs/outage.svg.

Usage:
    cargo run --release -p outcrop-client --example outage > outage.json
    python benches/outage.py outage.json docs/outage.svg
"""

from __future__ import annotations

import json
import sys
from itertools import accumulate
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

OUTAGE = (90, 150)
COLOURS = {"outcrop": "#0b6e4f", "round-robin": "#c98a1b", "SDK retries": "#a23b3b"}
SMOOTH = 3


def smooth(values: list[float]) -> list[float]:
    """Means over a few seconds, so that single seconds do not hide the lines."""
    windows = (values[max(0, at - SMOOTH) : at + SMOOTH + 1] for at in range(len(values)))
    return [sum(window) / len(window) for window in windows]


def main() -> None:
    played = json.loads(Path(sys.argv[1]).read_text())
    # Names in a file instead of random ones, so that drawing it again changes nothing.
    mpl.rcParams["svg.hashsalt"] = "outage"
    figure, (answered, attempts, wasted) = plt.subplots(3, 1, sharex=True, figsize=(9, 7.5))
    for name, colour in COLOURS.items():
        seconds = played[name]["seconds"]
        answered.plot(smooth([100 * it[1] / max(1, it[0]) for it in seconds]), color=colour, label=name)
        attempts.plot(smooth([it[2] / max(1, it[0]) for it in seconds]), color=colour, label=name)
        wasted.plot([total / 1e6 for total in accumulate(it[3] for it in seconds)], color=colour, label=name)
    for axes in (answered, attempts, wasted):
        axes.axvspan(*OUTAGE, color="#00000018", lw=0)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_xlim(10, 290)
    answered.set_ylabel("calls answered (%)")
    answered.set_ylim(-3, 105)
    answered.legend(loc="lower left", frameon=False)
    attempts.set_ylabel("attempts per call")
    attempts.set_ylim(0.9, 2)
    wasted.set_ylabel("tokens paid in vain (millions)")
    wasted.set_xlabel("seconds; the preferred source Region fails in the grey minute")
    figure.align_ylabels()
    figure.tight_layout()
    figure.savefig(sys.argv[2], metadata={"Date": None})


if __name__ == "__main__":
    main()
