"""Rooms stay small, and the project speaks of itself alone."""

from __future__ import annotations

import ast
import re
import statistics
from graphlib import CycleError, TopologicalSorter

import pytest

from .documents import ROOT, name, tracked

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
        if (lines := path.read_text().partition("#[cfg(test)]")[0].count("\n"))
        and not path.name.startswith("_native")
        # Written by tools/stubs.py.
        and path.parent.name != "types"
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


def test_no_module_imports_in_a_circle():
    """Inside functions and for the type checker only, too; so each module can be read after those that it names."""
    modules = {_module(path): path for path in tracked("python/outcrop/*.py")}
    imports = {
        module: {_nearest(found, modules) for found in _imported(module, path)} - {module, None}
        for module, path in modules.items()
    }
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(f"modules import each other: {' <- '.join(error.args[1])}")
    # Whoever wants everything is not inside: the package's top is for users, and for what stands beside the package.
    assert {module for module, found in imports.items() if "outcrop" in found} == _BESIDE


@pytest.mark.parametrize("crate", ["client", "emulator", "bindings"])
def test_no_room_of_a_crate_needs_one_that_needs_it(crate):
    """A crate's top-level modules, by what their files name with `crate::`, unit tests left out."""
    top = ROOT / "src" / crate / "src"
    needs: dict[str, set[str]] = {}
    for path in tracked(f"src/{crate}/src/*.rs"):
        room, *_ = path.relative_to(top).with_suffix("").parts
        if room != "lib" and "tests" not in path.relative_to(top).parts and not path.stem.endswith("_tests"):
            needs.setdefault(room, set()).update(_named_in_crate(_UNIT_TESTS.split(path.read_text())[0]))
    for room, found in list(needs.items()):
        needs[room] = found & needs.keys() - {room} - (_CARRIED.get(room, set()) if crate == "client" else set())
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        pytest.fail(f"modules of {crate} need each other: {' <- '.join(error.args[1])}")


_UNIT_TESTS = re.compile(r"^#\[cfg\(test\)\]\nmod \w+ \{", re.MULTILINE)

_CARRIED = {
    "error": {"call", "router"},
    "call": {"metrics", "observation", "router"},
    "metrics": {"observation", "stream"},
    "observation": {"router"},
}
"""An answer's head, an error and a router's record are parts of each other; and usage is read off a stream's events."""


def _named_in_crate(text):
    """The top-level modules of a file's paths, such as `crate::call::Head` or `crate::{call::Head, error::Error}`."""
    code = re.sub(r"//.*", "", text)
    for path in re.findall(r"\bcrate::(\w+|\{[^;]*\})", code):
        flat = path
        # Groups within a group name what stands in a module.
        while re.search(r"::\{[^{}]*\}", flat):
            flat = re.sub(r"::\{[^{}]*\}", "", flat)
        yield from re.findall(r"(?<![\w:])\w+", flat)


_BESIDE = {"outcrop.cli.call", "outcrop.cli.monitor", "outcrop.cli.whoami", "outcrop.langchain.connection"}


def _module(path):
    parts = path.relative_to(ROOT / "python").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(module, path):
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def _nearest(found, modules):
    """The module of the package that an imported name is or stands in; the native one is below them all."""
    while found and found not in modules and found != "outcrop._native":
        found = found.rpartition(".")[0]
    return found if found in modules else None
