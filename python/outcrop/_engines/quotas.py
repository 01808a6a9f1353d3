"""What source Regions have room for, and who leases how much of it. No thread, no loop, and any clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from outcrop import _values
from outcrop._names import refuse_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Quota(TypedDict, total=False):
    """What a source Region lets an account ask of a model or profile in a minute."""

    requests_per_minute: float
    """Calls."""
    tokens_per_minute: float
    """Tokens: what a call will probably use is leased, and settled at its end."""
    burndown_rate: float
    """How many tokens of the quota one token of an answer takes: 5 for Claude up to 4.7. Default 1."""


class _Quotas(TypedDict):
    quotas: dict[str, Quota]
    """By source Region. Required."""


class Limits(_Quotas, total=False):
    """One limit for all processes of a job."""

    share: float
    """Which part of the quotas is this job's. Default 1; in engines without a place to share, give 1 / processes."""
    name: str
    """What the limit is found by. Default: one for each set of endpoints, model and quotas."""


class Amount(NamedTuple):
    """So many calls and tokens."""

    requests: float
    tokens: float

    def plus(self, other: Amount, times: float = 1.0) -> Amount:
        """Their sum."""
        return Amount(self.requests + times * other.requests, self.tokens + times * other.tokens)


NOTHING = Amount(0.0, 0.0)


class Granted(NamedTuple):
    """What a lease brings."""

    amounts: dict[str, Amount]
    """By source Region; what is not spent within `HOLD` seconds is to be given back."""
    holders: int
    """How many have asked lately."""
    wait: float
    """Seconds after which it may be worth asking again."""


HOLD = 1.0
"""Seconds for which a lease may be spent."""
BURST = 1.0
"""Seconds of a quota that may be lent at once."""
_LATELY = 5.0
_ASKS = 500
"""So many asks a second, of all holders, are aimed at."""
_SHORTEST, _LONGEST = 0.1, 1.0
"""Seconds between two asks of one holder."""
_JUDGED = 1.0
"""Seconds after which what calls met is looked at."""
_SOME, _ALL = 0.1, 0.9
"""The shares of calls that were refused: more than some slow a source down, nearly all pause it."""
_SLOWEST, _SLOWER, _FASTER = 0.05, 0.7, 1.03
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0


def checked(limits: Any, sources: list[str]) -> Limits | None:
    """The argument `limits=`.

    Args:
        limits: What was given.
        sources: The source Regions that are called.

    Raises:
        TypeError: It or a part of it has the wrong type.
        ValueError: A name is unknown, or a value cannot be.
    """
    if limits is None:
        return None
    if not isinstance(limits, dict) or not isinstance(limits.get("quotas"), dict):
        raise TypeError('limits must be a dict with "quotas", a dict of source Regions with their quotas')
    refuse_unknown(limits, Limits.__annotations__, "key of limits", ValueError)
    if not limits["quotas"]:
        raise ValueError("limits has no quotas: name each source Region that has one")
    if strangers := sorted(set(limits["quotas"]) - set(sources)):
        raise ValueError(
            f"limits has a quota of {_values.shown(strangers[0])}, which is not among the sources: {sources}"
        )
    quotas = {region: _quota(region, quota) for region, quota in limits["quotas"].items()}
    share = _values.number("limits['share']", limits.get("share", 1.0))
    if not 0 < share <= 1:
        raise ValueError(f"limits['share'] is a part of the quotas, more than 0 and at most 1, not {share}")
    found: Limits = {"quotas": quotas, "share": share}
    if "name" in limits:
        found["name"] = _values.text("limits['name']", limits["name"])
    return found


def _quota(region: str, quota: Any) -> Quota:
    where = f"the quota of {_values.shown(region)}"
    if not isinstance(quota, dict):
        raise TypeError(f"{where} must be a dict with keys from {', '.join(Quota.__annotations__)}")
    refuse_unknown(quota, Quota.__annotations__, f"key of {where}", ValueError)
    found: Any = {}
    for name, value in quota.items():
        number = _values.number(f"{name} of {where}", value)
        if not 0 < number < _values.MOST_SECONDS * 1e3:
            raise ValueError(f"{name} of {where} must be more than 0, not {_values.shown(value)}")
        found[name] = number
    if not found.keys() & {"requests_per_minute", "tokens_per_minute"}:
        raise ValueError(f"{where} has neither requests_per_minute nor tokens_per_minute")
    return found


class _Bucket:
    """A level that rises all the time. In no minute is more than a minute's quota spent.

    What may be lent at once, and what may be spent later than it was lent, is taken off the rate.
    """

    def __init__(self, per_minute: float | None, now: float) -> None:
        self.limited = per_minute is not None
        self._quota = per_minute or 0.0
        self.capacity = max(self._quota * BURST / 60, 1.0)
        self.level = self.capacity
        self.factor = 1.0
        """Which part of the quota there seems to be."""
        self.reserved = 0.0
        """What calls under way hold beyond what they will use."""
        self._when = now

    @property
    def rate(self) -> float:
        """How fast it fills."""
        free = max(self._quota - self.reserved, self._quota / 10) * self.factor
        return free * (60 - BURST - HOLD) / 60 / 60

    def fill(self, now: float) -> None:
        self.level = min(self.capacity, self.level + max(0.0, now - self._when) * self.rate)
        self._when = now

    def room(self, each: float) -> float:
        """How many calls there is room for. One larger than all that fits waits until it is full, and leaves a debt."""
        if not self.limited or each <= 0:
            return float("inf")
        return self.level / each if self.level < self.capacity or each <= self.capacity else 1.0

    def part(self, each: float, seconds: float, holders: int) -> float:
        """How many calls one of the holders may lease at once: what it may spend in so many seconds.

        It is more where others leave theirs, and less where there is little left, so that all is lent.
        """
        if not self.limited or each <= 0:
            return float("inf")
        return self.rate * seconds / holders / each * (0.5 + 1.5 * max(0.0, self.level) / self.capacity)

    def until(self, each: float) -> float:
        """Seconds until there is room for one."""
        if not self.limited or each <= 0:
            return 0.0
        return max(0.0, (min(each, self.capacity) - self.level) / self.rate)


