"""Every notebook runs from top to bottom on the emulator, and the outputs it is kept with are those of a run."""

from __future__ import annotations

import importlib.util

import nbformat
import pytest

from .documents import ROOT, tracked

NOTEBOOKS = tracked("notebooks/*.ipynb")


def runner():
    spec = importlib.util.spec_from_file_location("notebooks_run", ROOT / "notebooks" / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs(path):
    executed = runner().execute(path)
    errors = [output for cell in executed.cells for output in cell.get("outputs", []) if output.output_type == "error"]
    assert not errors
    assert [cell.source for cell in executed.cells] == [cell.source for cell in nbformat.read(path, as_version=4).cells]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_is_kept_with_its_outputs(path):
    """Executed in order, in one run, and nothing in them warns or breaks."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert any(output.output_type != "stream" for output in outputs), "nothing is shown"
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
