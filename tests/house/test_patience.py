"""No test has a deadline in wall time that a busy machine can miss: what is sure to come is awaited with `PATIENCE`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.support.waiting import PATIENCE

from .documents import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMED_BY_NAME = {
    "HTTPConnection", "NotebookClient", "Popen", "acquire", "check_call", "check_output", "communicate",
    "alarm", "create_connection", "get", "join", "run", "settimeout", "urlopen", "wait", "wait_for", "select",
}  # fmt: skip
TIMED_BY_PLACE = {
    "acquire": 1, "alarm": 0, "communicate": 1, "join": 0, "settimeout": 0, "wait": 0, "wait_for": 1, "select": 3,
}  # fmt: skip
"""Which argument of a call is the time that it waits."""
CLOCKS = {"monotonic", "perf_counter", "time"}


def deadlines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with a deadline, and what each is. Less than a second is a pause, and no patience."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _waits_too_briefly(node):
            yield node.lineno, "waits for a number of seconds: wait for PATIENCE"
        elif isinstance(node, ast.Assert) and any(_is_short_time(it) for it in ast.walk(node.test)):
            yield node.lineno, "asserts how long something took"
        elif isinstance(node, ast.Attribute) and node.attr == "timeout" and ast.unparse(node) == "pytest.mark.timeout":
            yield node.lineno, "has a limit of its own"


def _waits_too_briefly(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name not in TIMED_BY_NAME or _is_pause(node):
        return False
    times = [keyword.value for keyword in node.keywords if keyword.arg == "timeout"]
    place = TIMED_BY_PLACE.get(name)
    if place is not None and len(node.args) == place + 1:
        times.append(node.args[place])
    return any(map(_is_short, times))


def _is_pause(node: ast.Call) -> bool:
    """Whether it waits for an event that nobody sets: `threading.Event().wait(1)`."""
    return isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call)


def _is_short(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float) and 1 <= value.value < PATIENCE


def _is_short_time(node: ast.AST) -> bool:
    """Whether something is compared with a clock's time: less than a number is a deadline."""
    if not isinstance(node, ast.Compare) or not any(_is_short(it) for it in (node.left, *node.comparators)):
        return False
    called = [it.func.attr for it in ast.walk(node) if isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute)]
    return bool(CLOCKS.intersection(called))


def test_no_test_has_a_deadline_that_a_busy_machine_can_miss():
    found = [
        f"{path.relative_to(ROOT)}:{line} {what}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for line, what in deadlines(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "thread.join(20)", "event.wait(30)", "assert event.wait(timeout=60)", "subprocess.run(command, timeout=100)",
        "await asyncio.wait_for(task, 5)", "queue.get(timeout=10)", "select.select([it], [], [], 10)",
        "urllib.request.urlopen(url, timeout=30).close()", "assert time.monotonic() - begun < 60",
        "@pytest.mark.timeout(600)\ndef test(): ...", "connection.settimeout(10)", "signal.alarm(20)",
        "process.communicate('', 7)",
    ],
)  # fmt: skip
def test_a_deadline_is_found(text):
    assert len(list(deadlines(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "thread.join()", "event.wait(PATIENCE)", "threading.Event().wait(1.1)", "seen.wait(0.02)", "', '.join(names)",
        "subprocess.run(command, timeout=PATIENCE)", "make(read_timeout=7, timeout=5)", "mapping.get(5)",
        "assert later == time.time() + 3600", "assert played.seconds <= 180",
    ],
)  # fmt: skip
def test_what_is_none_is_none(text):
    assert list(deadlines(text)) == []
