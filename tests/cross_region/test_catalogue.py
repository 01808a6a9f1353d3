"""Profiles over many source Regions: live, bundled, kept, and fetched once."""

from __future__ import annotations

import html
import io
import sys
import threading
import time

import pandas as pd
import pytest

import outcrop
from outcrop import exceptions
from outcrop.cross_region import _store, parse

from .conftest import MODEL, ON_DEMAND
from .sides import Side


def without_region(bedrock):
    return {name: value for name, value in bedrock.connection.items() if name != "region_name"}


def listed(bedrock, operation="ListInferenceProfiles"):
    return bedrock.journal.where(operation=operation)


def test_all_sources_are_asked_and_joined_with_models(emulator):
    found = outcrop.profiles(MODEL, sources=["us-east-1", "ca-central-1"], **emulator.connection)
    assert found.notes == ()
    rows = {(row.source_region, row.geography): row for row in found}
    assert set(rows) == {(region, it) for region in ("us-east-1", "ca-central-1") for it in ("us", "global")}
    assert rows["us-east-1", "us"].destination_regions == ("us-east-1", "us-east-2", "us-west-2")
    assert "ca-central-1" in rows["ca-central-1", "us"].destination_regions
    assert rows["us-east-1", "global"].scope == "global"
    assert rows["us-east-1", "us"].arn.startswith("arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.")
    assert {row.origin for row in found} == {"live"}
    assert rows["us-east-1", "us"].provider == "Anthropic"
    assert {entry.region for entry in listed(emulator)} == {"us-east-1", "ca-central-1"}
    assert {entry.region for entry in listed(emulator, "ListFoundationModels")} == {"us-east-1", "ca-central-1"}


def test_live_and_bundled_rows_agree(emulator):
    def rows(source):
        found = outcrop.profiles(sources=["ap-southeast-2", "eu-central-2"], catalogue=source, **emulator.connection)
        return {(row.source_region, row.id): (row.geography, row.base_model, row.scope, row.type) for row in found}

    live, bundled = rows("live"), rows("snapshot")
    assert live.keys() == bundled.keys()
    # What nobody wrote down the emulator has to make up.
    assert all(live[key] == row for key, row in bundled.items() if row[2] != "unknown")


def test_models_called_themselves_are_rows(emulator):
    found = outcrop.profiles(ON_DEMAND, sources="us-west-2", geographies="direct", **emulator.connection)
    (row,) = found
    assert (row.type, row.model_id, row.destination_regions) == ("FOUNDATION_MODEL", ON_DEMAND, ("us-west-2",))


