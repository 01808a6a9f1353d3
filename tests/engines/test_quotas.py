"""In no minute is more lent than a minute's quota, whoever asks, gives back, is throttled or dies."""

from __future__ import annotations

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcrop._engines.quotas import HOLD, Amount, Ledger, checked


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def most_in_a_minute(events: list[tuple[float, float]]) -> float:
    """The most that fell into any 60 seconds."""
    return max(
        (sum(amount for when, amount in events if start <= when < start + 60) for start, _ in events), default=0.0
    )


@given(
    requests=st.integers(60, 5000),
    tokens=st.one_of(st.none(), st.integers(10_000, 1_000_000)),
    each=st.integers(1, 150),
    steps=st.lists(
        st.tuples(st.integers(0, 6), st.floats(0, 3), st.integers(1, 400), st.floats(0, 1)), min_size=5, max_size=150
    ),
)
def test_no_minute_has_more_than_its_quota(requests, tokens, each, steps):
    """Holders spend what they leased up to `HOLD` later, or die with it, or give a part back."""
    time = Time()
    quota = {"requests_per_minute": requests} | ({} if tokens is None else {"tokens_per_minute": tokens})
    ledger = Ledger({"us-east-1": quota}, clock=time)
    spent: list[tuple[float, float]] = []
    back: dict[str, Amount] = {}
    for holder, pause, calls, kept in steps:
        time.now += pause
        name = str(holder)
        returned = {"us-east-1": back.pop(name, Amount(0, 0))}
        granted = ledger.lease(name, {"us-east-1": Amount(calls, calls * each)}, returned)
        amount = granted.amounts.get("us-east-1", Amount(0, 0))
        assert amount.requests <= calls
        used = int(amount.requests * kept)
        spent.append((time.now + HOLD * kept * 0.99, used))
        if holder % 2:  # the others died with what they had
            back[name] = Amount(amount.requests - used, (amount.requests - used) * each)
    spent.sort()
    assert most_in_a_minute(spent) <= requests
    if tokens is not None:
        assert most_in_a_minute([(when, calls * each) for when, calls in spent]) <= tokens


def test_what_there_is_to_lend_is_used():
    time = Time()
    ledger = Ledger({"us-east-1": {"requests_per_minute": 600, "tokens_per_minute": 60_000}}, clock=time)
    lent = 0.0
    for _ in range(600):
        for holder in "abc":
            granted = ledger.lease(holder, {"us-east-1": Amount(50, 50 * 100)})
            lent += granted.amounts.get("us-east-1", Amount(0, 0)).requests
        time.now += 0.1
    assert 0.95 * 600 < lent <= 600


def test_nobody_starves():
    """Who always asks first gets more, but less than three times what the last one gets."""
    time = Time()
    ledger = Ledger({"us-east-1": {"requests_per_minute": 6000}}, clock=time)
    lent = dict.fromkeys("abcd", 0.0)
    for _ in range(300):
        for holder in lent:
            granted = ledger.lease(holder, {"us-east-1": Amount(1000, 0)})
            lent[holder] += granted.amounts.get("us-east-1", Amount(0, 0)).requests
        time.now += 0.2
    assert min(lent.values()) > max(lent.values()) / 3


def test_the_same_calls_are_lent_once():
    ledger = Ledger({region: {"requests_per_minute": 6000} for region in ("a", "b")}, clock=Time())
    want = Amount(5, 0)
    granted = ledger.lease("one", {"a": want, "b": want})
    assert granted.amounts == {"a": want}
    granted = ledger.lease("one", {"a": Amount(25, 0), "b": Amount(25, 0)})
    assert sum(amount.requests for amount in granted.amounts.values()) == 25
    assert granted.amounts["a"].requests > granted.amounts["b"].requests > 0


def test_a_call_larger_than_a_second_brings_waits_and_leaves_a_debt():
    time = Time()
    ledger = Ledger({"us-east-1": {"tokens_per_minute": 6000}}, clock=time)
    large = {"us-east-1": Amount(1, 1000)}
    assert ledger.lease("one", large).amounts == large
    refused = ledger.lease("one", large)
    assert not refused.amounts
    time.now += refused.wait + 0.01
    assert ledger.lease("one", large).amounts == large
    assert 9 < refused.wait < 12


def test_a_source_that_refuses_all_is_left_alone_by_all():
    time = Time()
    ledger = Ledger({"us-east-1": {"requests_per_minute": 6000}}, clock=time)
    want = {"us-east-1": Amount(10, 0)}
    paused = ledger.lease("one", want, met={"us-east-1": (0, 20)})
    assert not paused.amounts
    assert not ledger.lease("two", want).amounts
    time.now += paused.wait
    assert ledger.lease("two", want).amounts
    # A second time in a row it is longer, until calls are answered.
    longer = ledger.lease("two", want, met={"us-east-1": (0, 5)})
    assert longer.wait == 2 * paused.wait
    time.now += longer.wait
    ledger.lease("one", {}, met={"us-east-1": (10, 0)})
    time.now += 1
    assert ledger.lease("one", want, met={"us-east-1": (0, 1)}).wait == paused.wait


