"""MiniStack, an independent AWS emulator, in a process and an environment of its own (it pins botocore)."""

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

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = "bedrock,bedrock-runtime,logs,cloudwatch,iam,sts"


def program() -> Path:
    """Where `make setup` installs it: inside the virtual environment that runs the tests."""
    return Path(sys.prefix) / "ministack" / "bin" / "ministack"


@contextlib.contextmanager
def ministack(*, authenticate: bool) -> Iterator[str]:
    """A running MiniStack; yields its URL. With `authenticate` it verifies signatures and IAM policies."""
    # The port is free when asked; MiniStack cannot choose one itself.
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "AUTH": "true" if authenticate else "false",
            # Its default is every address of the machine.
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "SERVICES": SERVICES,
            "HOME": folder,
            "PATH": os.environ["PATH"],
            "TMPDIR": folder,
        }
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen([program()], cwd=folder, env=settings, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}", process, Path(folder) / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """It tells nobody when it listens, so ask until it answers anything at all."""
    deadline = time.monotonic() + 60
    while not _answers(url):
        if time.monotonic() > deadline or process.poll() is not None:
            raise RuntimeError(f"ministack did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError as refused:
        refused.close()
    except OSError:
        return False
    return True
