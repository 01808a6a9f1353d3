"""`outcrop.CrossRegion`: a client that knows where data goes, and survives a Region that fails."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any

from outcrop._clients import AsyncClient, Client
from outcrop._methods import add_methods
from outcrop.cross_region._base import TABLE, Routed
from outcrop.cross_region._calls import asynchronous, blocking

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator

    from outcrop._batch import AsyncBatch, Batch
    from outcrop.cross_region.planning import Plan


_ARGUMENTS = """

    Args:
        model: A model's id, a profile's id, or an ARN, of an application profile too. Several are tried in their order:
            the next where the one before has no target left that may be called now, under the same residency, deadline
            and budget. A call that names one by `modelId` begins there.
        adapt: Writes a request for a next model: `adapt(request, model)` gets a copy of the arguments, with that model
            as `modelId`, and gives those to send, as they are, or None where the request is not for it. It is called
            for each call and next model, on the caller's thread or in its task. Without it, a request that carries what
            a next model is known to refuse passes it over; `ResponseMetadata["CrossRegion"]["PassedOver"]` says why.
        affinity: What keeps a conversation at the target that answered it last, for as long as the prompt cache keeps
            its beginning: 5 minutes from each call on, or an hour where a cache point asks for it. `"prefix"` tells
            conversations apart by the system prompt, the tools and the first message of the user; a function by the
            key that it gives: `affinity(method, arguments)` gets such as `"converse"` and the call's arguments, on the
            caller's thread or in its task, and gives a text, or None for a call that is of no conversation. A
            `prompt_cache_key` of OpenAI's APIs is a key, too. A conversation stays also when a target that is preferred
            has recovered, moves when its own fails, and never goes where the call may not;
            `ResponseMetadata["CrossRegion"]["Affinity"]` tells. Default: none, the first healthy target is called.
        sources: The source Regions, the preferred first: whose endpoints are called. One may be an `outcrop.Source`,
            which is a Region and the account of a session, with a weight if calls are to be shared out. Default: the
            ARN's, or the session's.
        geographies: In the order of preference, such as `["us", "global"]`; `direct` is the model itself in the source
            Region. Default: the profile's own, or `direct` for a model. `global` is used only when it is named.
        residency: The Regions that data may reach: names, jurisdictions such as `eu`, or a function from a name to
            whether it may, asked anew for each call, on its thread or in its task. Default: no limit.
        projects: The project that calls go in, by source Region, since a project is of one: an id or an ARN. Where
            several accounts are called in a Region, each `outcrop.Source` has its own. A source without one is refused
            then, and so are application profiles, which go in no project.
        retention: The modes of data retention that sources may have, such as `"none"`, read from the project's and the
            account's settings. A source whose mode cannot be read, or is a model's own default, is refused.
        breaker: When a target is left alone; see `outcrop.cross_region.Breaker`.
        hedge: When a second target is asked beside the first; see `outcrop.cross_region.Hedge`. Default: never.
        limits: How much a target is given to do; see `outcrop.cross_region.Limits`. Default: no limit.
        retry_budget: The tokens that all retries share: one takes 14, or 5 after throttling, and success gives back.
            Going on from a target without room to a healthy one that the call has not been to takes none.
        repeat_read_timeouts: Whether a call that was sent and not answered in time may be sent once more. It was
            probably paid for, so it is not by default.
        failover_on_denied: Whether a target that a policy denies (`explicit deny`) is passed over for the next.
        endpoint_urls: Endpoints of single source Regions, such as those of a VPC. One of AWS's that names another
            Region is refused.
        catalogue: `auto`, `live` or `snapshot`; see `outcrop.profiles`.
        max_age: Seconds for which AWS's lists are kept.
        shared: Whether breakers and limits are those of all routers of this process with the same account and
            options. Accounts are told apart by settings and environment, and functions as `credentials=` by identity;
            where one gives several accounts' keys, each account has breakers, limits and a retry budget of its own.
        on_change: Called with a `BreakerChange` when a breaker opens or closes; such changes are logged, too. What it
            raises is logged; where an event loop runs, it is called on a thread of the loop's executor.
        clock: A clock for tests.
        session: The session whose credentials and settings are used.
        **connection: In place of a session, its arguments. `timeouts["total"]` is the deadline of a call over all
            attempts and targets, `retries["max_attempts"]` bounds the attempts: by default 3, or one for each target.
            `cache`, an `outcrop.Cache`, may come beside a session, too: it gives an answer of any target that is
            allowed.

    Raises:
        ValueError: An argument cannot be.
        TypeError: An argument has the wrong type.
