"""What the benchmarks share: the CPU's clock, and the canned server in a process of its own."""

from __future__ import annotations

import contextlib
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


def cpu() -> float:
    """Seconds of CPU of this process and of its finished children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


@contextlib.contextmanager
def serving(delay: float = 0.0, gap: float = 0.0) -> Iterator[str]:
    """The URL of a canned server that waits so long before an answer, and before an event of a stream."""
    command = [sys.executable, HERE / "server.py", str(delay), str(gap)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if process.stdout is None:
        raise AssertionError("it was asked for a pipe")
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
