"""What this process knows of source Regions, kept for a time and fetched once for all who ask."""

from __future__ import annotations

import math
import os
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from outcrop import _values, exceptions
from outcrop._principal import principal
from outcrop._siblings import dressed
from outcrop.cross_region._facts import RegionFacts, of_snapshot
from outcrop.cross_region._listing import Listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from outcrop._session import Session
    from outcrop._settings import Timeouts
    from outcrop.cross_region.sources import Placed

Source = Literal["auto", "live", "snapshot"]

MAX_AGE = 3600.0
"""Seconds for which AWS's answer is taken as it is; after that it is refreshed behind the scenes."""

AGAIN = 60.0
"""Seconds after which lists that could not be had are asked for again."""
SOON = 1.0
"""Seconds after which those that are under way are looked for again."""

_LIST_TIMEOUTS: Timeouts = {"connect": 3.1, "first_byte": 10.0, "total": 15.0}
_KEPT = 128
"""Lists of Regions that are kept; a Region's lists of one account take some tens of kilobytes."""


@dataclass
class _Entry:
    facts: RegionFacts | None = None
    fetched: float = 0.0
    under_way: Listing | None = None
    asked: float = 0.0

    def fresh_for(self, max_age: float) -> float:
        """For how many seconds they are taken as they are."""
        if self.facts is None:
            return 0.0
        return (min(max_age, AGAIN) if self.facts.note else max_age) - (time.monotonic() - self.fetched)


_Key = tuple[str, str, bool, str]
"""Whose lists they are, the Region, whether with tags, and the project."""

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


def scope(session: Session) -> str:
    """Whose account a session speaks for, as far as its settings tell; holds no secret in the clear."""
    return principal(session._given)  # noqa: SLF001  -- the package's own


def checked_age(value: Any) -> float:
    """A `max_age`.

    Raises:
        TypeError: It is no number.
        ValueError: It is negative, or none at all.
    """
    found = _values.number("max_age", value, "a number of seconds")
    if not found >= 0:
        raise ValueError(f"max_age must be 0 seconds or more, not {_values.shown(found)}")
    return found


def facts(
    sources: Iterable[Placed],
    *,
    source: Source,
    max_age: float,
    tags: bool = False,
    patience: float | None = None,
) -> list[RegionFacts]:
    """What is known of source Regions. Their lists are fetched at the same time, and once for all who ask.

    Args:
        sources: The sources: each account is asked for its own lists.
        source: Whether AWS's lists are insisted on, or not asked for at all.
        max_age: Seconds for which they are taken as they are.
        tags: Whether to fetch the tags of application profiles.
        patience: For how many seconds a caller waits who knows nothing yet; the bundled facts serve until the lists are
            there. `None` waits for what AWS says in any case.

    Raises:
        CatalogueUnavailableError: `source` is `live` and a Region's lists cannot be had.
    """
    max_age = checked_age(max_age)
    if source == "snapshot":
        return [_whose(placed, of_snapshot(placed.region, "as asked for")) for placed in sources]
    until = None if patience is None or source == "live" else time.monotonic() + patience
    waits = until is None
    keyed = [(placed, _key(placed, tags=tags)) for placed in sources]
    asked = [(*it, _known_or_asked(it[0].session, it[1], max_age, waits=waits)) for it in keyed]
    found = [
        _whose(placed, known if isinstance(known, RegionFacts) else _settled(key, known, until))
        for placed, key, known in asked
    ]
    missing = [known.note for known in found if not known.live]
    if source == "live" and missing:
        way_out = 'allow bedrock:ListInferenceProfiles and bedrock:ListFoundationModels, or take catalogue="auto"'
        raise dressed(exceptions.CatalogueUnavailableError)(reason=f"{'; '.join(missing)}; {way_out}")
    return found


def _whose(placed: Placed, found: RegionFacts) -> RegionFacts:
    """What is known, with the account as far as the keys told it; a function may give another's each time."""
    return replace(found, account=placed.account or (None if placed.asked else found.account), label=placed.label)


def _key(placed: Placed, *, tags: bool = False) -> _Key:
    return scope(placed.session), placed.region, tags, placed.in_project or ""


def fresh_for(sources: Iterable[Placed], *, source: Source, max_age: float) -> float:
    """For how many seconds what is known of these sources is taken as it is."""
    if source == "snapshot":
        return max_age
    keys = [_key(placed) for placed in sources]
    with _lock:
        entries = [_entries.get(key) or _Entry() for key in keys]
        return max(SOON, min(SOON if entry.under_way else entry.fresh_for(max_age) for entry in entries))


def _known_or_asked(session: Session, key: _Key, max_age: float, *, waits: bool) -> RegionFacts | Listing:
    with _lock:
        entry = _entries.setdefault(key, _Entry())
        entry.asked = time.monotonic()
        _let_go()
        if entry.under_way is not None and (ready := entry.under_way.poll()) is not None:
            _keep(entry, entry.under_way, ready)
        under_way = entry.under_way
        if entry.fresh_for(max_age) <= 0 and under_way is None:
            try:
                under_way = entry.under_way = _asked(session, key)
            except ValueError as error:
                # Such as an endpoint of another Region's.
                _keep(entry, None, of_snapshot(key[1], f"because its lists cannot be asked for: {error}"))
        # What is old serves while it is refreshed; for those who wait, only if it came from AWS.
        if entry.facts is not None and (under_way is None or entry.facts.live or not waits):
            return entry.facts
        if under_way is None:
            raise AssertionError("an entry has facts, or somebody fetches them")
        return under_way


def _let_go() -> None:
    """Forget what nobody has asked for the longest, where there is too much: an account that comes back asks anew."""
    if len(_entries) <= _KEPT:
        return
    idle = sorted((entry.asked, key) for key, entry in _entries.items() if entry.under_way is None)
    for _, key in idle[: len(_entries) - _KEPT]:
        del _entries[key]


def _asked(session: Session, key: _Key) -> Listing:
    return Listing(asking(session, key[1]), tags=key[2], project=key[3] or None)


def asking(session: Session, region: str) -> Any:
    """A client that asks a Region's control plane, and does not wait for it long."""
    return session.client("bedrock", region_name=region, timeouts=_LIST_TIMEOUTS, retries={"max_attempts": 2})


def _settled(key: _Key, listing: Listing, until: float | None) -> RegionFacts:
    found = listing.wait(until)
    with _lock:
        entry = _entries.setdefault(key, _Entry())
        if found is not None:
            _keep(entry, listing, found)
        if entry.facts is None:
            # The listing stays under way, and is taken once it has arrived.
            entry.facts, entry.fetched = of_snapshot(key[1], "since AWS's lists have not come yet"), -math.inf
        return entry.facts


def _keep(entry: _Entry, listing: Listing | None, found: RegionFacts) -> None:
    entry.facts = found if entry.facts is None else entry.facts.with_newer(found)
    # Somebody may have waited for it so long that the next is under way.
    if entry.under_way is listing:
        entry.under_way = None
        entry.fetched = time.monotonic()
