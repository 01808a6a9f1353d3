"""Faults and scripts: what happens to chosen calls instead of the usual."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from outcrop import _values
from outcrop.emulator import _arguments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Self

    from outcrop import _native

FaultKind = Literal[
    "throttling",
    "error",
    "latency",
    "stall",
    "exception",
    "cut_frame",
    "bad_checksum",
    "reset",
    "drop",
    "truncate",
]

StopReason = Literal["end_turn", "tool_use", "max_tokens", "stop_sequence", "guardrail_intervened"]

# Longer than any time-out: a pause that only the caller ends.
_ENDLESS = 30 * 24 * 3600.0

# Which options each kind takes beside those that choose the calls.
_OPTIONS: dict[str, set[str]] = {
    "throttling": {"message"},
    "error": {"code", "message", "members"},
    "latency": {"seconds"},
    "stall": {"seconds", "after_events"},
    "exception": {"code", "message", "after_events"},
    "cut_frame": {"after_events"},
    "bad_checksum": {"after_events"},
    "reset": {"after_events"},
    "drop": set(),
    "truncate": {"byte_count"},
}

_CHECKS = {
    "code": _values.text,
    "message": _values.text,
    "seconds": _arguments.span,
    "after_events": _arguments.count,
    "byte_count": _arguments.count,
}

_NEEDED = {"error": {"code"}, "latency": {"seconds"}}
_EXAMPLES = {"code": "code='ModelTimeoutException'", "seconds": "seconds=0.5"}
# What the native side calls a kind, and what it is given for options that are left out.
_USUAL: dict[str, dict[str, Any]] = {
    "throttling": {"kind": "error", "code": "ThrottlingException"},
    "latency": {"kind": "latency", "seconds": _ENDLESS},
    "stall": {"kind": "stall", "seconds": _ENDLESS},
    "exception": {"kind": "exception_frame", "code": "ModelStreamErrorException", "after_events": 1},
    "cut_frame": {"kind": "cut_frame", "after_events": 1},
    "bad_checksum": {"kind": "bad_checksum", "after_events": 1},
}


class Rule:
    """A fault or script in force. It is a context manager: leaving it takes the rule away."""

    def __init__(self, native: _native.Emulator, number: int, description: str) -> None:
        self._native = native
        self._description = description
        self.number = number
        """What `JournalEntry.rule` shows."""

    @property
    def hits(self) -> int:
        """How many calls it has stepped in at; 0 once it is removed."""
        return self._native.rule_hits(self.number)

    def remove(self) -> None:
        """Takes it out of force; it is no error if it is out already."""
        self._native.remove_rule(self.number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def __repr__(self) -> str:
        return f"<Rule {self.number}: {self._description}>"


def add(
    native: _native.Emulator, when: Mapping[str, str | None], effects: Sequence[Mapping[str, Any]], times: int | None
) -> Rule:
    """Puts a rule in force."""
    if times is not None and (times := _arguments.count("times", times, least=-_arguments.MOST)) < 1:
        raise ValueError(f"times must be at least 1, got {times}: leave it out for all calls")
    chosen = {name: _values.text(name, value) for name, value in when.items() if value is not None}
    rule = {"when": chosen, "effects": list(effects), "times": times}
    number = native.add_rule(json.dumps(rule, default=_base64))
    kinds = " and ".join(str(effect["kind"]) for effect in effects)
    where = ", ".join(f"{name}={value!r}" for name, value in chosen.items()) or "all calls"
    return Rule(native, number, f"{kinds} for {where}")


def _base64(value: object) -> str:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    msg = f"a script takes what JSON has, and bytes, not {type(value).__name__}"
    raise TypeError(msg)


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    if len(event) != 1 or not all(isinstance(payload, Mapping) for payload in event.values()):
        msg = 'an event has one name and its members, such as {"messageStop": {"stopReason": "end_turn"}}'
        raise ValueError(msg)
    return dict(event)


def fault_effect(kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """One effect out of a fault's kind and options, those that are `None` being left out."""
    given = {name: value for name, value in options.items() if value is not None}
    if kind not in _OPTIONS:
        msg = f"unknown kind of fault {_values.shown(kind)}: use {', '.join(_OPTIONS)}"
        raise ValueError(msg)
    if unfit := sorted(set(given) - _OPTIONS[kind]):
        allowed = ", ".join(sorted(_OPTIONS[kind])) or "no option"
        msg = f"a fault of the kind {_values.shown(kind)} takes {allowed}, not {_values.shown(unfit[0])}"
        raise ValueError(msg)
    if needed := sorted(_NEEDED.get(kind, set()) - set(given)):
        msg = f"a fault of the kind {_values.shown(kind)} needs {needed[0]}, such as {_EXAMPLES[needed[0]]}"
        raise ValueError(msg)
    for name, check in _CHECKS.items():
        if name in given:
            given[name] = check(name, given[name])
    if kind == "stall" and "after_events" not in given:
        kind = "latency"
    if kind == "truncate":
        given = {"bytes": given.get("byte_count")}
    return {**_USUAL.get(kind, {"kind": kind}), **given}


def _replies(
    reply: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None,
    stream: Sequence[str] | None,
    events: Sequence[Mapping[str, Any]] | None,
    stop_reason: StopReason | None,
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if isinstance(reply, str):
        found.append({"content": [{"text": reply}]})
    elif reply is not None:
        found.append({"content": [reply] if isinstance(reply, Mapping) else list(reply)})
    if stream is not None:
        found.append({"chunks": list(stream)})
    if stop_reason is not None:
        if not found:
            msg = "stop_reason goes with reply or stream: events say it themselves, and an error has none"
            raise ValueError(msg)
        found[0]["stop_reason"] = stop_reason
    if events is not None:
        found.append({"events": [_event(event) for event in events]})
    return [{"kind": "reply", **members} for members in found]


def script_effects(
    reply: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None,
    stream: Sequence[str] | None,
    error: str | tuple[str, str] | None,
    delay: float | None,
    *,
    events: Sequence[Mapping[str, Any]] | None,
    stop_reason: StopReason | None,
    drop: bool,
) -> list[dict[str, Any]]:
    """The effects of a script."""
    if sum([reply is not None, stream is not None, events is not None, error is not None, drop]) > 1:
        msg = "a script has one of reply, stream, events, error and drop"
        raise ValueError(msg)
    effects = _replies(reply, stream, events, stop_reason)
    if error is not None:
        code, message = error if isinstance(error, tuple) else (error, None)
        effects.append({"kind": "error", "code": code, "message": message})
    if drop:
        effects.append({"kind": "drop"})
    if delay is not None:
        effects.insert(0, {"kind": "latency", "seconds": _arguments.span("delay", delay)})
    if not effects:
        msg = "a script needs one of reply, stream, events, error, drop and delay"
        raise ValueError(msg)
    return effects
