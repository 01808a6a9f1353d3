"""What is known of one source Region: from AWS's lists where they can be had, else from the bundled facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop._model_ids import split
from outcrop.cross_region import _snapshot
from outcrop.cross_region.profile import DIRECT, Profile, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Listed:
    """One of the lists of a source Region.

    Attributes:
        rows: What it lists.
        number: AWS's lists are numbered in the order in which they were asked for; 0 is what comes with the release.
        why: Why this is not what AWS says now; empty if it is.
    """

    rows: tuple[Profile, ...]
    number: int = 0
    why: str = ""

    @property
    def live(self) -> bool:
        """Whether AWS said it."""
        return self.number > 0


class Lists(NamedTuple):
    """The three lists of a source Region, in the order in which the native half numbers them."""

    profiles: Listed
    applications: Listed
    models: Listed


@dataclass(frozen=True)
class RegionFacts:
    """The profiles of a source Region, and the models that can be called there themselves.

    Attributes:
        region: The source Region.
        lists: System-defined profiles, application profiles and models.
        account: The account whose lists they are, where its id is known.
        label: What stands for it otherwise, where there are several.
    """

    region: str
    lists: Lists
    account: str | None = None
    label: str | None = None

    @property
    def whose(self) -> str | None:
        """The account as records call it: by its id, or what stands for it."""
        return self.account or self.label

    @property
    def where(self) -> str:
        """The Region; with its account where there are several."""
        return self.region if self.label is None else f"{self.region} ({self.whose})"

    @property
    def rows(self) -> tuple[Profile, ...]:
        """All that can be called from it."""
        return tuple(row for listed in self.lists for row in listed.rows)

    @property
    def live(self) -> bool:
        """Whether AWS said all of it, be it a while ago."""
        return all(listed.live for listed in self.lists)

    @property
    def note(self) -> str:
        """Why this is not AWS's own answer of now, and of which source; empty if it is."""
        return f"{self.where}: {self.lack}" if self.lack else ""

    @property
    def lack(self) -> str:
        """Why this is not AWS's own answer of now; empty if it is."""
        profiles, applications, models = self.lists
        date = _snapshot.facts().date
        if not profiles.live:
            return f"facts of {date}, {profiles.why}"
        notes = []
        if not models.live:
            notes.append(f"models of the bundled facts, {models.why}")
        if not applications.live:
            notes.append(f"application profiles are not known, {applications.why}")
        old = dict.fromkeys(listed.why for listed in self.lists if listed.live and listed.why)
        notes += [f"what AWS said before, {why}" for why in old]
        return "; ".join(notes)

    def with_newer(self, found: RegionFacts) -> RegionFacts:
        """What is known when something is found: of each list the newest.

        AWS's answer is never given up for the bundled facts, nor for an older one that comes late.
        """
        account = found.account or self.account
        return replace(found, lists=Lists(*map(_newer, self.lists, found.lists)), account=account)


def lacking(found: Iterable[RegionFacts]) -> list[str]:
    """Why some sources' facts are not AWS's own answer of now, each reason once with its sources."""
    return [f"{where}: {why}" for where, why in together((facts.where, facts.lack) for facts in found)]


