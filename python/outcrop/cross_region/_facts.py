"""What is known of one source Region: from AWS's lists where they can be had, else from the bundled facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from outcrop.cross_region import _snapshot
from outcrop.cross_region.identifiers import parse, split
from outcrop.cross_region.profile import DIRECT, Profile, Scope


@dataclass(frozen=True)
class RegionFacts:
    """The profiles of a source Region, and the models that can be called there themselves.

    Attributes:
        region: The source Region.
        rows: All that can be called from it.
        note: Why this is not AWS's own answer; empty if it is.
    """

    region: str
    rows: tuple[Profile, ...]
    note: str = ""


def of_snapshot(region: str, why: str) -> RegionFacts:
    """The bundled facts about a Region.

    Args:
        region: The source Region.
        why: Why AWS's answer is not at hand.
    """
    facts = _snapshot.facts()
    rows = [_snapshot_row(region, profile) for profile in facts.profiles(region)]
    rows += [_direct(region, model) for model in facts.models.values() if region in model.regions]
    return RegionFacts(region, tuple(rows), f"{region}: facts of {facts.date}, {why}")


def of_lists(region: str, profiles: list[dict[str, Any]], models: list[dict[str, Any]]) -> RegionFacts:
    """What AWS's lists say.

    Args:
        region: The source Region.
        profiles: Summaries of ListInferenceProfiles.
        models: Summaries of ListFoundationModels.
    """
    by_id = {model["modelId"]: model for model in models}
    rows = [_live_row(region, summary, by_id) for summary in profiles]
    rows += [
        Profile(
            id=name,
            geography=DIRECT,
            base_model=name,
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
        for name, model in by_id.items()
        if "ON_DEMAND" in model.get("inferenceTypesSupported", [])
    ]
    return RegionFacts(region, tuple(rows))


def row_of_summary(region: str, summary: dict[str, Any]) -> Profile:
    """One profile as ListInferenceProfiles and GetInferenceProfile describe it."""
    return _live_row(region, summary, {})


def _live_row(region: str, summary: dict[str, Any], models: dict[str, dict[str, Any]]) -> Profile:
    application = summary["type"] == "APPLICATION"
    arns = [model["modelArn"] for model in summary["models"]]
    named = sorted({arn.split(":")[3] for arn in arns} - {""})
    behind = {split(arn.rsplit("/", 1)[-1])[1] for arn in arns}
    scope: Scope = "regions"
    if any(not arn.split(":")[3] for arn in arns):
        scope = "global"
    elif not arns:
        scope = "unknown"
    name = summary["inferenceProfileId"]
    base_model = behind.pop() if len(behind) == 1 else None
    model = models.get(base_model or "", {})
    return Profile(
        id=name,
        geography=None if application else parse(name).geography,
        base_model=base_model,
        type="APPLICATION" if application else "SYSTEM_DEFINED",
        source_region=region,
        scope=scope,
        destination_regions=tuple(named),
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
