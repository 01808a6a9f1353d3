"""What an emulator is made with, checked before the native half gets it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from outcrop import _settings, _values

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES = ("strict", "documented", "recorded")
LONGEST_URL = 200
LAST_PORT = 65535
USUAL_ACCOUNT = "123456789012"
_USUAL_KEY = "AKIAOUTCROPEMULATOR1"
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
MOST = 2**53
"""As far as the native half counts, and JSON tells whole numbers."""


count = partial(_values.whole, least=0, most=MOST)
"""How many: a whole number from none up to what both halves count alike."""


def usual_key(account_id: object) -> str:
    """The access key of an account where none was given.

    AWS's keys have named their account since 2019: in base 32, behind the bit that is the highest.

    Args:
        account_id: The account; one that is no number of twelve digits has the usual key, which names none.

    Example:
        >>> usual_key("123456789012"), usual_key("111111111111")
        ('AKIAOUTCROPEMULATOR1', 'AKIARTXV5AHDQALOCAL2')
    """
    if not isinstance(account_id, str) or account_id == USUAL_ACCOUNT or not re.fullmatch("[0-9]{12}", account_id):
        return _USUAL_KEY
    bits = (1 << 47 | int(account_id) << 7) << 2
    return f"AKIA{''.join(_DIGITS[bits >> shift & 31] for shift in range(45, -1, -5))}LOCAL2"


def limit(name: str, value: object) -> int | None:
    """How many fit into a minute; `None` is no limit.

    Args:
        name: What it is called in the error.
        value: What was given.

    Raises:
        TypeError: It is no int.
        ValueError: It is negative or too large.
    """
    return None if value is None else count(name, value)


def span(name: str, value: object) -> float:
    """Seconds, which may be none.

    Args:
        name: What it is called in the error.
        value: What was given.

    Raises:
        TypeError: It is no number.
        ValueError: It is negative, or longer than a clock goes.
    """
    found = _values.number(name, value, "a number of seconds")
    if not 0 <= found < _values.MOST_SECONDS:
        raise ValueError(f"{name} must be a number of seconds that is not negative, got {_values.shown(found)}")
    return float(found)


def check_texts(texts: Mapping[str, str]) -> None:
    """Refuse what is no text, by name.

    Raises:
        TypeError: A value is no str.
        ValueError: A value has half a surrogate pair.
    """
    for name, text in texts.items():
        _values.text(name, text)


def check_rules(rules: str) -> None:
    """Refuse the name of rules that there are not.

    Raises:
        ValueError: There are none of this name.
    """
    if rules not in RULES:
        raise ValueError(f"rules must be one of {', '.join(RULES)}, got {_values.shown(rules)}")


def check_logs_endpoint(url: str | None) -> None:
    """Refuse an endpoint that would be shown with its secrets.

    Raises:
        TypeError: It is no str.
        ValueError: It has a user, a query or a fragment, or is longer than a local server's.
    """
    if url is None:
        return
    _values.text("logs_endpoint_url", url)
    if _settings.may_hold_secrets(url) or len(url) > LONGEST_URL:
        raise ValueError(
            "the logs endpoint must be a local server's address such as http://127.0.0.1:5000, without a user, a query "
            "or a fragment"
        )


def seconds_per_token(tokens_per_second: float | None) -> float:
    """How long a token takes.

    Raises:
        TypeError: It is no number.
        ValueError: It is not above 0.
    """
    if tokens_per_second is None:
        return 0.0
    speed = _values.number("tokens_per_second", tokens_per_second)
    if not speed > 0:
        raise ValueError(
            f"tokens_per_second must be above 0, got {_values.shown(speed)}: leave it out for answers at once"
        )
    try:
        return 1.0 / speed
    except OverflowError:
        return 0.0
