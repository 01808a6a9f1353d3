"""What nobody knows is refused under a residency, whatever it looks like; the bundled facts promise nothing wrong."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import outcrop
from outcrop import exceptions
from outcrop._model_ids import split
from outcrop.cli import main
from outcrop.cross_region import HeldClock, _snapshot, iam_policy, parse
from outcrop.langchain.identity import identify

from .conftest import MODEL, ask
from .world import Version, World

HOME = "us-east-1"
ACCOUNT = "123456789012"
SNAPSHOT = {"sources": [HOME], "catalogue": "snapshot"}
UNKNOWN = [
    "nonsense",
    "us-iso.anthropic.claude-3-haiku-20240307-v1:0",
    "us-iso-b.newco.model-1",
    "mideast.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "us.01-ai.yi-2",
    "eu-sov.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "newco.v3.2",
    "newco.model-1",
    "01-ai.yi-2",
    "us.new-lab.model-1",
    "x.y.z",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:inference-profile/us.new-lab.model-1",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:inference-profile/newlab",
    f"arn:aws:bedrock:{HOME}::foundation-model/newco.model-1",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:application-inference-profile/abcdefgh1234",
]


@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize("lists", ["snapshot", "throttled", "live"])
def test_the_unknown_is_refused_under_a_residency(name, lists):
    with World([HOME], Version({})) as world:
        world.lists = {HOME: "throttled"} if lists == "throttled" else {}
        options = {"catalogue": "snapshot" if lists == "snapshot" else "auto", "clock": HeldClock()}
        for rule in ({HOME}, ["us", "eu"], lambda region: True):
            router = outcrop.CrossRegion(name, residency=rule, **options, **world.connection(HOME))
            assert not router.plan().allowed
            with pytest.raises(exceptions.NoTargetError):
                router.converse(**ask())
            with pytest.raises(exceptions.NoTargetError):
                asyncio.run(router._twin().converse(**ask()))
        assert world.take() == []


@given(st.from_regex(r"[a-z0-9]([a-z0-9.:-]|[.][a-z]){0,40}", fullmatch=True))
def test_whatever_it_looks_like(name):
    found = outcrop.plan(name, residency={HOME}, **SNAPSHOT)
    for row in found.allowed:
        assert row.known
        assert _snapshot.facts().knows(row.model_id)


@pytest.mark.parametrize("name", UNKNOWN)
def test_without_a_residency_it_may_be_tried_and_the_plan_says_that_nothing_is_known(name):
    with World([HOME], Version({})) as world:
        router = outcrop.CrossRegion(name, catalogue="snapshot", clock=HeldClock(), **world.connection(HOME))
        (row,) = router.plan()
        assert (row.allowed, row.known, row.profile.scope) == (True, False, "unknown")
        assert row.reason.startswith("nothing is known of it: ")
        assert "unknown" in str(router.plan())
        assert router.plan().to_dicts()[0]["known"] is False
        router.converse(**ask())
        assert [sent.model_id for sent in world.take()] == [row.model_id]
        with pytest.raises(ValueError, match="is not known, so no statement can name it"):
            iam_policy(router.plan(), ACCOUNT)


def test_what_awss_lists_do_not_have_is_not_tried():
    with World([HOME], Version({})) as world:
        for name in UNKNOWN:
            router = outcrop.CrossRegion(name, clock=HeldClock(), **world.connection(HOME))
            with pytest.raises(exceptions.NoTargetError):
                router.converse(**ask())
        assert world.take() == []


@pytest.mark.parametrize("name", ["mideast.newlab.model-1", "us-iso.01-ai.yi", "newco.v3.2", "us.new-lab.model-1"])
def test_a_profile_of_any_form_is_what_awss_list_says_it_is(name):
    with World([HOME], Version({HOME: {name: (HOME, "us-east-2")}})) as world:
        for rule, allowed in (({HOME}, False), ({HOME, "us-east-2"}, True)):
            router = outcrop.CrossRegion(name, residency=rule, clock=HeldClock(), **world.connection(HOME))
            (row,) = router.plan()
            assert (row.allowed, row.known, row.profile.type) == (allowed, True, "SYSTEM_DEFINED")
    with World([HOME], Version({}, {HOME: (name,)})) as world:
        router = outcrop.CrossRegion(name, residency={HOME}, clock=HeldClock(), **world.connection(HOME))
        (row,) = router.plan()
        assert (row.allowed, row.profile.type) == (True, "FOUNDATION_MODEL")


def test_the_command_line_does_not_say_yes_to_what_nobody_knows(capsys):
    assert main(["plan", "nonsense", "--source", HOME, "--catalogue", "snapshot"]) == 1
    shown = capsys.readouterr().out
    assert "unknown" in shown
    assert not re.search(r"\byes\b", shown)
    assert main(["plan", f"us.{MODEL}", "--source", HOME, "--catalogue", "snapshot"]) == 0


def test_no_model_is_offered_itself_that_is_served_through_profiles_alone():
    """Bedrock refuses these with on-demand throughput, in every Region but the few that are listed."""
    facts = _snapshot.facts()
    for model in ("anthropic.claude-fable-5-1", "openai.gpt-5.4", "openai.gpt-6.1-sol", "xai.grok-4.7", MODEL):
        assert facts.models[model].regions == (), model
    assert set(facts.models["anthropic.claude-opus-5"].regions) <= {"ap-northeast-2", "us-gov-east-1", "us-gov-west-1"}
    mantle = [model for model in facts.models.values() if model.elsewhere]
    assert len(mantle) == 19
    assert sum(len(model.regions) for model in facts.models.values()) == 541
    for model in facts.models.values():
        rows = outcrop.plan(model.id, sources=sorted(facts.regions), geographies=["direct"], catalogue="snapshot")
        assert {row.source_region for row in rows.allowed} == set(model.regions)
        assert all(row.known for row in rows.allowed)
    (row,) = outcrop.plan("openai.gpt-oss-120b", **SNAPSHOT)
    assert row.reason.endswith("; bedrock-mantle alone serves it, which is another endpoint")


@pytest.mark.parametrize(
    ("name", "geography"),
    [
        ("eu-sov.anthropic.claude-sonnet-4-5", "eu-sov"),
        ("us-iso.anthropic.claude-sonnet-4-5", "us-iso"),
        ("mideast.anthropic.claude-sonnet-4-5", "mideast"),
        ("us.01-ai.yi-2", "us"),
        ("newco.v3.2", None),
        ("newco.model-2.1", None),
        ("xx.newco.model-1", "xx"),
        ("openai.gpt-6.1-sol", None),
        ("qwen.qwen3.5-coder", None),
        ("nonsense", None),
    ],
)
def test_routers_and_chat_models_read_an_id_alike(name, geography):
    assert split(name)[0] == geography
    assert identify(name).geography == geography


@given(st.from_regex(r"[a-z0-9-]{1,8}([.][a-z0-9-]{1,8}){0,3}", fullmatch=True))
def test_they_always_do(name):
    geography, base_model = split(name)
    assert (identify(name).geography, identify(name).base_model_id) == (geography, base_model)


def test_the_arn_of_a_profile_is_one_whatever_its_id():
    for name in ("us.new-lab.model-1", "newco.v3.2", "newlab", "us-iso.x.y"):
        assert parse(f"arn:aws:bedrock:{HOME}:{ACCOUNT}:inference-profile/{name}").kind == "profile"
        assert parse(f"arn:aws:bedrock:{HOME}::foundation-model/{name}").kind == "model"
