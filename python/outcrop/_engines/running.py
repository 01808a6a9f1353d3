"""What a process has of a callable: its client, its lanes and its journal, on one event loop."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from outcrop._batch import canonical
from outcrop._engines import columns, prefixes, rows
from outcrop._engines.clients import preferring, sources_of
from outcrop._engines.demand import Demand
from outcrop._engines.lanes import Lane
from outcrop._engines.leases import Leases
from outcrop._engines.row_queue import Item, RowQueue
from outcrop.cross_region._base import Routed

if TYPE_CHECKING:
    from outcrop._batch.answers import Answers
    from outcrop._engines.leases import Lender
    from outcrop._engines.options import Options


class Running:
    """Answers batches of rows, on the event loop on which it was made.

    Args:
        options: Those of the callable.
        client: An asynchronous client or router.
        lender: Who lends of the quotas, where there are any.
        answers: Where answers are kept.
    """

    MOST_PREFIXES = 4096

    def __init__(self, options: Options, client: Any, lender: Lender | None, answers: Answers | None) -> None:
        self._options = options
        self._client = client
        self._answers = answers
        limits = options.limits
        quotas = {} if limits is None else limits["quotas"]
        # Who is preferred is a matter only where each has a limit of its own.
        names = sources_of(client) if quotas else sources_of(client)[:1]
        self._queue = RowQueue(names, set(quotas))
        self._demand: Demand | None = None
        self._leases: Leases | None = None
        work = []
        if limits is not None and lender is not None:
            if any("tokens_per_minute" in quota for quota in quotas.values()):
                self._demand = Demand(max(quota.get("burndown_rate", 1.0) for quota in quotas.values()))
            self._leases = Leases(limits, lender, self._queue, self._demand)
            work.append(self._leases.run())
        for name in names:
            routed = preferring(client, name) if quotas else client
            pace = {"concurrency": options.concurrency, "queue": self._queue, "leases": self._leases}
            work.append(Lane(name, routed, options.operation, **pace).run())
        self._tasks = [asyncio.ensure_future(each) for each in work]
        self._written: OrderedDict[str, asyncio.Future[None]] = OrderedDict()

    async def close(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def widen(self, batch: Any) -> Any:
        """The batch with a row's outcome in each of its rows."""
        options = self._options
        there = rows.names(batch)
        wanted = options.asking.columns(there)
        if options.id is not None and options.id not in there:
            raise ValueError(f"the rows have no column {options.id!r}, which id= names; they have: {', '.join(there)}")
        extra = [name for name in (options.id, columns.ERROR) if name in there and name not in wanted]
        outcomes = await self._outcomes(list(rows.read(batch, [*wanted, *extra])), set(extra))
        made = columns.laid_out(outcomes, prefix=options.prefix, response=options.response)
        if taken := sorted(set(made) & set(there) - {columns.ERROR}):
            raise ValueError(f"the rows have a column {taken[0]!r} already: name a prefix=, such as 'second_'")
        return rows.widened(batch, made)

    async def _outcomes(self, batch: list[dict[str, Any]], hidden: set[str]) -> list[columns.Outcome]:
        outcomes: list[columns.Outcome | None] = [None] * len(batch)
        requests: list[dict[str, Any] | None] = [None] * len(batch)
        shared: dict[str | None, list[int]] = {}
        found: dict[int, prefixes.Prefix | None] = {}
        for number, row in enumerate(batch):
            if row.get(columns.ERROR):
                # It failed in a stage before this one, and bypasses this one as it does Ray's.
                outcomes[number] = columns.Outcome(error=str(row[columns.ERROR]))
                continue
            try:
                request = self._request(
                    {name: row[name] for name in row if name not in hidden or name == self._options.id}
                )
                found[number] = prefixes.of(request)
            except Exception as error:
                if self._options.errors == "raise":
                    raise
                outcomes[number] = columns.failed(error)
                continue
            requests[number] = request
            prefix = found[number]
            shared.setdefault(prefix and prefix.key, []).append(number)
        order = [number for group in shared.values() for number in group]
        keys = await self._recalled(batch, requests, order, outcomes)
        tasks = [
            asyncio.ensure_future(self._outcome(requests[number] or {}, found[number], keys[number]))
            for number in order
            if outcomes[number] is None
        ]
        try:
            called = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        for number, outcome in zip((number for number in order if outcomes[number] is None), called, strict=True):
            outcomes[number] = outcome
        return [outcome for outcome in outcomes if outcome is not None]

    def _request(self, row: dict[str, Any]) -> dict[str, Any]:
        request = self._options.asking(row)
        return self._client._next(request) if isinstance(self._client, Routed) else request  # noqa: SLF001  -- the package's own

    # -- answers that are there ---------------------------------------------------------------------------------------

    async def _recalled(
        self,
        batch: list[dict[str, Any]],
        requests: list[dict[str, Any] | None],
        order: list[int],
        outcomes: list[columns.Outcome | None],
    ) -> dict[int, str | None]:
        """The rows' keys; the outcomes that the journal has are filled in."""
        answers = self._answers
        if answers is None:
            return dict.fromkeys(order)
        where = self._client._where()  # noqa: SLF001  -- the package's own
        keys: dict[int, str | None] = {}
        for number in order:
            try:
                key = canonical.identity(self._options.operation, requests[number] or {}, where)
            except TypeError:  # what is wrong with a request is said when it is sent
                keys[number] = None
                continue
            keys[number] = key if self._options.id is None else _with_id(key, batch[number][self._options.id])
        asked = [(number, key) for number, key in keys.items() if key is not None]
        known = await asyncio.to_thread(lambda: [answers.recall(key) for _, key in asked])
        for (number, _), response in zip(asked, known, strict=True):
            if response is not None:
                outcomes[number] = columns.answered(response, whole=self._options.response, from_journal=True)
        return keys

    # -- calls --------------------------------------------------------------------------------------------------------

    async def _outcome(
        self, request: dict[str, Any], prefix: prefixes.Prefix | None, key: str | None
    ) -> columns.Outcome:
        try:
            response = await self._answer(request, prefix)
        except Exception as error:
            if self._options.errors == "raise":
                raise
            return columns.failed(error)
        if self._answers is not None and key is not None:
            # It raises where the disk is full: going on would pay for what cannot be kept.
            await asyncio.to_thread(self._answers.keep, key, self._options.operation, response)
        return columns.answered(response, whole=self._options.response, from_journal=False)

    async def _answer(self, request: dict[str, Any], prefix: prefixes.Prefix | None) -> Any:
        if prefix is None or not prefix.marked:
            return await self._call(request, prefix)
        writing = self._written.get(prefix.key)
        if writing is not None:
            await asyncio.wait([writing])
            return await self._call(request, prefix)
        # The first of those that share a prompt cache writes it; the others wait to read it.
        writing = asyncio.get_running_loop().create_future()
        self._written[prefix.key] = writing
        if len(self._written) > self.MOST_PREFIXES:
            self._written.popitem(last=False)
        try:
            return await self._call(request, prefix)
        finally:
            writing.set_result(None)
            asyncio.get_running_loop().call_later(self._queue.CACHED, self._written.pop, prefix.key, None)

    async def _call(self, request: dict[str, Any], prefix: prefixes.Prefix | None) -> Any:
        item = Item(request, prefix and prefix.key, asyncio.get_running_loop().create_future())
        if self._demand is not None:
            self._demand.guess(item)
        self._queue.put(item)
        return await item.future


def _with_id(key: str, row_id: Any) -> str:
    text = json.dumps([key, canonical.packed(row_id)], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
