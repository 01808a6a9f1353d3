"""From a model, sources and geographies to ordered targets, each allowed or refused with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop import _values
from outcrop._targets import in_words
from outcrop.cross_region import _snapshot
from outcrop.cross_region._facts import lacking, profiles_of_accounts
from outcrop.cross_region._tables import TargetTable, traits
from outcrop.cross_region.profile import DIRECT, Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from outcrop.cross_region._facts import Listed, RegionFacts
    from outcrop.cross_region.identifiers import Identifier
    from outcrop.cross_region.residency import Residency, Verdict
    from outcrop.cross_region.terms import Mode, Terms


@dataclass(frozen=True)
class PlannedTarget:
    """A target, and whether it may be called.

    Attributes:
        profile: What would be called, as the catalogue has it.
        allowed: Whether it may be.
        reason: Why not; or that it may be called though nothing is known of it. Else empty.
        exists: Whether it can be called from the source Region at all.
        account: The account that calls it: its id, or what stands for one of several; `None` where nobody knows.
        source: The source's place among all.
        known: Whether AWS's lists or the bundled facts know it. What nobody knows is the user's to try where there is
            no residency, and nobody can say where data would go.
        model: The model as the user named it; several may be planned, the preferred first.
        project: The project that its calls go in, if not the default one.
        retention: The mode of data retention in its source Region, where that was asked for and is known.
        rank: 1 for a target of the first model, 2 for one of the next, and so on.
        weight: Its source's weight, where sources have any.
    """

    profile: Profile
    allowed: bool
    reason: str = ""
    exists: bool = True
    known: bool = True
    model: str = ""
    account: str | None = None
    source: int = 0
    project: str | None = None
    retention: str | None = None
    rank: int = 1
    weight: float | None = None

    @property
    def source_region(self) -> str:
        """The Region whose endpoint is called."""
        return self.profile.source_region

    @property
    def model_id(self) -> str:
        """What is sent as `modelId`."""
        return self.profile.model_id

    @property
    def shown(self) -> str:
        """What it is and where, in words."""
        return in_words(self.model_id, self.source_region, self.account)


class Plan(TargetTable[PlannedTarget]):
    """Every target in the order in which they are tried, allowed or refused and why.

    A sequence of `PlannedTarget` that shows itself as a table; `notes` tells the residency, and where facts come from.
    """

    columns = ("source Region", "model id", "destination Regions", "allowed", "reason")
    model: str = ""

    def traits(self, row: PlannedTarget) -> dict[str, str]:
        """What may tell a target from others beside its source Region."""
        weight = "" if row.weight is None else f"{row.weight:g}"
        return {**super().traits(row), **traits(row.project, row.retention, row.rank), "weight": weight}

    def cells(self, row: PlannedTarget) -> tuple[str, ...]:
        """What a target shows."""
        where = row.profile.destinations if row.exists else ""
        allowed = "no" if not row.allowed else "yes" if row.known else "unknown"
        return (*self.place(row), row.model_id, where, allowed, row.reason)

    def record(self, row: PlannedTarget) -> dict[str, Any]:
        """A target as plain data."""
        return {
            "source_region": row.source_region,
            "account": row.account,
            "model_id": row.model_id,
            "model": row.model,
            "rank": row.rank,
            "geography": row.profile.geography,
            "scope": row.profile.scope,
            "destination_regions": list(row.profile.destination_regions),
            "allowed": row.allowed,
            "known": row.known,
            "project": row.project,
            "retention": row.retention,
            "weight": row.weight,
            "reason": row.reason,
            "origin": row.profile.origin,
        }

    @property
    def allowed(self) -> Plan:
        """The targets that calls are sent to, in order."""
        return self._of([row for row in self if row.allowed])

    @property
    def refused(self) -> Plan:
        """The targets that nothing is sent to."""
        return self._of([row for row in self if not row.allowed])

    def report(self) -> str:
        """Each target on a line of its own, with its reason."""
        return "\n".join(f"  {row.shown}: {row.reason or 'allowed'}" for row in self)

    def _of(self, rows: Sequence[PlannedTarget]) -> Plan:
        plan = Plan(rows, self.notes)
        plan.model = self.model
        return plan


class Candidate(NamedTuple):
    """What there is for one source Region and one wish, before residency is asked.

    Attributes:
        place: Which of the user's wishes it is, in their order.
        source: Which of the sources.
        target: The target; that it is allowed says no more than that it can be called.
        model: Which of the user's models it is of: 0 is the first, the others are next.
    """

    place: int
    source: int
    target: PlannedTarget
    model: int = 0


class Told(NamedTuple):
    """What is demanded of sources beside residency, and what is known of it.

    Attributes:
        terms: What is demanded.
        modes: What is known of each source's data retention; none where nobody asked.
    """

    terms: Terms
    modes: Sequence[Mode] = ()


def make_plan(
    identifiers: Sequence[Identifier],
    geographies: Sequence[str] | None,
    residency: Residency,
    found: Sequence[RegionFacts],
    told: Told,
) -> Plan:
    """Order the targets: model by model, in each geography by geography, and in each of these the sources, as named.

    Args:
        identifiers: The models, the preferred first.
        geographies: In the order of preference; `None` is what the identifier itself says.
        residency: What data may reach; a rule is asked once about each Region.
        found: What is known of the sources, in the order of preference.
        told: What is demanded of sources beside, and what is known of that.

    Returns:
        The plan.
    """
    laid_out = of_models(identifiers, geographies, found)
    reach = (region for row in laid_out if row.target.exists for region in row.target.profile.reach)
    return judged(identifiers, laid_out, residency, residency.verdict(reach), found, told=told)


def judged(
    identifiers: Sequence[Identifier],
    laid_out: Sequence[Candidate],
    residency: Residency,
    verdict: Verdict,
    found: Sequence[RegionFacts],
    *,
    told: Told,
) -> Plan:
    """The plan that a verdict of the residency makes of the candidates."""
    rows = [
        replace(_judged(row.target, verdict, told), model=identifiers[row.model].text, rank=row.model + 1)
        for row in laid_out
    ]
    notes = [
        *next_models(identifiers),
        f"residency: {residency.describe()}",
        *profiles_of_accounts(found),
        *lacking(found),
    ]
    notes += told.terms.notes(told.modes)
    if weights := [f"{it.where} {it.weight:g}" for it in told.terms.sources if it.weight is not None]:
        notes.append(f"weights: {', '.join(weights)}")
    plan = Plan(rows, notes)
    plan.model = ", then ".join(it.text for it in identifiers)
    return plan


def next_models(identifiers: Sequence[Identifier]) -> list[str]:
    """The models behind the first, in words, if there are any."""
    names = [it.text for it in identifiers[1:]]
    return [f"next model{'' if len(names) == 1 else 's'}: {', '.join(names)}"] if names else []


def _judged(row: PlannedTarget, verdict: Verdict, told: Told) -> PlannedTarget:
    mode = told.modes[row.source] if told.modes else None
    source = told.terms.sources[row.source]
    row = replace(row, project=source.in_project, retention=mode.mode if mode else None, weight=source.weight)
    if not row.exists:
        return row
    refusal = verdict.refusal(row.profile) or told.terms.refusal(row.profile, row.source, mode)
    return row if refusal is None else replace(row, allowed=False, reason=refusal)


def of_models(
    identifiers: Sequence[Identifier], geographies: Sequence[str] | None, found: Sequence[RegionFacts]
) -> list[Candidate]:
    """What could be called of each model: all of the first before any of the next.

    Args:
        identifiers: The models, the preferred first.
        geographies: In the order of preference; `None` is what the identifiers themselves say.
        found: What is known of the sources.
    """
    rows: list[Candidate] = []
    seen: set[tuple[int, str]] = set()
    for model, identifier in enumerate(identifiers):
        behind = max((row.place for row in rows), default=-1) + 1
        own = candidates(identifier, geographies, found)
        # Two names of one thing, such as a model and its profile, lead to it once.
        rows += [it._replace(place=behind + it.place, model=model) for it in own if _where(it) not in seen]
        seen |= {_where(it) for it in own}
    return rows


def _where(row: Candidate) -> tuple[int, str]:
    return row.source, row.target.model_id


def candidates(
    identifier: Identifier, geographies: Sequence[str] | None, found: Sequence[RegionFacts]
) -> list[Candidate]:
    """What could be called, in the order of preference.

    Args:
        identifier: The model.
        geographies: In the order of preference; `None` is what the identifier itself says.
        found: What is known of the sources.
    """
    rows: list[Candidate] = []

    def of_each(place: int, wish: Callable[[RegionFacts], PlannedTarget], among: Sequence[RegionFacts] = found) -> None:
        for number, facts in enumerate(found):
            if facts in among:
                target = replace(wish(facts), account=facts.whose, source=number)
                rows.append(Candidate(place, number, target))

    if identifier.kind == "application":
        here = [facts for facts in found if facts.region == identifier.region]
        of_each(0, lambda facts: _application(identifier, facts, alone=len(here) == 1), here)
        # Accounts that do not have it know nothing of it.
        behind = (row.target.profile.base_model for row in rows)
        base_model = next((name for name in behind if name), None)
    else:
        base_model = _base_model(identifier, found)
        if geographies is None:
            # A base id is never made into a profile unasked.
            of_each(0, lambda facts: _named(identifier, base_model, facts))
    for place, geography in enumerate(geographies or [], 1):
        of_each(place, lambda facts: _target(identifier, geography, base_model, facts))  # noqa: B023  -- called at once
    return rows


def _base_model(identifier: Identifier, found: Sequence[RegionFacts]) -> str | None:
    """The model behind an id: as a list has it, else as the id's form says."""
    rows = (row for facts in found for listed in _lists(identifier, facts) for row in listed.rows)
    known = next((row.base_model for row in rows if row.id == identifier.name), None)
    return known or identifier.base_model


