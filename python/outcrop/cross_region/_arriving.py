"""Answers of a control plane that arrive behind Python and are taken later, by whoever asks first."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from outcrop import _credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

Found = TypeVar("Found")


class Arriving(Generic[Found]):
    """Calls under way, and what they come to.

    Args:
        client: A client of the service `bedrock`.
        asked: What is asked for: by number its operation and arguments.
    """

    def __init__(self, client: Any, asked: Mapping[int, tuple[str, dict[str, Any]]]) -> None:
        self._calls = _credentials.calls(client._native)  # noqa: SLF001  -- the package's own
        self._waiting: set[int] = set()
        self._failed: dict[int, Exception] = {}
        self._lock = threading.Lock()
        for number, (operation, arguments) in asked.items():
            self._start(number, operation, arguments)

    def wait(self, until: float | None = None) -> Found | None:
        """What the answers say, as far as they could be had.

        Args:
            until: The moment, by `time.monotonic`, after which it is `None` instead.
        """

        def left() -> float | None:
            return None if until is None else max(0.0, until - monotonic())

        patience = left()
        # Whoever comes first takes what arrives; the others find it done.
        if not self._lock.acquire(timeout=-1 if patience is None else patience):
            return None
        try:
            while self._waiting:
                if not self._take(left()):
                    return None
        finally:
            self._lock.release()
        return self._found()

    def poll(self) -> Found | None:
        """The same if all of it has arrived."""
        with self._lock:
            while self._waiting and self._take(0.0):
                pass
            return None if self._waiting else self._found()

    def _take(self, timeout: float | None) -> bool:
        taken = self._calls.take(timeout)
        if taken is None:
            return False
        number, result = taken
        self._waiting.discard(number)
        if isinstance(result, Exception):
            self._failed[number] = result
        else:
            self._arrived(number, result)
        return True

    def _start(self, number: int, operation: str, arguments: dict[str, Any]) -> None:
        self._waiting.add(number)
        self._calls.start(number, operation, arguments)

    def _arrived(self, number: int, result: dict[str, Any]) -> None:
        raise NotImplementedError

    def _found(self) -> Found:
        raise NotImplementedError
