"""Waiting for what another thread brings about, such as the emulator's."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 1200.0
"""Seconds for which a test waits for what is sure to come: only a hang comes near, however busy the machine is."""


async def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Lets the loop run until something holds."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "it did not come about"
        await asyncio.sleep(0.005)


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """The same on a thread without a loop."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.005)
