"""Work in a forked child."""

from __future__ import annotations

import os
import signal
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable


def forking(test: Any) -> Any:
    """Of a test that forks a process with threads, which Python warns about from 3.12 on."""
    quiet = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
    return pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")(quiet(test))


def in_child(work: Callable[[], object]) -> bool:
    """Run `work` in a forked child; whether it gave something true. The child never returns into the tests."""
    child = os.fork()
    if child == 0:
        status = 2
        try:
            signal.alarm(int(PATIENCE))
            status = 0 if work() else 1
        except BaseException:  # noqa: BLE001  -- whatever it is, it must not go on as a second run of the tests
            # The test's own streams may be locked by a thread that is not here.
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
