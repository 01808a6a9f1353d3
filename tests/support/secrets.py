"""A secret that must be nowhere, and all places where an error could have it."""

from __future__ import annotations

import contextlib
import pickle
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "MARKERzz9"
"""Part of every prompt, key, token, header and password."""


def _family(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it came from."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]


def told(error: BaseException) -> str:
    """Everything that an error tells: texts, notes, attributes, its pickle, and the same of what it came from."""
    parts: list[Any] = []
    for each in _family(error):
        parts += [str(each), repr(each), getattr(each, "__notes__", ""), vars(each), each.args]
        parts += traceback.format_exception_only(type(each), each)
        with contextlib.suppress(TypeError, AttributeError, pickle.PicklingError):
            parts.append(pickle.dumps(each))
    return "\n".join(map(str, parts))
