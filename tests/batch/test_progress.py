"""`progress=True`: a bar in a terminal, in a notebook and in a log."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios

import nbformat
import pytest
from nbclient import NotebookClient

from tests.support.waiting import PATIENCE

from .conftest import request_of


def test_a_progress_bar_counts_results_and_errors(side, capsys):
    requests = [request_of(0), request_of(1) | {"modelId": "no.such-model"}]
    side.batch("converse", requests, progress=True)
    shown = capsys.readouterr().err
    assert "2/2" in shown
    assert "errors=1" in shown


def test_without_tqdm_progress_says_what_to_install(side, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ImportError, match=r"pip install 'outcrop\[progress\]'"):
        side.batch("converse", [request_of(0)], progress=True)


PROGRAM = """
import outcrop

client = outcrop.client("bedrock-runtime", **{connection!r})
requests = [{request!r}] * 20
answers = list(client.batch("converse", requests, progress=True))
"""


def program(emulator):
    return PROGRAM.format(connection=emulator.connection, request=request_of(0))


def test_in_a_terminal_one_line_grows(emulator):
    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    subprocess.run([sys.executable, "-c", program(emulator)], check=True, stdout=terminal, stderr=terminal)
    # All of it fits into the terminal's buffer, which gives it back in pieces.
    shown = b""
    while not shown.endswith(b"\n"):
        shown += os.read(controller, 1 << 16)
    os.close(terminal)
    os.close(controller)
    lines = shown.decode().splitlines(keepends=True)
    assert "20/20" in lines[-1]
    assert all(line.endswith("\r") for line in lines[:-1])


def test_in_a_notebook_it_is_shown_below_the_cell(emulator):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(program(emulator))])
    NotebookClient(notebook, kernel_name="python3", timeout=PATIENCE).execute()
    shown = "".join(output.get("text", "") for output in notebook.cells[0].outputs)
    assert "20/20" in shown or any("20/20" in str(output.get("data")) for output in notebook.cells[0].outputs)
