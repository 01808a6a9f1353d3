"""What a process leases of the quotas, a second's worth at a time, and settles when calls have ended."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from outcrop import _native
from outcrop._batch.concurrency import is_throttling
from outcrop._engines.columns import usage_of
from outcrop._engines.quotas import HOLD, NOTHING, Amount, Granted, Ledger

if TYPE_CHECKING:
    from outcrop._engines.demand import Demand
    from outcrop._engines.quotas import Limits
    from outcrop._engines.row_queue import Item, RowQueue

_log = logging.getLogger("outcrop.engines")


class Lender(Protocol):
    """Whoever keeps the ledger."""

    async def lease(self, *asked: Any) -> Granted:
        """As `Ledger.lease`."""
        ...


class Here:
    """A ledger of this process's own.

    Args:
        limits: The quotas and this process's share of them.
        parts: Among how many that share is divided.
    """

    def __init__(self, limits: Limits, parts: int = 1) -> None:
        self._ledger = Ledger(limits["quotas"], limits.get("share", 1.0) / parts)

    async def lease(self, *asked: Any) -> Granted:
        """As `Ledger.lease`."""
        return self._ledger.lease(*asked)


class Leases:
    """Fills the budgets of a queue's lanes.

    Args:
        limits: The quotas, for the time in which the lender cannot be asked.
        lender: Who keeps the ledger.
        queue: Where rows wait.
        demand: What rows take, where tokens are counted.
    """

    AWAY = 5.0
    """Seconds after which a lender that could not be asked is asked again."""
    PATIENCE = 2.0
    """Seconds that it has for an answer."""
    SOONEST = 0.02
    _LATEST_RATE = 0.3

    def __init__(self, limits: Limits, lender: Lender, queue: RowQueue, demand: Demand | None) -> None:
        self.holder = uuid4().hex
        self._limits = limits
        self._lender = lender
        self._queue = queue
        self._demand = demand
        self._back: dict[str, Amount] = {}
        self._met: dict[str, tuple[int, int]] = {}
        self._held = dict.fromkeys(limits["quotas"], 0.0)
        self._holders = 1
        self._meanwhile: Here | None = None
        self._away_until = 0.0
        self._spent = 0
        self._rate = 0.0
        self._asked = monotonic()

    # -- what calls did -----------------------------------------------------------------------------------------------

    def began(self, lane: str, item: Item) -> None:
        """A row has been taken by a lane."""
        if lane in self._held:
            self._held[lane] += item.excess
            self._spent += 1

    def ended(self, lane: str, item: Item, result: Any) -> None:
        """It has an answer or an error: what it took is settled with what was leased for it."""
        if lane in self._held:
            self._held[lane] = max(0.0, self._held[lane] - item.excess)
        served, record = _record(lane, result)
        for region, refused in _met(served, record, result):
            if region in self._held:
                answered, refusals = self._met.get(region, (0, 0))
                self._met[region] = answered + (not refused), refusals + refused
        if isinstance(result, dict):
            took = item.cost if self._demand is None else self._demand.settled(item, usage_of(result))
            self._give_back(lane, item.cost, 1)
            self._give_back(served, took, -1)
        elif is_throttling(result):
            self._give_back(lane, item.cost, 1)

    def _give_back(self, region: str, amount: Amount, times: int) -> None:
        if region in self._held:
            self._back[region] = self._back.get(region, NOTHING).plus(amount, times)

    # -- leasing ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Lease as long as rows wait; until it is cancelled."""
        while True:
            await self._queue.short.wait()
            wait = HOLD
            try:
                wait = await self._lease()
            except Exception as error:  # noqa: BLE001  -- rows that nobody would lease for do not wait for ever
                self._queue.fail(error)
            await asyncio.sleep(min(max(wait, self.SOONEST), HOLD))

    async def _lease(self) -> float:
        """Lease once; gives the seconds after which to ask again."""
        granted = await self._ask()
        now = monotonic()
        for region, amount in granted.amounts.items():
            budget = self._queue.budgets[region]
            budget.left, budget.until = budget.left.plus(amount), now + HOLD
        self._queue.short.clear()
        self._queue.match()
        return granted.wait

    def _expire(self, now: float) -> None:
        """Give back what was not spent in time, and what was overspent."""
        for region in self._held:
            budget = self._queue.budgets[region]
            if now >= budget.until or budget.left.requests < 1 or budget.left.tokens < 0:
                self._give_back(region, budget.left, 1)
                budget.left = NOTHING

    def _wants(self, now: float) -> dict[str, Amount]:
        """What could be spent within a second: rows that wait, but not many more than were sent in the last."""
        passed = max(now - self._asked, 1e-3)
        self._rate += self._LATEST_RATE * (self._spent / passed - self._rate)
        self._asked, self._spent = now, 0
        calls, tokens, most = 0, 0.0, 4 + int(2 * self._rate * HOLD)
        for item in self._queue.waiting():
            if calls >= most:
                break
            calls, tokens = calls + 1, tokens + item.cost.tokens
        each = Amount(float(calls), tokens)
        hungry = self._queue.hungry()
        return {
            region: each for region in self._held if region in hungry and self._queue.budgets[region].left == NOTHING
        }

    async def _ask(self) -> Granted:
        now = monotonic()
        self._expire(now)
        wants = self._wants(now)
        back, self._back = self._back, {}
        met, self._met = self._met, {}
        asked = (self.holder, wants, back, met, dict(self._held))
        if now >= self._away_until:
            try:
                granted = await asyncio.wait_for(self._lender.lease(*asked), self.PATIENCE)
            except Exception as error:  # noqa: BLE001  -- whatever it is, rows are not lost for it
                _log.warning("the shared limit cannot be asked (%s): going by 1/%d of it", type(error).__name__,
                             self._holders)  # fmt: skip
                self._away_until = monotonic() + self.AWAY
                self._meanwhile = Here(self._limits, max(1, self._holders))
            else:
                self._holders = max(1, granted.holders)
                return granted
        if self._meanwhile is None:
            self._meanwhile = Here(self._limits, max(1, self._holders))
        return await self._meanwhile.lease(*asked)


def _record(lane: str, result: Any) -> tuple[str, Any]:
    """The source Region that answered, and what was tried."""
    if isinstance(result, dict):
        record = result.get("ResponseMetadata", {}).get("CrossRegion")
    else:
        record = getattr(result, "cross_region", None)
    target = (record or {}).get("Target") or {}
    return str(target.get("SourceRegion", lane)), record


def _met(served: str, record: Any, result: Any) -> list[tuple[str, bool]]:
    """The source Regions that were tried, and whether they refused for now: throttled, or failed."""
    if not isinstance(record, dict):
        return [(served, is_throttling(result))]
    return [
        (str(attempt["Target"]["SourceRegion"]), _refused(attempt.get("Error")))
        for attempt in record.get("Attempts", ())
    ]


def _refused(code: Any) -> bool:
    if code is None:
        return False
    name = str(code)
    status = int(name) if name.isdecimal() and len(name) == _DIGITS else None
    return name in _NOT_REACHED or _native.kind_of_failure(name, status, "") in ("throttled", "failed")


_DIGITS = 3
_NOT_REACHED = ("ConnectTimeoutError", "EndpointConnectionError", "SSLError")
