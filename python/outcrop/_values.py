"""What a user gives, made plain: text of any class is its text, a number of any class its number.

A member of `class Region(str, Enum)` is a str, a `numpy.float64` a float, and what `numpy.int64(3)` stands for is
clear. How such a class shows itself does not matter, as it does not matter to `json.dumps`.
"""

from __future__ import annotations

import os
import reprlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MOST = 2**31 - 1
"""The largest number that the native half can hold of anything that is counted."""

MOST_SECONDS = 1e9
"""Some bound that no clock needs and that a native duration can hold."""


LONGEST_PATH = 4096
"""Bytes; Linux takes no longer path, and others take none as long."""

_LONGEST_SHOWN = 200
_SHOWN = reprlib.Repr()
_SHOWN.maxlevel = 3
_SHOWN.maxstring = _SHOWN.maxother = _LONGEST_SHOWN


def shown(value: Any) -> str:
    """A value for an error's text: as `repr` shows it, cut where it is long. Nothing that it does itself is in the way.

    Args:
        value: What was given; no secret and no prompt.

    Example:
        >>> shown("us-east-9")
        "'us-east-9'"
        >>> len(shown("x" * 3_000_000))
        200
    """
    try:
        text = _SHOWN.repr(plain(value))
    except Exception:  # noqa: BLE001  -- an int of too many digits, a class that raises what it likes
        return f"a value of the class {type(value).__name__} that cannot be shown"
    return cut(text)


def cut(text: str) -> str:
    """A text for an error that shows it without quotes.

    Args:
        text: What was given.
    """
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def path(name: str, value: Any) -> Path:
    """A path that the system can be asked for.

    Args:
        name: What it is called in the error.
        value: What was given.

    Raises:
        TypeError: It is no str and no path.
        ValueError: No file can be named so.
    """
    try:
        found = os.fspath(value)
    except TypeError:
        found = None
    if not isinstance(found, str):
        raise TypeError(f"{name} must be a str or a path, not {type(value).__name__}")
    found = str.__str__(found)
    try:
        size = len(os.fsencode(found))
    except UnicodeEncodeError:
        raise ValueError(f"{name} has half a surrogate pair, which no path has") from None
    if "\0" in found:
        raise ValueError(f"{name} has a NUL, which no path has")
    if size > LONGEST_PATH:
        raise ValueError(f"{name} has {size:,} bytes, and no path is as long")
    from pathlib import Path  # it brings urllib along

    return Path(found)


def plain(value: Any) -> Any:
    """The str, int or float that a value is by inheritance or stands for; what is none of these as it is.

    Args:
        value: Anything.
    """
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    from numbers import Integral, Real

    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else value


def text(name: str, value: Any) -> str:
    """Text that leaves this process as UTF-8.

    Args:
        name: What it is called in the error.
        value: What was given. It is not shown, since it may be a secret.

    Raises:
        TypeError: It is no str.
        ValueError: It has half a surrogate pair.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    found = str.__str__(value)
    if not found.isascii() and any("\ud800" <= letter <= "\udfff" for letter in found):
        raise ValueError(f"{name} has half a surrogate pair, which is no text")
    return found


def whole(name: str, value: Any, least: int = 1, most: int = MOST) -> int:
    """A whole number.

    Args:
        name: What it is called in the error.
        value: What was given.
        least: The smallest that it may be.
        most: The largest that it may be.

    Raises:
        TypeError: It is no int.
        ValueError: It is too small or too large.
    """
    found = plain(value)
    if isinstance(found, bool) or not isinstance(found, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if found < least:
        raise ValueError(f"{name} must be {least:,} or more, not {found:,}")
    if found > most:
        raise ValueError(f"{name} must be {most:,} or less")
    return found


def number(name: str, value: Any, what: str = "a number") -> float:
    """A number, whole or not.

    Args:
        name: What it is called in the error.
        value: What was given.
        what: What it should be, in the error.

    Raises:
        TypeError: It is no number.
    """
    found = plain(value)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise TypeError(f"{name} must be {what}, not {type(value).__name__}")
    return found


def seconds(name: str, value: Any, none: str) -> float | None:
    """A time, or `None`.

    Args:
        name: What it is called in the error.
        value: What was given.
        none: What `None` does, for the error.

    Raises:
        TypeError: It is no number.
        ValueError: It is not positive, or longer than a clock goes.
    """
    if value is None:
        return None
    found = number(name, value, "a number of seconds or None")
    if not 0 < found < MOST_SECONDS:
        raise ValueError(f"{name} must be more than 0 seconds, not {_short(found)}; {none}")
    return found


def flag(name: str, value: Any) -> bool:
    """Whether something is to be.

    Args:
        name: What it is called in the error.
        value: What was given.

    Raises:
        TypeError: It is no bool.
    """
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {type(value).__name__}")
    return value


def _short(found: float) -> str:
    # Python writes no int of more than 4,300 digits.
    return repr(found) if isinstance(found, float) or abs(found) < 10**30 else "such a number"
