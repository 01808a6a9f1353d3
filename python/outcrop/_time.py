"""Timestamps between Python and AWS."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any


def parse_timestamp(value: str | float) -> datetime:
    """An aware `datetime` from ISO 8601 text, a date as HTTP writes it, or seconds since 1970.

    Raises:
        ValueError: It is none of these, or beyond what Python's calendar has.
    """
    if isinstance(value, str):
        text = str.__str__(value)
        try:
            value = float(text)
        except ValueError:
            return _from_text(text)
    try:
        return datetime.fromtimestamp(value, timezone.utc)
    except (TypeError, OverflowError, OSError) as error:
        raise ValueError(f"no moment in time: {error}") from None


def format_timestamp(value: Any) -> str | None:
    """ISO 8601 in UTC of a `datetime`, or of text or a number that stands for one; `None` for anything else.

    A `datetime` without a zone is local time, as Python and botocore read it.
    """
    try:
        text = _moment(value).astimezone(timezone.utc).replace(tzinfo=None).isoformat()
    # The ends of time are in some zones and not in others.
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return text + "Z"


def _moment(value: Any) -> datetime:
    """What a value stands for, whatever its class makes of it: pandas' times without a zone refuse to be converted."""
    if isinstance(value, datetime):
        # Pandas' NaT is a datetime by inheritance, and equals nothing.
        if value != value:  # noqa: PLR0124
            raise ValueError(value)
        return datetime.combine(datetime.date(value), datetime.timetz(value))
    if isinstance(value, str):
        return parse_timestamp(value)
    if isinstance(value, float):
        return parse_timestamp(float.__float__(value))
    if isinstance(value, int):
        return parse_timestamp(int.__int__(value))
    # A Decimal, or a number of numpy's, is a number too.
    if hasattr(value, "__float__"):
        return parse_timestamp(float(value))
    raise TypeError(value)


def _from_text(text: str) -> datetime:
    try:
        moment = _from_iso(text)
    except ValueError:
        from email.utils import parsedate_to_datetime

        moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _from_iso(text: str) -> datetime:
    # Python 3.10 knows neither the letter nor a fraction of any other length than three or six digits.
    text = text.strip().replace("Z", "+00:00").replace("z", "+00:00")
    head, dot, rest = text.partition(".")
    if dot:
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        text = f"{head}.{digits[:6]:<06s}{rest[len(digits) :]}"
    return datetime.fromisoformat(text)