def _lists(identifier: Identifier, facts: RegionFacts) -> Sequence[Listed]:
    """The lists that an id may stand in: an ARN says in which, the form of an id does not."""
    profiles, _, models = facts.lists
    if identifier.is_arn:
        return [profiles if identifier.kind == "profile" else models]
    return [profiles, models]


def _application(identifier: Identifier, facts: RegionFacts, *, alone: bool) -> PlannedTarget:
    """An application profile, which is one account's: no other account's keys are tried on it."""
    listed = facts.lists.applications
    row = Profile(identifier.name, None, None, "APPLICATION", facts.region, "unknown", (), arn=identifier.text)
    if facts.account not in (None, identifier.account):
        reason = f"it belongs to account {identifier.account}, and this source to account {facts.account}"
        return PlannedTarget(row, allowed=False, reason=reason, exists=False)
    known = next((it for it in listed.rows if it.arn == identifier.text), None)
    if known is not None:
        return PlannedTarget(known, allowed=True)
    if not listed.live and facts.account is None and not alone:
        reason = f"nobody knows whether this source is of account {identifier.account}, {listed.why}"
        return PlannedTarget(row, allowed=False, reason=reason, exists=False)
    if not listed.live:
        return _unknown(row, f"{facts.region}: application profiles are not known, {listed.why}")
    return PlannedTarget(row, allowed=False, reason="the account has no such profile there", exists=False)


