"""The environments that frameworks are installed in, and how a program is run there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support import elsewhere
from tests.support.elsewhere import ROOT

if TYPE_CHECKING:
    from outcrop.emulator import Emulator

__all__ = ["ROOT", "run"]

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
    python = elsewhere.python_of(environment, "make test-frameworks")
    variables = {
        "MEM0_DIR": str(folder / "mem0"),
        # litellm knows no other name.
        "AWS_BEDROCK_RUNTIME_ENDPOINT": emulator.endpoint_url,
        **_SILENT,
    }
    return elsewhere.run(python, PROGRAMS / program, *arguments, emulator=emulator, folder=folder, variables=variables)
