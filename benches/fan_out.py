"""How long many calls at a time take, for more and more in flight: docs/fan_out.svg.

The server answers after 200 ms, so two calls for each place in flight take 0.4 s at least, however many there are.

Usage:
    python benches/fan_out.py measure fan_out.json     # with the clients of requirements/benchmark.txt installed
    python benches/fan_out.py draw fan_out.json docs/fan_out.svg
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ANSWERED_AFTER = 0.2
IN_FLIGHT = (1, 3, 10, 30, 100, 300, 1000)
ROUNDS = 1
NAMES = {
    "outcrop": ("outcrop", "#0b6e4f"),
    "aiobotocore": ("aiobotocore", "#c98a1b"),
    "boto3": ("boto3, a thread a call", "#a23b3b"),
    "langchain-aws": ("langchain-aws, ainvoke", "#5b5ea6"),
}


def measure(out: str) -> None:
    """Each figure in a process of its own, the clients in turn."""
    command = [sys.executable, str(HERE / "server.py"), str(ANSWERED_AFTER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        taken: dict[str, dict[int, list[float]]] = {name: {} for name in NAMES}
        for at_once in IN_FLIGHT:
            for _ in range(ROUNDS):
                for name in NAMES:
                    call = [sys.executable, str(HERE / "clients.py"), name, url, str(at_once)]
                    done = subprocess.run(call, check=True, capture_output=True, text=True, cwd=HERE.parent)
                    taken[name].setdefault(at_once, []).append(float(done.stdout))
        server.terminate()
    middle = {name: {at: statistics.median(times) for at, times in of.items()} for name, of in taken.items()}
    Path(out).write_text(json.dumps(middle, indent=1) + "\n")
    print(json.dumps(middle, indent=1))


def draw(measured: str, out: str) -> None:
    """One line a client, and the floor."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    # Names in a file instead of random ones, so that drawing it again changes nothing.
    mpl.rcParams["svg.hashsalt"] = "fan_out"
    figure, axes = plt.subplots(figsize=(9, 4.5))
    for name, times in json.loads(Path(measured).read_text()).items():
        label, colour = NAMES[name]
        places = [int(at) for at in times]
        axes.plot(places, list(times.values()), marker="o", color=colour)
        axes.annotate(
            label,
            (places[-1], list(times.values())[-1]),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=colour,
        )
    axes.axhline(2 * ANSWERED_AFTER, color="#888888", ls=":", lw=1)
    axes.annotate(
        "the server's own time", (1, 2 * ANSWERED_AFTER), xytext=(0, -12), textcoords="offset points", color="#666666"
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(0.9, 6000)
    axes.set_ylim(0.28, 110)
    axes.set_xticks(IN_FLIGHT, [f"{at:,}" for at in IN_FLIGHT])
    axes.set_yticks([0.4, 1, 3, 10, 30, 100], ["0.4", "1", "3", "10", "30", "100"])
    axes.minorticks_off()
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("calls in flight")
    axes.set_ylabel("seconds for two calls a place")
    figure.tight_layout()
    figure.savefig(out, metadata={"Date": None})


if __name__ == "__main__":
    {"measure": measure, "draw": draw}[sys.argv[1]](*sys.argv[2:])
