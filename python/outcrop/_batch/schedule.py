"""What a batch starts when, and what it gives back in which order. No thread, no loop, no clock of its own."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop._batch.concurrency import Limit, is_throttling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop._batch.journal import Journal
    from outcrop._batch.progress import Progress


class Start(NamedTuple):
    """A call to be made now."""

    number: int
    request: dict[str, Any]


class _Running:
    def __init__(self, request: dict[str, Any], key: str | None) -> None:
        self.request = request
        self.key = key
        self.attempts = 1


class Schedule:
    """The state of one batch.

    Args:
        limit: How many calls may be under way.
        in_order: Give results back in the order of the requests.
        raising: Raise the first error instead of giving it back.
        journal: Where answers are kept.
        progress: What counts them.
    """

    AHEAD = 4
    """In order, this many windows of results at most wait for the one that is due."""

    def __init__(
        self, limit: Limit, *, in_order: bool, raising: bool, journal: Journal | None, progress: Progress | None
    ) -> None:
        self._limit = limit
        self._in_order = in_order
        self._raising = raising
        self._journal = journal
        self._progress = progress
        self._running: dict[int, _Running] = {}
        self._again: deque[int] = deque()
        self._finished: dict[int, Any] = {}
        self._count = 0
        self._due = 0
        self.exhausted = False
        """Set by the door when the requests have ended."""

    # -- in -----------------------------------------------------------------------------------------------------------

    def wants_request(self) -> bool:
        """Whether the door should read another request."""
        if self.exhausted or self._again or self._limit.wait() > 0:
            return False
        if self._in_order and self._count - self._due >= self.AHEAD * self._limit.calls:
            return False
        # A result that waits to be taken is not overtaken by reading on: memory stays bounded.
        held_back = 0 if self._in_order else len(self._finished)
        return len(self._running) + held_back < self._limit.calls

    def admit(self, request: Any) -> Start | None:
        """Takes a request. Gives the call to make, or nothing when the journal has its answer.

        Raises:
            TypeError: It is no dict of keyword arguments.
        """
        number = self._count
        if not isinstance(request, dict):
            raise TypeError(
                f"request {number} must be a dict of keyword arguments, such as {{'modelId': …}}, "
                f"not {type(request).__name__}"
            )
        self._count += 1
        request = _with_read_body(request)
        key = None
        if self._journal is not None:
            key = self._journal.key(request)
            known = self._journal.recall(key)
            if known is not None:
                self._finished[number] = known
                return None
        self._running[number] = _Running(request, key)
        return Start(number, request)

    def put_back(self) -> Start | None:
        """A throttled call that may be made again now."""
        if not self._again or self._limit.wait() > 0 or len(self._running) - len(self._again) >= self._limit.calls:
            return None
        number = self._again.popleft()
        return Start(number, self._running[number].request)

    def finish(self, number: int, result: Any) -> None:
        """A call has ended with an answer or an exception.

        Raises:
            BaseException: One that is no error of a call.
        """
        running = self._running[number]
        if isinstance(result, BaseException):
            if not isinstance(result, Exception):
                raise result
            if is_throttling(result):
                self._limit.throttled(result)
                if running.attempts < self._limit.attempts:
                    running.attempts += 1
                    self._again.append(number)
                    return
        else:
            self._limit.answered()
            if self._journal is not None and running.key is not None:
                self._journal.keep(running.key, result)
        del self._running[number]
        self._finished[number] = result

    # -- out ----------------------------------------------------------------------------------------------------------

    def ready(self) -> Iterator[tuple[int, Any]]:
        """The results that can be given back now.

        Raises:
            Exception: The error of a call, if errors are raised.
        """
        while self._finished:
            number = self._due if self._in_order else next(iter(self._finished))
            if number not in self._finished:
                return
            result = self._finished.pop(number)
            self._due += 1
            failed = isinstance(result, Exception)
            if self._progress is not None:
                self._progress.step(failed=failed)
            if failed and self._raising:
                raise result
            yield number, result

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.exhausted and not self._running and not self._finished

    @property
    def under_way(self) -> int:
        """How many calls are running."""
        return len(self._running) - len(self._again)

    def pause(self) -> float | None:
        """For how long at most to wait for a result: until a call may start, where one is held back."""
        wait = self._limit.wait()
        held_back = self._again or not self.exhausted
        return wait if held_back and wait > 0 else None

    def close(self) -> None:
        """Closes the journal and the progress bar."""
        if self._journal is not None:
            self._journal.close()
        if self._progress is not None:
            self._progress.close()


def _with_read_body(request: dict[str, Any]) -> dict[str, Any]:
    """A file is read once, here: a request may be hashed and sent more than once."""
    body: Any = request.get("body")
    return request | {"body": body.read()} if hasattr(body, "read") else request
