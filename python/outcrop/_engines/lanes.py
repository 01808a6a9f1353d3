"""A lane: calls that go to one source Region first, paced by `outcrop._batch` for as long as the process lives."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Literal

    from outcrop._engines.leases import Leases
    from outcrop._engines.row_queue import Item, RowQueue


class Lane:
    """Takes rows from a queue, and gives each its answer or error.

    Args:
        name: The source Region that is called first.
        client: An asynchronous client or router.
        operation: boto3's name.
        concurrency: As `batch` takes it.
        queue: Where rows wait.
        leases: What hears of each call; none where nothing limits them.
    """

    def __init__(
        self,
        name: str,
        client: Any,
        operation: str,
        *,
        concurrency: int | Literal["auto"],
        queue: RowQueue,
        leases: Leases | None,
    ) -> None:
        self._name = name
        self._client = client
        self._operation = operation
        self._concurrency = concurrency
        self._queue = queue
        self._leases = leases
        self._under_way: dict[int, Item] = {}

    async def run(self) -> None:
        """Call, until it is cancelled."""
        while True:
            batch = self._client.batch(self._operation, self._requests(), concurrency=self._concurrency)
            try:
                async with batch:
                    async for number, result in batch:
                        self._end(self._under_way.pop(number), result)
            except Exception as error:  # noqa: BLE001  -- such as that no target is allowed: it is each row's error
                left, self._under_way = list(self._under_way.values()), {}
                for item in left:
                    self._end(item, error)
                self._queue.fail(error)
            # A program that is wrong all the time does not keep the others waiting.
            await asyncio.sleep(0)
            await self._queue.filled.wait()

    async def _requests(self) -> AsyncIterator[dict[str, Any]]:
        number = 0
        while True:
            item = await self._queue.take(self._name)
            self._under_way[number] = item
            if self._leases is not None:
                self._leases.began(self._name, item)
            number += 1
            yield item.request

    def _end(self, item: Item, result: Any) -> None:
        if self._leases is not None:
            self._leases.ended(self._name, item, result)
        if item.future.done():
            return
        if isinstance(result, Exception):
            item.future.set_exception(result)
        else:
            item.future.set_result(result)
