"""A pytest plugin: the `bedrock` fixture is a local Amazon Bedrock of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop.emulator import Emulator


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
