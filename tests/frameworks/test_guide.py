"""The examples of docs/frameworks.md run where their frameworks are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.house.documents import blocks

from .environment import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path

    from outcrop.emulator import Emulator

EXAMPLES = [block for block in blocks(ROOT / "docs" / "frameworks.md") if block.language == "python"]


@pytest.mark.parametrize("environment", ["frameworks", "frameworks-crewai"])
def test_the_examples_run(environment: str, emulator: Emulator, tmp_path: Path) -> None:
    [router] = [block.code for block in EXAMPLES if "router" in block.options]
    here = [(f"line {block.line}", block.code) for block in EXAMPLES if environment in block.options]
    asked = json.dumps({"router": router, "examples": here})
    said = run(environment, "guide.py", asked, emulator=emulator, folder=tmp_path)
    assert said.keys() == dict(here).keys()
    for title, text in said.items():
        assert "mineral" in text or "Tokens" in text, (title, text)


def test_every_example_is_run_somewhere() -> None:
    for block in EXAMPLES:
        assert {"router", "frameworks", "frameworks-crewai"} & set(block.options), block.line
