"""Batch jobs for `async for`."""

from __future__ import annotations

import asyncio
import inspect
from itertools import islice
from typing import TYPE_CHECKING, Any

from outcrop._batch.progress import Progress
from outcrop._jobs.arguments import ARGUMENTS, Shared, checked_poll
from outcrop._jobs.blocking import BatchJobs
from outcrop._jobs.driving import Pause
from outcrop._jobs.outputs import Rest

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator

    from typing_extensions import Self

    from outcrop._jobs.checks import Checks
    from outcrop._jobs.plans import JobsPlan
    from outcrop._jobs.status import JobsStatus

_AT_ONCE = 256
"""Results that are read by a thread before the loop takes them."""


class AsyncBatchJobs(Shared):
    """What `BatchJobs` is, for an event loop. S3 clients block, so each step runs on a thread of the loop's executor.

    Cancelling a task ends its waiting; the jobs go on.
    """

    @property
    def _jobs(self) -> BatchJobs:
        """The blocking form of the same."""
        twin = object.__new__(BatchJobs)
        twin.__dict__ = self.__dict__
        return twin

    async def plan(self, requests: Iterable[Any] | AsyncIterable[Any]) -> JobsPlan:
        """What `submit` would do; see `BatchJobs.plan`.

        Args:
            requests: As for `submit`.

        Returns:
            The plan.
        """
        if not hasattr(requests, "__aiter__"):
            return await asyncio.to_thread(self._jobs.plan, requests)  # pyright: ignore[reportArgumentType]
        return await self._read(requests, lambda reading: self._driver().plan(reading))

    async def submit(self, requests: Iterable[Any] | AsyncIterable[Any] | Rest | None = None) -> JobsPlan:
        """Divide requests into jobs, upload them and make jobs; see `BatchJobs.submit`.

        Args:
            requests: As for `BatchJobs.submit`, and asynchronous iterables, too.

        Returns:
            The plan of what was submitted last.
        """
        if isinstance(requests, Rest) or not hasattr(requests, "__aiter__"):
            return await asyncio.to_thread(self._jobs.submit, requests)  # pyright: ignore[reportArgumentType]
        return await self._read(requests, self._jobs._submitted)  # noqa: SLF001  -- its twin

    async def _read(self, requests: Any, then: Callable[[Any], JobsPlan]) -> JobsPlan:
        reading = self._reading()
        try:
            async for request in requests:
                reading.add(request)
            return await asyncio.to_thread(then, reading)
        finally:
            reading.close()

    async def results(
        self, *, poll: float = 60.0, pause: Callable[[float], object] = asyncio.sleep, progress: bool = False
    ) -> AsyncIterator[tuple[str, Any]]:
        """The results of each job as soon as it has ended; see `BatchJobs.results`.

        Args:
            poll: Seconds between two looks at the jobs.
            pause: What waits for so long; what it gives is awaited where it can be.
            progress: Show tqdm's bar, by Bedrock's counts (`pip install 'outcrop[progress]'`).

        Yields:
            Pairs of a record id and its answer or error.
        """
        poll = checked_poll(poll)
        driver = await asyncio.to_thread(self._driver)
        bar = Progress(driver.standing()[0] or None, "record") if progress else None
        events: Iterator[Any] = driver.events(poll)
        try:
            while found := await asyncio.to_thread(_some, events):
                if bar is not None:
                    bar.stand(*driver.standing()[1:])
                for event in found:
                    if not isinstance(event, Pause):
                        yield event
                    elif inspect.isawaitable(waiting := pause(event.seconds)):
                        await waiting
        finally:
            if bar is not None:
                bar.stand(*driver.standing()[1:])
                bar.close()

    async def rest(self, *, failed: bool = True) -> Rest:
        """The requests that have no answer; see `BatchJobs.rest`.

        Args:
            failed: Whether those that ended with an error are among them.

        Returns:
            The requests, for `async for` and for `for`.
        """
        return await asyncio.to_thread(lambda: self._jobs.rest(failed=failed))

    async def status(self) -> JobsStatus:
        """How each job fares now; see `BatchJobs.status`.

        Returns:
            A table.
        """
        return await asyncio.to_thread(self._jobs.status)

    async def check(self) -> Checks:
        """What lacks that jobs need; see `BatchJobs.check`.

        Returns:
            A table with a verdict in each row.
        """
        return await asyncio.to_thread(self._jobs.check)

    async def policies(self) -> dict[str, Any]:
        """The policies that jobs need; see `BatchJobs.policies`.

        Returns:
            The documents by name.
        """
        return await asyncio.to_thread(self._jobs.policies)

    async def stop(self) -> int:
        """Stop the jobs that are under way, and make no more; see `BatchJobs.stop`.

        Returns:
            How many were stopped.
        """
        return await asyncio.to_thread(self._jobs.stop)

    async def close(self) -> None:
        """Close the journal; the jobs go on."""
        self._close()

    async def __aenter__(self) -> Self:
        """The jobs themselves."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """Close the journal, and stop the jobs if an exception comes and that was asked for."""
        await asyncio.to_thread(self._jobs.__exit__, kind, *error)


def _some(events: Iterator[Any]) -> list[Any]:
    """The next results, up to a pause."""
    found: list[Any] = []
    for event in islice(events, _AT_ONCE):
        found.append(event)
        if isinstance(event, Pause):
            break
    return found


_EXAMPLE = """
    Example:
        >>> import asyncio
        >>> from outcrop import AsyncBatchJobs, AsyncCrossRegion
        >>> router = AsyncCrossRegion("us.amazon.nova-lite-v1:0", sources=["us-east-1", "us-west-2"], residency="us")
        >>> jobs = AsyncBatchJobs(
        ...     router,
        ...     role_arn="arn:aws:iam::123456789012:role/batch",
        ...     storage=bedrock.objects,
        ...     buckets={"us-west-2": "s3://rocks-west/in"},
        ...     name="minerals",
        ... )
        >>> async def main():
        ...     requests = [{"messages": [{"role": "user", "content": [{"text": f"{n}?"}]}]} for n in range(100)]
        ...     await jobs.submit(requests)
        ...     return {it: answer async for it, answer in jobs.results(pause=bedrock.clock.advance)}
        >>> len(asyncio.run(main()))
        100
    """
AsyncBatchJobs.__doc__ = f"{(AsyncBatchJobs.__doc__ or '').rstrip()}{ARGUMENTS}{_EXAMPLE}"
