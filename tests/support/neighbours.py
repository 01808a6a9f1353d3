"""Servers that are not ours, each a process in MiniStack's environment: started, waited for, and ended."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRACE = 10.0
"""Seconds after which it is killed, or asked once more."""


def program(name: str) -> Path:
    """Where `make setup` installs it: inside the virtual environment that runs the tests."""
    return Path(sys.prefix) / "ministack" / "bin" / name


@contextlib.contextmanager
def serving(
    name: str, arguments: Callable[[int], list[str]], settings: Callable[[int], dict[str, str]]
) -> Iterator[str]:
    """A running server; yields its URL. Its words and its environment are told the port."""
    # The port is free when asked: these servers cannot choose one themselves.
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {"HOME": folder, "PATH": os.environ["PATH"], "TMPDIR": folder, **settings(port)}
        log = Path(folder) / "log"
        with log.open("wb") as into:
            command = [program(name), *arguments(port)]
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=into, stderr=into)
        try:
            _wait(url, process, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """It tells nobody when it listens, so ask until it answers anything at all."""
    deadline = time.monotonic() + PATIENCE
    while not _answers(url):
        if time.monotonic() > deadline or process.poll() is not None:
            raise RuntimeError(f"{process.args} did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=GRACE).close()
    except urllib.error.HTTPError as refused:
        refused.close()
    except OSError:
        return False
    return True
