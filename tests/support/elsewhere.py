"""Programs that are run in an environment of their own, beside this one, against the local Bedrock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcrop.emulator import Emulator

ROOT = Path(__file__).parents[2]


def python_of(environment: str, made_by: str) -> Path:
    """The interpreter of an environment; where there is none, the test is passed over."""
    python = Path(sys.prefix) / environment / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{made_by} makes the environment that this runs in")
    return python


def run(
    python: Path,
    program: Path,
    *arguments: str,
    emulator: Emulator,
    folder: Path,
    variables: Mapping[str, str],
) -> dict[str, Any]:
    """Run a program, as anybody would whose environment points at the local Bedrock.

    Args:
        python: Of the environment.
        program: What is run; it prints one line of JSON, an object.
        *arguments: Its arguments.
        emulator: The local Bedrock.
        folder: Its working folder and home.
        variables: Beside those of the local Bedrock.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT / "python"),
        "AWS_EC2_METADATA_DISABLED": "true",
        **variables,
        **emulator.environment,
    }
    done = subprocess.run(
        [python, program, *arguments],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    # Some print, too, and after the program's end.
    [told] = [line for line in done.stdout.splitlines() if line.startswith('{"')]
    return json.loads(told)
