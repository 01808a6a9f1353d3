"""How many calls may be under way, and how fast they may start."""

from __future__ import annotations

import math
import random
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from outcrop import _native, _values, exceptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def limit(concurrency: Any, *, routed: bool = False) -> Limit:
    """What `concurrency=` means.

    Args:
        concurrency: A number of calls, or `"auto"`.
        routed: Whether the calls go through a router.

    Raises:
        ValueError: It is neither.
    """
    if concurrency == "auto":
        return AutomaticLimit(heeds_wishes=not routed)
    calls = _values.plain(concurrency)
    if isinstance(calls, bool) or not isinstance(calls, int) or calls < 1:
        raise ValueError(f'concurrency must be 1 or more, or "auto", not {_values.shown(concurrency)}')
    return Limit(calls)


def is_throttling(error: object) -> bool:
    """Whether there were too many calls for now, by the rule that routers go by; a used-up day does not end soon."""
    if isinstance(error, exceptions.OverloadedError):
        return True
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return False
    told = response.get("Error", {})
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return _native.kind_of_failure(str(told.get("Code")), status, str(told.get("Message"))) == "throttled"


def wish(headers: Mapping[str, Any]) -> float:
    """The seconds for which Bedrock, or a gateway before it, asks to be left alone; 0 where it says nothing sensible.

    Args:
        headers: Of the answer, with names in lower case.
    """
    for name, unit in (("x-amz-retry-after", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except (TypeError, ValueError, OverflowError):
            continue
        if 0 < seconds < _LONGEST_WISH:
            return seconds
    return 0.0


_LONGEST_WISH = 86_400.0
"""No quota is counted by more than a day: what asks for more seconds is no wish, but noise."""


class Limit:
    """A fixed number.

    Args:
        calls: How many.
    """

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def wait(self) -> float:
        """Seconds until another call may start; 0 when one may."""
        return 0.0

    def started(self) -> float:
        """A call starts; when, for `throttled`."""
        return 0.0

    def answered(self) -> None:
        """A call was answered."""

    def throttled(self, error: Any, started: float, refused: int) -> bool:
        """A call was throttled, after the client's own retries.

        Args:
            error: What it failed with.
            started: When it started.
            refused: How often this request was throttled while others were answered.

        Returns:
            Whether it is worth another try.
        """
        del error, started, refused
        return False


class AutomaticLimit(Limit):
    """As many calls as are answered.

    Until the first throttled call, a window's worth of answers makes the window one wider. From then on calls start no
    faster than `SLOWER` times the rate at which answers came, and `FASTER` faster every second: a quota is a rate. All
    calls that were under way when the rate was lowered lower it once. When a whole round brings no answer, the window
    halves, and nothing starts for a while that doubles from round to round: quotas are counted by the minute.

    A time that Bedrock names (`x-amz-retry-after`) is kept up to `LONGEST_PAUSE`. Behind a router it is one target's,
    and the router goes to others meanwhile, so it is not heeded here.

    Args:
        clock: Seconds that only grow.
        heeds_wishes: Whether such times count.
    """

    START = 8
    MOST = 1024
    REFUSALS = 16
    """How often one request is throttled while others are answered: it may be too large for the quota."""
    ROUNDS = 8
    """After so many rounds in a row without an answer, what is throttled is given back."""
    FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
    SLOWER, FASTER = 0.75, 0.04
    MEASURED = 10.0
    """The seconds over which answers are counted."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, heeds_wishes: bool = True) -> None:
        super().__init__(self.START)
        self._clock = clock
        self._heeds_wishes = heeds_wishes
        self._window = 0
        self._answers: deque[float] = deque(maxlen=self.MOST)
        self._answered = 0
        self._began: float | None = None
        self._rate = math.inf
        self._lowered = -math.inf
        self._answered_since = False
        self._silent = 0
        self._not_before = -math.inf
        self._next = -math.inf

    def wait(self) -> float:
        """Seconds until another call may start; 0 when one may."""
        return max(0.0, max(self._not_before, self._next) - self._clock())

    def started(self) -> float:
        """A call starts; when, for `throttled`."""
        now = self._clock()
        if self._began is None:
            self._began = now
        rate = self.rate(now)
        self._next = max(now, self._next) + 1 / rate if math.isfinite(rate) else now
        return now

    def rate(self, now: float) -> float:
        """How many calls may start in a second."""
        if not math.isfinite(self._rate):
            return math.inf
        return self._rate * (1 + self.FASTER) ** min(now - self._lowered, 1000.0)

    def answered(self) -> None:
        """A call was answered."""
        self._answers.append(self._clock())
        self._answered += 1
        self._answered_since = True
        self._silent = 0
        self._window += 1
        if self._window >= self.calls:
            self._window = 0
            self.calls = min(self.calls + 1, self.MOST)

    def throttled(self, error: Any, started: float, refused: int) -> bool:
        """A call was throttled, after the client's own retries."""
        now = self._clock()
        if self._heeds_wishes:
            headers = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPHeaders", {})
            self._pause(now, wish(headers))
        # What started before the rate was lowered says nothing of the new one.
        if started > self._lowered:
            self._lower(now)
        return refused < self.REFUSALS and self._silent < self.ROUNDS

    def _lower(self, now: float) -> None:
        overall = self._answered / max(now - (self._began or now), 1.0)
        if self._answered_since:
            recent = [when for when in self._answers if when > now - self.MEASURED]
            span = max(now - recent[0], 0.1) if recent else self.MEASURED
            self._rate = max(self.SLOWER * min(len(recent) / span, self.rate(now)), 1 / self.LONGEST_PAUSE)
        else:
            self._silent += 1
            self._window = 0
            self.calls = max(1, self.calls // 2)
            if self._rate < math.inf:
                self._rate = max(self.rate(now) / 2, overall, 1 / self.LONGEST_PAUSE)
            # Once it is hopeless, the rest is tried once each, and not for hours.
            doubled = self.FIRST_PAUSE * 2 ** (self._silent - 1) if self._silent < self.ROUNDS else self.FIRST_PAUSE
            self._pause(now, min(doubled, self.LONGEST_PAUSE) * random.uniform(1.0, 1.2))
        self._answered_since = False
        self._lowered = now
        self._next = max(self._next, now + 1 / self._rate) if self._rate < math.inf else self._next

    def _pause(self, now: float, seconds: float) -> None:
        self._not_before = max(self._not_before, now + min(seconds, self.LONGEST_PAUSE))
