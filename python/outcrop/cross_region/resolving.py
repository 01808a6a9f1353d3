"""`outcrop.plan()` and `outcrop.resolve()`: which targets there are, and the one to use."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from outcrop import _values, exceptions
from outcrop._siblings import dressed
from outcrop._signatures import connecting
from outcrop.cross_region import _retention, _store
from outcrop.cross_region import catalogue as rows
from outcrop.cross_region._store import MAX_AGE
from outcrop.cross_region.identifiers import Identifier, parse
from outcrop.cross_region.planning import Plan, Told, make_plan
from outcrop.cross_region.residency import Residency, ResidencyRule
from outcrop.cross_region.sources import Source, Sources, made_session, refuse_strange
from outcrop.cross_region.terms import Retention, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typing_extensions import Unpack

    from outcrop._session import Session
    from outcrop.cross_region.profile import Profile
    from outcrop.cross_region.sources import SourcesLike
    from outcrop.types import ConnectionArguments


@connecting
def plan(
    model: str | Iterable[str],
    *,
    sources: SourcesLike = None,
    geographies: Iterable[str] | str | None = None,
    residency: ResidencyRule | Residency = None,
    projects: Mapping[str, str] | None = None,
    retention: Retention = None,
    catalogue: _store.Source = "auto",
    max_age: float = MAX_AGE,
    session: Session | None = None,
    **connection: Unpack[ConnectionArguments],
) -> Plan:
    """Say for every target where data would go, and whether it may. Nothing is sent to a model.

    The notes tell each source's mode of data retention: the project's, else the account's; a model's own default is
    unknown, since AWS tells it nowhere.

    Args:
        model: A model's id, a profile's id, or an ARN, of an application profile too; or several, the preferred first.
        sources: The source Regions, the preferred first, by name or as `outcrop.Source` with the account. Default: the
            ARN's, else the session's.
        geographies: In the order of preference; `direct` is the model itself in the source Region. Default: the
            profile's own, or `direct` for a model: an id is never made into another unasked.
        residency: The Regions that data may reach: names, jurisdictions such as `eu`, or a function from a name to
            whether it may. Default: no limit.
        projects: The project that calls go in, by source Region; a source without one is refused then. Where several
            accounts are called in a Region, each `outcrop.Source` has its own.
        retention: The modes of data retention that sources may have, such as `"none"`.
        catalogue: `auto`, `live` or `snapshot`; see `outcrop.profiles`.
        max_age: Seconds for which AWS's lists are kept.
        session: The session whose credentials and settings are used.
        **connection: In place of a session, its arguments.

    Returns:
        The plan, a table.

    Raises:
        ValueError: An argument cannot be.
        CatalogueUnavailableError: AWS's lists were insisted on and cannot be had.

    Example:
        >>> shown = plan(
        ...     "anthropic.claude-haiku-4-5-20251001-v1:0",
        ...     sources=["us-east-1", "ca-central-1"],
        ...     geographies=["us", "global"],
        ...     residency="us",
        ...     catalogue="snapshot",
        ... )
        >>> [(target.source_region, target.allowed) for target in shown]
        [('us-east-1', True), ('ca-central-1', False), ('us-east-1', False), ('ca-central-1', False)]
        >>> shown[1].reason
        'it may be served in ca-central-1, outside the residency'
    """
    identifiers = models_of(model)
    sources = sources_of(identifiers, sources)
    session = made_session(session, connection, sources, plan)
    placed = Sources(session, sources, projects)
    for identifier in identifiers:
        check_sources(identifier, placed.regions)
    wanted = rows.named_geographies(geographies)
    limit = Residency.of(residency)
    terms = Terms.of(placed.all, retention)
    age: Any = {"source": rows.checked_source(catalogue), "max_age": max_age}
    found = _store.facts(placed.all, **age)
    modes = []
    if catalogue != "snapshot" or terms.retention is not None:
        modes = _retention.modes([(it.session, it.region, it.in_project) for it in placed.all], anew=True, **age)
    return make_plan(identifiers, wanted, limit, found, Told(terms, modes))


@connecting
def resolve(
    model: str,
    *,
    source: str | Source | None = None,
    geographies: Iterable[str] | str | None = None,
    residency: ResidencyRule | Residency = None,
    catalogue: _store.Source = "auto",
    max_age: float = MAX_AGE,
    session: Session | None = None,
    **connection: Unpack[ConnectionArguments],
) -> Profile:
    """Find the profile to use for a model from one source Region.

    Args:
        model: A model's id, a profile's id, or an ARN.
        source: The source Region, by name or as `outcrop.Source`. Default: the ARN's, else the session's.
        geographies: In the order of preference; `direct` is the model itself.
        residency: The Regions that data may reach.
        catalogue: `auto`, `live` or `snapshot`; see `outcrop.profiles`.
        max_age: Seconds for which AWS's lists are kept.
        session: The session whose credentials and settings are used.
        **connection: In place of a session, its arguments.

    Returns:
        The first that exists and may be called; its `model_id` is what to call.

    Raises:
        NoTargetError: There is none. The text lists what was looked at and why each did not fit.
        ValueError: An argument cannot be.

    Example:
        >>> resolve(
        ...     "anthropic.claude-haiku-4-5-20251001-v1:0",
        ...     source="ca-central-1",
        ...     geographies=["us", "global"],
        ...     catalogue="snapshot",
        ... ).model_id
        'us.anthropic.claude-haiku-4-5-20251001-v1:0'
    """
    refuse_strange(connection, resolve)
    found = plan(
        model,
        sources=None if source is None else [source],
        geographies=geographies,
        residency=residency,
        catalogue=catalogue,
        max_age=max_age,
        session=session,
        **connection,
    )
    return require(found)[0].profile


@connecting
async def async_resolve(
    model: str,
    *,
    source: str | Source | None = None,
    geographies: Iterable[str] | str | None = None,
    residency: ResidencyRule | Residency = None,
    catalogue: _store.Source = "auto",
    max_age: float = MAX_AGE,
    session: Session | None = None,
    **connection: Unpack[ConnectionArguments],
) -> Profile:
    """Do what `resolve` does on a worker thread, and wait for it without blocking the event loop.

    Args:
        model: A model's id, a profile's id, or an ARN.
        source: The source Region, by name or as `outcrop.Source`. Default: the ARN's, else the session's.
        geographies: In the order of preference; `direct` is the model itself.
        residency: The Regions that data may reach.
        catalogue: `auto`, `live` or `snapshot`; see `outcrop.profiles`.
        max_age: Seconds for which AWS's lists are kept.
        session: The session whose credentials and settings are used.
        **connection: In place of a session, its arguments.

    Returns:
        The profile.

    Raises:
        NoTargetError: There is none. The text lists what was looked at and why each did not fit.
        ValueError: An argument cannot be.

    Example:
        >>> import asyncio
        >>> found = async_resolve("amazon.nova-lite-v1:0", source="us-east-1", geographies="us", catalogue="snapshot")
        >>> asyncio.run(found).model_id
        'us.amazon.nova-lite-v1:0'
    """
    return await asyncio.to_thread(
        resolve,
        model,
        source=source,
        geographies=geographies,
        residency=residency,
        catalogue=catalogue,
        max_age=max_age,
        session=session,
        **connection,
    )


def require(found: Plan) -> Plan:
    """The targets that may be called.

    Raises:
        NoTargetError: There are none.
    """
    if not found.allowed:
        report = "\n".join([found.report(), *found.notes])
        raise dressed(exceptions.NoTargetError)(model=found.model, report=report)
    return found.allowed


def models_of(model: str | Iterable[str]) -> list[Identifier]:
    """The models that a user names, the preferred first.

    Raises:
        TypeError: It is neither a name nor several.
        ValueError: There is none, one is no model identifier, or one is named twice.
    """
    if isinstance(model, (str, bytes)) or not isinstance(model, Iterable):
        return [parse(_values.text("model", model))]
    names = [_values.text("a model", name) for name in model]
    if not names:
        raise ValueError("model must name at least one model; several are tried in their order")
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"model names {_values.shown(twice[0])} twice: each is tried in its turn")
    return [parse(name) for name in names]


def sources_of(identifiers: Sequence[Identifier], sources: SourcesLike) -> SourcesLike:
    """The sources that were named, or those that the models' ARNs name."""
    regions = list(dict.fromkeys(it.region for it in identifiers if it.region is not None))
    return regions if sources is None and regions else sources


def checked_urls(given: Mapping[str, str] | None, regions: Sequence[str]) -> dict[str, str]:
    """Endpoints of single source Regions.

    Raises:
        TypeError: One is no text.
        ValueError: One is of a Region that is no source.
    """
    urls = {
        _values.text("a Region of endpoint_urls", region): _values.text(f"the URL of {region} in endpoint_urls", url)
        for region, url in dict(given or {}).items()
    }
    if strangers := sorted(set(urls) - set(regions)):
        raise ValueError(
            f"endpoint_urls names {_values.shown(strangers[0])}, which is not among the sources: {regions}"
        )
    return urls


def check_sources(identifier: Identifier, regions: Iterable[str]) -> None:
    """See that an ARN is called in its own Region.

    Raises:
        ValueError: It would be called elsewhere.
    """
    regions = list(regions)
    if identifier.region is not None and identifier.region not in regions:
        raise ValueError(
            f"the ARN {_values.shown(identifier.text)} belongs to {identifier.region}, which is not among the sources "
            f"{', '.join(regions)}: an ARN can be called only in its own Region"
        )
