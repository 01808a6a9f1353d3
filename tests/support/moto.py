"""A real moto server in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from queue import Queue
from typing import TYPE_CHECKING

from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def moto_server() -> Iterator[str]:
    """Its URL, for as long as the block runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from moto.server import main; main(['-H', '127.0.0.1', '-p', '0'])"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    said: list[str] = []
    found: Queue[str | None] = Queue()

    def read() -> None:
        # To the end: a server whose stderr is not read stops when the pipe is full.
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            running = re.search(r"Running on (http://127\.0\.0\.1:\d+)", line)
            if running:
                found.put(running[1])
        found.put(None)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        endpoint_url = found.get(timeout=PATIENCE)
        assert endpoint_url is not None, f"moto did not start: {''.join(said)}"
        yield endpoint_url
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
        reader.join(timeout=PATIENCE)
        assert process.stderr is not None
        process.stderr.close()
