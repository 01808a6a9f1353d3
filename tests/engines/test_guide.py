"""The examples of docs/scale.md run where the engines are."""

from __future__ import annotations

import json

from tests.house.documents import blocks
from tests.support.elsewhere import ROOT

EXAMPLES = [block for block in blocks(ROOT / "docs" / "scale.md") if "engines" in block.options]
ENGINES = ["ray", "spark", "dask"]


def test_the_examples_run(engine):
    [router] = [block.code for block in EXAMPLES if "router" in block.options]
    examples = {name: block.code for block in EXAMPLES for name in ENGINES if name in block.options}
    said = engine("guide.py", json.dumps({"router": router, "examples": examples}))
    assert list(said) == ENGINES
    for name, text in said.items():
        assert "You asked: What is mineral " in text, name


def test_every_example_is_run():
    for block in EXAMPLES:
        assert {"router", *ENGINES} & set(block.options), block.line