class _Source:
    def __init__(self, quota: Quota, share: float, now: float) -> None:
        requests, tokens = quota.get("requests_per_minute"), quota.get("tokens_per_minute")
        self.requests = _Bucket(None if requests is None else requests * share, now)
        self.tokens = _Bucket(None if tokens is None else tokens * share, now)
        self.not_before = now
        self.pause = _FIRST_PAUSE
        self._answered = self._refused = 0
        self._judged = now - _JUDGED

    def heed(self, now: float, answered: int, refused: int) -> None:
        """What calls met, whoever made them: one that is refused is nothing, and all of them are an outage."""
        self._answered += answered
        self._refused += refused
        if now - self._judged < _JUDGED or not self._answered + self._refused:
            return
        share = self._refused / (self._answered + self._refused)
        if share > _ALL:
            self.not_before = now + self.pause
            self.pause = min(self.pause * 2, _LONGEST_PAUSE)
        else:
            self.pause = _FIRST_PAUSE
            factor = self.tokens.factor * (_SLOWER if share > _SOME else _FASTER)
            self.tokens.factor = self.requests.factor = min(1.0, max(_SLOWEST, factor))
        self._answered = self._refused = 0
        self._judged = now


class Ledger:
    """What is left of the quotas, for all who lease from it.

    A lease takes its amount off at once, and quotas fill again by themselves: of a holder that dies nothing has to be
    found out. A ledger that is made anew begins with a second's worth.

    Args:
        quotas: By source Region.
        share: Which part of them there is to lend.
        clock: Seconds that only grow.
    """

    def __init__(
        self, quotas: Mapping[str, Quota], share: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        now = clock()
        self._sources = {region: _Source(quota, share, now) for region, quota in quotas.items()}
        self._seen: dict[str, float] = {}
        self._held: dict[str, Mapping[str, float]] = {}
        self._looked = now

    def lease(
        self,
        holder: str,
        wants: Mapping[str, Amount],
        back: Mapping[str, Amount] | None = None,
        met: Mapping[str, tuple[int, int]] | None = None,
        held: Mapping[str, float] | None = None,
    ) -> Granted:
        """Lend some.

        Args:
            holder: Who asks.
            wants: How much it could spend soon, by source Region in the order of preference. It is the same calls for
                all of them: those that one has room for are not lent by the next.
            back: What it gives back of earlier leases; less than nothing, where calls took more than was reserved.
            met: How many of its calls each source Region answered and refused since it asked last.
            held: Tokens that its calls under way have reserved beyond what they will probably use.
        """
        now = self._clock()
        passed = now - self._seen.get(holder, now)
        self._note(holder, now, held or {})
        seconds = max(self._period(), min(passed, HOLD))
        for region, amount in (back or {}).items():
            source = self._sources[region]
            for bucket, given in ((source.requests, amount.requests), (source.tokens, amount.tokens)):
                bucket.fill(now)
                bucket.level = min(bucket.capacity, bucket.level + given)
        for region, (answered, refused) in (met or {}).items():
            self._sources[region].heed(now, answered, refused)
        amounts: dict[str, Amount] = {}
        waits: list[float] = []
        lent = 0
        for region, want in wants.items():
            each = want.tokens / want.requests if want.requests else 0.0
            calls, wait = self._lend(self._sources[region], want.requests - lent, each, now, seconds)
            if calls:
                amounts[region] = Amount(calls, calls * each)
                lent += calls
            waits.append(wait)
        return Granted(amounts, len(self._seen), max(self._period(), min(waits, default=HOLD)))

    def _note(self, holder: str, now: float, held: Mapping[str, float]) -> None:
        self._seen[holder] = now
        before = self._held.get(holder, {})
        self._held[holder] = held
        self._reserve(before, -1)
        self._reserve(held, 1)
        if now - self._looked > 1.0:
            self._looked = now
            for gone in [who for who, when in self._seen.items() if now - when >= _LATELY]:
                del self._seen[gone]
                self._reserve(self._held.pop(gone), -1)

    def _reserve(self, held: Mapping[str, float], times: int) -> None:
        for region, tokens in held.items():
            self._sources[region].tokens.reserved += times * tokens

    def _lend(self, source: _Source, wanted: float, each: float, now: float, seconds: float) -> tuple[int, float]:
        """How many of the calls that are wanted may be made, and how long to wait before asking again."""
        if wanted < 1:
            return 0, HOLD
        if now < source.not_before:
            return 0, source.not_before - now
        buckets = ((source.requests, 1.0), (source.tokens, each))
        for bucket, _ in buckets:
            bucket.fill(now)
        room = min(bucket.room(cost) for bucket, cost in buckets)
        # Where the parts are less than a call, whoever comes first has one.
        part = max(1.0, min(bucket.part(cost, seconds, len(self._seen)) for bucket, cost in buckets))
        calls = int(min(wanted, part, room))
        for bucket, cost in buckets:
            bucket.level -= calls * cost
        return calls, 0.0 if calls else max(bucket.until(cost) for bucket, cost in buckets)

    def _period(self) -> float:
        """The seconds after which a holder may ask again: the more there are, the longer."""
        return min(_LONGEST, max(_SHORTEST, len(self._seen) / _ASKS))
