"""A batch for `async for`: calls as tasks of the running loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterable
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from outcrop._batch import options
from outcrop._streams import AsyncStreamingBody

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable

    from typing_extensions import Self

    from outcrop._batch.schedule import Schedule, Start

Result = TypeVar("Result")
"""An answer; or an answer or an error."""


class AsyncBatch(Generic[Result]):
    """The results of many requests, for one `async for`: pairs of a request's number and its answer or error.

    Args:
        client: The client that calls.
        name: boto3's name of the operation.
        requests: Dicts of keyword arguments; an asynchronous iterable is awaited while calls go on.
        **arguments: As `AsyncClient.batch` takes them.
    """

    def __init__(
        self,
        client: Any,
        name: str,
        requests: Iterable[dict[str, Any]] | AsyncIterable[dict[str, Any]],
        **arguments: Any,
    ) -> None:
        options.operation_of(client, name)
        self._operation = name
        schedule = options.schedule(client, name, requests, AsyncStreamingBody, **arguments)
        self._standing = schedule.standing
        source = requests.__aiter__() if isinstance(requests, AsyncIterable) else _Now(requests)
        self._work = _Work(getattr(client, name), source, schedule)
        # A generator of this object would keep it alive, and with it the calls, when the loop over it is left.
        self._results = self._work.results()

    def __repr__(self) -> str:
        """The operation, and how it is read."""
        return f"<AsyncBatch of {self._operation}: async for number, answer in it, once>"

    def _repr_html_(self) -> str:
        """How far it is."""
        return self._standing(f"{type(self).__name__} of {self._operation}").to_html()

    def __aiter__(self) -> AsyncIterator[tuple[int, Result]]:
        """The results that have not been taken."""
        return self._results

    async def __aenter__(self) -> Self:
        """The batch itself."""
        return self

    async def __aexit__(self, *error: object) -> None:
        """End what is under way."""
        await self.aclose()

    async def aclose(self) -> None:
        """End what is under way, or wait for it (`on_stop`); what has arrived is in the journal."""
        await self._results.aclose()
        await self._work.end()


class _Work:
    """What a batch does; it knows nothing of the batch."""

    def __init__(self, method: Callable[..., Any], requests: AsyncIterator[Any] | _Now, schedule: Schedule) -> None:
        self._method = method
        self._requests = requests
        self._schedule = schedule
        self._tasks: dict[asyncio.Task[Any], int] = {}
        self._reading: asyncio.Task[Any] | None = None
        self._ended: deque[asyncio.Task[Any]] = deque()
        self._woken: asyncio.Future[None] | None = None

    async def results(self) -> AsyncGenerator[tuple[int, Any], None]:
        schedule = self._schedule
        try:
            while True:
                self._start_what_may()
                self._collect()
                for each in schedule.ready():
                    yield each
                if schedule.done:
                    return
                if self._reading is None and schedule.wants_request():
                    # What was started gets its turn.
                    await asyncio.sleep(0)
                    continue
                await self._wait()
        finally:
            await self.end()

    def _start_what_may(self) -> None:
        """Starts what was put back, and requests: for a moment at most, since results may wait to be given back."""
        schedule = self._schedule
        while (start := schedule.put_back()) is not None:
            self._start(start)
        # The loop has more to do than to wait for the source, such as to send what was started.
        until = monotonic() + schedule.GRACE
        while self._reading is None and schedule.wants_request() and monotonic() < until:
            if isinstance(self._requests, _Now):
                self._read(self._requests.take)
            else:
                self._reading = asyncio.ensure_future(_next(self._requests))
                self._reading.add_done_callback(self._note)

    def _admit(self, request: Any) -> None:
        start = self._schedule.admit(request)
        if start is not None:
            self._start(start)

    def _start(self, start: Start) -> None:
        try:
            call = self._method(**start.request)
        except Exception as error:  # noqa: BLE001  -- a name that no argument can have is that request's result
            self._schedule.refuse(start.number, error)
            return
        task = asyncio.ensure_future(call)
        self._tasks[task] = start.number
        task.add_done_callback(self._note)

    def _note(self, task: asyncio.Task[Any]) -> None:
        # `asyncio.wait` would look at every task under way for each one that ends.
        self._ended.append(task)
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)

    async def _wait(self) -> None:
        """Until a call has ended, a request has come or a pause is over."""
        pause = self._schedule.pause(reading=self._reading is not None)
        if not self._ended:
            self._woken = asyncio.get_running_loop().create_future()
            try:
                await asyncio.wait_for(self._woken, pause)
            except asyncio.TimeoutError:
                return
            finally:
                self._woken = None
        self._collect()

    def _collect(self) -> None:
        """Takes what has ended."""
        while self._ended:
            task = self._ended.popleft()
            if task is self._reading:
                self._reading = None
                self._read(task.result)
            elif task in self._tasks:
                number = self._tasks.pop(task)
                error = asyncio.CancelledError() if task.cancelled() else task.exception()
                self._schedule.finish(number, task.result() if error is None else error)

    def _read(self, request: Callable[[], Any]) -> None:
        try:
            read = request()
            if read is not _END:
                self._admit(read)
                return
        except Exception as error:  # noqa: BLE001  -- the program's own, raised when what is under way has ended
            self._schedule.fail(error)
        self._schedule.exhausted = True

    async def end(self) -> None:
        reading, self._reading = self._reading, None
        tasks, self._tasks = self._tasks, {}
        try:
            if tasks and self._schedule.finishes_when_left:
                await asyncio.wait(tasks)
        finally:
            left = [*tasks, *([reading] if reading else [])]
            for task in left:
                task.cancel()
            try:
                if left:
                    await asyncio.gather(*left, return_exceptions=True)
            finally:
                # Who is cancelled once more does not wait for them, and what has arrived was paid for.
                arrived = [task for task in tasks if task.done() and not task.cancelled() and task.exception() is None]
                try:
                    for task in arrived:
                        self._schedule.keep(tasks[task], task.result())
                finally:
                    self._schedule.close()


_END: Any = object()


class _Now:
    """Requests that are there without waiting."""

    def __init__(self, requests: Any) -> None:
        self._iterator = iter(requests)

    def take(self) -> Any:
        return next(self._iterator, _END)


async def _next(requests: AsyncIterator[Any]) -> Any:
    return await anext(requests, _END)
