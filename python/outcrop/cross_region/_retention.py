"""The modes of data retention of source Regions, as AWS says them, kept for a time and asked for once for all."""

from __future__ import annotations

import itertools
import math
import os
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from outcrop.cross_region import _store
from outcrop.cross_region._arriving import Arriving
from outcrop.cross_region.terms import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcrop._session import Session

    Asked = tuple[Session, str, str | None]
    """Who asks, the source Region, and the project of its calls."""
    _Key = tuple[str, str, str]

_numbers = itertools.count(1)
"""What was asked for later is newer, whenever it comes."""

_ACCOUNT, _PROJECT = range(2)
_NOT_SET = ("default", "inherit")
_OWN_DEFAULT = "which is the model's own default"


class Reading(Arriving[Mode]):
    """The mode of one source Region, under way or done.

    Args:
        client: A client of the service `bedrock` in the source Region.
        project: The project of its calls, if not the default one.
    """

    def __init__(self, client: Any, project: str | None) -> None:
        self._region = client.meta.region_name
        self._number = next(_numbers)
        self._modes: dict[int, Any] = {}
        asked: dict[int, tuple[str, dict[str, Any]]] = {_ACCOUNT: ("GetAccountDataRetention", {})}
        if project is not None:
            asked[_PROJECT] = ("GetProject", {"projectIdentifier": project})
        self._asked = asked
        super().__init__(client, asked)

    def _arrived(self, number: int, result: dict[str, Any]) -> None:
        found = result if number == _ACCOUNT else result.get("dataRetention")
        self._modes[number] = found.get("mode") if isinstance(found, dict) else None

    def _found(self) -> Mode:
        scopes: list[tuple[int, Literal["project", "account"]]] = [(_PROJECT, "project"), (_ACCOUNT, "account")]
        # The project's mode counts before the account's, so what cannot be read there makes the rest unknown.
        for number, scope in scopes:
            if number not in self._asked:
                continue
            operation = self._asked[number][0]
            if number in self._failed:
                return Mode(self._region, why=f"because {operation} failed: {self._failed[number]}")
            mode = self._modes[number]
            if not isinstance(mode, str) or not mode:
                return Mode(self._region, why=f"because {operation} told no mode")
            # A project's "default" is the model's own policy, whatever the account's is.
            if mode == "default":
                break
            if mode not in _NOT_SET:
                return Mode(self._region, mode, scope, number=self._number)
        return Mode(self._region, why=_OWN_DEFAULT, number=self._number)


@dataclass
class _Entry:
    mode: Mode | None = None
    fetched: float = -math.inf
    under_way: Reading | None = None

    def fresh_for(self, max_age: float) -> float:
        if self.mode is None:
            return 0.0
        failed = self.mode.number == 0 or self.mode.why not in ("", _OWN_DEFAULT)
        return (min(max_age, _store.AGAIN) if failed else max_age) - (time.monotonic() - self.fetched)


_entries: dict[_Key, _Entry] = {}
_lock = threading.Lock()


def forget() -> None:
    """Forget all that was fetched: the next question asks AWS."""
    with _lock:
        _entries.clear()


def _begin_anew() -> None:
    """In a child, which cannot take what its parent asked for, nor wait for a lock that a thread of it held."""
    global _lock  # noqa: PLW0603  -- a lock cannot be let go by another thread
    _lock = threading.Lock()
    _entries.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def modes(asked: Sequence[Asked], *, source: _store.Source, max_age: float, anew: bool = False) -> list[Mode]:
    """The modes of source Regions, all asked at the same time. What AWS said serves while it is asked again.

    Args:
        asked: The sources.
        source: `snapshot` asks nobody, so nothing is known.
        max_age: Seconds for which an answer is taken as it is.
        anew: Whether they are asked now, however young the last answer is, as for a plan.
    """
    if source == "snapshot":
        return [Mode(region, why='since catalogue="snapshot" asks nobody') for _, region, _ in asked]
    under_way = [
        (key, _known_or_asked(key, it, 0.0 if anew else max_age, waits=anew)) for it in asked for key in [_key(it)]
    ]
    return [known if isinstance(known, Mode) else _settled(key, known) for key, known in under_way]


def fresh_for(asked: Sequence[Asked], *, source: _store.Source, max_age: float) -> float:
    """For how many seconds the modes of these sources are taken as they are."""
    if source == "snapshot":
        return max_age
    keys = [_key(it) for it in asked]
    with _lock:
        entries = [_entries.get(key) or _Entry() for key in keys]
        return max(_store.SOON, min(_store.SOON if it.under_way else it.fresh_for(max_age) for it in entries))


def _key(asked: Asked) -> _Key:
    session, region, project = asked
    return _store.scope(session), region, project or ""


def _known_or_asked(key: _Key, asked: Asked, max_age: float, *, waits: bool) -> Mode | Reading:
    session, region, project = asked
    with _lock:
        entry = _entries.setdefault(key, _Entry())
        if entry.under_way is not None and (ready := entry.under_way.poll()) is not None:
            _keep(entry, entry.under_way, ready)
        under_way = entry.under_way
        if entry.fresh_for(max_age) <= 0 and under_way is None:
            try:
                under_way = entry.under_way = Reading(_store.asking(session, region), project)
            except ValueError as error:
                # Such as an endpoint of another Region's.
                _keep(entry, None, Mode(region, why=f"because it cannot be asked for: {error}"))
        if entry.mode is not None and (under_way is None or (entry.mode.number and not waits)):
            return entry.mode
        if under_way is None:
            raise AssertionError("an entry has a mode, or somebody asks for it")
        return under_way


def _settled(key: _Key, reading: Reading) -> Mode:
    found = reading.wait()
    if found is None:
        raise AssertionError("whoever waits without end has an answer")
    with _lock:
        return _keep(_entries.setdefault(key, _Entry()), reading, found)


def _keep(entry: _Entry, reading: Reading | None, found: Mode) -> Mode:
    known = entry.mode
    if known is not None and known.number > found.number:
        # What AWS said stays in force, with a word on why it could not be had anew.
        found = known if found.number else replace(known, why=f"as AWS said before; now {found.why}")
    entry.mode = found
    if entry.under_way is reading:
        entry.under_way = None
        entry.fetched = time.monotonic()
    return found
