"""Plans, residency, resolve and the policies: what would be called, and why not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import outcrop
from outcrop import exceptions
from outcrop.cli import main
from outcrop.cross_region import JURISDICTIONS, Residency, _snapshot, iam_policy, scp_policy

from .conftest import MODEL, ON_DEMAND

SNAPSHOT = {"catalogue": "snapshot", "region_name": "us-east-1"}


def targets(plan):
    return [(row.source_region, row.model_id, row.allowed) for row in plan]


def test_geographies_come_first_then_sources():
    plan = outcrop.plan(MODEL, sources=["us-east-1", "us-west-2"], geographies=["us", "global"], **SNAPSHOT)
    assert targets(plan) == [
        ("us-east-1", f"us.{MODEL}", True),
        ("us-west-2", f"us.{MODEL}", True),
        ("us-east-1", f"global.{MODEL}", True),
        ("us-west-2", f"global.{MODEL}", True),
    ]


def test_geographies_and_jurisdictions_are_read_whatever_their_case():
    small = outcrop.plan(MODEL, geographies=["eu"], residency="eu", **{**SNAPSHOT, "region_name": "eu-west-1"})
    large = outcrop.plan(MODEL, geographies=["EU"], residency="EU", **{**SNAPSHOT, "region_name": "eu-west-1"})
    assert targets(large) == targets(small) == [("eu-west-1", f"eu.{MODEL}", True)]
    assert [row.id for row in outcrop.profiles(MODEL, geographies="US", **SNAPSHOT)] == [f"us.{MODEL}"]
    router = outcrop.CrossRegion(MODEL, sources=["eu-west-1"], geographies="EU", residency={"EU"}, catalogue="snapshot")
    assert targets(router.plan()) == targets(small)


def test_arguments_of_a_plan_are_none_of_resolve():
    with pytest.raises(TypeError, match=r"unknown argument 'sources' \(did you mean source\?\)"):
        outcrop.resolve(MODEL, sources=["us-east-1"])


def test_an_id_is_never_made_into_another_unasked():
    assert targets(outcrop.plan(ON_DEMAND, **SNAPSHOT)) == [("us-east-1", ON_DEMAND, True)]
    assert targets(outcrop.plan(f"us.{MODEL}", **SNAPSHOT)) == [("us-east-1", f"us.{MODEL}", True)]
    (row,) = outcrop.plan(MODEL, **SNAPSHOT)
    assert not row.allowed
    assert row.reason == (f"the model cannot be called itself from us-east-1; there are us.{MODEL}, global.{MODEL}")


def test_residency_is_judged_by_destinations_of_that_source():
    plan = outcrop.plan(
        MODEL, sources=["us-east-1", "ca-central-1"], geographies=["us", "global"], residency="us", **SNAPSHOT
    )
    assert [(row.source_region, row.model_id) for row in plan.allowed] == [("us-east-1", f"us.{MODEL}")]
    assert [row.reason for row in plan.refused] == [
        "it may be served in ca-central-1, outside the residency",
        "a global profile may be served in any commercial Region, which fits no residency",
        "a global profile may be served in any commercial Region, which fits no residency",
    ]
    assert plan.notes[0] == "residency: us (us-east-1, us-east-2, us-west-1, us-west-2)"


def test_the_source_region_is_reached_too():
    facts = _snapshot.facts()
    profile = next(
        row for row in facts.profiles("us-west-1") if row.destinations and "us-west-1" not in row.destinations
    )
    (row,) = outcrop.plan(profile.id, sources="us-west-1", residency=profile.destinations, **SNAPSHOT)
    assert row.reason == "its source Region us-west-1 is outside the residency"


def test_london_and_zurich_are_not_in_the_eu():
    assert not {"eu-west-2", "eu-central-2"} & set(JURISDICTIONS["eu"])
    (row,) = outcrop.plan(f"eu.{MODEL}", sources="eu-west-2", residency="eu", **SNAPSHOT)
    assert row.reason == "it may be served in eu-west-2, outside the residency"
    assert outcrop.plan(f"eu.{MODEL}", sources="eu-west-2", residency=["eu", "eu-west-2"], **SNAPSHOT).allowed


def test_residency_by_a_function():
    plan = outcrop.plan(
        MODEL,
        sources=["us-east-1", "eu-west-1"],
        geographies=["us", "eu"],
        residency=lambda it: it.startswith("us-"),
        **SNAPSHOT,
    )
    assert [row.source_region for row in plan.allowed] == ["us-east-1"]


@pytest.mark.parametrize(
    ("rule", "error", "message"),
    [
        (
            "europe",
            ValueError,
            "'europe' is neither a Region, such as eu-west-1, nor one of the jurisdictions au, br, ",
        ),
        ([], ValueError, "an empty set forbids everything"),
        ([1], TypeError, "residency must be Regions"),
        (7, TypeError, "residency must be Regions"),
    ],
)
def test_a_residency_that_says_nothing_is_refused(rule, error, message):
    with pytest.raises(error, match=message):
        Residency(rule)


def test_unknown_destinations_are_refused_under_a_residency_only():
    plan = outcrop.plan("us.brandnew.model-9", **SNAPSHOT)
    assert targets(plan) == [("us-east-1", "us.brandnew.model-9", True)]
    (row,) = outcrop.plan("us.brandnew.model-9", residency="us", **SNAPSHOT)
    assert row.reason == "where it may be served is not known"


def test_a_profile_that_the_live_list_lacks_is_refused(emulator):
    (row,) = outcrop.plan("eu.amazon.nova-lite-v1:0", sources="us-east-1", **emulator.connection)
    assert not row.allowed
    assert row.reason.startswith("there is no such profile of 'eu' from us-east-1; there are ")


def test_resolve_takes_the_first_that_fits():
    row = outcrop.resolve(MODEL, source="ca-central-1", geographies=["us", "global"], **SNAPSHOT)
    assert row.model_id == f"us.{MODEL}"
    row = outcrop.resolve(ON_DEMAND, source="us-east-1", geographies=["direct", "us"], residency="us", **SNAPSHOT)
    assert row.model_id == ON_DEMAND


def test_resolve_lists_what_exists_and_why_each_did_not_fit():
    with pytest.raises(exceptions.NoTargetError) as caught:
        outcrop.resolve(MODEL, source="ca-central-1", geographies=["eu", "us", "global"], residency="ca", **SNAPSHOT)
    text = str(caught.value)
    assert text.startswith(f"no target for {MODEL} may be called:\n")
    assert f"eu.{MODEL} from ca-central-1: there is no such profile of 'eu' from ca-central-1; there are us." in text
    assert f"us.{MODEL} from ca-central-1: it may be served in us-east-1, us-east-2, us-west-2, outside" in text
    assert f"global.{MODEL} from ca-central-1: a global profile" in text
    assert "residency: ca (ca-central-1, ca-west-1)" in text


def test_an_application_profile_goes_by_its_own_destinations(emulator):
    arn = emulator.client("bedrock").create_inference_profile(
        inferenceProfileName="team",
        modelSource={"copyFrom": f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{MODEL}"},
    )["inferenceProfileArn"]
    plan = outcrop.plan(arn, residency="us", **emulator.connection)
    assert targets(plan) == [("us-east-1", arn, True)]
    plan = outcrop.plan(arn, sources=["us-east-1", "us-west-2"], geographies=["us"], **emulator.connection)
    assert targets(plan) == [
        ("us-east-1", arn, True),
        ("us-east-1", f"us.{MODEL}", True),
        ("us-west-2", f"us.{MODEL}", True),
    ]
    with pytest.raises(ValueError, match="an ARN can be called only in its own Region"):
        outcrop.plan(arn, sources=["us-west-2"], **emulator.connection)


def test_iam_needs_two_statements_for_a_geography_and_three_for_global():
    plan = outcrop.plan(MODEL, sources="us-east-1", geographies=["us", "global"], **SNAPSHOT)
    policy = iam_policy(plan, "123456789012")
    assert [statement["Sid"] for statement in policy["Statement"]] == [
        "Profile1", "Model1", "Profile2", "ModelInSource2", "ModelAnywhere2",
    ]  # fmt: skip
    _, models, _, _, anywhere = policy["Statement"]
    assert models["Resource"] == [
        f"arn:aws:bedrock:{region}::foundation-model/{MODEL}" for region in ("us-east-1", "us-east-2", "us-west-2")
    ]
    own = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{MODEL}"
    assert models["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": own}}
    assert anywhere["Resource"] == [f"arn:aws:bedrock:::foundation-model/{MODEL}"]
    assert anywhere["Condition"]["StringEquals"]["aws:RequestedRegion"] == "unspecified"
    (deny,) = scp_policy(plan)["Statement"]
    assert deny["Condition"]["StringNotEquals"]["aws:RequestedRegion"] == [
        "unspecified", "us-east-1", "us-east-2", "us-west-2",
    ]  # fmt: skip


REGIONS = sorted(_snapshot.facts().regions)


@given(
    model=st.sampled_from(sorted(_snapshot.facts().models)),
    sources=st.lists(st.sampled_from(REGIONS), min_size=1, max_size=4, unique=True),
    geographies=st.lists(st.sampled_from(["us", "eu", "apac", "global", "direct", "jp"]), min_size=1, unique=True),
    permitted=st.sets(st.sampled_from(REGIONS), min_size=1),
)
def test_no_plan_allows_what_reaches_outside(model, sources, geographies, permitted):
    plan = outcrop.plan(
        model,
        sources=sources,
        geographies=geographies,
        residency=permitted,
        catalogue="snapshot",
        region_name="us-east-1",
    )
    for row in plan.allowed:
        assert row.profile.scope == "regions"
        assert row.profile.reach <= permitted
    for row in plan.refused:
        assert row.reason


def test_the_command_line_guards_a_policy(capsys):
    words = ["plan", MODEL, "--source", "us-east-1", "--geography", "us", "--catalogue", "snapshot"]
    assert main([*words, "--residency", "us"]) == 0
    assert f"us.{MODEL}" in capsys.readouterr().out
    assert main([*words, "--residency", "eu", "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert row["allowed"] is False
    assert main([*words, "--residency", "europe"]) == 2
    assert "outcrop plan: residency 'europe' is neither" in capsys.readouterr().err
    assert main([*words, "--iam", "123456789012"]) == 0
    assert len(json.loads(capsys.readouterr().out)["Statement"]) == 2


def test_the_command_line_lists_profiles(capsys):
    assert main(["profiles", MODEL, "--source", "eu-west-1", "--catalogue", "snapshot"]) == 0
    shown = capsys.readouterr().out
    assert f"eu.{MODEL}" in shown
    assert "facts of 2026-10-27, as asked for" in shown
