"""Spans of time as people say them: "90m", a timedelta, a moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from outcrop import _values
from outcrop.monitoring.errors import MonitoringError

Moment = str | datetime | timedelta
_FIRST = datetime(1970, 1, 1, tzinfo=timezone.utc)
_LAST = datetime(9999, 12, 30, tzinfo=timezone.utc)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*")
#: How long a time bucket is by choice: the first that cuts the window into no more than this many.
_BUCKETS = (60, 300, 900, 3600, 21600, 86400)
_MOST_BUCKETS = 48


@dataclass(frozen=True)
class Window:
    """A stretch of time, cut into buckets.

    Attributes:
        since: Where it begins, in UTC.
        until: Where it ends; that moment is outside.
        every: How long a bucket is.
    """

    since: datetime
    until: datetime
    every: timedelta

    @classmethod
    def parse(
        cls,
        since: Moment,
        until: Moment | None = None,
        every: str | timedelta | None = None,
        *,
        now: datetime | None = None,
    ) -> Window:
        """Reads what a caller said.

        Args:
            since: How long before `until`, such as `"1h"` or a timedelta, or a moment, as datetime or ISO 8601.
            until: The end, likewise, before now; now if left out.
            every: The length of a bucket; by choice if left out.
            now: The present moment.

        Raises:
            MonitoringError: Something is not understood, or the window is empty.
        """
        now = now or datetime.now(timezone.utc)
        # The last millisecond is not over yet, and a record of it belongs in.
        end = moment("until", until, now) if until is not None else now + timedelta(milliseconds=1)
        start = moment("since", since, end)
        if start >= end:
            raise MonitoringError(
                f"the window is empty: since is {start:%Y-%m-%d %H:%M:%S}, until {end:%Y-%m-%d %H:%M:%S}"
            )
        length = span("every", every) if every is not None else _bucket(end - start)
        if length < timedelta(seconds=1):
            raise MonitoringError(
                f"every is {_values.shown(every)}: a time bucket lasts a second or more, such as '5m'"
            )
        return cls(start, end, length)

    @property
    def milliseconds(self) -> tuple[int, int, int]:
        """Beginning, end and bucket in milliseconds since 1970."""
        return to_milliseconds(self.since), to_milliseconds(self.until), int(self.every.total_seconds() * 1000)

    def halves(self) -> tuple[Window, Window] | None:
        """The window cut at the bucket next to its middle; None where it is one bucket."""
        since, until, bucket = self.milliseconds
        middle = (since + until) // 2 // bucket * bucket
        if middle <= since:
            middle += bucket
        if middle >= until:
            return None
        cut = from_milliseconds(middle)
        return Window(self.since, cut, self.every), Window(cut, self.until, self.every)


def moment(name: str, value: Moment, before: datetime) -> datetime:
    """The moment that is meant: itself, or a span before another one."""
    try:
        found = _moment(name, value, before)
    except (OverflowError, OSError):
        found = None
    # Logs have no record from before 1970, and a day is left for any time zone.
    if found is None or not _FIRST <= found <= _LAST:
        raise MonitoringError(f"{name} is {_values.shown(value)}: no log goes back, or on, as far as that")
    return found


def _moment(name: str, value: Moment, before: datetime) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc)
    if isinstance(value, str) and not _SPAN.fullmatch(value):
        try:
            # Python 3.10 does not know the Z.
            read = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError as error:
            raise MonitoringError(
                f"{name} is {_values.shown(value)}: give a span such as '90m', '1h' or '7d', "
                "or a moment such as '2026-04-02T10:00:00Z'"
            ) from error
        return read.replace(tzinfo=read.tzinfo or timezone.utc).astimezone(timezone.utc)
    return before - span(name, value)


def span(name: str, value: str | timedelta) -> timedelta:
    """The span of time that is meant."""
    if isinstance(value, timedelta):
        return value
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise MonitoringError(f"{name} is {_values.shown(value)}: give a number with s, m, h, d or w, such as '5m'")
    try:
        return timedelta(seconds=float(found[1]) * _UNITS[found[2]])
    except OverflowError:
        raise MonitoringError(f"{name} is {_values.shown(value)}: no calendar is as long as that") from None


def to_milliseconds(value: datetime) -> int:
    """Milliseconds since 1970."""
    return (value - _FIRST) // timedelta(milliseconds=1)


def from_milliseconds(value: int) -> datetime:
    """The moment, in UTC."""
    return _FIRST + timedelta(milliseconds=value)


def _bucket(length: timedelta) -> timedelta:
    fitting = (each for each in _BUCKETS if length / timedelta(seconds=each) <= _MOST_BUCKETS)
    return timedelta(seconds=next(fitting, _BUCKETS[-1]))