def lent_in_a_minute(ledger: Ledger, time: Time, met: tuple[int, int]) -> float:
    lent = 0.0
    for _ in range(60):
        time.now += 1.0
        granted = ledger.lease("one", {"us-east-1": Amount(1000, 0)}, met={"us-east-1": met})
        lent += granted.amounts.get("us-east-1", Amount(0, 0)).requests
    return lent


@pytest.mark.parametrize(("met", "least", "most"), [((999, 1), 5500, 6000), ((70, 30), 100, 1500)])
def test_one_that_refuses_some_is_slowed_down_and_one_that_refuses_hardly_any_is_not(met, least, most):
    """A throttled call may come within the quota; among thousands there always is one."""
    time = Time()
    ledger = Ledger({"us-east-1": {"requests_per_minute": 6000}}, clock=time)
    assert least <= lent_in_a_minute(ledger, time, met) <= most
    for _ in range(3):
        recovered = lent_in_a_minute(ledger, time, (100, 0))
    assert recovered > 5500


@pytest.mark.parametrize("holders", [2, 100, 500])
def test_a_fleet_uses_what_there_is_with_few_asks(holders):
    """Each asks again when it is told to: the one that lends is asked some hundred times a second, not thousands."""
    time = Time()
    quota = 60_000
    ledger = Ledger({"us-east-1": {"requests_per_minute": quota}}, clock=time)
    due = [(1000.0 + number / holders, number) for number in range(holders)]
    heapq.heapify(due)
    everything, asks = 0.0, 0
    lent = dict.fromkeys(range(holders), 0.0)
    while due[0][0] < 1060:
        time.now, number = heapq.heappop(due)
        granted = ledger.lease(str(number), {"us-east-1": Amount(400, 0)})
        calls = granted.amounts.get("us-east-1", Amount(0, 0)).requests
        everything += calls
        # Who comes first finds nobody else.
        lent[number] += calls if time.now > 1005 else 0
        asks += 1
        heapq.heappush(due, (time.now + granted.wait, number))
    assert 0.9 * quota < everything <= quota
    assert asks / 60 < 700
    assert min(lent.values()) > 0.4 * max(lent.values())


def test_what_calls_under_way_reserve_is_left_free_until_their_holder_is_gone():
    time = Time()
    ledger = Ledger({"us-east-1": {"tokens_per_minute": 60_000}}, clock=time)
    want = {"us-east-1": Amount(1000, 100_000)}

    def tokens_in_a_minute() -> float:
        lent = 0.0
        for _ in range(60):
            time.now += 1.0
            lent += ledger.lease("one", want).amounts.get("us-east-1", Amount(0, 0)).tokens
        return lent

    ledger.lease("two", {}, held={"us-east-1": 30_000})
    time.now += 1
    ledger.lease("two", {}, held={"us-east-1": 30_000})
    half = ledger.lease("one", want)
    assert half.holders == 2
    everything = tokens_in_a_minute()
    assert 50_000 < everything <= 60_000


@pytest.mark.parametrize(
    ("limits", "error", "said"),
    [
        (5, TypeError, 'limits must be a dict with "quotas"'),
        ({"quotas": {}}, ValueError, "limits has no quotas"),
        ({"quotas": {"eu-west-1": {"requests_per_minute": 5}}}, ValueError, "'eu-west-1', which is not among"),
        ({"quotas": {"us-east-1": {"rpm": 5}}}, ValueError, "unknown key of the quota of 'us-east-1' 'rpm'"),
        ({"quotas": {"us-east-1": {"requests_per_minute": 0}}}, ValueError, "must be more than 0, not 0"),
        ({"quotas": {"us-east-1": {"burndown_rate": 5}}}, ValueError, "neither requests_per_minute nor"),
        ({"quotas": {"us-east-1": 5}}, TypeError, "the quota of 'us-east-1' must be a dict"),
        ({"quotas": {"us-east-1": {"requests_per_minute": 5}}, "share": 2}, ValueError, "at most 1, not 2"),
        ({"quotas": {"us-east-1": {"requests_per_minute": 5}}, "part": 2}, ValueError, "unknown key of limits"),
    ],
)
def test_limits_that_cannot_be(limits, error, said):
    with pytest.raises(error, match=said):
        checked(limits, ["us-east-1", "us-west-2"])
