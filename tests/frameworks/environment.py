"""The environments that frameworks are installed in, and how a program is run there."""

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
    from outcrop.emulator import Emulator

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"

# What each of them would send to its makers, or ask of the network, without a word.
_SILENT = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "false",
    "DD_REMOTE_CONFIGURATION_ENABLED": "false",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "MEM0_TELEMETRY": "False",
}


def run(environment: str, program: str, *arguments: str, emulator: Emulator, folder: Path) -> dict[str, Any]:
    """Run a program where its framework is, as anybody would whose environment points at the local Bedrock."""
    python = Path(sys.prefix) / environment / "bin" / "python"
    if not python.exists():
        pytest.skip("make test-frameworks makes the environments that frameworks run in")
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "MEM0_DIR": str(folder / "mem0"),
        "PYTHONPATH": str(ROOT / "python"),
        "AWS_EC2_METADATA_DISABLED": "true",
        # litellm knows no other name.
        "AWS_BEDROCK_RUNTIME_ENDPOINT": emulator.endpoint_url,
        **_SILENT,
        **emulator.environment,
    }
    done = subprocess.run(
        [python, PROGRAMS / program, *arguments],
        cwd=folder,
        env=variables,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    # Some print, too, and after the program's end.
    [told] = [line for line in done.stdout.splitlines() if line.startswith('{"')]
    return json.loads(told)
