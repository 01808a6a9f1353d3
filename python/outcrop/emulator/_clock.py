"""The emulator's time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from outcrop import _values

if TYPE_CHECKING:
    from outcrop import _native


class Clock:
    """What capacity windows, life cycles and caches go by. It runs with the machine's clock until it is moved or held.

    Signatures are judged by the machine's clock, and latencies and pauses take real time, whatever this clock says.
    """

    def __init__(self, native: _native.Emulator) -> None:
        self._native = native

    def now(self) -> datetime:
        """The present moment on this clock, in UTC."""
        return datetime.fromtimestamp(self._native.now(), tz=timezone.utc)

    def advance(self, step: float | timedelta) -> None:
        """Moves the clock on.

        Args:
            step: Seconds, or a `timedelta`; not negative.

        Raises:
            ValueError: `step` is negative, or leads beyond the year 9999.
        """
        seconds = step.total_seconds() if isinstance(step, timedelta) else step
        self._native.advance_clock(_values.number("the step of the clock", seconds, "a number of seconds"))

    def hold(self, moment: datetime | None = None) -> None:
        """Stops the clock.

        Args:
            moment: Where it shall stand, in whole seconds; where it stands now if left out.

        Raises:
            ValueError: `moment` lies before 1970.
        """
        seconds = None if moment is None else int(moment.timestamp())
        if seconds is not None and seconds < 0:
            raise ValueError(f"the clock goes no further back than 1970, and {moment} lies before it")
        self._native.hold_clock(seconds)

    def release(self) -> None:
        """Lets the clock run with the machine's again, from the machine's present time."""
        self._native.release_clock()
