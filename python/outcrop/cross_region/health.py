"""How targets fare, as a table, and the changes of their breakers."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from outcrop.cross_region._tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable

State = Literal["closed", "open", "half-open"]

logger = logging.getLogger("outcrop.cross_region")


@dataclass(frozen=True)
class TargetHealth:
    """How one target fares.

    Attributes:
        source_region: The Region whose endpoint is called.
        model_id: What is sent as `modelId`.
        allowed: Whether residency lets it be called now.
        state: `closed` (calls go there), `open` (none do) or `half-open` (a few try it).
        reason: Why it is in this state.
        forced: Whether `force` put it there.
        open_for: For how many seconds it stays open still.
        calls: Calls in the breaker's window.
        failures: Those of them that failed.
        throttled: Those of them that were throttled.
        slow_calls: Those of them that were slow.
        under_way: Calls under way.
        concurrency_limit: How many may be, where that is limited.
        tokens_left: What is left of this minute's tokens, where they are counted.
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
    """

    source_region: str
    model_id: str
    before: State
    state: State
    reason: str
    open_for: float | None


class Health(Table[TargetHealth]):
    """How the targets fare, in the order of preference; a sequence of `TargetHealth` that shows itself as a table."""

    columns = ("source Region", "model id", "state", "open for", "failed", "under way", "reason")

    def cells(self, row: TargetHealth) -> tuple[str, ...]:
        """What a target shows."""
        open_for = "" if row.open_for is None else f"{row.open_for:.1f} s"
        failed = f"{row.failures + row.throttled} of {row.calls}"
        state = row.state if row.allowed else "refused"
        return (row.source_region, row.model_id, state, open_for, failed, str(row.under_way), row.reason)

    def record(self, row: TargetHealth) -> dict[str, Any]:
        """A target as plain data."""
        return dataclasses.asdict(row)


def tell(changes: list[dict[str, Any]], listener: Callable[[BreakerChange], object] | None) -> None:
    """Log the changes, and hand them to whoever listens."""
    for row in changes:
        change = BreakerChange(**row)
        level = logging.WARNING if change.state == "open" else logging.INFO
        where = f"{change.model_id} from {change.source_region}"
        logger.log(level, "the breaker of %s is %s: %s", where, change.state, change.reason, extra={"change": change})
        if listener is not None:
            listener(change)
