"""What verbs print: for a terminal of any width, for a pipe, and as JSON."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from typing import Any, NamedTuple

from outcrop._tables import fits, in_lines


class Rows(NamedTuple):
    """A table's parts."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    notes: tuple[str, ...]


def show(value: Any, *, as_json: bool) -> None:
    """Print a table: drawn on a terminal, a line a cell where the terminal is narrow, tabs in a pipe."""
    if as_json:
        print(json.dumps(value.to_dict() if hasattr(value, "to_dict") else value.to_dicts(), indent=2))
        return
    table = _rows(value)
    if not sys.stdout.isatty():
        _tabs(table)
    elif fits(table.columns, table.rows, shutil.get_terminal_size().columns) and importlib.util.find_spec("rich"):
        from rich.console import Console

        Console(highlight=False).print(value)
    else:
        _lines(table)


def show_plainly(table: Rows) -> None:
    """Print a table that nothing is drawn around: columns where there is room, tabs in a pipe."""
    widths = [max(map(len, column)) for column in zip(table.columns, *table.rows, strict=True)]
    if not sys.stdout.isatty():
        _tabs(table)
        return
    if sum(widths) + 2 * len(widths) > shutil.get_terminal_size().columns:
        widths = [0] * len(widths)
    for row in table.rows:
        print("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def open_for_people() -> None:
    """See to it that no character and no reader that goes away is an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue]


def leave_closed_pipe() -> int:
    """The status where whoever read the output has gone: as if the signal had come. Nothing is said."""
    # The interpreter flushes at its end, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + 13


def _rows(value: Any) -> Rows:
    table = value.table() if callable(getattr(value, "table", None)) else value
    table = table._table() if hasattr(table, "_table") else table  # noqa: SLF001  -- the package's own
    if hasattr(table, "cells"):
        rows = [tuple(table.cells(row)) for row in table]
        return Rows("", tuple(table.columns), rows, tuple(table.notes))
    return Rows(table.title, tuple(table.columns), [tuple(row) for row in table.rows], tuple(table.notes))


def _tabs(table: Rows) -> None:
    _notes(table.title)
    print("\t".join(table.columns))
    for row in table.rows:
        print("\t".join(" ".join(cell.split()) for cell in row))
    _notes(*table.notes)


def _lines(table: Rows) -> None:
    _notes(table.title)
    print(*in_lines(table.columns, table.rows, shutil.get_terminal_size().columns), sep="\n")
    _notes(*table.notes)


def _notes(*notes: str) -> None:
    """Beside the rows: whoever reads them by a program passes over these."""
    for note in notes:
        if note:
            print(f"# {note}")