def test_application_profiles_and_their_tags(emulator):
    control = emulator.client("bedrock")
    arn = control.create_inference_profile(
        inferenceProfileName="team",
        modelSource={"copyFrom": f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{MODEL}"},
        tags=[{"key": "team", "value": "blue"}],
    )["inferenceProfileArn"]
    found = outcrop.profiles(sources="us-east-1", tags=True, **emulator.connection)
    (row,) = found.where(type="APPLICATION")
    assert (row.model_id, row.base_model, row.tags, row.geography) == (arn, MODEL, {"team": "blue"}, None)
    assert row.destination_regions == ("us-east-1", "us-east-2", "us-west-2")


def test_answers_are_kept_and_refreshed_behind_the_scenes(emulator):
    arguments = {"sources": ["us-east-1"], **emulator.connection}
    outcrop.profiles(**arguments)
    asked = len(emulator.journal)
    outcrop.profiles(**arguments)
    assert len(emulator.journal) == asked
    emulator.add_model("example.new-v1:0")
    emulator.add_profile("us.example.new-v1:0", model="example.new-v1:0", sources={"us-east-1": ["us-east-1"]})
    # Too old: it still serves, and what is asked for meanwhile is there once it has arrived.
    assert not outcrop.profiles("example.new-v1:0", max_age=0, **arguments)
    refresh = next(iter(_store._entries.values())).under_way
    refresh.wait()
    assert outcrop.profiles("example.new-v1:0", **arguments)


@pytest.mark.parametrize("kind", ["blocking", "asynchronous"])
def test_a_router_hears_of_what_was_refreshed(emulator, kind):
    clock = time.monotonic
    side = Side(kind, sources=["us-east-1"], catalogue="auto", **without_region(emulator))
    side.call()
    (entry,) = _store._entries.values()
    # Make it old, as if an hour had passed.
    entry.fetched -= 3601
    side.router._known.fresh_until -= 3601
    side.call()
    assert 0 < side.router._known.fresh_until - clock() <= 1
    if entry.under_way is not None:
        entry.under_way.wait()
    side.router._known.fresh_until -= 1
    side.call()
    assert side.router._known.fresh_until - clock() > 3000
    # System-defined and application profiles, twice each.
    assert len(listed(emulator)) == 4


@pytest.mark.parametrize("kind", ["blocking", "asynchronous"])
def test_residency_is_judged_anew_when_the_catalogue_changes(emulator, kind):
    model, home = "example.moving-v1:0", "us-east-1"
    emulator.add_model(model)
    emulator.add_profile(f"us.{model}", model=model, sources={home: [home]})
    side = Side(kind, model=model, sources=[home], catalogue="auto", residency={home}, **without_region(emulator))
    side.call()
    emulator.add_profile(f"us.{model}", model=model, sources={home: [home, "us-west-2"]})
    (entry,) = _store._entries.values()
    entry.fetched -= 3601
    side.router._known.fresh_until -= 3601
    side.call()
    if entry.under_way is not None:
        entry.under_way.wait()
    side.router._known.fresh_until -= 1
    with pytest.raises(exceptions.NoTargetError, match="it may be served in us-west-2, outside the residency"):
        side.call()
    assert len(emulator.journal.where(service="bedrock-runtime")) == 2


def test_many_who_ask_at_once_share_one_answer(emulator):
    emulator.fault("latency", operation="ListInferenceProfiles", seconds=0.1)
    found = []

    def ask():
        found.append(len(outcrop.profiles(sources=["us-east-1", "us-west-2"], **emulator.connection)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    # System-defined and application profiles, for each of the two Regions.
    assert len(listed(emulator)) == 4


def test_the_bundled_facts_serve_where_listing_is_forbidden_and_say_so(emulator):
    emulator.fault("error", operation="ListInferenceProfiles", region="us-west-2", code="AccessDeniedException")
    found = outcrop.profiles(MODEL, sources=["us-east-1", "us-west-2"], **emulator.connection)
    assert {row.source_region: row.origin for row in found} == {"us-east-1": "live", "us-west-2": "snapshot"}
    (note,) = found.notes
    assert note.startswith("us-west-2: facts of 2026-10-27, because ListInferenceProfiles failed: An error occurred")
    assert note in str(found)
    assert html.escape(note) in found._repr_html_()


def test_the_live_catalogue_can_be_insisted_on(emulator):
    emulator.fault("error", operation="ListInferenceProfiles", code="AccessDeniedException")
    with pytest.raises(exceptions.CatalogueUnavailableError, match="allow bedrock:ListInferenceProfiles"):
        outcrop.profiles(sources="us-east-1", catalogue="live", **emulator.connection)


def test_the_bundled_facts_ask_nobody(emulator):
    found = outcrop.profiles(sources=["us-east-1"], catalogue="snapshot", **emulator.connection)
    assert len(found) > 50
    assert len(emulator.journal) == 0


async def test_the_loop_goes_on_meanwhile(emulator):
    found = await outcrop.async_profiles(MODEL, sources=["us-east-1"], **emulator.connection)
    assert [row.geography for row in found] == ["us", "global"]
    row = await outcrop.async_resolve(MODEL, source="us-east-1", geographies=["us"], **emulator.connection)
    assert row.id == f"us.{MODEL}"


def test_it_sorts_filters_and_becomes_a_data_frame(emulator):
    found = outcrop.profiles(sources="us-east-1", catalogue="snapshot", **emulator.connection)
    ids = [row.id for row in found.sorted("provider", "id")]
    assert ids == [row.id for row in sorted(found, key=lambda row: (row.provider, row.id))]
    assert {row.geography for row in found.where(geography="global")} == {"global"}
    frame = found[:3].to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["source_region"]) == ["us-east-1"] * 3
    assert 'nowrap">us-east-1</span></td><td ' in found[:1]._repr_html_()
    assert "│ us-east-1" in str(found[:1])


def test_tables_need_no_rich(emulator, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setitem(sys.modules, "pandas", None)
    found = outcrop.profiles(MODEL, sources="us-east-1", geographies="us", **emulator.connection)
    assert str(found).splitlines()[1].split("\t")[:2] == ["us-east-1", "us"]
    with pytest.raises(ImportError, match=r"outcrop\[pandas\]"):
        found.to_pandas()


@pytest.mark.parametrize(
    ("text", "geography", "base_model"),
    [
        ("us.anthropic.claude-sonnet-5-5", "us", "anthropic.claude-sonnet-5-5"),
        ("us-gov.anthropic.claude-3-haiku-20240307-v1:0", "us-gov", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("global.openai.gpt-6.1-sol", "global", "openai.gpt-6.1-sol"),
        ("emea.brandnew.model-9", "emea", "brandnew.model-9"),
        ("openai.gpt-6.1-sol", None, "openai.gpt-6.1-sol"),
        ("deepseek.v3.2", None, "deepseek.v3.2"),
        ("qwen.qwen3.5-coder", None, "qwen.qwen3.5-coder"),
        ("zai.glm-4.7", None, "zai.glm-4.7"),
        (
            "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0",
            "eu",
            "amazon.nova-lite-v1:0",
        ),
        ("arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0", None, "amazon.nova-lite-v1:0"),
        ("arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abcdefgh1234", None, None),
    ],
)
def test_identifiers_are_read_by_their_structure(text, geography, base_model):
    found = parse(text)
    assert (found.geography, found.base_model) == (geography, base_model)


def test_every_bundled_profile_is_read_by_its_structure():
    facts = outcrop.profiles(sources=sorted(_all_regions()), catalogue="snapshot")
    for row in facts:
        assert parse(row.id).base_model == row.base_model, row.id


def _all_regions():
    from outcrop.cross_region import _snapshot

    return _snapshot.facts().regions


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no model identifier"),
        ("claude sonnet", "is no model identifier"),
        ("arn:aws:s3:::bucket", "is no ARN that can be routed"),
        ("arn:aws:bedrock:us-east-1::application-inference-profile/x", "lacks its Region or account"),
    ],
)
def test_what_is_no_identifier_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        parse(text)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_tables_fit_the_terminal_and_break_no_word(width):
    from rich.console import Console

    found = outcrop.profiles(MODEL, sources=["us-east-1", "eu-west-1"], catalogue="snapshot")
    plan = outcrop.plan(
        MODEL, sources=["ca-central-1"], geographies=["us", "global"], residency="us", catalogue="snapshot"
    )
    for table in (found, plan):
        console = Console(width=width, file=io.StringIO())
        console.print(table)
        text = console.file.getvalue()
        assert max(map(len, text.splitlines())) <= width
        seen = set(text.replace("│", " ").replace("┃", " ").split())
        ids = {row[table.columns.index("model id" if table is plan else "id")] for row in map(table.cells, table)}
        words = {word for row in map(table.cells, table) for cell in set(row) - ids for word in cell.split()}
        assert words <= seen
        assert width < 120 or ids <= seen
