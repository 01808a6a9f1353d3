"""The options of a router: checked here, and laid out for the native half."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from outcrop import _values
from outcrop._names import refuse_unknown
from outcrop.cross_region._quotas import Wish

if TYPE_CHECKING:
    from collections.abc import Mapping


class Breaker(TypedDict, total=False):
    """When a target is left alone, and for how long. Times are in seconds."""

    window: float
    """How far back calls count. Default 10."""
    minimum_calls: int
    """Fewer calls than this in the window say nothing about rates. Default 10."""
    error_rate: float
    """The share of failed calls from which on the target is left alone. Default 0.5."""
    throttle_rate: float
    """The share of throttled calls from which on it is left alone. Default 0.9: room for some is worth a try."""
    slow_rate: float
    """The share of slow calls from which on it is left alone. Default 1."""
    slow_after: float
    """From which time to the first event on a call is slow. Default: none is."""
    consecutive_failures: int
    """So many failures in a row are enough, however few the calls. Default 5."""
    open_for: float
    """How long it is left alone the first time; twice as long each further time, give or take a fifth. Default 5."""
    open_at_most: float
    """The longest of these. Default 30."""
    open_long: float
    """How long after its daily quota is used up, or a policy denied it. Default 3600."""
    probes: int
    """How many calls try it when its time is over; so many must succeed. Default 2."""


class Hedge(TypedDict, total=False):
    """A second target for a stream whose first event is late; the first answer wins, the other call is cancelled.

    Whole answers (Converse, InvokeModel, CountTokens) are not hedged: they have no first token, and by the time one is
    late, both would be paid.
    """

    after: float
    """How late, in seconds. Required."""
    share: float
    """At most this share of all calls. Default 0.05: each hedge may be paid twice."""


class Limits(TypedDict, total=False):
    """How much each target is given to do at once."""

    concurrency: int | Literal["adaptive"]
    """Calls under way: a number, or one that adapts to throttling. Default: no limit."""
    tokens_per_minute: int | Literal["quota"] | tuple[Literal["quota"], int]
    """The quota of a profile in a source Region: input and `maxTokens` are reserved, and settled at a call's end.
    `"quota"` is read from Service Quotas, with boto3; a number beside it is taken where that is not known."""
    requests_per_minute: int | Literal["quota"] | tuple[Literal["quota"], int]
    """The same for requests, each of which counts, those that were throttled too."""
    share: float
    """The part of both that is this process's, such as `1 / 16` for one of sixteen workers; with `shared`, the part of
    all processes that share. Default 1."""
    shared: str | os.PathLike[str]
    """A file on a local disk by which all processes that name it spend both together, made where there is none; it is
    for its owner alone. `concurrency` stays each process's own."""
    burndown_rate: float
    """How many tokens of that quota one token of an answer takes. Default: what AWS documents for the model, which is
    5, 10 or 15 for Claude and 1 for most others."""
    longest_wait: float
    """How many seconds a call waits for room before it is shed with `OverloadedError`. Default 60."""


_LONGEST_WAIT = 60.0
_WHOLE = (
    "minimum_calls",
    "consecutive_failures",
    "probes",
    "concurrency",
    "tokens_per_minute",
    "requests_per_minute",
)
_BY_QUOTA = ("tokens_per_minute", "requests_per_minute")
_QUOTA = "quota"
_SHARES = ("error_rate", "throttle_rate", "slow_rate", "share")


def native(
    *,
    breaker: Breaker | None,
    hedge: Hedge | None,
    limits: Limits | None,
    retries: Mapping[str, Any],
    timeouts: Mapping[str, Any],
    **flat: Any,
) -> dict[str, Any]:
    """The options in the flat form that the native half takes.

    Raises:
        TypeError: A value has the wrong type.
        ValueError: A name is unknown, or a value cannot be.
    """
    options = dict(flat)
    options |= _checked("breaker", breaker, Breaker)
    hedged = _checked("hedge", hedge, Hedge)
    if hedge is not None and "after" not in hedged:
        raise ValueError('hedge needs "after", the seconds after which a second target is asked')
    options |= {f"hedge_{name}": value for name, value in hedged.items()}
    limited = _limited(limits)
    if limited.get("concurrency") == "adaptive":
        limited["concurrency"] = 0
    options |= limited
    options["max_attempts"] = retries.get("max_attempts", retries.get("total_max_attempts"))
    options["total"] = timeouts.get("total")
    return options


