"""Rooms stay small, and the project speaks of itself alone."""

from __future__ import annotations

import re
import statistics

import pytest

from .documents import name, tracked

MEDIAN, LARGE, LARGEST = 150, 400, 600
"""Lines: what a middling file may have, what few may exceed, and what none may."""

_ELSEWHERE = re.compile(
    r"(?<![\w.~$}/-])/(?:root|work|tmp|home)/|pypi\.org|files\.pythonhosted|registry\.npmjs|static\.crates\.io"
)


@pytest.mark.parametrize("room", ["src/client", "src/emulator", "src/bindings", "python/outcrop", "tests"])
def test_files_are_small(room):
    """A Rust file's unit tests stand below its code, and are not counted with it."""
    # An empty `__init__.py` is no room.
    sizes = {
        path: lines
        for path in tracked(f"{room}/*.rs", f"{room}/*.py")
        if (lines := path.read_text().partition("#[cfg(test)]")[0].count("\n")) and not path.name.startswith("_native")
    }
    large = [f"{name(path)}: {lines}" for path, lines in sizes.items() if lines > LARGE]
    assert statistics.median(sizes.values()) <= MEDIAN
    assert len(large) <= max(1, len(sizes) // 20), large
    assert max(sizes.values()) <= LARGEST, large


def test_no_file_speaks_of_a_machine():
    """Neither folders of whoever wrote it nor hosts of registries."""
    found = [
        f"{name(path)}:{number}: {match.group()}"
        for path in tracked()
        if path.suffix not in {".png", ".svg", ".gz", ".zst", ".bin"} and path.name != "test_rooms.py"
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if (match := _ELSEWHERE.search(line))
    ]
    assert not found
