"""How the automatic limit moves, on a clock of the test's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcrop._batch.concurrency import AutomaticLimit, is_throttling
from outcrop.exceptions import ClientError


def throttled(milliseconds=None):
    headers = {} if milliseconds is None else {"x-amz-retry-after": str(milliseconds)}
    metadata = {"HTTPHeaders": headers}
    return ClientError({"Error": {"Code": "ThrottlingException"}, "ResponseMetadata": metadata}, "Converse")


def test_a_window_of_answers_makes_it_one_wider():
    limit = AutomaticLimit()
    for expected in (8, 8, 8, 8, 8, 8, 8, 9):
        limit.answered()
        assert limit.calls == expected


def test_throttling_halves_it_once_for_all_that_was_under_way():
    limit = AutomaticLimit()
    for _ in range(8):
        limit.throttled(throttled())
    assert limit.calls == 4
    limit.throttled(throttled())
    assert limit.calls == 2


def test_it_waits_as_long_as_bedrock_says():
    now = 100.0
    limit = AutomaticLimit(lambda: now)
    limit.throttled(throttled(1500))
    assert limit.wait() == pytest.approx(1.5)
    now = 101.5
    assert limit.wait() == 0


@given(st.lists(st.booleans(), max_size=500))
def test_it_stays_within_its_bounds(outcomes):
    limit = AutomaticLimit()
    for answered in outcomes:
        if answered:
            limit.answered()
        else:
            limit.throttled(throttled())
        assert 1 <= limit.calls <= AutomaticLimit.MOST


def test_only_throttling_counts_as_throttling():
    assert is_throttling(throttled())
    assert not is_throttling(ClientError({"Error": {"Code": "ValidationException"}}, "Converse"))
    assert not is_throttling(ValueError("throttled"))
