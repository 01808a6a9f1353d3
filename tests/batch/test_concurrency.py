"""How the automatic limit moves, on a clock of the test's own, and against quotas in simulated time."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcrop import _native
from outcrop._batch.concurrency import AutomaticLimit, is_throttling, wish
from outcrop._batch.schedule import Schedule
from outcrop.exceptions import ClientError, OverloadedError

from .pacing import Bucket, Never, Window, play, throttled


def milliseconds(text):
    return throttled({"x-amz-retry-after": text})


def test_a_window_of_answers_makes_it_one_wider():
    limit = AutomaticLimit()
    for expected in (8, 8, 8, 8, 8, 8, 8, 9):
        limit.answered()
        assert limit.calls == expected


def test_a_round_without_an_answer_halves_it_once_for_all_that_was_under_way():
    now = 100.0
    limit = AutomaticLimit(lambda: now)
    started = [limit.started() for _ in range(8)]
    now = 101.0
    for each in started:
        assert limit.throttled(throttled({}), each, 0)
    assert limit.calls == 4
    assert 0.5 <= limit.wait() <= 0.6
    now = 102.0
    again = limit.started()
    now = 103.0
    limit.throttled(throttled({}), again, 0)
    assert limit.calls == 2
    assert 1.0 <= limit.wait() <= 1.2


@pytest.mark.parametrize(
    ("header", "value", "waits"),
    [
        ("x-amz-retry-after", "1500", 1.5),
        ("retry-after", "2", 2.0),
        # An hour is what one target says; a batch looks again sooner.
        ("x-amz-retry-after", "3600000", 30.0),
        ("retry-after", "7200", 30.0),
        ("retry-after", "86400", None),
        ("x-amz-retry-after", "99999999999999999999", None),
        ("x-amz-retry-after", "9" * 400, None),
        ("x-amz-retry-after", "9" * 5000, None),
        ("x-amz-retry-after", "-5", None),
        ("x-amz-retry-after", "NaN", None),
        ("x-amz-retry-after", "1e999", None),
        ("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("x-amz-retry-after", "", None),
    ],
)
def test_it_waits_as_long_as_bedrock_says_within_reason(header, value, waits):
    now = 100.0
    limit = AutomaticLimit(lambda: now)
    started = limit.started()
    now = 101.0
    limit.throttled(throttled({header: value}), started, 0)
    assert limit.wait() == pytest.approx(waits) if waits else limit.wait() <= 0.6
    routed = AutomaticLimit(lambda: now, heeds_wishes=False)
    routed.throttled(throttled({header: value}), now, 0)
    assert routed.wait() <= 0.6


@given(st.text() | st.floats().map(str) | st.integers().map(str))
def test_no_header_is_more_than_a_number_of_seconds(text):
    for name in ("x-amz-retry-after", "retry-after"):
        seconds = wish({name: text})
        assert seconds >= 0
        assert math.isfinite(seconds)
    limit = AutomaticLimit(lambda: 100.0)
    limit.throttled(milliseconds(text), 100.0, 0)
    assert 0 <= limit.wait() <= AutomaticLimit.LONGEST_PAUSE


@given(st.lists(st.booleans(), max_size=300))
def test_it_stays_within_its_bounds(outcomes):
    now = 0.0
    limit = AutomaticLimit(lambda: now)
    for answered in outcomes:
        now += limit.wait()
        started = limit.started()
        now += 0.1
        if answered:
            limit.answered()
        else:
            limit.throttled(throttled({}), started, 0)
        assert 1 <= limit.calls <= AutomaticLimit.MOST
        assert 0 <= limit.wait() <= AutomaticLimit.LONGEST_PAUSE + 1


def test_batches_and_routers_go_by_one_rule():
    assert is_throttling(throttled({}))
    assert is_throttling(OverloadedError(reason="there was no room in time"))
    for code, status, message, kind in [
        ("ServiceQuotaExceededException", 400, "", "throttled"),
        ("TooManyRequestsException", 429, "", "throttled"),
        ("429", 429, "", "throttled"),
        ("ThrottlingException", 429, "Too many tokens per day, please wait.", "daily-quota"),
        ("ModelNotReadyException", 429, "", "failed"),
        ("ValidationException", 400, "", "caller"),
        ("InternalServerException", None, "", "failed"),
    ]:
        response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
        assert _native.kind_of_failure(code, status, message) == kind
        assert is_throttling(ClientError(response, "Converse")) == (kind == "throttled")
    assert not is_throttling(ValueError("throttled"))


quotas = st.one_of(
    st.builds(Bucket, st.floats(1, 200), st.floats(1, 100)),
    st.builds(Window, st.integers(20, 200), st.sampled_from([1.0, 10.0, 60.0])),
)


@given(quotas, st.floats(0, 5), st.sampled_from([{}, {"x-amz-retry-after": "1000"}, {"x-amz-retry-after": "9e99"}]))
def test_against_a_fixed_rate_hardly_a_call_fails(server, latency, headers):
    played = play(server, 300, latency=latency, headers=lambda: headers)
    assert played.failed <= 0.02 * 300
    assert played.posts <= 2.5 * 300


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.booleans())
def test_nobody_waits_for_a_result_when_none_is_under_way(steps, put_back):
    """Whatever the time is at each look at the clock: a call that is held back ends the wait."""
    now, steps = 0.0, iter(itertools.cycle(steps))

    def clock():
        nonlocal now
        now += next(steps)
        return now

    limit = AutomaticLimit(clock)
    schedule = Schedule(limit, in_order=False, raising=False, on_stop=None, journal=None, progress=None)
    assert schedule.admit({}) is not None
    schedule.exhausted = put_back
    schedule.finish(0, throttled({}))
    for _ in range(1000):
        start = schedule.put_back()
        if start is not None:
            return
        assert schedule.under_way == 0
        pause = schedule.pause()
        assert pause is not None
        now += pause
    raise AssertionError("it never starts")


def test_against_a_steady_quota_few_requests_are_sent_in_vain():
    """And it takes no more than half as long again as the quota allows at best."""
    for rate, requests in ((10, 300), (100, 3000)):
        played = play(Bucket(rate, rate), requests, latency=0.2)
        assert played.failed == 0
        assert played.posts <= 1.15 * requests
        assert played.seconds <= 1.5 * requests / rate


def test_without_any_room_it_ends_after_a_minute_and_not_after_hours():
    played = play(Never(), 20)
    assert played.failed == 20
    assert 60 <= played.seconds <= 180
    assert played.posts <= 2 * 20
    alone = play(Never(), 1)
    assert (alone.posts, alone.failed) == (8, 1)