def _named(identifier: Identifier, base_model: str | None, facts: RegionFacts) -> PlannedTarget:
    """The id itself, as it was given."""
    geography = DIRECT if identifier.kind == "model" else identifier.geography
    row = _row(identifier.name, geography, base_model, facts)
    return _found(identifier, row, _lists(identifier, facts), facts)


def _target(identifier: Identifier, geography: str, base_model: str | None, facts: RegionFacts) -> PlannedTarget:
    name = base_model or identifier.name
    if geography != DIRECT:
        name = f"{geography}.{name}"
    row = _row(name, geography, base_model, facts)
    if base_model is None:
        reason = "the model behind the application profile is not known, since GetInferenceProfile could not be asked"
        return PlannedTarget(row, allowed=False, reason=reason, exists=False)
    listed = facts.lists.models if geography == DIRECT else facts.lists.profiles
    return _found(identifier, row, [listed], facts)


def _found(identifier: Identifier, wanted: Profile, lists: Sequence[Listed], facts: RegionFacts) -> PlannedTarget:
    """What is wanted as a list has it; else whether it is unknown, or is known not to be there."""
    known = next((row for listed in lists for row in listed.rows if row.id == wanted.id), None)
    if known is not None:
        return PlannedTarget(known, allowed=True)
    not_had = next((listed for listed in lists if not listed.live), None)
    # What was named in so many words and what the bundled facts never heard of is the user's to try.
    if not_had is not None and wanted.id == identifier.name and not _heard_of(wanted):
        return _unknown(wanted, f"the facts of {_snapshot.facts().date} do not know it, and serve {not_had.why}")
    return PlannedTarget(wanted, allowed=False, reason=_missing(wanted, facts), exists=False)


def _heard_of(wanted: Profile) -> bool:
    facts = _snapshot.facts()
    return facts.knows(wanted.id) or (wanted.geography == DIRECT and (wanted.base_model or "") in facts.models)


def _row(name: str, geography: str | None, base_model: str | None, facts: RegionFacts) -> Profile:
    kind = "FOUNDATION_MODEL" if geography == DIRECT else "SYSTEM_DEFINED"
    return Profile(name, geography, base_model, kind, facts.region, "unknown", ())


def _unknown(row: Profile, why: str) -> PlannedTarget:
    return PlannedTarget(row, allowed=True, reason=f"nothing is known of it: {why}", known=False)


def _missing(wanted: Profile, facts: RegionFacts) -> str:
    direct = wanted.geography == DIRECT
    what = (
        "the model cannot be called itself"
        if direct
        else f"there is no such profile of {_values.shown(wanted.geography)}"
    )
    same = [row for row in facts.rows if row.base_model == wanted.base_model and row.type != "APPLICATION"]
    others = [row.id for row in sorted(same, key=lambda row: row.scope == "global")]
    there = f"there are {', '.join(others)}" if others else "nor any other way to this model"
    model = _snapshot.facts().models.get(wanted.base_model or "")
    if not others and model is not None and model.elsewhere:
        there = "bedrock-mantle alone serves it, which is another endpoint"
    return f"{what} from {facts.region}; {there}"
