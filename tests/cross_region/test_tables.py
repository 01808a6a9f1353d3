"""What plans and reports of health show to a person: what tells targets apart, and nothing wider."""

from __future__ import annotations

import dataclasses
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import outcrop
from outcrop._tables import fits, in_lines
from outcrop.cross_region import HeldClock, Plan, PlannedTarget, Profile

from .accounts import ONE, PRIMARY, SECOND, TWO, Accounts

MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"
NOVA = "amazon.nova-lite-v1:0"
TELLING = {"account", "project", "data retention", "model"}


@pytest.fixture(scope="module")
def accounts():
    with Accounts() as accounts:
        yield accounts


def router(accounts, *places, models=MODEL, **options):
    sources = accounts.sources(*places)
    return outcrop.CrossRegion(
        models, sources=sources, geographies=["us"], **{"catalogue": "snapshot", "shared": False, **options}
    )


def shown(table):
    """The cells of the columns that a person sees, as a notebook has them."""
    html = table._repr_html_().replace(' style="text-align:left"', "")
    headings = re.findall(r"<th>(.*?)</th>", html)
    cells = [re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", html)]
    rows = [dict(zip(headings, cells[at:], strict=False)) for at in range(0, len(cells), len(headings))]
    assert all(any(row[name] for row in rows) for name in headings if rows), "a column is empty"
    return rows


def test_one_account_and_one_model_are_no_columns(accounts):
    one = router(accounts, (ONE, PRIMARY), (ONE, SECOND), residency="us")
    for table in (one.plan(), one.health()):
        assert not TELLING & shown(table)[0].keys()
        assert f"account: {ONE}" in table.notes
        assert table[:1].notes == table.notes


def test_accounts_and_models_are_columns_where_there_are_several(accounts):
    both = router(accounts, (ONE, PRIMARY), (TWO, PRIMARY), models=[MODEL, NOVA])
    for table in (both.plan(), both.health()):
        assert [(row["account"], row["model"]) for row in shown(table)] == [
            (ONE, "1st"),
            (TWO, "1st"),
            (ONE, "2nd"),
            (TWO, "2nd"),
        ]
        assert [(row.rank, row.model) for row in table] == [(1, MODEL), (1, MODEL), (2, NOVA), (2, NOVA)]
        assert f"next model: {NOVA}" in table.notes
        # What is left of one account is no wider than it would be alone.
        assert not TELLING & shown(table[:1])[0].keys()
        assert f"account: {ONE}" in table[:1].notes


def test_projects_and_retention_are_columns_where_they_differ(accounts):
    accounts[ONE].client("bedrock", region_name=SECOND).put_account_data_retention(mode="none")
    projects = {PRIMARY: "default", SECOND: "default"}
    kept = router(accounts, (ONE, PRIMARY), (ONE, SECOND), projects=projects, retention="none", catalogue="auto")
    plan = kept.plan()
    assert [(row["data retention"], row["allowed"]) for row in shown(plan)] == [("unknown", "no"), ("none", "yes")]
    assert "project" not in shown(plan)[0]
    health = kept.health()
    assert [row["data retention"] for row in shown(health)] == ["unknown", "none"]
    # Why it is refused is told where it is refused.
    assert [(row["state"], row["reason"]) for row in shown(health)] == [
        ("refused", f"the mode of data retention in {PRIMARY} is not known, and must be none"),
        ("closed", ""),
    ]
    assert [row.reason for row in health] == [plan[0].reason, ""]


@pytest.mark.parametrize("residency", [{PRIMARY}, lambda region: region != "us-east-2", lambda region: 1 / 0])
def test_health_says_why_a_residency_refuses(accounts, residency):
    refused = router(accounts, (ONE, PRIMARY), residency=residency)
    [target] = refused.health()
    assert not target.allowed
    assert target.reason.startswith("it may be served in ")
    assert "us-east-2" in target.reason


def test_limits_are_columns_where_there_are_some(accounts):
    plain = router(accounts, (ONE, PRIMARY), (TWO, PRIMARY))
    assert not {"tokens left", "requests left", "open for"} & shown(plain.health())[0].keys()
    held = {"limits": {"tokens_per_minute": 200_000}, "clock": HeldClock(), "shared": True}
    limited = router(accounts, (ONE, PRIMARY), (TWO, PRIMARY), models=NOVA, **held)
    limited.converse(messages=[{"role": "user", "content": [{"text": "hello"}]}], inferenceConfig={"maxTokens": 9})
    used, unused = shown(limited.health())
    assert re.fullmatch(r"199,\d{3} of 200,000", used["tokens left"])
    assert unused["tokens left"] == "200,000 of 200,000"
    assert "requests left" not in used


def test_a_table_says_what_its_router_says(accounts):
    both = router(accounts, (ONE, PRIMARY), (TWO, SECOND), models=[MODEL, NOVA], limits={"requests_per_minute": 9})
    both.force(PRIMARY, "open")
    html = both._repr_html_()
    for text in (ONE, TWO, MODEL, NOVA, "1st", "2nd", "9 of 9", "open", "no limit"):
        assert text in re.sub("<[^>]*>", "", html)
    assert "secret-of" not in html + str(both.health()) + repr(both)


WORDS = st.text(st.sampled_from("abcd-."), min_size=1, max_size=50)
CELLS = st.lists(WORDS, max_size=4).map(" ".join)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=4)))
def test_in_lines_no_word_is_broken_and_nothing_is_lost(rows):
    columns = [f"heading {at}" for at in range(len(rows[0]))]
    for width in (20, 60, 200):
        lines = in_lines(columns, rows, width)
        assert [word for line in lines for word in line[11:].split()] == [
            word for row in rows for cell in row for word in cell.split()
        ]
        longest = max((len(word) for row in rows for cell in row for word in cell.split()), default=0)
        assert all(len(line) <= max(width, 11 + longest) for line in lines)


TARGETS = st.lists(
    st.builds(
        PlannedTarget,
        st.builds(
            Profile,
            st.sampled_from([f"us.{MODEL}", f"global.{MODEL}", "x"]),
            st.just("us"),
            st.just(MODEL),
            st.just("SYSTEM_DEFINED"),
            st.sampled_from(["us-east-1", "ap-southeast-2"]),
            st.just("regions"),
            st.just(("us-east-1", "us-west-2")),
        ),
        allowed=st.booleans(),
        reason=st.sampled_from(["", "it may be served in us-west-2, outside the residency"]),
        account=st.sampled_from([None, ONE, TWO, "profile of some team"]),
        project=st.sampled_from([None, "proj_" + "a" * 20]),
        retention=st.sampled_from([None, "none", "provider_data_share"]),
        rank=st.integers(1, 3),
    ),
    min_size=1,
    max_size=5,
)


@given(TARGETS, st.sampled_from([60, 80, 120, 200]))
def test_a_plan_fits_its_terminal_with_whole_ids(rows, width):
    plan = Plan(rows, ["a note"])
    console = Console(width=width, file=io.StringIO())
    console.print(plan)
    text = console.file.getvalue()
    seen = set(re.split(r"[\s│┃]+", text))
    for row in rows:
        cells = dict(zip(plan.columns, plan.cells(row), strict=True))
        if width >= 80:
            assert {word for cell in cells.values() for word in cell.split()} <= seen
        assert {name for name in TELLING if name in cells} == {
            name for name in TELLING if len({plan.traits(it)[name] for it in rows}) > 1
        }
    assert all(len(line) <= width for line in text.splitlines())
    assert ("┃" in text) == fits(*plan._shown(), width)
    assert {dataclasses.replace(row) for row in plan} == set(rows)
