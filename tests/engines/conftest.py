"""What the engines' tests stand on: the local Bedrock of a job, and Ray, Spark and Dask in an environment beside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import outcrop
from outcrop._engines import background
from tests.support import elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from outcrop.emulator import Emulator

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
SOURCES = ["us-east-1", "us-west-2"]
PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture
def here(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """A local Bedrock that clients find in the environment, so that no secret is theirs."""
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    yield emulator
    background.stop()


@pytest.fixture
def router(here: Emulator) -> outcrop.CrossRegion:
    return outcrop.CrossRegion(MODEL, sources=SOURCES, geographies=["us"], residency="us", catalogue="snapshot")


@pytest.fixture
def engine(emulator: Emulator, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Runs a program where the engines are installed."""

    def run(program: str, *arguments: str) -> dict[str, Any]:
        python = elsewhere.python_of("engines", "make test-engines")
        variables = {
            # Spark and Ray start their workers by these.
            "PYSPARK_PYTHON": str(python),
            "PYSPARK_DRIVER_PYTHON": str(python),
            "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
            "RAY_USAGE_STATS_ENABLED": "0",
            "SPARK_LOCAL_IP": "127.0.0.1",
        }
        return elsewhere.run(
            python, PROGRAMS / program, *arguments, emulator=emulator, folder=tmp_path, variables=variables
        )

    return run
