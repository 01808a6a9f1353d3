"""Plans as a person sees them."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from outcrop.monitoring.plan import Plan, Step


def plan() -> Plan:
    steps = [
        Step("us-east-1", "create", "log group <mine>", "logs", "CreateLogGroup"),
        Step("us-east-1", "keep", "role [bold]r"),
    ]
    return Plan(["us-east-1"], steps, notes=["a note"], dry_run=True)


def test_a_notebook_shows_a_table() -> None:
    html = plan()._repr_html_()
    assert "Would be done (a dry run)" in html
    assert "log group &lt;mine&gt;" in html
    assert "logs.CreateLogGroup" in html
    assert "<p>a note</p>" in html


def test_a_terminal_shows_a_table() -> None:
    console = Console(file=StringIO(), width=100)
    console.print(plan())
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "role [bold]r" in text
    assert "a note" in text


def test_a_plan_without_changes_says_so() -> None:
    done = Plan(["us-east-1"], [Step("us-east-1", "keep", "all")])
    assert "nothing to change" in done._repr_html_()
    assert str(done) == "us-east-1: keep all\nnothing to change"
