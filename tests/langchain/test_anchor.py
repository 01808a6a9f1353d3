"""langchain-aws's own tests, run against our classes: which differ is known, each with its reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.langchain.anchor.differences import DIFFERENCES
from tests.support import anchor

SUITES = (
    "chat_models/test_bedrock.py", "chat_models/test_bedrock_converse.py", "embeddings", "middleware",
    "test_standard.py",
)  # fmt: skip
HERE = Path(__file__).parent / "anchor"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What became of each test that knows the classes from outside."""
    report = tmp_path_factory.mktemp("anchor") / "report.json"
    folder = anchor.folder()
    run = [sys.executable, "-m", "pytest", "-q", "-p", "alias_plugin", "-p", "no:cacheprovider", "-p", "no:xdist"]
    suites = [str(folder / "tests" / "unit_tests" / suite) for suite in SUITES]
    done = subprocess.run(
        [*run, f"--rootdir={folder}", *suites],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(HERE), "OUTCROP_ANCHOR_REPORT": str(report)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr  # 1: some tests failed
    return json.loads(report.read_text())


@pytest.mark.timeout(600)
def test_only_what_is_meant_to_differ_differs(outcomes):
    failed = [name for name, outcome in outcomes.items() if outcome == "failed"]
    unexpected = [name for name in failed if not any(map_to(name, pattern) for pattern in DIFFERENCES)]
    assert not unexpected
    assert len(outcomes) - len(failed) >= 260


@pytest.mark.parametrize("pattern", DIFFERENCES)
def test_every_difference_is_still_one(outcomes, pattern):
    assert any(outcome == "failed" for name, outcome in outcomes.items() if map_to(name, pattern))


def map_to(name, pattern):
    """Square brackets are of pytest's making here, and no set of characters."""
    return fnmatchcase(name, pattern.replace("[", "[[]"))
