"""A clock for tests: breakers, back-offs and deadlines go by it."""

from __future__ import annotations

from outcrop import _native


class HeldClock:
    """A clock that stands still until it is moved. A router that goes by it makes its pauses at once, moving it on.

    Example:
        >>> clock = HeldClock()
        >>> clock.advance(60)
    """

    def __init__(self) -> None:
        self._native = _native.HeldClock()

    def advance(self, seconds: float) -> None:
        """Move it on.

        Args:
            seconds: By how much.

        Raises:
            ValueError: They are negative.
        """
        self._native.advance(seconds)
