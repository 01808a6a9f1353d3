"""A type checker finds what a newcomer gets wrong, and lets alone what is right."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("mistakes.py")
BIN = Path(sys.executable).parent


def basedpyright(script, folder):
    config = {"include": [str(script)], "typeCheckingMode": "standard", "pythonVersion": "3.10"}
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    command = [BIN / "basedpyright", "--outputjson", "--pythonpath", sys.executable, "--project", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {row["range"]["start"]["line"] + 1 for row in json.loads(done.stdout)["generalDiagnostics"]}


def mypy(script, folder):
    command = [BIN / "mypy", "--strict", "--no-error-summary", "--no-incremental", "--hide-error-context"]
    done = subprocess.run(
        [*command, f"--python-executable={sys.executable}", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr, done.stderr
    return {int(line) for line in re.findall(r"mistakes\.py:(\d+): error", done.stdout)}


@pytest.mark.parametrize("checker", [basedpyright, mypy])
def test_each_slip_is_found_and_nothing_else(checker, tmp_path):
    lines = SCRIPT.read_text().splitlines()
    slips = {number for number, line in enumerate(lines, 1) if "# slip:" in line}
    assert len(slips) == 12
    assert checker(SCRIPT, tmp_path) == slips
