"""Rows of a Ray dataset, answered by Bedrock: callable classes for `ray.data.Dataset.map_batches`.

    import outcrop
    import outcrop.ray
    from ray.data import ActorPoolStrategy

    router = outcrop.CrossRegion("us.amazon.nova-lite-v1:0", sources=["us-east-1", "us-west-2"], residency="us")
    answered = dataset.map_batches(
        outcrop.ray.Converse,
        fn_constructor_kwargs={"client": router, "prompt": "question", "id": "id"},
        compute=ActorPoolStrategy(size=8),
        batch_size=256,
    )

Each actor calls asynchronously and has its own pace; `limits` is one for all of them. A row in is a row out, with what
it cost and where it was answered, or with its error.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from outcrop._engines import calls
from outcrop._engines.installed import package
from outcrop._engines.quotas import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcrop._engines.leases import Lender
    from outcrop._engines.quotas import Amount, Granted, Limits
    from outcrop._engines.running import Running

__all__ = ["Converse", "InvokeModel"]

NAMESPACE = "outcrop"
"""Where the actor that lends of the quotas is named."""


class _Keeper:
    """The ledger as an actor. It ends when nobody has asked for long."""

    IDLE = 300.0

    def __init__(self, limits: Limits) -> None:
        self._ledger = Ledger(limits["quotas"], limits.get("share", 1.0))
        self._asked = True
        self._watching: asyncio.Task[None] | None = None

    async def lease(
        self,
        holder: str,
        wants: Mapping[str, Amount],
        back: Mapping[str, Amount],
        met: Mapping[str, tuple[int, int]],
        held: Mapping[str, float],
    ) -> Granted:
        self._asked = True
        if self._watching is None:
            self._watching = asyncio.ensure_future(self._end_when_idle())
        return self._ledger.lease(holder, wants, back, met, held)

    async def _end_when_idle(self) -> None:
        while self._asked:
            self._asked = False
            await asyncio.sleep(self.IDLE)
        package("ray", "ray").actor.exit_actor()


class _Named:
    """Asks the actor that has the name, and makes it where there is none.

    Args:
        name: Its name.
        limits: What it lends of.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._actor: Any = None

    async def lease(self, *asked: Any) -> Granted:
        """As `Ledger.lease`.

        Raises:
            Exception: The actor cannot be asked; it is looked for again next time.
        """
        if self._actor is None:
            self._actor = await asyncio.to_thread(self._found)
        try:
            return await self._actor.lease.remote(*asked)
        except BaseException:
            self._actor = None
            raise

    def _found(self) -> Any:
        ray = package("ray", "ray")
        # It outlives the actor that happens to need it first, and starts again where its node is lost.
        options = {
            "name": self._name,
            "namespace": NAMESPACE,
            "get_if_exists": True,
            "lifetime": "detached",
            "num_cpus": 0,
            "max_restarts": -1,
            "max_concurrency": 1000,
        }
        return ray.remote(_Keeper).options(**options).remote(self._limits)


class _RayCalls(calls.Calls):
    _running: tuple[asyncio.AbstractEventLoop, asyncio.Task[Running]] | None = None

    def _take(self, **arguments: Any) -> None:
        package("ray", "ray")
        super()._take(**arguments)

    def _lender(self, client: Any) -> Lender | None:
        limits = self._options.limits
        return None if limits is None else _Named(self._options.limit_name(client), limits)

    async def __call__(self, batch: Any) -> Any:
        """Answer a batch.

        Args:
            batch: In any of Ray's formats.

        Returns:
            The same rows in the same order, with more columns.
        """
        loop = asyncio.get_running_loop()
        if self._running is None or self._running[0] is not loop:
            self._running = loop, asyncio.ensure_future(self._open())
        try:
            running = await asyncio.shield(self._running[1])
        except Exception:
            # Such as credentials that could not be had: the next batch tries again.
            self._running = None
            raise
        return await running.widen(batch)


class Converse(_RayCalls, calls.Converse):
    """Answers rows by Converse."""


class InvokeModel(_RayCalls, calls.InvokeModel):
    """Answers rows by InvokeModel."""


for _cls in (Converse, InvokeModel):
    calls.documented(_cls)
