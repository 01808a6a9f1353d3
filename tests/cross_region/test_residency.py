"""No request leaves for a target outside residency, whatever the catalogue, policy and failures: the emulator saw."""

from __future__ import annotations

import asyncio
import contextlib

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
from outcrop import exceptions
from outcrop.emulator import Emulator

from .conftest import MODEL, ON_DEMAND, ask
from .sides import Side

SOURCES = [
    "us-east-1", "us-west-1", "us-west-2", "ca-central-1", "eu-west-1", "eu-west-2", "ap-northeast-1", "ap-southeast-2",
]  # fmt: skip
GEOGRAPHIES = ["us", "eu", "ca", "jp", "au", "apac", "global", "direct"]
FAULTS = ["ServiceUnavailableException", "ThrottlingException", "AccessDeniedException", "ModelNotReadyException"]
DENIED = "with an explicit deny in a service control policy"

policies = st.sets(st.sampled_from(["us", "eu", "ca", "jp", "au", "eu-west-2", "us-west-2"]), min_size=1)
failures = st.dictionaries(st.sampled_from(SOURCES), st.sampled_from(FAULTS))


@pytest.fixture(scope="module")
def world():
    """A local Bedrock, and where its profiles lead as boto3 reads its lists."""
    with Emulator() as bedrock:

        def destinations(source):
            connection = {**bedrock.connection, "region_name": source}
            control = boto3.session.Session().client("bedrock", **connection)
            pages = control.get_paginator("list_inference_profiles").paginate()
            found = {
                row["inferenceProfileId"]: {model["modelArn"].split(":")[3] for model in row["models"]}
                for row in pages.build_full_result()["inferenceProfileSummaries"]
            }
            control.close()
            return found

        yield bedrock, {source: destinations(source) for source in SOURCES}


def reached(entry, destinations):
    """Where a request may have gone; an empty name stands for anywhere."""
    return {entry.region} | destinations[entry.region].get(entry.model_id, set())


def regions(policy):
    return {region for name in policy for region in outcrop.cross_region.JURISDICTIONS.get(name, (name,))}


def call(side, operation):
    # What a call comes to is not the point here: only where it went.
    with contextlib.suppress(exceptions.ClientError, exceptions.OutcropError):
        side.call(operation)


@pytest.mark.parametrize("kind", ["blocking", "asynchronous"])
@settings(max_examples=60)
@given(
    model=st.sampled_from([MODEL, ON_DEMAND]),
    sources=st.lists(st.sampled_from(SOURCES), min_size=1, max_size=5, unique=True),
    geographies=st.lists(st.sampled_from(GEOGRAPHIES), min_size=1, max_size=4, unique=True),
    policy=policies,
    closing=st.sampled_from([None, "source", "destination"]),
    failing=failures,
    catalogue=st.sampled_from(["auto", "snapshot"]),
    operation=st.sampled_from(["converse", "converse_stream"]),
)
def test_nothing_leaves_for_a_target_outside(
    world, kind, *, model, sources, geographies, policy, closing, failing, catalogue, operation
):
    bedrock, destinations = world
    bedrock.clear_rules()
    bedrock.journal.clear()
    for region, code in failing.items():
        bedrock.fault("error", region=region, code=code, message=DENIED if "Denied" in code else None)
    permitted = regions(policy)
    # A rule by function, out of which a Region falls that was reached before; or names, which stay.
    rule = permitted.__contains__ if closing else policy
    side = None
    with contextlib.suppress(exceptions.NoTargetError):
        connection = {name: value for name, value in bedrock.connection.items() if name != "region_name"}
        side = Side(
            kind,
            model=model,
            sources=sources,
            geographies=geographies,
            residency=rule,
            catalogue=catalogue,
            failover_on_denied=True,
            shared=False,
            **connection,
        )
    for _ in range(4):
        before = len(bedrock.journal)
        call(side, operation)
        asked = [entry for entry in list(bedrock.journal)[before:] if entry.service == "bedrock-runtime"]
        for entry in asked:
            assert reached(entry, destinations) <= permitted, (entry.region, entry.model_id)
            assert entry.serving_region is None or entry.serving_region in permitted
        if asked and closing:
            permitted.discard(asked[0].region if closing == "source" else max(reached(asked[0], destinations)))


def test_something_leaves_where_it_may(world):
    """The property above would hold for a router that sends nothing at all."""
    bedrock, destinations = world
    bedrock.clear_rules()
    bedrock.journal.clear()
    connection = {name: value for name, value in bedrock.connection.items() if name != "region_name"}
    router = outcrop.AsyncCrossRegion(MODEL, sources=SOURCES, geographies=["us", "eu"], residency="us", **connection)
    bedrock.fault("throttling", region="us-east-1")
    asyncio.run(router.converse(**ask()))
    asked = [(entry.region, reached(entry, destinations)) for entry in bedrock.journal if entry.model_id]
    assert [region for region, _ in asked] == ["us-east-1", "us-west-1"]
    assert asked[1][1] == {"us-east-1", "us-east-2", "us-west-1", "us-west-2"}
