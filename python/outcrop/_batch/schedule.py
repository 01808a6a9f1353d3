"""What a batch starts when, and what it gives back in which order. No thread, no loop, no clock of its own."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from outcrop._batch.concurrency import Limit, is_throttling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop._batch.journal import Journal
    from outcrop._batch.progress import Progress
    from outcrop._tables import Table


class Start(NamedTuple):
    """A call to be made now."""

    number: int
    request: dict[str, Any]


class _Running:
    def __init__(self, request: dict[str, Any], key: str | None, started: float) -> None:
        self.request = request
        self.key = key
        self.started = started
        self.refused = 0
        """How often it was throttled while others were answered."""
        self.answers = 0
        """How many others had been answered then."""


class Schedule:
    """The state of one batch.

    Args:
        limit: How many calls may be under way.
        in_order: Give results back in the order of the requests.
        raising: Raise the first error instead of giving it back.
        on_stop: What becomes of calls under way when the batch stops early.
        journal: Where answers are kept.
        progress: What counts them.
    """

    AHEAD = 4
    """In order, this many windows of results at most wait for the one that is due."""
    FILLING = 0.1
    """Seconds for which requests are read before it is looked at what else there is to do: their source may be slow."""
    GRACE = 0.005
    """The same where something else waits: enough for requests that are at hand, and no wait for those that are not."""

    def __init__(
        self,
        limit: Limit,
        *,
        in_order: bool,
        raising: bool,
        on_stop: Literal["finish", "cancel"] | None,
        journal: Journal | None,
        progress: Progress | None,
    ) -> None:
        self._limit = limit
        self._in_order = in_order
        self._raising = raising
        self._on_stop = on_stop
        self._journal = journal
        self._progress = progress
        self._running: dict[int, _Running] = {}
        self._again: deque[int] = deque()
        self._finished: dict[int, Any] = {}
        self._count = 0
        self._answers = 0
        self._due = 0
        self._failure: Exception | None = None
        self.exhausted = False
        """Set when the requests have ended."""

    def standing(self, title: str) -> Table:
        """How far the batch is; nothing is read or waited for."""
        from outcrop._tables import Table

        counts = {"read": self._count, "under way": len(self._running), "to be taken": len(self._finished)}
        rows = [(name, f"{count:,}") for name, count in counts.items()]
        return Table(title, ("requests", ""), [*rows, ("more to come", "no" if self.exhausted else "perhaps")])

    # -- in -----------------------------------------------------------------------------------------------------------

    def wants_request(self) -> bool:
        """Whether another request should be read."""
        if self.exhausted or self._again or self._limit.wait() > 0:
            return False
        if self._in_order and self._count - self._due >= self.AHEAD * self._limit.calls:
            return False
        # A result that waits to be taken is not overtaken by reading on: memory stays bounded.
        held_back = 0 if self._in_order else len(self._finished)
        return len(self._running) + held_back < self._limit.calls

    def admit(self, request: Any) -> Start | None:
        """Takes a request. Gives the call to make, or nothing when its result is known: the journal's, or an error.

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
        try:
            request = _with_read_body(request)
            key, known = self._recalled(request)
        except Exception as error:  # noqa: BLE001  -- what is wrong with one request is that request's result
            self._finished[number] = error
            return None
        if known is not None:
            self._finished[number] = known
            return None
        self._running[number] = _Running(request, key, self._limit.started())
        return Start(number, request)

    def _recalled(self, request: dict[str, Any]) -> tuple[str | None, dict[str, Any] | None]:
        if self._journal is None:
            return None, None
        key = self._journal.key(request)
        return key, self._journal.recall(key)

    def put_back(self) -> Start | None:
        """A throttled call that may be made again now."""
        if not self._again or self._limit.wait() > 0 or self.under_way >= self._limit.calls:
            return None
        number = self._again.popleft()
        running = self._running[number]
        running.started = self._limit.started()
        return Start(number, running.request)

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
                if running.answers != self._answers:
                    running.answers = self._answers
                    running.refused += 1
                if self._limit.throttled(result, running.started, running.refused):
                    self._again.append(number)
                    return
        else:
            self._limit.answered()
            self._answers += 1
            self._keep(running, result)
        del self._running[number]
        self._finished[number] = result

    def refuse(self, number: int, error: Exception) -> None:
        """A call could not be made; that is its result."""
        del self._running[number]
        self._finished[number] = error

    def keep(self, number: int, result: Any) -> None:
        """An answer that came when nobody takes results any more: it was paid for, so the journal has it."""
        running = self._running.pop(number, None)
        if running is not None and isinstance(result, dict):
            self._keep(running, result)

    def _keep(self, running: _Running, answer: dict[str, Any]) -> None:
        if self._journal is None or running.key is None:
            return
        try:
            self._journal.keep(running.key, answer)
        except Exception as error:  # noqa: BLE001  -- a disk that is full, and whatever else a file can do
            # The answer is the caller's all the same; going on would pay for what cannot be kept.
            self._journal.close()
            self._journal = None
            self.fail(error)

    # -- the end ------------------------------------------------------------------------------------------------------

    def fail(self, error: Exception) -> None:
        """The batch cannot go on: no request is read any more.

        Raises:
            Exception: The error, when what is under way is to be cancelled; otherwise it is raised when all have ended.
        """
        self.exhausted = True
        self._failure = self._failure or error
        if self._on_stop == "cancel":
            raise error

    @property
    def done(self) -> bool:
        """Whether nothing is left.

        Raises:
            Exception: What the batch could not go on for.
        """
        if not self.exhausted or self._running or self._finished:
            return False
        if self._failure is not None:
            raise self._failure
        return True

    @property
    def finishes_when_left(self) -> bool:
        """Whether calls under way are waited for when the caller leaves."""
        return self._on_stop == "finish"

    def close(self) -> None:
        """Closes the journal and the progress bar."""
        if self._journal is not None:
            self._journal.close()
        if self._progress is not None:
            self._progress.close()

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
    def has_results(self) -> bool:
        """Whether there is one to give back."""
        return self._due in self._finished if self._in_order else bool(self._finished)

    @property
    def under_way(self) -> int:
        """How many calls are running."""
        return len(self._running) - len(self._again)

    def pause(self, *, reading: bool = False) -> float | None:
        """For how long at most to wait for a result: until a call may start, where one is held back.

        Args:
            reading: Whether the next request is on its way, so that none can be read now.
        """
        if self.exhausted and not self._again:
            return None
        if wait := self._limit.wait():
            return wait
        # The moment may have come since it was looked at last, and then nothing else may end the wait.
        may_start = self.under_way < self._limit.calls if self._again else not reading and self.wants_request()
        return 0.0 if may_start else None


def _with_read_body(request: dict[str, Any]) -> dict[str, Any]:
    """A file is read once, here: a request may be hashed and sent more than once."""
    body: Any = request.get("body")
    return request | {"body": body.read()} if hasattr(body, "read") else request
