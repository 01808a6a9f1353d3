"""A pytest plugin: a local Amazon Bedrock of the test's own, by itself or with the environment pointing at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop.emulator import Emulator, StrictScript


@pytest.fixture
def bedrock_options() -> dict[str, Any]:
    """The keyword arguments of `outcrop.emulator.Emulator` for `bedrock`; override this fixture to set Regions."""
    return {}


@pytest.fixture
def bedrock(bedrock_options: dict[str, Any]) -> Iterator[Emulator]:
    """A running `outcrop.emulator.Emulator`, fresh for each test."""
    from outcrop.emulator import Emulator

    with Emulator(**bedrock_options) as running:
        yield running


@pytest.fixture
def bedrock_environment(bedrock: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """`bedrock`, with the environment pointing every Bedrock client that the code under test makes at it.

    Other services stay where they are, and what was in the environment is put back after the test.
    """
    from outcrop.emulator._environment import OVERRIDING

    for name in OVERRIDING:
        monkeypatch.delenv(name, raising=False)
    for name, value in bedrock.environment.items():
        monkeypatch.setenv(name, value)
    return bedrock


@pytest.fixture
def bedrock_script(bedrock_environment: Emulator) -> Iterator[StrictScript]:
    """`bedrock_environment` with a script that is kept to: see `StrictScript.reply`.

    A call that no answer was written down for is told so in place of an answer, and fails the test at its end, as does
    an answer that nobody asked for.
    """
    from outcrop.emulator import StrictScript

    script = StrictScript(bedrock_environment)
    yield script
    script.check()