def together(told: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is told of sources, each text once behind all the sources of which it is; what is empty is left out.

    Args:
        told: A source and what is told of it.
    """
    sources: dict[str, list[str]] = {}
    for where, text in told:
        sources.setdefault(text, []).append(where)
    return [(", ".join(dict.fromkeys(those)), text) for text, those in sources.items() if text]


def profiles_of_accounts(found: Iterable[RegionFacts]) -> list[str]:
    """Which account each profile of the AWS files turned out to be of, where there are several: people know names."""
    known = {facts.account: facts.label for facts in found if facts.account and "profile" in (facts.label or "")}
    return [f"accounts: {', '.join(f'{account} is {label}' for account, label in known.items())}"] if known else []


def _newer(known: Listed, found: Listed) -> Listed:
    if found.number >= known.number:
        return found
    # It stays in force, with a word on why it could not be had anew.
    return known if found.live else replace(known, why=found.why)


def of_snapshot(region: str, why: str) -> RegionFacts:
    """The bundled facts about a Region.

    Args:
        region: The source Region.
        why: Why AWS's answer is not at hand.
    """
    return RegionFacts(region, Lists(bundled_profiles(region, why), Listed((), why=why), bundled_models(region, why)))


def bundled_profiles(region: str, why: str) -> Listed:
    """The system-defined profiles of the bundled facts."""
    return Listed(tuple(_snapshot_row(region, profile) for profile in _snapshot.facts().profiles(region)), why=why)


def bundled_models(region: str, why: str) -> Listed:
    """The models that the bundled facts know to be served on demand in a Region."""
    models = _snapshot.facts().models.values()
    return Listed(tuple(_direct(region, model) for model in models if region in model.regions), why=why)


def rows_of_profiles(
    region: str, summaries: Iterable[dict[str, Any]], models: Iterable[dict[str, Any]] = ()
) -> tuple[Profile, ...]:
    """What ListInferenceProfiles says.

    Args:
        region: The source Region.
        summaries: Its summaries, or what GetInferenceProfile gives.
        models: Summaries of ListFoundationModels, for names.

    Returns:
        A row a profile.
    """
    by_id = {model["modelId"]: model for model in models}
    rows: dict[str, Profile] = {}
    for summary in summaries:
        row = _live_row(region, summary, by_id)
        known = rows.get(row.model_id)
        rows[row.model_id] = row if known is None else _wider(known, row)
    return tuple(rows.values())


def _wider(known: Profile, row: Profile) -> Profile:
    """One of a profile that a list has twice, such as when it changes between two pages: it leads where either does."""
    scopes = {known.scope, row.scope}
    scope = next(scope for scope in ("unknown", "global", "regions") if scope in scopes)
    destinations = {*known.destination_regions, *row.destination_regions}
    return replace(row, scope=scope, destination_regions=tuple(sorted(destinations)))


def rows_of_models(region: str, models: Iterable[dict[str, Any]]) -> tuple[Profile, ...]:
    """What ListFoundationModels says is served on demand.

    Args:
        region: The source Region.
        models: Its summaries.
    """
    return tuple(
        Profile(
            id=model["modelId"],
            geography=DIRECT,
            base_model=model["modelId"],
            type="FOUNDATION_MODEL",
            source_region=region,
            scope="regions",
            destination_regions=(region,),
            arn=model.get("modelArn"),
            status=model.get("modelLifecycle", {}).get("status", "ACTIVE"),
            name=model.get("modelName", ""),
            model_name=model.get("modelName", ""),
            provider=model.get("providerName", ""),
            origin="live",
        )
        for model in models
        if "ON_DEMAND" in model.get("inferenceTypesSupported", [])
    )


def _live_row(region: str, summary: dict[str, Any], models: dict[str, dict[str, Any]]) -> Profile:
    application = summary["type"] == "APPLICATION"
    arns = [model["modelArn"] for model in summary["models"]]
    named = {arn.split(":")[3] for arn in arns}
    scope: Scope = "regions"
    if "" in named:
        scope = "global"
    elif not named:
        scope = "unknown"
    name = summary["inferenceProfileId"]
    behind = {split(arn.rsplit("/", 1)[-1])[1] for arn in arns}
    base_model = behind.pop() if len(behind) == 1 else None
    model = models.get(base_model or "", {})
    return Profile(
        id=name,
        # It is a profile, so there is one, whatever it looks like.
        geography=None if application else name.partition(".")[0],
        base_model=base_model,
        type="APPLICATION" if application else "SYSTEM_DEFINED",
        source_region=region,
        scope=scope,
        destination_regions=tuple(sorted(named - {""})),
        arn=summary["inferenceProfileArn"],
        status=summary.get("status", "ACTIVE"),
        name=summary.get("inferenceProfileName", ""),
        model_name=model.get("modelName", ""),
        provider=model.get("providerName", ""),
        tags=summary.get("tags", {}),
        origin="live",
    )


def _snapshot_row(region: str, profile: _snapshot.SnapshotProfile) -> Profile:
    model = _snapshot.facts().models.get(profile.base_model)
    scope: Scope = "regions"
    if profile.destinations is None:
        scope = "unknown"
    elif profile.everywhere:
        scope = "global"
    return Profile(
        id=profile.id,
        geography=profile.id.partition(".")[0],
        base_model=profile.base_model,
        type="SYSTEM_DEFINED",
        source_region=region,
        scope=scope,
        destination_regions=profile.destinations or (),
        status=model.lifecycle if model else "ACTIVE",
        model_name=model.name if model else "",
        provider=model.provider if model else "",
    )


def _direct(region: str, model: _snapshot.SnapshotModel) -> Profile:
    return Profile(
        id=model.id,
        geography=DIRECT,
        base_model=model.id,
        type="FOUNDATION_MODEL",
        source_region=region,
        scope="regions",
        destination_regions=(region,),
        status=model.lifecycle,
        name=model.name,
        model_name=model.name,
        provider=model.provider,
    )
