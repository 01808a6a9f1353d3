"""`outcrop.httpx` under the last releases of the official clients that use httpx."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.apis.wire import APIS

ROOT = Path(__file__).parents[2]
FOLDER = Path(sys.prefix) / "apis-httpx"


@pytest.fixture(scope="module")
def told():
    """What came of each API, in a process that has the older clients and none of the newer."""
    if not FOLDER.exists():
        pytest.skip("make test-apis makes the environment that has the older clients")
    program = Path(__file__).parent / "older" / "clients.py"
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(FOLDER)])},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_they_are_the_older_ones(told):
    assert told["openai"].startswith("2.")
    assert told["anthropic"].startswith("0.")


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_they_are_carried_as_the_newer_are(told, api, kind):
    """Their own retries are on: attempts are counted once all the same."""
    assert told[f"{api} {kind}"] == {
        "whole": "granite",
        "stream": "granite",
        "error": [503, True],
        "attempts": 3,
        "left": True,
    }