def wish(limits: Limits | None) -> Wish | None:
    """What is to be read from Service Quotas, if anything is.

    Args:
        limits: As they were given, and checked by `native`.
    """
    given = {name.removesuffix("_per_minute"): _by_quota((limits or {}).get(name)) for name in _BY_QUOTA}
    numbers = {kind: number for kind, (reads, number) in given.items() if reads}
    return Wish(numbers, (limits or {}).get("share", 1.0)) if numbers else None


def _by_quota(value: Any) -> tuple[bool, Any]:
    """Whether a quota is read, and the number to take where it is not."""
    if value == _QUOTA:
        return True, None
    if isinstance(value, (tuple, list)) and len(value) == 2 and value[0] == _QUOTA:  # noqa: PLR2004  -- a pair
        return True, value[1]
    return False, value


def _limited(limits: Limits | None) -> dict[str, Any]:
    given: Any = limits
    if isinstance(limits, dict):
        numbers = {name: _by_quota(value)[1] if name in _BY_QUOTA else value for name, value in limits.items()}
        given = {name: value for name, value in numbers.items() if name not in _BY_QUOTA or value is not None}
    limited = _checked("limits", given, Limits)
    reads = {name for name in _BY_QUOTA if isinstance(limits, dict) and _by_quota(limits.get(name))[0]}
    share, shared = limited.pop("share", None), limited.pop("shared", None)
    if not reads and not any(name in limited for name in _BY_QUOTA):
        for name, value, does in (("share", share, "divides"), ("shared", shared, "names who spend")):
            if value is not None:
                raise ValueError(
                    f"{name} {does} tokens_per_minute and requests_per_minute, and neither is given: name one, or "
                    "leave it out"
                )
    for name in _BY_QUOTA:
        if name in limited:
            limited[name] = max(1, int(limited[name] * (share or 1.0)))
    if "tokens_per_minute" in reads:
        limited["reads_tokens"] = True
    if shared is not None:
        limited["shared_limits"] = shared
    if limited or reads:
        limited.setdefault("longest_wait", _LONGEST_WAIT)
    return limited


def settled(limits: Limits | None) -> Limits | None:
    """The same limits wherever and in whichever folder they are used: a file by its absolute path."""
    if not isinstance(limits, dict) or "shared" not in limits:
        return limits
    return {**limits, "shared": shared_file(limits["shared"])}


def shared_file(path: Any) -> str:
    """The absolute path of the file in `limits["shared"]`.

    Raises:
        TypeError: It is no path.
        ValueError: It is empty, or cannot be one.
    """
    name = 'limits["shared"]'
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else path
    if not isinstance(text, str):
        raise TypeError(f"{name} must be a path, of a file that all processes share, not {type(path).__name__}")
    if not text:
        raise ValueError(f"{name} must not be empty: name a file that all processes share, or leave it out")
    return str(_values.path(name, _values.text(name, text)).absolute())


def _checked(what: str, given: Any, kind: Any) -> dict[str, Any]:
    if given is None:
        return {}
    names = kind.__annotations__
    if not isinstance(given, dict):
        raise TypeError(f"{what} must be a dict with keys from {', '.join(names)}, not {type(given).__name__}")
    refuse_unknown(given, names, f"key of {what}", ValueError)
    checked: dict[str, Any] = {}
    for key, value in given.items():
        name = _values.plain(key)
        if name == "concurrency" and value == "adaptive":
            checked[name] = value
            continue
        if name == "shared":
            checked[name] = shared_file(value)
            continue
        checked[name] = _number(f'{what}["{name}"]', value, share=name in _SHARES, whole=name in _WHOLE)
    return checked


def _number(name: str, value: Any, *, share: bool, whole: bool) -> float:
    found = _values.whole(name, value) if whole else _values.number(name, value)
    if not 0 < found < _values.MOST_SECONDS:
        raise ValueError(f"{name} must be more than 0, not {_values.shown(found)}")
    if share and found > 1:
        raise ValueError(f"{name} is a share of calls, so at most 1, not {_values.shown(found)}")
    return found
