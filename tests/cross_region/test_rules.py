"""A residency by function: asked for each call where it is made, and its answer belongs to that call alone."""

from __future__ import annotations

import asyncio
import collections
import contextvars
import functools
import re
import threading
from concurrent.futures import Future

import pytest

import outcrop
from outcrop import exceptions
from outcrop.cross_region import HeldClock, Residency
from tests.support.waiting import PATIENCE

from .conftest import MODEL, ask
from .world import Version, World

HOME, OTHER = "us-east-1", "us-west-2"
US = ("us-east-1", "us-east-2", "us-west-2")
LISTED = Version({HOME: {f"us.{MODEL}": US}, OTHER: {f"us.{MODEL}": US}})


@pytest.fixture
def world():
    with World([HOME, OTHER], LISTED) as servers:
        yield servers


@pytest.fixture(params=["blocking", "asynchronous"])
def made(request, world):
    def make(*sources, **options):
        kind = outcrop.CrossRegion if request.param == "blocking" else outcrop.AsyncCrossRegion
        usual = {"geographies": ["us"], "clock": HeldClock()}
        return kind(MODEL, **{**usual, **world.connection(*(sources or (HOME, OTHER))), **options})

    return make


def call(router, text="hello"):
    answer = router.converse(**ask(text))
    return asyncio.run(answer) if asyncio.iscoroutine(answer) else answer


def batched(router, requests, **options):
    async def awaited():
        return [result async for _, result in router.batch("converse", requests, **options)]

    if isinstance(router, outcrop.AsyncCrossRegion):
        return asyncio.run(awaited())
    return [result for _, result in router.batch("converse", requests, **options)]


async def awaited_rule(region):
    return False


async def yielding_rule(region):
    yield False


def handing_on_rule(region):
    return awaited_rule(region)


def generating_rule(region):
    yield False


class Awaited:
    async def __call__(self, region):
        return False


class Answers:
    """An awaitable with a truth of its own."""

    def __await__(self):
        yield

    def __bool__(self):
        return True


AWAITED = {
    "async def": awaited_rule,
    "async def with yield": yielding_rule,
    "partial": functools.partial(awaited_rule),
    "object": Awaited(),
    "one that hands on": handing_on_rule,
    "awaitable": lambda region: Answers(),
    "future of a thread": lambda region: Future(),
    "generator": generating_rule,
    "function": lambda region: lambda: False,
}


@pytest.mark.parametrize("name", AWAITED)
def test_a_rule_that_does_not_answer_is_not_taken_for_yes(made, world, name):
    rule = AWAITED[name]
    with pytest.raises(TypeError, match="a residency's function must answer"):
        call(made(residency=rule))
    with pytest.raises(TypeError, match="a residency's function must answer"):
        outcrop.plan(MODEL, sources=[HOME], geographies=["us"], residency=rule, catalogue="snapshot")
    assert world.take() == []


@pytest.mark.parametrize("form", ["async def", "async def with yield", "partial", "object"])
def test_what_can_be_seen_is_refused_at_once(form):
    with pytest.raises(TypeError, match="answer at once, and this one is to be awaited: look up what it needs"):
        Residency(AWAITED[form])


@pytest.mark.parametrize(
    "rule",
    [
        re.compile("us-").match,
        set(US).__contains__,
        dict.fromkeys(US, "yes").get,
        collections.Counter(US).__getitem__,
        lambda region: 1 if region in US else 0,
        lambda region: [region] if region in US else [],
    ],
)
def test_plain_values_answer_by_their_truth(made, world, rule):
    call(made(residency=rule))
    assert len(world.take()) == 1
    (row, _) = outcrop.plan(
        MODEL, sources=[HOME, "ca-central-1"], geographies=["us"], residency=rule, catalogue="snapshot"
    ).to_dicts()
    assert row["allowed"]


def test_the_rule_is_asked_once_about_each_region_of_each_call_where_the_call_is_made(made, world):
    asked = []
    whose = contextvars.ContextVar("whose", default="nobody")

    def rule(region):
        asked.append((region, whose.get(), threading.get_ident()))
        return True

    router = made(residency=rule)
    for who in ("ann", "bob"):
        whose.set(who)
        call(router)
        assert sorted(asked) == sorted((region, who, threading.get_ident()) for region in US)
        asked.clear()


def test_an_answer_belongs_to_its_call(made, world):
    """A slow rule said yes to one call while it said no to another: the other is refused, and the one is sent."""
    router = made(residency=lambda region: permitted.get())
    permitted = contextvars.ContextVar("permitted", default=True)
    call(router)

    def asks(may, text):
        permitted.set(may)
        call(router, text)

    refusals, begun = [], []

    def other():
        try:
            contextvars.copy_context().run(asks, False, "no")
        except exceptions.NoTargetError as error:
            refusals.append(str(error))

    def slow(region):
        # In the middle of this call's rule another is made, asked, and refused.
        if region == US[-1] and not begun:
            begun.append(region)
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
        return permitted.get()

    router._residency.rule = slow
    world.take()
    asks(True, "yes")
    assert [b"yes" in sent.body for sent in world.take()] == [True]
    assert len(refusals) == 1
    assert "it may be served in us-east-1, us-east-2, us-west-2, outside the residency" in refusals[0]


