"""Who a session speaks for, as far as its settings tell: what two tenants of a process must not share goes by this."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import threading
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEUTRAL = frozenset(
    {
        "region_name",
        "timeouts",
        "retries",
        "max_pool_connections",
        "pool_idle_timeout",
        "http_version",
        "parameter_validation",
        "unknown_members",
        "cache",
    }
)
"""Settings that say how is called, not who calls. All others count, those to come as well."""

_NEUTRAL_VARIABLES = frozenset({"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"})


def principal(given: Mapping[str, Any]) -> str:
    """A short name for whoever calls with these settings in this environment; holds no secret in the clear.

    Args:
        given: A session's settings.
    """
    settings = {name: _value(value) for name, value in given.items() if name not in _NEUTRAL}
    # Keys, profiles, roles, tokens and where they are read from, and the home folder that holds the usual files.
    variables = {
        name: value
        for name, value in os.environ.items()
        if name == "HOME" or (name.startswith("AWS_") and name not in _NEUTRAL_VARIABLES)
    }
    text = json.dumps([settings, variables], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _value(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, dict):
        return {str(name): _value(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_value(each) for each in value]
    return _number(value)


_counter = itertools.count(1)
_numbers: dict[int, tuple[int, Any]] = {}
"""By the object's address, which is another's once it has gone: so each entry goes with its object."""
_lock = threading.Lock()


def _number(thing: Any) -> Any:
    """A number that no other object ever gets."""
    # A bound method is made anew each time it is looked up.
    if (owner := getattr(thing, "__self__", None)) is not None and hasattr(thing, "__func__"):
        return [_number(owner), _number(thing.__func__)]
    address = id(thing)
    with _lock:
        if address in _numbers:
            return _numbers[address][0]
        number = next(_counter)
        try:
            kept = weakref.ref(thing, lambda _: _numbers.pop(address, None))
        except TypeError:
            # What cannot be watched is kept, so that its address stays its own.
            kept = thing
        _numbers[address] = number, kept
        return number


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603  -- a thread that held it in the parent is not there to let go of it
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)
