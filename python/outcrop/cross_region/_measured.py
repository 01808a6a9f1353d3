"""What a benchmark measured of a target, and how sure its medians are."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TAIL = 0.025
"""What a 95 % interval leaves out at each end."""


@dataclass(frozen=True)
class Interval:
    """A median, and the interval that holds it with 95 % confidence."""

    median: float
    low: float
    high: float


@dataclass
class Measured:
    """What was measured of one target. Errors are counted; they are no timings.

    Attributes:
        source_region: The Region whose endpoint was called.
        model_id: What was sent as `modelId`.
        calls: Calls, without those that warmed up.
        errors: Errors by name.
        first_token: Seconds to the first delta, of each call that was answered.
        last_token: Seconds to the end.
        tokens_per_second: Output tokens a second, after the first.
        account: The account that called it: its id, or what stands for one of several; `None` where nobody knows.
    """

    source_region: str
    model_id: str
    calls: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    first_token: list[float] = field(default_factory=list)
    last_token: list[float] = field(default_factory=list)
    tokens_per_second: list[float] = field(default_factory=list)
    account: str | None = None


def confidence(values: Sequence[float]) -> Interval | None:
    """The median and its 95 % interval, from the order of the values alone: latencies follow no bell curve.

    Args:
        values: Measurements. Of fewer than six, even the least and the greatest hold the median less surely than that.

    Returns:
        The interval; `None` without measurements.
    """
    if not values:
        return None
    ordered, count = sorted(values), len(values)
    # So many of them may lie on one side of the median by chance, as coins that all fall on one side.
    outside, chance = 0, 0.0
    for number in range(count // 2):
        chance += math.comb(count, number) / 2**count
        if chance > _TAIL:
            break
        outside = number
    return Interval(statistics.median(ordered), ordered[outside], ordered[-1 - outside])


def summary(values: Sequence[float]) -> dict[str, float] | None:
    """The interval as plain data."""
    interval = confidence(values)
    return None if interval is None else {"median": interval.median, "low": interval.low, "high": interval.high}


def shown(values: Sequence[float]) -> str:
    """The interval in a table."""
    interval = confidence(values)
    if interval is None:
        return ""
    return f"{_brief(interval.median)} ({_brief(interval.low)} to {_brief(interval.high)})"


def _brief(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"  # noqa: PLR2004  -- above it, that has an exponent
