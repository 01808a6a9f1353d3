"""How targets fare, as a table, and the changes of their breakers."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import dataclasses
import inspect
import logging
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from outcrop._targets import in_words
from outcrop.cross_region._facts import together
from outcrop.cross_region._tables import TargetTable, traits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

State = Literal["closed", "open", "half-open"]

logger = logging.getLogger("outcrop.cross_region")


@dataclass(frozen=True)
class TargetHealth:
    """How one target fares.

    Attributes:
        source_region: The Region whose endpoint is called.
        model_id: What is sent as `modelId`.
        allowed: Whether residency, `projects` and `retention` let it be called now.
        state: `closed` (calls go there), `open` (none do) or `half-open` (a few try it).
        reason: Why it is in this state; or, of a target that is not allowed, why it is not.
        forced: Whether `force` put it there.
        open_for: For how many seconds it stays open still.
        calls: Calls in the breaker's window.
        failures: Those of them that failed.
        throttled: Those of them that were throttled.
        slow_calls: Those of them that were slow.
        under_way: Calls under way.
        concurrency_limit: How many may be, where that is limited.
        tokens_left: What is left of this minute's tokens, where they are counted; with `shared`, of what this process
            has leased.
        account: Whose keys call it: the account's id, or what stands for one of several; `None` where nobody knows, or
            a function says it for each call.
        requests_left: What is left of this minute's requests, likewise.
        tokens_per_minute: The tokens a minute that it may use, where that is limited: this router's share.
        requests_per_minute: The requests a minute, likewise.
        model: Which of the router's models it is of, as the user named it.
        rank: 1 for a target of the first model, 2 for one of the next, and so on.
        quota: Where these come from, if they are read: the code, and whether it is the applied value or the default.
        shared: The file by which processes share these limits, if they do, and how many; or why it is not used for now.
        project: The project that its calls go in, if not the default one.
        retention: The mode of data retention in its source Region, where that was asked for and is known.
    """

    source_region: str
    model_id: str
    allowed: bool
    state: State
    reason: str
    forced: bool
    open_for: float | None
    calls: int
    failures: int
    throttled: int
    slow_calls: int
    under_way: int
    concurrency_limit: float | None
    tokens_left: float | None
    requests_left: float | None
    tokens_per_minute: float | None
    requests_per_minute: float | None
    account: str | None = None
    quota: str = ""
    project: str | None = None
    retention: str | None = None
    model: str = ""
    rank: int = 1
    shared: str = ""


@dataclass(frozen=True)
class BreakerChange:
    """A breaker changed its state.

    Attributes:
        source_region: The Region whose endpoint is called.
        model_id: What is sent as `modelId`.
        before: The state before.
        state: The state now.
        reason: Why.
        open_for: For how many seconds it is open.
        account: Whose keys call it, as in `TargetHealth`.
    """

    source_region: str
    model_id: str
    before: State
    state: State
    reason: str
    open_for: float | None
    account: str | None = None


class Health(TargetTable[TargetHealth]):
    """How the targets fare, in the order of preference; a sequence of `TargetHealth` that shows itself as a table.

    What is left of this minute's tokens and requests has columns where these are limited; `notes` tells which quotas
    they are.
    """

    columns = ("source Region", "model id", "state", "open for", "failed", "under way", "reason")

    def __init__(self, rows: Sequence[TargetHealth], notes: Sequence[str] = ()) -> None:
        quotas = together((in_words(row.model_id, row.source_region, row.account), row.quota) for row in rows)
        of_quotas = [f"quotas of {where}: {codes}" for where, codes in quotas]
        files = together((in_words(row.model_id, row.source_region, row.account), row.shared) for row in rows)
        of_quotas += [f"limits of {where} are shared by {file}" for where, file in files]
        super().__init__(rows, [*(note for note in notes if note not in of_quotas), *of_quotas])
        kinds = ("tokens left", "requests left")
        self._limited = [name for name in kinds if any(_left(row)[name] for row in self._rows)]
        at = self.columns.index("reason")
        self.columns = (*self.columns[:at], *self._limited, *self.columns[at:])

    def traits(self, row: TargetHealth) -> dict[str, str]:
        """What may tell a target from others beside its source Region."""
        return {**super().traits(row), **traits(row.project, row.retention, row.rank)}

    def cells(self, row: TargetHealth) -> tuple[str, ...]:
        """What a target shows."""
        open_for = "" if row.open_for is None else f"{row.open_for:.1f} s"
        failed = f"{row.failures + row.throttled} of {row.calls}"
        state = row.state if row.allowed else "refused"
        left = [_left(row)[name] for name in self._limited]
        return (*self.place(row), row.model_id, state, open_for, failed, str(row.under_way), *left, row.reason)

    def record(self, row: TargetHealth) -> dict[str, Any]:
        """A target as plain data."""
        return dataclasses.asdict(row)


def _left(row: TargetHealth) -> dict[str, str]:
    """What is left of the minute's tokens and requests, and of how much."""

    def words(left: float | None, quota: float | None) -> str:
        return "" if left is None or quota is None else f"{left:,.0f} of {quota:,.0f}"

    return {
        "tokens left": words(row.tokens_left, row.tokens_per_minute),
        "requests left": words(row.requests_left, row.requests_per_minute),
    }


