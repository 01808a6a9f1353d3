"""langchain-aws's own tests, run against our classes: which differ is known, each with its reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.langchain.anchor.differences import DIFFERENCES, NOT_RUN
from tests.support import anchor

SUITES = (
    "chat_models/test_bedrock.py", "chat_models/test_bedrock_converse.py", "embeddings", "middleware",
    "test_standard.py",
)  # fmt: skip
HERE = Path(__file__).parent / "anchor"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What became of each test."""
    report = tmp_path_factory.mktemp("anchor") / "report.json"
    folder = anchor.folder()
    plugins = ["-p", "alias_plugin", "-p", "no:cacheprovider", "-p", "no:xdist"]
    run = [sys.executable, "-m", "pytest", "-q", *plugins, "--benchmark-disable"]
    path = [str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    suites = [str(folder / "tests" / "unit_tests" / suite) for suite in SUITES]
    done = subprocess.run(
        [*run, f"--rootdir={folder}", *suites],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "OUTCROP_ANCHOR_REPORT": str(report)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr  # 1: some tests failed
    return json.loads(report.read_text())


def test_only_what_is_meant_to_differ_differs(outcomes):
    failed = [name for name, outcome in outcomes.items() if outcome == "failed"]
    unexpected = [name for name in failed if not any(map_to(name, pattern) for pattern in DIFFERENCES)]
    assert not unexpected


def test_most_of_their_tests_run_and_pass(outcomes):
    passed = {name.partition("[")[0] for name, outcome in outcomes.items() if outcome == "passed"}
    by_file = Counter(name.partition("::")[0] for name in passed)
    assert by_file["test_bedrock_converse.py"] >= 300
    assert by_file["test_bedrock.py"] >= 70


def test_what_does_not_run_is_known(outcomes):
    for name, outcome in outcomes.items():
        reason, _, names = outcome.partition(": ")
        if reason == "not run":
            assert set(names.split(", ")) <= NOT_RUN[name.partition("::")[0]], name


@pytest.mark.parametrize("pattern", DIFFERENCES)
def test_every_difference_is_still_one(outcomes, pattern):
    assert any(outcome == "failed" for name, outcome in outcomes.items() if map_to(name, pattern))


def map_to(name, pattern):
    """Square brackets are of pytest's making here, and no set of characters."""
    return fnmatchcase(name, pattern.replace("[", "[[]"))
