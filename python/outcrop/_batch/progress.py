"""A progress bar, by tqdm."""

from __future__ import annotations

import contextlib
from typing import Any


class Progress:
    """Counts what has been given back, and the errors among it.

    Args:
        total: How many there will be, where that is known.
        unit: What is counted.

    Raises:
        ImportError: tqdm is not installed.
    """

    def __init__(self, total: int | None, unit: str = "call") -> None:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            raise ImportError("progress=True shows tqdm's bar: pip install 'outcrop[progress]'") from None
        self._bar: Any = tqdm(total=total, unit=unit, dynamic_ncols=True)
        self._errors = 0

    def step(self, *, failed: bool) -> None:
        """One more. A bar that cannot be shown any more, such as on a closed stream, costs no result."""
        if failed:
            self._errors += 1
        with contextlib.suppress(Exception):
            if failed:
                self._bar.set_postfix(errors=self._errors, refresh=False)
            self._bar.update()

    def stand(self, done: int, failed: int) -> None:
        """So many until now, and so many errors among them."""
        with contextlib.suppress(Exception):
            if failed:
                self._bar.set_postfix(errors=failed, refresh=False)
            self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Leave the bar as it stands."""
        with contextlib.suppress(Exception):
            self._bar.close()