"""


class CrossRegion(Routed, Client):
    """A blocking client of one model through several source Regions, to be shared freely between threads.

    The first healthy target gets every call, since prompt caches are per Region. After throttling, a server's error or
    a failed connection a call goes on to the next; never after an error that is the caller's, and not once a part of a
    stream was handed out. `response["ResponseMetadata"]["CrossRegion"]` tells what was done, on errors too.
    """

    _table = TABLE
    _service = "bedrock-runtime"

    def plan(self) -> Plan:
        """Every target with its destinations, allowed or refused and why. Nothing is sent to a model.

        Returns:
            The plan, a table; it is in force from now on.

        Raises:
            CatalogueUnavailableError: AWS's lists were insisted on and cannot be had.
        """
        self._look()
        return self._known.plan()

    def batch(self, operation_name: str, requests: Iterable[dict[str, Any]], **arguments: Any) -> Batch:
        """Call for many requests, many at a time, through the targets; see `Client.batch`.

        Args:
            operation_name: boto3's name of an operation with whole answers.
            requests: Dicts of keyword arguments; `modelId` may be left out.
            **arguments: Those of `Client.batch`.

        Returns:
            Pairs of a request's number and its answer or error.
        """
        self._prepare()
        return super().batch(operation_name, self._named(requests), **arguments)

    def _named(self, requests: Iterable[Any]) -> Iterator[Any]:
        for request in requests:
            yield self._next(request)

    def _prepare(self) -> None:
        if monotonic() >= self._known.fresh_until:
            self._refresh(self._patience)
            self._known.require()


class AsyncCrossRegion(Routed, AsyncClient):
    """An asynchronous client of one model through several source Regions, bound to no event loop.

    It does what `CrossRegion` does. Cancelling a task ends its request.
    """

    _table = TABLE
    _service = "bedrock-runtime"

    _looking: asyncio.Future[None] | None = None

    async def plan(self) -> Plan:
        """Every target with its destinations, allowed or refused and why. Nothing is sent to a model.

        Returns:
            The plan, a table; it is in force from now on.

        Raises:
            CatalogueUnavailableError: AWS's lists were insisted on and cannot be had.
        """
        await asyncio.to_thread(self._look)
        return self._known.plan()

    def batch(
        self,
        operation_name: str,
        requests: Iterable[dict[str, Any]] | AsyncIterable[dict[str, Any]],
        **arguments: Any,
    ) -> AsyncBatch:
        """Call for many requests, many at a time, through the targets; see `AsyncClient.batch`.

        Args:
            operation_name: boto3's name of an operation with whole answers.
            requests: Dicts of keyword arguments; `modelId` may be left out.
            **arguments: Those of `AsyncClient.batch`.

        Returns:
            Pairs of a request's number and its answer or error.
        """
        return super().batch(operation_name, self._named(requests), **arguments)

    async def _named(self, requests: Any) -> AsyncIterator[Any]:
        await self._prepare()
        if hasattr(requests, "__aiter__"):
            async for request in requests:
                yield self._next(request)
            return
        for request in requests:
            yield self._next(request)

    async def _prepare(self) -> None:
        if monotonic() < self._known.fresh_until:
            return
        # The first call of a loop looks at the catalogue; those beside it wait for what it finds.
        looking = self._looking
        if looking is None or looking.done() or looking.get_loop() is not asyncio.get_running_loop():
            looking = self._looking = asyncio.ensure_future(asyncio.to_thread(self._refresh, self._patience))
        await asyncio.shield(looking)
        self._known.require()


CrossRegion.other_kind, AsyncCrossRegion.other_kind = AsyncCrossRegion, CrossRegion
_EXAMPLES = {
    CrossRegion: """
    Example:
        >>> router = CrossRegion("us.amazon.nova-lite-v1:0", sources=["us-east-1", "us-west-2"], residency="us")
        >>> answer = router.converse(messages=[{"role": "user", "content": [{"text": "Name a rock."}]}])
        >>> answer["ResponseMetadata"]["CrossRegion"]["Target"]["SourceRegion"]
        'us-east-1'
    """,
    AsyncCrossRegion: """
    Example:
        >>> import asyncio
        >>> router = AsyncCrossRegion("us.amazon.nova-lite-v1:0", sources=["us-east-1", "us-west-2"], residency="us")
        >>> call = router.converse(messages=[{"role": "user", "content": [{"text": "Name a rock."}]}])
        >>> asyncio.run(call)["ResponseMetadata"]["CrossRegion"]["Target"]["SourceRegion"]
        'us-east-1'
    """,
}
for _cls, _make in ((CrossRegion, blocking), (AsyncCrossRegion, asynchronous)):
    add_methods(_cls, _make, TABLE.operations, routed=True)
    _cls.__doc__ = f"{(_cls.__doc__ or '').rstrip()}{_ARGUMENTS}{_EXAMPLES[_cls]}"
