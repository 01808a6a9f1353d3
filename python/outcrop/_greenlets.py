"""Blocking calls under gevent: each waits on a thread of its own, so that the other greenlets go on."""

from __future__ import annotations

import sys
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from outcrop import _native

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from typing_extensions import Self

#: As many as call at a time. gevent's own pool has ten, and looks up names with them.
THREADS = 1000

#: The threads of each hub, which belong to a thread as an event loop does.
_pools: MutableMapping[Any, Any] = WeakKeyDictionary()


def patched() -> bool:
    """Whether gevent has taken the place of threads in this program, which it does before anything else."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and monkey.is_module_patched("threading")


def away(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function on another thread, in the caller's context, while other greenlets run.

    Args:
        function: What blocks.
        *arguments: What it takes.

    Returns:
        What it gives; what it raises is raised here.
    """
    from gevent import get_hub
    from gevent.threadpool import ThreadPool

    hub = get_hub()
    pool: Any = _pools.get(hub)
    if pool is None:
        pool = _pools[hub] = ThreadPool(THREADS, hub=hub)
    answer, error = pool.apply(copy_context().run, (_outcome, function, arguments))
    if error is None:
        return answer
    try:
        raise error
    finally:
        # The error's traceback leads here.
        del error


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, BaseException | None]:
    """What a function gives, or raises: gevent would print an error that leaves its thread."""
    try:
        return function(*arguments), None
    except BaseException as error:  # noqa: BLE001  -- it is raised again, where the caller waits
        return None, error


class Client:
    """A native client whose calls and streams wait on other threads.

    Args:
        native: The native client.
    """

    def __init__(self, native: _native.Client) -> None:
        self.native = native

    def __getattr__(self, name: str) -> Any:
        """All that does not wait."""
        return getattr(self.native, name)

    def call(self, *arguments: Any, **others: Any) -> dict[str, Any]:
        """Make a call and wait for its answer."""
        response = away(partial(self.native.call, **others), *arguments)
        for member, value in response.items():
            if isinstance(value, _native.EventIterator):
                response[member] = Events(value)
        return response

    def calls(self) -> Calls:
        """Many calls under way at once."""
        return Calls(_native.Calls(self.native))


class Events:
    """The events of an answer, each waited for on another thread. A greenlet that is killed meanwhile ends the request.

    Args:
        events: The native iterator.
    """

    def __init__(self, events: _native.EventIterator) -> None:
        self._events = events
        self._closed = False

    def close(self) -> None:
        """End the request; what has not been read is gone."""
        self._closed = True
        self._events.close()

    def __iter__(self) -> Self:
        """The events that have not been read."""
        return self

    def __next__(self) -> dict[str, Any]:
        """The next event."""
        if self._closed:
            raise StopIteration
        try:
            event = away(next, self._events, None)
        except BaseException:
            self.close()
            raise
        if event is None:
            raise StopIteration
        return event


class Calls:
    """`_native.Calls` whose results are waited for on another thread.

    Args:
        calls: The native calls.
    """

    def __init__(self, calls: _native.Calls) -> None:
        self._calls = calls
        self.start = calls.start
        self.close = calls.close

    def take(self, timeout: float | None = None) -> tuple[int, Any] | None:
        """Wait for the next call that ends."""
        return away(self._calls.take, timeout)
