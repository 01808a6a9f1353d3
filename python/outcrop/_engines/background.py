"""An event loop of the process's own, for engines whose workers have none."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator
    from concurrent.futures import Future

    from outcrop._engines.running import Running

AHEAD = 4
"""So many batches are under way while the first is awaited: its last row holds nothing up."""


class _Background:
    def __init__(self) -> None:
        self.process = os.getpid()
        self.loop = asyncio.new_event_loop()
        self.running: dict[str, asyncio.Task[Running]] = {}
        self._thread = threading.Thread(target=self.loop.run_forever, name="outcrop-engines", daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def stop(self) -> None:
        """End what is under way."""
        if self.process != os.getpid() or self.loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(5.0)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5.0)
        if not self._thread.is_alive():
            self.loop.close()

    async def _end(self) -> None:
        for opened in self.running.values():
            if opened.done() and opened.exception() is None:
                await opened.result().close()
        self.running.clear()


_lock = threading.Lock()
_here: _Background | None = None
_of_parents: list[_Background] = []
"""Kept: closing its loop would unregister what the parent's waits for."""


def _background() -> _Background:
    global _here  # noqa: PLW0603  -- one for a process, and another for its child
    with _lock:
        if _here is not None and _here.process != os.getpid():
            _of_parents.append(_here)
            _here = None
        if _here is None:
            _here = _Background()
        return _here


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603  -- a thread that is not in the child may have held it
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_lock)


def stop() -> None:
    """End the loop of this process and what it has open; the next batch opens it again."""
    global _here
    with _lock:
        here, _here = _here, None
    if here is not None:
        atexit.unregister(here.stop)
        here.stop()


def submit(number: str, opening: Callable[[], Coroutine[Any, Any, Running]], batch: Any) -> Future[Any]:
    """Widen a batch on the process's loop.

    Args:
        number: Which callable it is for: the copies of one share what is opened.
        opening: Opens it.
        batch: The batch.
    """
    here = _background()

    async def widened() -> Any:
        opened = here.running.get(number)
        if opened is None or (opened.done() and (opened.cancelled() or opened.exception() is not None)):
            opened = here.running[number] = asyncio.ensure_future(opening())
        return await (await asyncio.shield(opened)).widen(batch)

    return asyncio.run_coroutine_threadsafe(widened(), here.loop)


def stream(batches: Iterable[Any], start: Callable[[Any], Future[Any]]) -> Iterator[Any]:
    """Batches as they come, answered in their order, several at a time.

    Args:
        batches: What comes in.
        start: Starts one.
    """
    under_way: deque[Future[Any]] = deque()
    try:
        for batch in batches:
            under_way.append(start(batch))
            if len(under_way) >= AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        for future in under_way:
            future.cancel()
