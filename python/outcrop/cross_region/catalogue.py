"""`outcrop.profiles()`: what can be called from which source Region, and where it may be served."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop._signatures import connecting
from outcrop.cross_region import _store
from outcrop.cross_region._facts import lacking, profiles_of_accounts
from outcrop.cross_region._store import MAX_AGE, Source
from outcrop.cross_region._tables import TargetTable
from outcrop.cross_region.identifiers import parse
from outcrop.cross_region.profile import Profile
from outcrop.cross_region.sources import Sources, made_session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Unpack

    from outcrop._session import Session
    from outcrop.cross_region.sources import SourcesLike
    from outcrop.types import ConnectionArguments

_SOURCES = ("auto", "live", "snapshot")


class Profiles(TargetTable[Profile]):
    """Rows of the catalogue, a sequence of `Profile` that shows itself as a table.

    `notes` says which Regions' rows are the bundled facts and why.
    """

    notes_account = False
    columns = ("source Region", "geography", "id", "type", "destination Regions", "status")

    def cells(self, row: Profile) -> tuple[str, ...]:
        """What a row shows."""
        shown = row.arn if row.type == "APPLICATION" else row.id
        kind = row.type.replace("_", " ").lower()
        return (*self.place(row), row.geography or "", shown or row.id, kind, row.destinations, row.status)

    def record(self, row: Profile) -> dict[str, Any]:
        """A row as plain data."""
        return {
            "id": row.id,
            "arn": row.arn,
            "geography": row.geography,
            "base_model": row.base_model,
            "model_name": row.model_name,
            "provider": row.provider,
            "type": row.type,
            "source_region": row.source_region,
            "account": row.account,
            "scope": row.scope,
            "destination_regions": list(row.destination_regions),
            "status": row.status,
            "tags": dict(row.tags),
            "origin": row.origin,
        }

    def where(self, **wanted: Any) -> Profiles:
        """The rows whose attributes have the values given.

        Args:
            **wanted: Names of `Profile`'s attributes and their values, as in `where(geography="eu")`.

        Returns:
            Those rows.

        Raises:
            AttributeError: A profile has no such attribute.
        """
        return self._of([row for row in self if all(getattr(row, name) == value for name, value in wanted.items())])

    def sorted(self, *names: str, reverse: bool = False) -> Profiles:
        """The rows in another order.

        Args:
            *names: Attributes of `Profile` to sort by, the first first.
            reverse: Whether the greatest comes first.

        Returns:
            The rows, sorted.
        """

        def key(row: Profile) -> tuple[str, ...]:
            return tuple(str(getattr(row, name) or "") for name in names)

        return self._of(sorted(self, key=key, reverse=reverse))


@connecting
def profiles(
    model: str | None = None,
    *,
    sources: SourcesLike = None,
    geographies: Iterable[str] | str | None = None,
    tags: bool = False,
    catalogue: Source = "auto",
    max_age: float = MAX_AGE,
    session: Session | None = None,
    **connection: Unpack[ConnectionArguments],
) -> Profiles:
    """List what can be called from one source Region or many, and where it may be served.

    AWS's answer (ListInferenceProfiles and ListFoundationModels, all Regions at once) wins; where it cannot be had, the
    facts that come with this release serve, and `notes` says so.

    Args:
        model: Only this model's rows: its id, or a profile's.
        sources: The source Regions, by name or as `outcrop.Source` with the account. Default: the session's.
        geographies: Only these geographies; `direct` is the model called itself.
        tags: Whether to fetch the tags of application profiles, which is a call for each.
        catalogue: `auto`; `live` to fail where AWS's answer cannot be had; `snapshot` to ask nobody.
        max_age: Seconds for which an answer is kept. An older one still serves while it is refreshed.
        session: The session whose credentials and settings are used.
        **connection: In place of a session, its arguments.

    Returns:
        The rows, in the order of the sources, then of geographies and ids.

    Raises:
        CatalogueUnavailableError: AWS's answer was insisted on and cannot be had.
        ValueError: An argument cannot be.

    Example:
        >>> rows = profiles("anthropic.claude-haiku-4-5-20251001-v1:0", sources=["us-east-1"], catalogue="snapshot")
        >>> [(row.id, row.destinations) for row in rows if row.geography == "us"]
        [('us.anthropic.claude-haiku-4-5-20251001-v1:0', 'us-east-1, us-east-2, us-west-2')]
    """
    session = made_session(session, connection, sources, profiles)
    named = named_geographies(geographies)
    wanted = None if named is None else set(named)
    base_model = None if model is None else parse(model).base_model
    placed = Sources(session, sources).all
    found = _store.facts(placed, source=checked_source(catalogue), max_age=max_age, tags=tags)
    rows = [
        replace(row, account=facts.whose)
        for facts in found
        for row in sorted(facts.rows, key=lambda row: (row.scope == "global", row.geography or "~", row.id))
        if (wanted is None or row.geography in wanted) and (base_model is None or row.base_model == base_model)
    ]
    return Profiles(rows, [*profiles_of_accounts(found), *lacking(found)])


@connecting
async def async_profiles(
    model: str | None = None,
    *,
    sources: SourcesLike = None,
    geographies: Iterable[str] | str | None = None,
    tags: bool = False,
    catalogue: Source = "auto",
    max_age: float = MAX_AGE,
    session: Session | None = None,
    **connection: Unpack[ConnectionArguments],
) -> Profiles:
    """Do what `profiles` does on a worker thread, and wait for it without blocking the event loop.

    Args:
        model: Only this model's rows: its id, or a profile's.
        sources: The source Regions, by name or as `outcrop.Source` with the account. Default: the session's.
        geographies: Only these geographies; `direct` is the model called itself.
        tags: Whether to fetch the tags of application profiles, which is a call for each.
        catalogue: `auto`; `live` to fail where AWS's answer cannot be had; `snapshot` to ask nobody.
        max_age: Seconds for which an answer is kept. An older one still serves while it is refreshed.
        session: The session whose credentials and settings are used.
        **connection: In place of a session, its arguments.

    Returns:
        The rows.

    Raises:
        CatalogueUnavailableError: AWS's answer was insisted on and cannot be had.
        ValueError: An argument cannot be.

    Example:
        >>> import asyncio
        >>> rows = asyncio.run(async_profiles("amazon.nova-lite-v1:0", sources="us-east-1", catalogue="snapshot"))
        >>> [row.geography for row in rows]
        ['direct', 'us']
    """
    return await asyncio.to_thread(
        profiles,
        model,
        sources=sources,
        geographies=geographies,
        tags=tags,
        catalogue=catalogue,
        max_age=max_age,
        session=session,
        **connection,
    )


def named_geographies(given: Iterable[str] | str | None) -> list[str] | None:
    """Geographies as ids have them, however they are written.

    Args:
        given: Names, or one.
    """
    return None if given is None else [name.lower() for name in texts("geographies", given)]


def texts(name: str, value: Iterable[str] | str) -> list[str]:
    """One text or several, each once, in order.

    Raises:
        TypeError: Something else was given.
        ValueError: Nothing was.
    """
    values = [value] if isinstance(value, str) else list(value)
    if not all(isinstance(it, str) for it in values):
        raise TypeError(f"{name} must be a str or several, not {_values.shown(values)}")
    if not values:
        raise ValueError(f"{name} must name at least one")
    return list(dict.fromkeys(_values.text(name, it) for it in values))


def checked_source(catalogue: str) -> Source:
    """The value, if it is one of the three.

    Raises:
        ValueError: It is none.
    """
    found = _values.plain(catalogue)
    if found not in _SOURCES:
        raise ValueError(f"catalogue must be one of {', '.join(_SOURCES)}, not {_values.shown(found)}")
    return found
