"""A short soak: whatever way a call ends, it leaves nothing behind. `make soak` looks at all ways, and longer."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.support.waiting import PATIENCE

#: Bytes a call, of four hundred calls: what leaks has left 600 and more, and objects. Of fewer calls, what the first
#: ones make weighs as much.
BYTES = 400

GROUPS = {
    "calls": ["sync call: refused", "async call"],
    "streams": ["--calls", "20", "sync stream", "async stream: "],
    "batches": ["sync batch: refused", "async batch: refused", "async batch: cancelled"],
    "routers": ["async router: refused", "async router: cancelled", "sync router's stream: cut"],
    "caches": ["async cache: refused", "async cache: cancelled", "async cached stream: answered"],
    "chat models": ["async chat model: refused", "async chat model's stream: c", "async embeddings: refused"],
    "owners": ["sync: ", "async: "],
    "telemetry": ["--telemetry", "async call: refused", "sync stream: cut", "async router: refused"],
}


@pytest.mark.skipif(sys.platform != "linux", reason="glibc counts the bytes, and /proc the files")
@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_calls_leave_nothing_behind(group):
    command = [sys.executable, "-m", "tests.soak", "--calls", "40", *group]
    environment = {**os.environ, "PYTHONMALLOC": "malloc"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    measured = [json.loads(line) for line in done.stdout.splitlines()]
    assert measured
    for of in measured:
        assert of["bytes"] <= BYTES, of
        assert (of["objects"] <= 20, of["files"] <= 0, of["threads"] <= 0) == (True, True, True), of
