"""No panic crosses to Python: what Python calls, and what may fail, runs in the one guard."""

from __future__ import annotations

import re

from .documents import name, tracked

_BLOCK = re.compile(r"#\[pymethods\]\s*impl[^{]*\{")
_METHOD = re.compile(r"^    (?:pub )?fn (\w+)([^{;]*)\{", re.MULTILINE)
_FUNCTION = re.compile(r"#\[pyfunction[^\n]*\n(?:#[^\n]*\n)*\s*(?:pub(?:\([a-z]+\))? )?fn (\w+)([^{]*)\{")

# They guard what they call, each in a place of its own.
_ELSEWHERE = {
    "runtime/bridge.rs": {"__call__"},
    "runtime/loops.rs": {"__call__"},
    "runtime/pending.rs": {"__await__"},
    "streams/asynchronous.rs": {"throw"},
}


def _end(text: str, at: int) -> int:
    """Where a block ends whose bracket stands before `at`."""
    depth = 1
    while depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at


def _called(text: str):
    """The functions that Python calls: name, signature, body."""
    blocks = [text[found.end() : _end(text, found.end())] for found in _BLOCK.finditer(text)]
    for source, pattern in [*((block, _METHOD) for block in blocks), (text, _FUNCTION)]:
        for found in pattern.finditer(source):
            yield found[1], found[2], source[found.end() : _end(source, found.end())]


def test_what_python_calls_is_guarded():
    count, bare = 0, []
    for path in tracked("src/bindings/*.rs"):
        known = _ELSEWHERE.get("/".join(path.parts[-2:]), set())
        for function, signature, body in _called(path.read_text()):
            if "PyResult" in signature.rpartition("->")[2] and function not in known:
                count += 1
                if "guarded(" not in body:
                    bare.append(f"{name(path)}: {function}")
    assert count > 60
    assert not bare


def test_the_module_says_that_it_needs_the_interpreters_lock():
    """A free-threaded interpreter would else run it without one, which it is not made for."""
    [module] = [text for path in tracked("*.rs") if "#[pymodule" in (text := path.read_text(encoding="utf-8"))]
    assert "#[pymodule(gil_used = true)]" in module
