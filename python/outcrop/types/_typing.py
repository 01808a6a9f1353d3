"""What `typing` has in newer interpreters only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import NotRequired, TypedDict
elif sys.version_info >= (3, 12):
    from typing import NotRequired, TypedDict
else:
    try:
        # pydantic wants this one on older interpreters.
        from typing_extensions import NotRequired, TypedDict
    except ImportError:  # outcrop needs no package: what these say is for checkers
        from typing import Optional as NotRequired
        from typing import TypedDict

__all__ = ["NotRequired", "TypedDict"]
