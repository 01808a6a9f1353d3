"""Spans and moments: what is understood, and that nothing else is more than a sentence."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcrop import monitoring
from outcrop.monitoring.windows import Window

NOW = datetime(2026, 11, 26, 12, tzinfo=timezone.utc)
SPANS = st.builds("{}{}".format, st.integers(0, 10**400) | st.floats(0, 1e300), st.sampled_from("smhdw"))
MOMENTS = st.datetimes(timezones=st.none() | st.timezones()) | st.timedeltas() | SPANS | st.text() | st.integers()
ISO = st.datetimes().map(datetime.isoformat) | st.just("0001-01-01T00:00:00+23:59")


@given(since=MOMENTS | ISO, until=st.none() | MOMENTS | ISO, every=st.none() | SPANS | st.timedeltas())
def test_whatever_is_said_is_a_window_or_a_sentence(since: Any, until: Any, every: Any) -> None:
    try:
        found = Window.parse(since, until, every, now=NOW)
    except monitoring.MonitoringError:
        return
    begun, ended, _ = found.milliseconds
    assert 0 <= begun <= ended
    found.halves()


@pytest.mark.parametrize(
    ("since", "text"),
    [
        ("0001-01-01", "since is '0001-01-01': no log goes back, or on, as far as that"),
        ("99999999w", "since is '99999999w': no log goes back, or on, as far as that"),
        ("9" * 20 + "w", "no calendar is as long as that"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=23))), "no log goes back"),
        (5, "since is 5: give a number with s, m, h, d or w, such as '5m'"),
    ],
)
def test_what_no_calendar_has_is_said_in_a_sentence(since: Any, text: str) -> None:
    with pytest.raises(monitoring.MonitoringError) as refused:
        Window.parse(since, now=NOW)
    assert text in str(refused.value)
