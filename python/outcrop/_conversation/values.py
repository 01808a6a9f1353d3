"""Values as JSON has them: calls and results hold others, too, once Python has read or made them."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import decimal
import enum
import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from outcrop._conversation.names import whole

_LARGEST = 2**1023
"""Whole numbers beyond are none to most readers of JSON, which read them as floating-point numbers."""


def plain(value: Any, *, bytes_stay: bool = False) -> Any:  # noqa: PLR0911  -- one a kind of value
    """Return a value as JSON has it: what JSON has not is written as text, and halves of characters are replaced.

    Args:
        value: Anything; it is not changed.
        bytes_stay: Whether bytes are left alone, as in blocks of Converse.

    Returns:
        The very value if there was nothing to change.
    """
    if isinstance(value, str):
        return value.value if isinstance(value, enum.Enum) else whole(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return _object(value, bytes_stay=bytes_stay)
    if isinstance(value, list):
        made = [plain(item, bytes_stay=bytes_stay) for item in value]
        return value if all(one is other for one, other in zip(made, value, strict=True)) else made
    if type(value) is int:
        return value if -_LARGEST < value < _LARGEST else hex(value)
    if type(value) is float:
        return value if math.isfinite(value) else _unending(value)
    if isinstance(value, (bytes, bytearray)):
        return value if bytes_stay else base64.b64encode(value).decode("ascii")
    return _other(value, bytes_stay=bytes_stay)


def _object(value: dict[Any, Any], *, bytes_stay: bool) -> dict[str, Any]:
    changed = False
    made: dict[str, Any] = {}
    for key, item in value.items():
        name = whole(key) if isinstance(key, str) else str(plain(key))
        made[name] = held = plain(item, bytes_stay=bytes_stay)
        changed = changed or held is not item or name is not key
    return made if changed else value


def _unending(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _other(value: Any, *, bytes_stay: bool) -> Any:  # noqa: C901, PLR0911  -- one a kind of value
    if isinstance(value, enum.Enum):
        return plain(value.value, bytes_stay=bytes_stay)
    if isinstance(value, decimal.Decimal):
        if value.is_nan():  # also one that is to be noticed, which no number can be made of
            return "NaN"
        return plain(int(value) if value.is_finite() and value == value.to_integral_value() else float(value))
    if isinstance(value, (int, float)):  # numpy's numbers are some
        return plain(int(value) if isinstance(value, int) else float(value))
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if callable(dump := getattr(value, "model_dump", None)) and not isinstance(value, type):
        return plain(dump(mode="json"), bytes_stay=bytes_stay)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return plain(fields, bytes_stay=bytes_stay)
    if isinstance(value, Mapping):
        return plain(dict(value), bytes_stay=bytes_stay)
    if isinstance(value, AbstractSet):  # in an order that the next process has, too
        return plain(sorted(value, key=repr), bytes_stay=bytes_stay)
    if isinstance(value, Sequence):
        return plain(list(value), bytes_stay=bytes_stay)
    return whole(str(value))
