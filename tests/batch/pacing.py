"""Batches against quotas in simulated time: no thread, no socket, and an hour takes a moment."""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING, NamedTuple

from outcrop._batch.concurrency import AutomaticLimit
from outcrop._batch.schedule import Schedule
from outcrop.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable


class Bucket:
    """A quota that refills all the time."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self._tokens, self._filled = burst, 0.0

    def takes(self, now: float) -> bool:
        self._tokens = min(self.burst, self._tokens + (now - self._filled) * self.rate)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Window:
    """A quota that is counted anew every so many seconds."""

    def __init__(self, calls: int, seconds: float) -> None:
        self.calls, self.seconds = calls, seconds
        self._window, self._used = -1, 0

    def takes(self, now: float) -> bool:
        window = int(now / self.seconds)
        if window != self._window:
            self._window, self._used = window, 0
        self._used += 1
        return self._used <= self.calls


class Never:
    """No room at all."""

    def takes(self, now: float) -> bool:
        return now < 0


def throttled(headers: dict[str, str]) -> ClientError:
    metadata = {"HTTPHeaders": headers, "HTTPStatusCode": 429}
    error = {"Code": "ThrottlingException", "Message": "Too many requests"}
    return ClientError({"Error": error, "ResponseMetadata": metadata}, "Converse")


class Played(NamedTuple):
    """What became of a batch."""

    posts: int
    failed: int
    seconds: float


def play(
    server: Bucket | Window | Never,
    requests: int,
    *,
    latency: float = 0.5,
    headers: Callable[[], dict[str, str]] = dict,
    heeds_wishes: bool = True,
) -> Played:
    """Play a batch with `concurrency="auto"`.

    Args:
        server: Who answers, or throttles at once.
        requests: How many.
        latency: Seconds that an answer takes.
        headers: Those of a throttled call.
        heeds_wishes: As behind a plain client.
    """
    now, posts, failed, given = 0.0, 0, 0, 0
    limit = AutomaticLimit(lambda: now, heeds_wishes=heeds_wishes)
    schedule = Schedule(limit, in_order=False, raising=False, on_stop=None, journal=None, progress=None)
    ends: list[tuple[float, int, int, object]] = []
    order, source = itertools.count(), iter(range(requests))

    def start(number: int) -> None:
        nonlocal posts
        posts += 1
        took = server.takes(now)
        result = {} if took else throttled(headers())
        heapq.heappush(ends, (now + (latency if took else 0.02), next(order), number, result))

    while not schedule.done:
        while (again := schedule.put_back()) is not None:
            start(again.number)
        while schedule.wants_request():
            if next(source, None) is None:
                schedule.exhausted = True
            elif (first := schedule.admit({})) is not None:
                start(first.number)
        results = list(schedule.ready())
        given += len(results)
        failed += sum(isinstance(result, Exception) for _, result in results)
        if results:
            continue
        pause = schedule.pause()
        if ends and (pause is None or ends[0][0] <= now + pause):
            now, _, number, result = heapq.heappop(ends)
            schedule.finish(number, result)
        elif pause is not None:
            now += max(pause, 1e-6)
    assert given == requests
    return Played(posts, failed, now)
