"""From a model, sources and geographies to ordered targets, each allowed or refused with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from outcrop.cross_region import _snapshot
from outcrop.cross_region._tables import Table
from outcrop.cross_region.profile import DIRECT, Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcrop.cross_region._facts import RegionFacts
    from outcrop.cross_region.identifiers import Identifier
    from outcrop.cross_region.residency import Residency


@dataclass(frozen=True)
class PlannedTarget:
    """A target, and whether it may be called.

    Attributes:
        profile: What would be called, as the catalogue has it.
        allowed: Whether it may be.
        reason: Why not; empty if it may.
        exists: Whether it can be called from the source Region at all.
    """

    profile: Profile
    allowed: bool
    reason: str = ""
    exists: bool = True

    @property
    def source_region(self) -> str:
        """The Region whose endpoint is called."""
        return self.profile.source_region

    @property
    def model_id(self) -> str:
        """What is sent as `modelId`."""
        return self.profile.model_id


class Plan(Table[PlannedTarget]):
    """Every target in the order in which they are tried, allowed or refused and why.

    A sequence of `PlannedTarget` that shows itself as a table; `notes` tells the residency, and where facts come from.
    """

    columns = ("source Region", "model id", "destination Regions", "allowed", "reason")
    model: str = ""

    def cells(self, row: PlannedTarget) -> tuple[str, ...]:
        """What a target shows."""
        where = row.profile.destinations if row.exists else ""
        return (row.source_region, row.model_id, where, "yes" if row.allowed else "no", row.reason)

    def record(self, row: PlannedTarget) -> dict[str, Any]:
        """A target as plain data."""
        return {
            "source_region": row.source_region,
            "model_id": row.model_id,
            "geography": row.profile.geography,
            "scope": row.profile.scope,
            "destination_regions": list(row.profile.destination_regions),
            "allowed": row.allowed,
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
        return "\n".join(f"  {row.model_id} from {row.source_region}: {row.reason or 'allowed'}" for row in self)

    def _of(self, rows: Sequence[PlannedTarget]) -> Plan:
        plan = Plan(rows, self.notes)
        plan.model = self.model
        return plan


def make_plan(
    identifier: Identifier, geographies: Sequence[str] | None, residency: Residency, found: Sequence[RegionFacts]
) -> Plan:
    """Order the targets: geography by geography as they were named, and in each the sources as they were named.

    Args:
        identifier: The model.
        geographies: In the order of preference; `None` is what the identifier itself says.
        residency: What data may reach.
        found: What is known of the sources, in the order of preference.

    Returns:
        The plan.
    """
    rows: list[PlannedTarget] = []
    base_model = identifier.base_model
    if identifier.kind == "application":
        own = [_application(identifier, facts) for facts in found if facts.region == identifier.region]
        base_model = next((row.profile.base_model for row in own), None)
        rows += own
    for geography in _geographies(identifier, geographies):
        rows += [_target(identifier, geography, base_model, facts) for facts in found]
    judged = [_judged(row, residency) for row in rows]
    plan = Plan(judged, [f"residency: {residency.describe()}", *(facts.note for facts in found if facts.note)])
    plan.model = identifier.text
    return plan


def _geographies(identifier: Identifier, geographies: Sequence[str] | None) -> Sequence[str]:
    if geographies is not None:
        return geographies
    if identifier.kind == "application":
        return []
    # A base id is never made into a profile unasked.
    return [identifier.geography or DIRECT]


def _judged(row: PlannedTarget, residency: Residency) -> PlannedTarget:
    if not row.exists:
        return row
    refusal = residency.refusal(row.profile)
    return replace(row, allowed=refusal is None, reason=refusal or "")


def _application(identifier: Identifier, facts: RegionFacts) -> PlannedTarget:
    for row in facts.rows:
        if row.arn == identifier.text:
            return PlannedTarget(row, allowed=True)
    row = Profile(identifier.name, None, None, "APPLICATION", facts.region, "unknown", (), arn=identifier.text)
    if facts.note:
        return PlannedTarget(row, allowed=True)
    return PlannedTarget(row, allowed=False, reason="the account has no such profile there", exists=False)


def _target(identifier: Identifier, geography: str, base_model: str | None, facts: RegionFacts) -> PlannedTarget:
    name = base_model or identifier.name
    if geography != DIRECT:
        name = f"{geography}.{name}"
    known = next((row for row in facts.rows if row.geography == geography and row.id == name), None)
    if known is not None:
        return PlannedTarget(known, allowed=True)
    scope = "regions" if geography == DIRECT else "unknown"
    kind = "FOUNDATION_MODEL" if geography == DIRECT else "SYSTEM_DEFINED"
    destinations = (facts.region,) if geography == DIRECT else ()
    row = Profile(name, geography, base_model, kind, facts.region, scope, destinations)
    if base_model is None:
        reason = "the model behind the application profile is not known, since GetInferenceProfile could not be asked"
        return PlannedTarget(row, allowed=False, reason=reason, exists=False)
    # What was named in so many words and what the bundled facts never heard of is the user's to try.
    unheard = facts.note and base_model not in _snapshot.facts().models
    if unheard and name == identifier.name:
        return PlannedTarget(row, allowed=True)
    return PlannedTarget(row, allowed=False, reason=_missing(geography, base_model, facts), exists=False)


def _missing(geography: str, base_model: str, facts: RegionFacts) -> str:
    what = "the model cannot be called itself" if geography == DIRECT else f"there is no such profile of {geography!r}"
    same = [row for row in facts.rows if row.base_model == base_model and row.type != "APPLICATION"]
    others = [row.id for row in sorted(same, key=lambda row: row.scope == "global")]
    there = f"there are {', '.join(others)}" if others else "nor any other way to this model"
    return f"{what} from {facts.region}; {there}"