def tell(changes: list[dict[str, Any]], listener: Listener | None) -> None:
    """Log the changes, and hand them to whoever listens. Nothing that a handler or listener does reaches the caller."""
    for row in changes:
        change = BreakerChange(**row)
        level = logging.WARNING if change.state == "open" else logging.INFO
        where = in_words(change.model_id, change.source_region, change.account)
        _log(level, "the breaker of %s is %s: %s", where, change.state, change.reason, extra={"change": change})
        if listener is not None:
            listener.hear(change)


class Listener:
    """The user's function that hears of changes, one after the other, in their order.

    What it raises is logged. Where an event loop runs, it is called on a thread of the loop's executor, so that a slow
    one holds nothing up; else on the caller's thread.

    Args:
        function: `on_change`.

    Raises:
        TypeError: It cannot be called, or is `async def`.
    """

    def __init__(self, function: Callable[[BreakerChange], object]) -> None:
        if not callable(function):
            raise TypeError(f"on_change must be a function of a BreakerChange, not {type(function).__name__}")
        call = getattr(function, "__call__", None)  # noqa: B004  -- an object with a method of that name
        if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call):
            raise TypeError(
                "on_change must be a plain function: a breaker may change where no event loop runs, so start what is "
                "to be awaited from within it, such as by asyncio.run_coroutine_threadsafe"
            )
        self._function = function
        self._waiting: deque[BreakerChange] = deque(maxlen=1000)
        self._telling = threading.Lock()

    def hear(self, change: BreakerChange) -> None:
        """Hand a change on."""
        self._waiting.append(change)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._tell()
            return
        context = contextvars.copy_context()
        try:
            loop.run_in_executor(None, context.run, self._tell)
        except RuntimeError:
            # The loop is at its end and takes no more work.
            self._tell()

    def _tell(self) -> None:
        # Whoever tells already tells this, too: a function that makes a call itself, or is slow on another thread.
        while self._waiting and self._telling.acquire(blocking=False):
            try:
                if self._waiting:
                    self._call(self._waiting.popleft())
            finally:
                self._telling.release()

    def _call(self, change: BreakerChange) -> None:
        try:
            result = self._function(change)
        except Exception:  # noqa: BLE001  -- whatever it is, it is not the call's
            _log(logging.ERROR, "on_change failed; the call that it was told of goes on", exc_info=True)
            return
        if inspect.isawaitable(result):
            if inspect.iscoroutine(result):
                result.close()
            _log(logging.ERROR, "on_change gave something to be awaited, which nobody awaits: make it a plain function")


def _log(level: int, text: str, *arguments: Any, **options: Any) -> None:
    # A filter or a handler of the program's that raises must not take an answer along.
    with contextlib.suppress(Exception):
        logger.log(level, text, *arguments, **options)
