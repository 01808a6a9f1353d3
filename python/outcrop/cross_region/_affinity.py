"""What keeps the calls of a conversation at one target: `affinity=` of a router."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal

from outcrop import _values
from outcrop._apis.paths import OPERATION, WRITES
from outcrop._methods import snake
from outcrop.cross_region._bringing import refuse_awaitable

Key = Callable[[str, dict[str, Any]], str | None]
"""Names the conversation of a call, by the name of the method and the arguments of the call."""
Affinity = Literal["prefix"] | Key

_KINDS = 'affinity must be "prefix", or a function that is given a method and its arguments and gives a key'


def checked(affinity: Any) -> Affinity | None:
    """What the user said.

    Raises:
        TypeError: It is neither a name nor a function, or a function that is to be awaited.
        ValueError: It is another name.
    """
    if affinity is None:
        return None
    if isinstance(affinity, str):
        if affinity != "prefix":
            raise ValueError(f"{_KINDS}, not {_values.shown(affinity)}")
        return "prefix"
    given = affinity
    if not callable(affinity):
        raise TypeError(f"{_KINDS}, not {type(affinity).__name__}")
    if getattr(getattr(affinity, "__code__", None), "co_flags", 0) & _AWAITED:
        raise TypeError("affinity must answer at once, and a function that is to be awaited does not")
    return given


#: `inspect.CO_COROUTINE` and `CO_ASYNC_GENERATOR`
_AWAITED = 0x80 | 0x200


class Keys:
    """Asks a function for the conversation of each call.

    Args:
        key: The function, asked on the caller's thread or in its task.
    """

    def __init__(self, key: Key) -> None:
        self._key = key

    def __call__(self, operation: str, arguments: dict[str, Any]) -> str | None:
        """The key of a call's conversation.

        Raises:
            TypeError: The function gave neither a str nor None.
        """
        asked = _asked(arguments) if operation == OPERATION else (snake(operation), arguments)
        if asked is None:
            return None
        found = self._key(*asked)
        if found is None:
            return None
        if not isinstance(found, str):
            refuse_awaitable(found)
            how = "at once, with" if hasattr(type(found), "__await__") else "with"
            raise TypeError(
                f"affinity must answer {how} a str, the key of the conversation, or with None where there is none, not "
                f"{type(found).__name__}"
            )
        return _values.text("the key that affinity gave", found) or None


def _asked(arguments: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """A request of OpenAI's or Anthropic's clients: what it does, and what its body says."""
    name = WRITES.get(arguments["target"].partition("?")[0])
    if name is None:
        return None
    try:
        body = json.loads(arguments["body"])
    except ValueError:
        return None  # the core says what is wrong with it
    return (name, body) if isinstance(body, dict) else None