def test_a_late_yes_lets_no_other_call_out():
    """An older call's rule says yes to all while a newer call, to which it said no in part, is about to be sent."""
    near, far = ("us-east-1",), ("us-west-2",)
    with World([HOME, OTHER], Version({HOME: {f"us.{MODEL}": near}, OTHER: {f"us.{MODEL}": far}})) as world:
        began, go = threading.Event(), threading.Event()
        older = threading.Thread(target=lambda: call(router, "older"))

        def rule(region):
            if threading.current_thread() is older and region == OTHER:
                began.set()
                assert go.wait(PATIENCE)
            return threading.current_thread() is older or region == OTHER

        connection = world.connection(HOME, OTHER)
        router = outcrop.CrossRegion(MODEL, geographies=["us"], residency=rule, **connection)
        older.start()
        assert began.wait(PATIENCE)
        native = router._native.native

        class LetsTheOlderGoFirst:
            def call(self, *arguments):
                if threading.current_thread() is not older:
                    go.set()
                    older.join()
                return native.call(*arguments)

        router._native.native = LetsTheOlderGoFirst()
        call(router, "newer")
        sent = [(it.region, b"older" in it.body) for it in world.take()]
        assert sent == [(HOME, True), (OTHER, False)]


def test_each_request_of_a_batch_is_asked_for_and_each_that_is_put_back(made, world):
    says = collections.deque([True, True, False, True])

    def rule(region):
        if region == US[0]:
            rule.now = says.popleft()
        return rule.now

    results = batched(made(residency=rule), [ask(str(number)) for number in range(4)], concurrency=1)
    assert [type(result).__name__ for result in results] == ["dict", "dict", "NoTargetError", "dict"]
    assert len(world.take()) == 3


def test_a_request_that_is_put_back_is_asked_for_again(world):
    """It was throttled everywhere; meanwhile the rule has changed. An asynchronous batch calls the router's methods."""
    world.failing = dict.fromkeys([HOME, OTHER], "ThrottlingException")
    answers = []

    def rule(region):
        if region == US[0]:
            answers.append(len(answers) == 0)
        return answers[-1]

    options = {"retries": {"max_attempts": 2}, "clock": HeldClock(), **world.connection(HOME, OTHER)}
    router = outcrop.CrossRegion(MODEL, geographies=["us"], residency=rule, **options)
    results = batched(router, [ask()], concurrency="auto")
    assert [type(result).__name__ for result in results] == ["NoTargetError"]
    assert len(world.take()) == 2


def test_a_rule_that_raises_ends_its_call_only(made, world):
    says = collections.deque([True, LookupError("no such tenant"), True])

    def rule(region):
        if region == US[0]:
            rule.now = says.popleft()
        if isinstance(rule.now, Exception):
            raise rule.now
        return rule.now

    router = made(residency=rule)
    call(router)
    with pytest.raises(LookupError, match="no such tenant"):
        call(router)
    call(router)
    assert len(world.take()) == 2
    says += [True, LookupError("no such tenant"), True]
    results = batched(router, [ask()] * 3, concurrency=1) if isinstance(router, outcrop.CrossRegion) else None
    if results is not None:
        assert [type(result).__name__ for result in results] == ["dict", "LookupError", "dict"]


def test_health_and_metrics_ask_the_rule_and_survive_it(made):
    router = made(residency=lambda region: region in permitted)
    permitted = set(US)
    call(router)
    assert [row.allowed for row in router.health()] == [True, True]
    permitted.clear()
    assert [row.allowed for row in router.health()] == [False, False]

    def failing(region):
        raise LookupError(region)

    router._residency.rule = failing
    assert [row.allowed for row in router.health()] == [False, False]
    assert router.metrics().attempts


def test_what_was_not_asked_about_is_refused(made, world):
    """The lists grow between the rule's answer and the send."""
    router = made(HOME, residency=lambda region: True)
    call(router)
    world.take()
    wider = Version({HOME: {f"us.{MODEL}": (*US, "ca-central-1")}})
    ask_of = router._native.ask

    def between():
        permitted = ask_of()
        world.change(wider)
        router._known.fresh_until = 0.0
        from outcrop.cross_region import _store

        _store.forget()
        router._refresh()
        return permitted

    router._native.ask = between
    with pytest.raises(exceptions.NoTargetError, match="it may be served in ca-central-1, outside the residency"):
        call(router)
    assert world.take() == []


def test_nothing_goes_around_the_rule(made, world):
    """The core refuses what brings no answer of it."""
    router = made(residency=lambda region: True)
    call(router)
    world.take()
    native = router._native.native
    arguments = {"modelId": MODEL, **ask()}
    with pytest.raises(exceptions.NoTargetError, match="outside the residency"):
        native.call("Converse", arguments)
    with pytest.raises(exceptions.NoTargetError, match="outside the residency"):
        native.call("ConverseStream", arguments)
    assert world.take() == []


@pytest.mark.parametrize("permits", [True, False])
def test_credentials_and_a_rule_go_together(made, world, permits):
    class Keys:
        access_key, secret_key, token = "AKIDOTHER", "secret", None

    connection = {name: value for name, value in world.connection(HOME).items() if not name.startswith("aws_")}
    router = outcrop.CrossRegion(
        MODEL, geographies=["us"], residency=lambda region: permits, credentials=lambda: Keys, **connection
    )

    async def awaited():
        await router._twin().converse(**ask())

    def streamed():
        list(router.converse_stream(**ask())["stream"])

    for work in (lambda: router.converse(**ask()), streamed, lambda: asyncio.run(awaited())):
        if permits:
            work()
        else:
            with pytest.raises(exceptions.NoTargetError):
                work()
    kinds = [type(result).__name__ for result in batched(router, [ask()] * 2)]
    assert kinds == (["dict"] if permits else ["NoTargetError"]) * 2
    assert len(world.take()) == (5 if permits else 0)
