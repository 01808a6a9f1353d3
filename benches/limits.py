"""What limits that processes share cost, in CPU time: `limits={"shared": path}` against limits of each process's own.

Usage: python -m benches.limits [SECONDS]

Threads call a local server as fast as they may. The thread that has the file is counted by itself, by Linux's own count
of its time, so that the figure does not drown in what else the machine does. Read it beside that of the calls.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benches.clients import MESSAGES, MODEL, WHERE
from benches.measuring import cpu, serving

if TYPE_CHECKING:
    from collections.abc import Mapping

MICRO = 1e6
THREADS = 4
REQUEST = {"messages": MESSAGES, "inferenceConfig": {"maxTokens": 64}}
CASES = (
    ("one process, room for all", 1, 60_000_000),
    ("one process, 200 a second", 1, 12_000),
    ("four processes, room for all", 4, 60_000_000),
    ("four processes, 400 a second", 4, 24_000),
    ("four processes, 40 a second", 4, 2_400),
)


def lending() -> float:
    """Seconds of CPU of the thread that has the file."""
    for task in Path("/proc/self/task").iterdir():
        if (task / "comm").read_text().strip() == "outcrop-limits":
            return int((task / "schedstat").read_text().split()[0]) / 1e9
    return 0.0


def work(url: str, limits: str, seconds: str) -> None:
    """One process: prints its calls, its seconds of CPU, and those of the thread that has the file."""
    import outcrop

    keys = {name: value for name, value in WHERE.items() if name != "region_name"}
    router = outcrop.CrossRegion(
        MODEL, sources=["us-east-1"], catalogue="snapshot", endpoint_url=url, limits=json.loads(limits), **keys
    )
    router.converse(**REQUEST)
    calls, end = [], time.monotonic() + float(seconds)

    def run() -> None:
        while time.monotonic() < end:
            router.converse(**REQUEST)
            calls.append(1)

    began, had = cpu(), lending()
    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps([len(calls), cpu() - began, lending() - had]))


def measured(url: str, processes: int, limits: Mapping[str, object], seconds: float) -> tuple[int, float, float]:
    """Calls, and microseconds of CPU a call: of the processes, and of the threads that have the file."""
    command = [sys.executable, "-m", "benches.limits", url, json.dumps(limits), str(seconds)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    told = [json.loads(process.communicate()[0]) for process in started]
    calls, all_of_it, of_lending = (sum(values) for values in zip(*told, strict=True))
    return calls, all_of_it / calls * MICRO, of_lending / calls * MICRO


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    print(f"{'':30} {'calls/s':>8} {'us a call':>10} {'of it lending':>14} {'own limits, us a call':>22}")
    with serving() as url, tempfile.TemporaryDirectory() as folder:
        for number, (name, processes, quota) in enumerate(CASES):
            file = str(Path(folder) / f"{number}.db")
            own = {"requests_per_minute": quota // processes}
            shared = {"requests_per_minute": quota, "shared": file}
            (_, alone, _), (calls, each, part) = (measured(url, processes, limits, seconds) for limits in (own, shared))
            share = f"{part:.2f} ({part / each:.1%})"
            print(f"{name:30} {calls / seconds:8.0f} {each:10.0f} {share:>14} {alone:22.0f}")


if __name__ == "__main__":
    work(*sys.argv[1:]) if len(sys.argv) > 3 else main()
