"""Timestamps between Python and AWS."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any


def parse_timestamp(value: str | float) -> datetime:
    """An aware `datetime` from ISO 8601 text or from seconds since 1970."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return _from_iso(str(value))
    return datetime.fromtimestamp(value, timezone.utc)


def format_timestamp(value: Any) -> str | None:
    """ISO 8601 in UTC of a `datetime`, or of text or a number that stands for one; `None` for anything else.

    A `datetime` without a zone is local time, as Python and botocore read it.
    """
    moment = value
    if not isinstance(moment, datetime):
        # A Decimal, or a number of numpy's, is a number too.
        if not isinstance(value, str) and not hasattr(value, "__float__"):
            return None
        try:
            moment = parse_timestamp(value if isinstance(value, str) else float(value))
        except (TypeError, ValueError, OverflowError, OSError):
            return None
    try:
        text = moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    # Pandas' NaT is a datetime by inheritance, and the ends of time are in some zones and not in others.
    except (AttributeError, ValueError, OverflowError, OSError):
        return None
    return text + (f".{moment.microsecond:06d}Z" if moment.microsecond else "Z")


def _from_iso(text: str) -> datetime:
    # Python 3.10 knows neither the letter nor a fraction of any other length than three or six digits.
    text = text.strip().replace("Z", "+00:00").replace("z", "+00:00")
    head, dot, rest = text.partition(".")
    if dot:
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        text = f"{head}.{digits[:6]:<06s}{rest[len(digits) :]}"
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
