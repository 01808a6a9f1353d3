"""What this process knows of source Regions, kept for a time and fetched once for all who ask."""

from __future__ import annotations

import math
import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from outcrop import _errors, _values, exceptions
from outcrop._principal import principal
from outcrop.cross_region._facts import RegionFacts, of_snapshot
from outcrop.cross_region._listing import Listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from outcrop import Session

Source = Literal["auto", "live", "snapshot"]

MAX_AGE = 3600.0
"""Seconds for which AWS's answer is taken as it is; after that it is refreshed behind the scenes."""

_LIST_TIMEOUTS = {"connect": 3.1, "first_byte": 10.0, "total": 15.0}
_KEPT = 128
"""Lists of Regions that are kept; a Region's lists of one account take some tens of kilobytes."""


@dataclass
class _Entry:
    facts: RegionFacts | None = None
    fetched: float = 0.0
    under_way: Listing | None = None
    asked: float = 0.0


_entries: dict[tuple[str, str, bool], _Entry] = {}
_lock = threading.Lock()


def forget() -> None:
    """Forget all that was fetched: the next question asks AWS."""
    with _lock:
        _entries.clear()


# A child cannot take what its parent asked for.
os.register_at_fork(after_in_child=forget)


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
        raise ValueError(f"max_age must be 0 seconds or more, not {found!r}")
    return found


def facts(
    session: Session,
    regions: Iterable[str],
    *,
    source: Source,
    max_age: float,
    tags: bool = False,
    patience: float | None = None,
) -> list[RegionFacts]:
    """What is known of source Regions. Their lists are fetched at the same time, and once for all who ask.

    Args:
        session: Who asks.
        regions: The source Regions.
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
        return [of_snapshot(region, "as asked for") for region in regions]
    whose = scope(session)
    until = None if patience is None or source == "live" else time.monotonic() + patience
    waits = until is None
    asked = [(region, _known_or_asked(session, (whose, region, tags), max_age, waits=waits)) for region in regions]
    found = [
        known if isinstance(known, RegionFacts) else _settled((whose, region, tags), known, until)
        for region, known in asked
    ]
    missing = [known.note for known in found if known.note]
    if source == "live" and missing:
        way_out = 'allow bedrock:ListInferenceProfiles and bedrock:ListFoundationModels, or take catalogue="auto"'
        raise _errors.dressed(exceptions.CatalogueUnavailableError)(reason=f"{'; '.join(missing)}; {way_out}")
    return found


def refreshing(session: Session, regions: Iterable[str]) -> bool:
    """Whether what is known of one of these Regions is old, and on its way anew."""
    whose = scope(session)
    with _lock:
        entries = [_entries.get((whose, region, False)) for region in regions]
    return any(entry is not None and entry.under_way is not None for entry in entries)


def _known_or_asked(
    session: Session, key: tuple[str, str, bool], max_age: float, *, waits: bool
) -> RegionFacts | Listing:
    with _lock:
        entry = _entries.setdefault(key, _Entry())
        entry.asked = time.monotonic()
        _let_go()
        if entry.under_way is not None and (ready := entry.under_way.poll()) is not None:
            _keep(entry, ready)
        fresh = entry.facts is not None and time.monotonic() - entry.fetched < max_age
        under_way = entry.under_way
        if not fresh and under_way is None:
            client = session.client("bedrock", region_name=key[1], timeouts=_LIST_TIMEOUTS, retries={"max_attempts": 2})
            under_way = entry.under_way = Listing(client, tags=key[2])
        # What is old serves while it is refreshed; for those who wait, only if it came from AWS.
        if entry.facts is not None and (under_way is None or not entry.facts.note or not waits):
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


def _settled(key: tuple[str, str, bool], listing: Listing, until: float | None) -> RegionFacts:
    found = listing.wait(until)
    with _lock:
        entry = _entries.setdefault(key, _Entry())
        if found is not None:
            _keep(entry, found)
            return found
        if entry.facts is None:
            # The listing stays under way, and is taken once it has arrived.
            entry.facts, entry.fetched = of_snapshot(key[1], "since AWS's lists have not come yet"), -math.inf
        return entry.facts


def _keep(entry: _Entry, found: RegionFacts) -> None:
    entry.under_way = None
    # A failed refresh leaves what AWS said before in force, to be asked for again soon.
    if entry.facts is None or not found.note or entry.facts.note:
        entry.facts = found
    entry.fetched = time.monotonic()
