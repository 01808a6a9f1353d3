"""In no minute is more lent than a minute's quota, whoever asks, gives back, is throttled or dies."""

from __future__ import annotations

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
    want = Amount(20, 0)
    granted = ledger.lease("one", {"a": want, "b": want})
    assert granted.amounts == {"a": Amount(20, 0)}
    granted = ledger.lease("one", {"a": Amount(150, 0), "b": Amount(150, 0)})
    assert sum(amount.requests for amount in granted.amounts.values()) == 150
    assert granted.amounts["a"].requests == 80


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


def test_one_throttled_call_is_news_for_all():
    time = Time()
    ledger = Ledger({"us-east-1": {"requests_per_minute": 6000}}, clock=time)
    want = {"us-east-1": Amount(10, 0)}
    paused = ledger.lease("one", want, throttled={"us-east-1": True})
    assert not paused.amounts
    assert not ledger.lease("two", want).amounts
    time.now += paused.wait
    assert ledger.lease("two", want).amounts
    # A second time in a row it is longer, until a call is answered.
    longer = ledger.lease("two", want, throttled={"us-east-1": True})
    assert longer.wait == 2 * paused.wait
    time.now += longer.wait
    ledger.lease("one", {}, throttled={"us-east-1": False})
    assert ledger.lease("one", want, throttled={"us-east-1": True}).wait == paused.wait


def test_what_calls_under_way_reserve_is_left_free_until_their_holder_is_gone():
    time = Time()
    ledger = Ledger({"us-east-1": {"tokens_per_minute": 60_000}}, clock=time)
    want = {"us-east-1": Amount(1000, 100_000)}

    def lent_in_a_minute() -> float:
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
    everything = lent_in_a_minute()
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
