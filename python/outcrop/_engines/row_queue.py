"""The queue in which rows wait, and from which the lanes take those that they have room for."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Any

from outcrop._engines.quotas import NOTHING, Amount

if TYPE_CHECKING:
    from collections.abc import Iterator


class Item:
    """A request, what it reserves, and the future of its answer."""

    __slots__ = ("cost", "excess", "future", "inputs", "prefix", "request")

    def __init__(self, request: dict[str, Any], prefix: str | None, future: asyncio.Future[Any]) -> None:
        self.request = request
        self.prefix = prefix
        self.future = future
        self.inputs = 0.0
        """The tokens of its input, by their length."""
        self.cost = Amount(1.0, 0.0)
        """What it will probably have used."""
        self.excess = 0.0
        """The tokens that are reserved beside until it has ended."""


class Budget:
    """What a lane may spend: all, where nothing limits it."""

    def __init__(self, *, limited: bool) -> None:
        self.limited = limited
        self.left = NOTHING
        self.until = 0.0

    def holds(self, cost: Amount) -> bool:
        """Whether a call may be made."""
        # What was leased is for so many calls of the average; a larger one leaves a debt, which is settled.
        return not self.limited or (self.left.requests >= 1 and (self.left.tokens > 0 or cost.tokens <= 0))

    def spend(self, cost: Amount) -> None:
        """Take a call's cost out."""
        if self.limited:
            self.left = self.left.plus(cost, -1)


class RowQueue:
    """Rows in their order, and lanes that have room for another call.

    A row goes to the lane that has its prefix's prompt cache, if that has room now, else to the first lane that has.

    Args:
        lanes: The names of the lanes, the preferred first.
        limited: Those of them that spend what they have leased.
    """

    CACHED = 300.0
    """Seconds for which a prompt cache lives after it was last used."""
    MOST_PREFIXES = 4096

    def __init__(self, lanes: list[str], limited: set[str]) -> None:
        self.budgets = {name: Budget(limited=name in limited) for name in lanes}
        self._waiting: deque[Item] = deque()
        self._hungry: dict[str, asyncio.Future[Item]] = {}
        self._lanes: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self.short = asyncio.Event()
        """Set while rows wait for which lanes would have room, if they had leased more."""
        self.filled = asyncio.Event()
        """Set while rows wait."""

    def __len__(self) -> int:
        return len(self._waiting)

    def waiting(self) -> Iterator[Item]:
        """The rows that wait."""
        return iter(self._waiting)

    def hungry(self) -> set[str]:
        """The lanes that have room for a call."""
        return set(self._hungry)

    def put(self, item: Item) -> None:
        """Add a row."""
        self._waiting.append(item)
        self.filled.set()
        self.match()

    async def take(self, lane: str) -> Item:
        """The next row for a lane, as soon as there is one and it may be sent."""
        future: asyncio.Future[Item] = asyncio.get_running_loop().create_future()
        self._hungry[lane] = future
        self.match()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._waiting.appendleft(future.result())
            raise
        finally:
            if self._hungry.get(lane) is future:
                del self._hungry[lane]

    def fail(self, error: Exception) -> None:
        """Give an error to all rows that wait."""
        while self._waiting:
            item = self._waiting.popleft()
            if not item.future.done():
                item.future.set_exception(error)
        self.match()

    def match(self) -> None:
        """Hand rows to lanes."""
        while self._waiting and self._hungry:
            item = self._waiting[0]
            if item.future.done():  # whoever wanted it has gone
                self._waiting.popleft()
                continue
            lane = self._lane_for(item)
            if lane is None:
                self.short.set()
                return
            self._waiting.popleft()
            self.budgets[lane].spend(item.cost)
            self._remember(item, lane, asyncio.get_running_loop().time())
            self._hungry.pop(lane).set_result(item)
        self.short.clear()
        if not self._waiting:
            self.filled.clear()

    def _lane_for(self, item: Item) -> str | None:
        able = [name for name, budget in self.budgets.items() if name in self._hungry and budget.holds(item.cost)]
        if item.prefix in self._lanes:
            name, when = self._lanes[item.prefix]
            if name in able and asyncio.get_running_loop().time() - when < self.CACHED:
                return name
        return able[0] if able else None

    def _remember(self, item: Item, lane: str, now: float) -> None:
        if item.prefix is None:
            return
        self._lanes[item.prefix] = lane, now
        self._lanes.move_to_end(item.prefix)
        if len(self._lanes) > self.MOST_PREFIXES:
            self._lanes.popitem(last=False)
