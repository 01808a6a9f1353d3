"""The examples of the guide run as they are printed, in order, against a local Bedrock."""

from __future__ import annotations

from tests.house.documents import ROOT, blocks

GUIDE = ROOT / "docs" / "openai_and_anthropic.md"


def test_the_examples_run(emulator, monkeypatch, capsys, closed_loop):
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    examples = [block for block in blocks(GUIDE) if block.language == "python"]
    assert examples
    space = {}
    for block in examples:
        assert "apis" in block.options, block.line
        exec(compile(block.code, f"{GUIDE.name}:{block.line}", "exec"), space)
        assert capsys.readouterr().out.strip(), block.line
