"""Makes calls that end in every way, and counts what they leave behind. `python -m tests.soak --calls 1000`.

One line of JSON for each case: what a call adds to bytes, and how objects, sockets and threads have grown.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import logging
import subprocess
import sys
import time
import warnings
from pathlib import Path

from tests.soak.cases import cases

#: Ten times as many calls follow as were made before.
MORE = 10
#: What grows each time leaks; what grows once is a table that took the next size.
TIMES = 3
#: So many bytes come and go by themselves.
STILL = 1000


class _Mallinfo(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keep",
        )
    ]


def _allocated() -> int:
    """Bytes that are allocated now, by Python as well where PYTHONMALLOC=malloc is set, by glibc's own count."""
    mallinfo2 = ctypes.CDLL(None).mallinfo2
    mallinfo2.restype = _Mallinfo
    info = mallinfo2()
    return info.uordblks + info.hblkhd


def counted() -> dict[str, int]:
    """What there is, once what was let go has gone: the background thread closes sockets when it comes to it."""
    before = -1
    for _ in range(20):
        gc.collect()
        now = _allocated()
        if abs(now - before) < STILL:
            break
        before = now
        time.sleep(0.02)
    return {
        "bytes": before,
        "objects": len(gc.get_objects()),
        "files": sum(1 for _ in Path("/proc/self/fd").iterdir()),
        "threads": sum(1 for _ in Path("/proc/self/task").iterdir()),
    }


def grown(run, calls: int) -> dict[str, float]:
    """What `MORE` times `calls` calls leave behind: the least of some tries."""
    run(calls)
    run(calls)
    tries = []
    for _ in range(TIMES):
        before = counted()
        run(calls * MORE)
        after = counted()
        growth = {name: after[name] - before[name] for name in before}
        growth["bytes"] = round(growth["bytes"] / (calls * MORE), 1)
        tries.append(growth)
        if growth["bytes"] <= 0 and growth["objects"] <= 0:
            break
    return {name: min(each[name] for each in tries) for name in tries[0]}


def main() -> None:
    """Measures all cases, or those whose names begin with one of the words."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--telemetry", action="store_true")
    parser.add_argument("which", nargs="*", default=[""])
    asked = parser.parse_args()
    # A loop that goes with a call under way says so.
    logging.getLogger("asyncio").disabled = True
    warnings.simplefilter("ignore")
    if asked.telemetry:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.trace import TracerProvider

        from outcrop.telemetry import instrument

        instrument(tracer_provider=TracerProvider(), meter_provider=MeterProvider())
    command = [sys.executable, "-m", "tests.soak.server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        for name, run in cases(f"http://127.0.0.1:{server.stdout.readline().strip()}"):
            if any(name.startswith(word) for word in asked.which):
                print(json.dumps({"case": name, **grown(run, asked.calls)}), flush=True)  # noqa: T201  -- that is what it is for
        server.stdin.close()


main()
