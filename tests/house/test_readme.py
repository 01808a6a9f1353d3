"""README's examples run as they are printed, each alone, in a shell that has the lines of `outcrop emulator`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from outcrop.emulator import Emulator
from outcrop.emulator._environment import OVERRIDING

from .documents import ROOT, blocks

BIN = Path(sys.executable).parent
PAGES = [ROOT / "README.md", ROOT / "docs" / "cookbook.md"]


def alone():
    for page in PAGES:
        for block in blocks(page):
            if block.language == "python":
                yield pytest.param(block.code, id=f"{page.name}:{block.line}")


@pytest.fixture(scope="module")
def variables():
    """The environment of that shell, with nothing of AWS's that was there before."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_") and name not in OVERRIDING}
    with Emulator() as bedrock:
        yield {**bare, **bedrock.environment, "PYTHONWARNINGS": "error"}


@pytest.mark.parametrize("code", list(alone()))
def test_the_example_runs_alone(code, variables, tmp_path):
    script = tmp_path / "example.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


# Type checkers do not see the aliases of the chat models' fields: they hold `model` for an unknown name.
@pytest.mark.parametrize("code", [each for each in alone() if "outcrop.langchain" not in each.values[0]])
def test_the_example_has_no_type_error(code, tmp_path):
    """What a newcomer copies must not be marked by an editor."""
    script = tmp_path / "example.py"
    script.write_text(code)
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "standard"}')
    command = [BIN / "basedpyright", "--pythonpath", sys.executable]
    done = subprocess.run([*command, "--project", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_two_commands_work(tmp_path):
    """As they are printed, but with a port that is free, and with the end of the local Bedrock."""
    readme = PAGES[0].read_text()
    [shell] = re.findall(r"```sh\n(outcrop emulator.*?)```", readme, re.DOTALL)
    # The system's port; a sleep is for readers, here the file is waited for.
    shell = shell.replace("--port 4599 ", "").replace("sleep 1;", "until grep -q unset bedrock.env; do :; done;")
    shell = f"{shell}status=$?; kill $!; wait; exit $status"
    variables = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", shell], cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Name three kinds of rock." in done.stdout
