"""Runs the notebooks on the emulator, from top to bottom, in a fresh kernel each.

Usage:
    python notebooks/run.py [--demo] [--in-place] [NAME ...]

The executed notebook and its HTML are written to notebooks/executed; with --in-place the outputs are also kept in the
notebook itself. With --demo everything that the notebook printed is printed here too.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from traitlets.config import Config

if TYPE_CHECKING:
    from collections.abc import Mapping

# The first import on a machine lists its fonts, and says so; done here, no notebook's output has that line.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
importlib.import_module("matplotlib.font_manager")

HERE = Path(__file__).resolve().parent
EXECUTED = HERE / "executed"
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def execute(
    path: Path, *, environment: Mapping[str, str] | None = None, fails_at: int | None = None
) -> nbformat.NotebookNode:
    """Run a notebook in a fresh kernel.

    Args:
        path: The notebook.
        environment: More variables for the kernel.
        fails_at: The index of a cell after which one is put in that fails.

    Returns:
        The notebook with the outputs of the run just made.

    Raises:
        CellExecutionError: A cell failed.
    """
    notebook = nbformat.read(path, as_version=4)
    if fails_at is not None:
        notebook.cells.insert(fails_at + 1, nbformat.v4.new_code_cell("raise RuntimeError('put in')"))
    # Without OUTCROP_AWS the notebooks start a local Bedrock.
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "OUTCROP_"))}
    variables |= {
        "AWS_EC2_METADATA_DISABLED": "true",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        **(environment or {}),
    }
    with tempfile.TemporaryDirectory(prefix="outcrop-") as sockets:
        client = NotebookClient(
            notebook,
            timeout=300,
            # Kernels talk over sockets in the file system: no port of the machine is open meanwhile. The path is whole,
            # because the kernel runs in another folder than this.
            config=Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/kernel"}}),
            kernel_name="python3",
            # When each cell ran is of no use to a reader, and makes every run a change.
            record_timing=False,
            resources={"metadata": {"path": str(HERE)}},
        )
        client.execute(env=variables)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata = {"kernelspec": notebook.metadata.kernelspec, "language_info": {"name": "python"}}
    return notebook


def write(notebook: nbformat.NotebookNode, name: str) -> tuple[Path, Path]:
    """The executed notebook and its HTML, in notebooks/executed."""
    EXECUTED.mkdir(exist_ok=True)
    kept, page = EXECUTED / f"{name}.ipynb", EXECUTED / f"{name}.html"
    nbformat.write(notebook, kept)
    title = next(
        (line.removeprefix("# ") for line in notebook.cells[0].source.splitlines() if line.startswith("# ")), name
    )
    body, _ = HTMLExporter().from_notebook_node(notebook, resources={"metadata": {"name": title}})
    page.write_text(body, encoding="utf-8")
    return kept, page


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    """The headings, and what stands under them in plain text: tables and printed lines."""
    lines: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            lines += [f"\n{line.lstrip('# ')}" for line in cell.source.splitlines() if line.startswith("#")]
        for output in cell.get("outputs", []):
            if text := _plain(output):
                lines += ["", text]
    return lines


def _plain(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return _ESCAPES.sub("", output["text"]).rstrip()
    data = output.get("data", {})
    # A picture's plain text is only the name of its Python object.
    return "" if "image/png" in data else _ESCAPES.sub("", data.get("text/plain", "")).rstrip()


def main() -> int:
    """Run what was named, or every notebook."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a notebook without .ipynb; all of them if left out")
    parser.add_argument("--demo", action="store_true", help="print what the notebooks printed")
    parser.add_argument("--in-place", action="store_true", help="keep the outputs in the notebooks themselves")
    arguments = parser.parse_args()
    known = sorted(path.stem for path in HERE.glob("*.ipynb"))
    for name in arguments.names or known:
        if name not in known:
            parser.error(f"no notebook is called {name!r}: there are {', '.join(known)}")
        started = time.monotonic()
        notebook = execute(HERE / f"{name}.ipynb")
        kept, page = write(notebook, name)
        if arguments.in_place:
            nbformat.write(notebook, HERE / f"{name}.ipynb")
        if arguments.demo:
            print(*texts(notebook), sep="\n")
        print(f"\n{name}: executed in {time.monotonic() - started:.0f} s")
        print(f"  notebook: {_shown(kept)}\n  page:     {_shown(page)}")
    return 0


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
