"""Weights: shares of conversations by account and Region, each of which stays; and a canary that fails hurts nobody."""

from __future__ import annotations

import pickle
from collections import Counter

import pytest

import outcrop

from .accounts import ONE, PRIMARY, SECOND, THIRD, TWO
from .conftest import MODEL, ask
from .sides import Side, regions, route


@pytest.fixture(params=["blocking", "async"])
def side(request, accounts):
    """A router of sources with weights: an account, a Region and a weight each."""

    def made(*places, **options):
        sessions = {name: accounts.session(name) for name in accounts.emulators}
        sources = [outcrop.Source(region, session=sessions[name], weight=weight) for name, region, weight in places]
        return Side(request.param, **{"sources": sources, "shared": False, **options})

    return made


CANARY = ((ONE, PRIMARY, 75), (TWO, PRIMARY, 25))
HALVES = ((ONE, PRIMARY, None), (ONE, SECOND, 1.0))


def where(answer):
    target = route(answer)["Target"]
    return target.get("Account"), target["SourceRegion"]


def test_shares_are_what_the_weights_say_and_each_conversation_stays(side):
    side = side(*CANARY)
    first = {text: where(side.call(**ask(text))) for text in map(str, range(200))}
    counts = Counter(account for account, _ in first.values())
    # Whose they are follows from their beginnings, so the number is the same each time.
    assert 30 <= counts[TWO] <= 70
    for text in map(str, range(20)):
        assert where(side.call(**ask(text))) == first[text]


def test_it_is_the_same_in_every_process_and_after_a_source_more(side):
    one, more = side(*HALVES), side(*HALVES, (ONE, THIRD, 1))
    for text in map(str, range(40)):
        here, there = where(one.call(**ask(text))), where(more.call(**ask(text)))
        # Who moves, moves to what has come.
        assert there in (here, (ONE, THIRD))
    first = [where(one.call(**ask(text)))[1] for text in "abcdefgh"]
    assert first == [SECOND, SECOND, SECOND, PRIMARY, SECOND, PRIMARY, SECOND, PRIMARY]


def test_a_canary_that_fails_leaves_its_calls_to_the_others(side, accounts):
    side = side(*CANARY, breaker={"consecutive_failures": 1})
    canaries = [text for text in map(str, range(40)) if where(side.call(**ask(text)))[0] == TWO]
    accounts[TWO].fault("error", code="ServiceUnavailableException")
    answer = side.call(**ask(canaries[0]))
    assert regions(route(answer)) == [(PRIMARY, "ServiceUnavailableException"), (PRIMARY, None)]
    assert where(answer) == (ONE, PRIMARY)
    # Its breaker is its own, and what is open is not asked.
    assert [(it.account, it.state) for it in side.router.health()] == [(ONE, "closed"), (TWO, "open")]
    assert len(route(side.call(**ask(canaries[1])))["Attempts"]) == 1


def test_a_weight_of_0_is_called_where_no_other_can_be(side, accounts):
    side = side((ONE, PRIMARY, 0), (TWO, SECOND, 1))
    assert {where(side.call(**ask(str(it)))) for it in range(20)} == {(TWO, SECOND)}
    accounts[TWO].fault("throttling", times=1)
    assert where(side.call(**ask())) == (ONE, PRIMARY)


def test_a_key_comes_before_the_beginning(side):
    side = side(*CANARY, affinity=lambda method, arguments: "mine")
    assert len({where(side.call(**ask(str(it)))) for it in range(20)}) == 1


def test_a_conversation_that_moved_stays_there_whatever_its_share_is(side, accounts):
    side = side(*CANARY, affinity="prefix", breaker={"consecutive_failures": 1})
    text = next(text for text in map(str, range(40)) if where(side.call(**ask(text)))[0] == TWO)
    accounts[TWO].fault("error", code="ServiceUnavailableException", times=1)
    assert where(side.call(**ask(text))) == (ONE, PRIMARY)
    side.clock.advance(60)
    assert where(side.call(**ask(text))) == (ONE, PRIMARY)
    side.clock.advance(301)
    assert where(side.call(**ask(text))) == (TWO, PRIMARY)


def test_geographies_come_before_weights(side):
    side = side((ONE, PRIMARY, 1), (TWO, PRIMARY, 1), geographies=["us", "global"], residency=None)
    assert {route(side.call(**ask(str(it))))["Target"]["ModelId"] for it in range(20)} == {f"us.{MODEL}"}


def test_plans_show_weights(accounts):
    one, two = (accounts.session(name) for name in (ONE, TWO))
    sources = [outcrop.Source(PRIMARY, session=one, weight=95), outcrop.Source(PRIMARY, session=two)]
    plan = outcrop.plan(MODEL, sources=sources, geographies=["us"], catalogue="snapshot")
    assert [(it.account, it.weight) for it in plan] == [(ONE, 95.0), (TWO, 1.0)]
    assert [it["weight"] for it in plan.to_dicts()] == [95.0, 1.0]
    assert f"weights: {PRIMARY} ({ONE}) 95, {PRIMARY} ({TWO}) 1" in plan.notes
    assert "weight" in plan.allowed._repr_html_()
    router = outcrop.CrossRegion(MODEL, sources=sources, geographies=["us"], catalogue="snapshot")
    assert f"{PRIMARY} (account" not in repr(router)
    assert f"{PRIMARY} ({ONE}) weight 95" in repr(router)
    without = outcrop.plan(MODEL, sources=[PRIMARY], geographies=["us"], catalogue="snapshot")
    assert "weight" not in str(without)
    assert without.to_dicts()[0]["weight"] is None
    assert outcrop.resolve(MODEL, source=sources[1], geographies=["us"], catalogue="snapshot").source_region == PRIMARY


def test_a_source_tells_its_weight_and_travels_with_it():
    source = outcrop.Source(PRIMARY, weight=5)
    assert repr(source) == "Source('us-east-1', weight=5.0)"
    assert pickle.loads(pickle.dumps(source)) == source
    router = outcrop.CrossRegion(MODEL, sources=[source, SECOND], geographies=["us"])
    there = pickle.loads(pickle.dumps(router))
    assert repr(there) == repr(router)
    assert [it.weight for it in there._placed.all] == [5.0, 1.0]


@pytest.mark.parametrize(
    ("weight", "kind", "text"),
    [
        (-1, ValueError, "weight of a Source must be 0 or more and below a billion, not -1: weights are shares"),
        (float("nan"), ValueError, "not nan"),
        (float("inf"), ValueError, "not inf"),
        (10**400, ValueError, "must be 0 or more and below a billion"),
        (True, TypeError, "weight of a Source must be a number, not bool"),
        ("5", TypeError, "weight of a Source must be a number, not str"),
    ],
)
def test_what_is_no_weight_is_refused(weight, kind, text):
    with pytest.raises(kind, match=text):
        outcrop.Source(PRIMARY, weight=weight)


def test_weights_that_say_nothing_are_refused():
    none = [outcrop.Source(PRIMARY, weight=0), outcrop.Source(SECOND, weight=0)]
    twice = [outcrop.Source(PRIMARY, weight=2), PRIMARY]
    for sources, text in [
        (none, "the weights of all sources are 0, so none would be called first: give one of them more"),
        (
            twice,
            "sources has us-east-1 twice with one session, and the weights 2 and none: name it once, or",
        ),
    ]:
        for make in (outcrop.CrossRegion, outcrop.AsyncCrossRegion, outcrop.plan):
            with pytest.raises(ValueError, match=text):
                make(MODEL, sources=sources)
