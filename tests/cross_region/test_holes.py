"""Five ways out of a residency that there were once, by public names alone: nothing leaves by them any more."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import threading

import pytest

import outcrop
from outcrop import exceptions
from tests.support.waiting import PATIENCE

from .conftest import MODEL, ask
from .world import Version, World

HOME, OTHER = "us-east-1", "us-west-2"
PROFILE = f"us.{MODEL}"
INSIDE = ("us-east-1", "us-east-2", "us-west-2")
"""Where the facts of the release say that it is served, called from us-east-1."""
WITHIN = Version({HOME: {PROFILE: INSIDE}})
BEYOND = Version({HOME: {PROFILE: (*INSIDE, "ca-central-1")}})


@pytest.fixture
def world():
    with World([HOME, OTHER], BEYOND) as servers:
        yield servers


@pytest.fixture(params=["blocking", "asynchronous"])
def made(request, world):
    def make(model=MODEL, *sources, **options):
        kind = outcrop.CrossRegion if request.param == "blocking" else outcrop.AsyncCrossRegion
        return kind(model, **{**world.connection(*(sources or (HOME,))), "residency": "us", **options})

    return make


def call(router, text="hello"):
    """What a call comes to is not the point here: only whether something left."""
    with contextlib.suppress(exceptions.ClientError, exceptions.OutcropError, LookupError, TypeError):
        answer = router.converse(**ask(text))
        if asyncio.iscoroutine(answer):
            asyncio.run(answer)


def batch(router, requests, **options):
    async def awaited():
        async for _ in router.batch("converse", requests, **options):
            pass

    if isinstance(router, outcrop.AsyncCrossRegion):
        asyncio.run(awaited())
    else:
        list(router.batch("converse", requests, **options))


@pytest.mark.parametrize("look", ["health", "metrics"])
def test_a_copy_is_asked_how_it_fares(made, world, look):
    """That put the facts of the release in force, past AWS's list."""
    router = made(geographies=["us"])
    copied = copy.copy(router)
    call(router)
    getattr(copied, look)()
    call(router)
    assert world.take() == []


def test_a_rule_is_an_async_function(made, world):
    """A coroutine was taken for yes."""

    async def rule(region):
        return False

    with contextlib.suppress(TypeError):
        call(made(geographies=["us"], residency=rule))
    assert world.take() == []


def test_a_batch_goes_on_after_the_lists_have_changed(made, world):
    """It was decided once, before its first request."""
    world.change(WITHIN)
    router = made(geographies=["us"], max_age=0.05)

    def requests():
        yield ask("before")
        world.change(BEYOND)
        # They are asked for while calls go on, and looked for again after a second; it never looked.
        for _ in range(200):
            yield ask("meanwhile")
            if world.delivered["AKIDEXAMPLE", HOME, "SYSTEM_DEFINED"] == world.version:
                threading.Event().wait(1.1)
                break
            threading.Event().wait(0.01)
        yield ask("after")

    batch(router, requests(), concurrency=1)
    texts = b" ".join(it.body for it in world.take())
    assert b"before" in texts
    assert b"after" not in texts


@pytest.mark.parametrize(
    "name",
    [
        "us-iso.anthropic.claude-3-haiku-20240307-v1:0",
        "mideast.newlab.model-1",
        "us.01-ai.yi-2",
        f"arn:aws:bedrock:{HOME}:123456789012:inference-profile/us.new-lab.model-1",
        "nonsense",
    ],
)
def test_an_id_has_an_unknown_form(made, world, name):
    """It passed for the model itself, in its source Region."""
    call(made(name, residency={HOME}, catalogue="snapshot"))
    assert world.take() == []


def test_an_older_answer_of_a_rule_comes_late(made):
    """It let out a newer call, to which the rule had said no: here while that one goes from target to target."""
    lists = Version({HOME: {PROFILE: (HOME,)}, OTHER: {PROFILE: (OTHER,)}})
    with World([HOME, OTHER], lists) as world:
        begun, go = threading.Event(), threading.Event()
        older = threading.Thread(target=lambda: call(router, "older"))

        def rule(region):
            if threading.current_thread() is older:
                begun.set()
                assert go.wait(PATIENCE)
                return True
            return region == HOME

        class LetsTheOlderGoFirst(dict):
            """Asked when a call has arrived: the older one has its answer before the newer one's first attempt has."""

            def get(self, region):
                if region == HOME and not go.is_set():
                    go.set()
                    # It gets as far as this server, which is busy with this request.
                    older.join(0.5)
                    return "ThrottlingException"
                return None

        connection = world.connection(HOME, OTHER)
        router = made(MODEL, geographies=["us"], **{**connection, "residency": rule})
        world.failing = LetsTheOlderGoFirst()
        router.plan() if isinstance(router, outcrop.CrossRegion) else asyncio.run(router.plan())
        older.start()
        assert begun.wait(PATIENCE)
        call(router, "newer")
        older.join(PATIENCE)
        assert {it.region for it in world.take() if b"newer" in it.body} == {HOME}
