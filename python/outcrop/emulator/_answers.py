"""One answer of a script: which calls it is for, and what they are told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop.emulator import _loopback, _rules, _usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcrop.emulator._loopback import Asked

_OPTIONS = {"reply", "stream", "events", "stop_reason", "error", "delay", "drop", "usage"}
_GEOGRAPHY = re.compile(r"^[a-z-]+\.(?=[a-z0-9-]+\.)")


class Answer:
    """An answer that was written down. `hits` counts the calls that it was given to."""

    def __init__(self, number: int, when: Mapping[str, str | None], options: dict[str, Any], times: int) -> None:
        if times < 1:
            raise ValueError(f"times must be at least 1, got {times}")
        operation = when["operation"]
        if operation is not None and operation not in _loopback.OPERATIONS.values():
            known = ", ".join(_loopback.OPERATIONS.values())
            shown = _values.shown(operation)
            raise ValueError(f"a script answers {known}, not {shown}: use bedrock.fault for other operations")
        self.number = number
        """Which one it is, from 1."""
        self.times = times
        """How many calls it is for."""
        self.rules: set[int] = set()
        """What `JournalEntry.rule` shows for those calls."""
        self._when = {name: value for name, value in when.items() if value is not None}
        self._given = options
        if not callable(options.get("reply")):
            _check(options)
        elif others := sorted(set(options) - {"reply"}):
            raise ValueError(f"a function says all of it: give {others[0]} in the dict that it gives back")

    @property
    def hits(self) -> int:
        """How many calls it was given to."""
        return len(self.rules)

    def fits(self, asked: Asked) -> bool:
        """Whether a call is to be given it."""
        if self.hits >= self.times:
            return False
        events = self._given.get("events") is not None and asked.operation != "ConverseStream"
        return not events and all(_MATCHES[name](wanted, asked) for name, wanted in self._when.items())

    def options(self, asked: Asked) -> dict[str, Any]:
        """What the call is told, in the words of `Emulator.script` and `usage`.

        Raises:
            TypeError: A function gave back what is no answer.
        """
        function = self._given.get("reply")
        if not callable(function):
            return dict(self._given)
        made = function(asked)
        if isinstance(made, dict) and set(made) and set(made) <= _OPTIONS:
            _check(made)
            return dict(made)
        if not isinstance(made, (str, dict, list, tuple)) or not made:
            kind = type(made).__name__
            raise TypeError(f"a script's function gives back a text, blocks or a dict of reply's arguments, not {kind}")
        return {"reply": made}

    def left(self) -> str:
        """How often it was asked for, in words."""
        return f"answer {self.number} was asked for {self.hits} times of {self.times}: {self}"

    def __repr__(self) -> str:
        """What it is for, and of what kind; not what it says."""
        kind = "a function" if callable(self._given.get("reply")) else " and ".join(sorted(self._given))
        where = ", ".join(f"{name}={value!r}" for name, value in self._when.items()) or "any call"
        return f"<Answer {self.number}: {kind} for {where}>"


def _check(options: Mapping[str, Any]) -> None:
    """Says at once what would only fail when a call comes.

    Raises:
        TypeError: An argument that there is not.
        ValueError: Nothing is to happen, or things that exclude each other.
    """
    if unknown := sorted(set(options) - _OPTIONS):
        raise TypeError(f"a script's answer has no {_values.shown(unknown[0])}: use {', '.join(sorted(_OPTIONS))}")
    given: dict[str, Any] = {"drop": False, **options}
    usage = given.pop("usage", None)
    if usage is not None:
        _usage.check(usage)
        if not (given.get("reply") or given.get("stream")):
            raise ValueError("usage goes with reply or stream: events say it themselves, and an error has none")
    _rules.script_effects(
        given.get("reply"),
        given.get("stream"),
        given.get("error"),
        given.get("delay"),
        events=given.get("events"),
        stop_reason=given.get("stop_reason"),
        drop=given["drop"],
    )


def _model(wanted: str, asked: Asked) -> bool:
    """By what the caller named: the id or ARN, and the model that a profile's id names."""
    name = asked.model_id or ""
    last = name.rpartition("/")[2]
    pattern = re.compile(".*".join(re.escape(part) for part in wanted.split("*")))
    return any(pattern.fullmatch(known) for known in (name, last, _GEOGRAPHY.sub("", last)))


_MATCHES = {
    "text": lambda wanted, asked: wanted.lower() in asked.text.lower(),
    "model": _model,
    "region": lambda wanted, asked: asked.region == wanted,
    "operation": lambda wanted, asked: asked.operation == wanted,
}
