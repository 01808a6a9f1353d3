"""A router in a pickle and in a copy keeps its rules: it never comes back as a plain client."""

from __future__ import annotations

import asyncio
import copy
import pickle

import pytest
from langchain_core.load import dumps, loads

import outcrop
from outcrop import exceptions
from outcrop.cross_region import HeldClock
from outcrop.langchain import ChatBedrockConverse

from .conftest import MODEL, ask
from .sides import regions, route

PRIMARY, SECOND = "us-east-1", "us-west-2"
SIDES = [outcrop.CrossRegion, outcrop.AsyncCrossRegion]


@pytest.fixture(params=SIDES, ids=["blocking", "asynchronous"])
def make(request, emulator, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_access_key)
    usual = {"sources": [PRIMARY, SECOND], "geographies": ["us"], "endpoint_url": emulator.endpoint_url}
    return lambda **options: request.param(MODEL, **{**usual, **options})


def travelled(thing):
    return pickle.loads(pickle.dumps(thing))


def call(router):
    if isinstance(router, outcrop.AsyncCrossRegion):
        return asyncio.run(router.converse(**ask()))
    return router.converse(**ask())


def stays_in_the_west(region):
    return region.startswith("us-") and region != "us-east-1"


def test_it_fails_over_where_it_arrives(make, emulator):
    there = travelled(make())
    emulator.fault("throttling", region=PRIMARY)
    assert regions(route(call(there))) == [(PRIMARY, "ThrottlingException"), (SECOND, None)]


@pytest.mark.parametrize("residency", ["eu", {"us-east-1"}, stays_in_the_west])
def test_its_residency_arrives_with_it(make, emulator, residency):
    there = travelled(make(residency=residency))
    with pytest.raises(exceptions.NoTargetError, match="outside the residency"):
        call(there)
    assert not emulator.journal.where(service="bedrock-runtime")


def test_all_that_was_said_arrives(make):
    said = {
        "residency": "us",
        "breaker": {"minimum_calls": 3},
        "hedge": {"after": 2.0},
        "limits": {"tokens_per_minute": 5000},
        "retry_budget": 50,
        "repeat_read_timeouts": True,
        "failover_on_denied": True,
        "endpoint_urls": {SECOND: "http://127.0.0.1:9"},
        "catalogue": "snapshot",
        "max_age": 60.0,
        "shared": False,
        "on_change": print,
        "timeouts": {"total": 5},
        "retries": {"max_attempts": 2},
    }
    here = make(**said)
    there = travelled(here)
    assert type(there) is type(here)
    assert repr(there) == repr(here)
    assert there.retry_budget == 50
    (_, _, options), (_, _, again) = here.__reduce__()[1], there.__reduce__()[1]
    assert {**again, "residency": None} == {**options, "residency": None}
    assert there.health()[0].tokens_left == 5000
    assert options.keys() >= said.keys() - {"timeouts", "retries"}
    assert again["session"]._given == here._session._given
    assert again["session"]._given["timeouts"] == {"total": 5}


def test_neither_secrets_nor_a_clock_for_tests_travel(make, emulator):
    secret = make(aws_access_key_id=emulator.access_key_id, aws_secret_access_key=emulator.secret_access_key)
    with pytest.raises(TypeError, match="was given aws_secret_access_key: secrets do not go into pickles"):
        pickle.dumps(secret)
    with pytest.raises(TypeError, match="a router with a clock for tests cannot be pickled: make it where it is used"):
        pickle.dumps(make(clock=HeldClock()))


def test_a_rule_that_no_pickle_can_hold_is_not_left_behind(make):
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(make(residency=lambda region: region.startswith("us-")))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copies_know_of_each_other(make, emulator, copied):
    """A copy stays in the process, with secrets, clocks and what was learnt."""
    keys = {"aws_access_key_id": emulator.access_key_id, "aws_secret_access_key": emulator.secret_access_key}
    here = make(shared=False, clock=HeldClock(), residency=lambda region: region.startswith("us-"), **keys)
    call(here)
    there = copied(here)
    assert type(there) is type(here)
    here.force(PRIMARY, "open")
    assert regions(route(call(there))) == [(SECOND, None)]


def test_a_chat_model_takes_its_router_along(make, emulator):
    model = ChatBedrockConverse(model=f"us.{MODEL}", client=make(residency="us"), region_name=PRIMARY)
    emulator.fault("throttling", region=PRIMARY)
    for there in (travelled(model), copy.deepcopy(model)):
        emulator.journal.clear()
        answer = asyncio.run(there.ainvoke("hello"))
        assert answer.content
        asked = [entry.region for entry in emulator.journal if entry.service == "bedrock-runtime"]
        assert asked == [PRIMARY, SECOND]
    refused = ChatBedrockConverse(model=f"us.{MODEL}", client=make(residency="eu"), region_name=PRIMARY)
    with pytest.raises(exceptions.NoTargetError, match="outside the residency"):
        asyncio.run(travelled(refused).ainvoke("hello"))


@pytest.mark.filterwarnings("ignore:The function `loads` is in beta")
def test_a_chat_model_that_is_written_down_keeps_its_routers_rules(make, emulator):
    """LangChain's dumps leave clients out. What is loaded must not go where the router would not have gone."""

    def loaded(**options):
        router = make(limits={"concurrency": 5}, on_change=print, clock=HeldClock(), **options)
        model = ChatBedrockConverse(
            model=f"us.{MODEL}", client=router, region_name=PRIMARY, endpoint_url=emulator.endpoint_url
        )
        text = dumps(model)
        assert emulator.secret_access_key not in text
        return loads(text, valid_namespaces=["outcrop"], allowed_objects="all", secrets_from_env=True)

    emulator.fault("throttling", region=PRIMARY)
    there = loaded(residency="us")
    assert there.invoke("hello").content
    assert [entry.region for entry in emulator.journal if entry.service == "bedrock-runtime"] == [PRIMARY, SECOND]
    assert there.client.health()[0].concurrency_limit == 5
    with pytest.raises(exceptions.NoTargetError, match="outside the residency"):
        loaded(residency={"us-east-1"}).invoke("hello")
    with pytest.raises(NotImplementedError):
        loaded(residency=stays_in_the_west)
