"""How many calls may be under way."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from outcrop import _values

if TYPE_CHECKING:
    from collections.abc import Callable

THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "ServiceQuotaExceededException"})


def limit(concurrency: Any) -> Limit:
    """What `concurrency=` means.

    Args:
        concurrency: A number of calls, or `"auto"`.

    Raises:
        ValueError: It is neither.
    """
    if concurrency == "auto":
        return AutomaticLimit()
    calls = _values.plain(concurrency)
    if isinstance(calls, bool) or not isinstance(calls, int) or calls < 1:
        raise ValueError(f'concurrency must be 1 or more, or "auto", not {concurrency!r}')
    return Limit(calls)


def is_throttling(error: object) -> bool:
    """Whether Bedrock said that there were too many calls."""
    response = getattr(error, "response", None)
    return isinstance(response, dict) and response.get("Error", {}).get("Code") in THROTTLED


class Limit:
    """A fixed number.

    Args:
        calls: How many.
    """

    attempts = 1
    """How often one request may be tried here; the client's own retries come on top."""

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def wait(self) -> float:
        """Seconds until another call may start; 0 when one may."""
        return 0.0

    def answered(self) -> None:
        """A call was answered."""

    def throttled(self, error: Any) -> None:
        """A call was throttled, after the client's own retries."""


class AutomaticLimit(Limit):
    """Additive increase, multiplicative decrease.

    A window's worth of answers makes the window one wider; a throttled call halves it, once for all the calls that were
    under way at the time. When Bedrock names a time to wait (`x-amz-retry-after`, milliseconds), nothing starts before.

    Args:
        clock: Seconds that only grow.
    """

    attempts = 8
    START = 8
    MOST = 1024

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(self.START)
        self._clock = clock
        self._answers = 0
        self._settling = 0
        self._not_before = 0.0

    def wait(self) -> float:
        """Seconds until another call may start; 0 when one may."""
        return max(0.0, self._not_before - self._clock())

    def answered(self) -> None:
        """A call was answered."""
        self._settling = max(0, self._settling - 1)
        self._answers += 1
        if self._answers >= self.calls:
            self._answers = 0
            self.calls = min(self.calls + 1, self.MOST)

    def throttled(self, error: Any) -> None:
        """A call was throttled, after the client's own retries."""
        headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        told = headers.get("x-amz-retry-after", "")
        if told.isdecimal():
            self._not_before = max(self._not_before, self._clock() + int(told) / 1000)
        if self._settling > 0:
            # It was under way when the window was halved, so it says nothing about the new one.
            self._settling -= 1
            return
        self._settling = self.calls - 1
        self._answers = 0
        self.calls = max(1, self.calls // 2)
