"""What happens natively, as records of Python's `logging`: loggers `outcrop.client` and `outcrop.connection`.

The native side looks at the level of the logger `outcrop` when a call begins, and hands over what passed it when the
call has ended, all at once. To see it, `logging.getLogger("outcrop").setLevel("DEBUG")`. No record holds anything of a
prompt, an answer, or a credential.
"""

from __future__ import annotations

import atexit
import logging
from typing import TYPE_CHECKING

from outcrop import _native

if TYPE_CHECKING:
    from collections.abc import Iterable

# A program's last call may end without another one after it.
atexit.register(_native.deliver_logs)


def emit(lines: Iterable[tuple[str, int, str, float]]) -> None:
    """Makes records of lines, for whoever listens.

    Args:
        lines: The logger's name below `outcrop`, the level, the text, and when it was, in seconds since 1970.
    """
    for name, level, text, seconds in lines:
        logger = logging.getLogger(f"outcrop.{name}")
        if logger.isEnabledFor(level):
            record = logger.makeRecord(logger.name, level, "outcrop", 0, text, (), None, "")
            record.created = seconds
            record.msecs = seconds % 1 * 1000
            logger.handle(record)
