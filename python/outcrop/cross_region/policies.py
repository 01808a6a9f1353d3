"""The IAM and SCP statements that a plan needs, as the dicts that AWS takes as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from outcrop.cross_region.planning import Plan
    from outcrop.cross_region.profile import Profile

_ACTIONS = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
_UNSPECIFIED = "unspecified"
"""What `aws:RequestedRegion` is for a request that a global profile routes."""


def iam_policy(plan: Plan, account: str, *, partition: str = "aws") -> dict[str, Any]:
    """The policy that lets its holder call a plan's targets, and nothing beside them.

    A profile of a geography needs two statements (the profile, and the model in every Region where it may be served), a
    global one three. The model is granted through the profile only, so that it cannot be called around it.

    Args:
        plan: The plan; only its allowed targets are granted, and of other accounts' none.
        account: The id of the account that calls.
        partition: `aws`, `aws-us-gov`, …

    Returns:
        The policy document, for `json.dumps`.

    Raises:
        ValueError: A target's destinations are not known, so that no statement can name them.

    Example:
        >>> from outcrop.cross_region import plan
        >>> shown = plan(
        ...     "us.anthropic.claude-haiku-4-5-20251001-v1:0", sources=["us-east-1"], catalogue="snapshot"
        ... )
        >>> [statement["Sid"] for statement in iam_policy(shown, "123456789012")["Statement"]]
        ['Profile1', 'Model1']
    """
    statements: list[dict[str, Any]] = []
    own = [target for target in plan.allowed if target.account in (None, account) or not target.account.isdecimal()]
    for number, target in enumerate(own, 1):
        statements += _statements(target.profile, number, account, partition)
    return _document(statements)


def scp_policy(plan: Plan) -> dict[str, Any]:
    """A service control policy that denies Bedrock outside the Regions that a plan's targets reach.

    One destination that is denied fails all calls of a profile, so every destination is let through. Global ones add
    `unspecified`, without which they are denied.

    Args:
        plan: The plan; only its allowed targets count.

    Returns:
        The policy document, for `json.dumps`. A general statement that denies Regions must exempt `bedrock:*`.
    """
    regions = {region for target in plan.allowed for region in target.profile.reach}
    if any(target.profile.scope == "global" for target in plan.allowed):
        regions.add(_UNSPECIFIED)
    return _document(
        [
            {
                "Sid": "BedrockOutsideThePlan",
                "Effect": "Deny",
                "Action": "bedrock:InvokeModel*",
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": sorted(regions)}},
            }
        ]
    )


def _document(statements: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(sid: str, resources: list[str], condition: dict[str, Any] | None = None) -> dict[str, Any]:
    statement: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Action": _ACTIONS, "Resource": resources}
    return statement | ({"Condition": condition} if condition else {})


def _statements(profile: Profile, number: int, account: str, partition: str) -> list[dict[str, Any]]:
    def model(region: str) -> str:
        return f"arn:{partition}:bedrock:{region}::foundation-model/{profile.base_model}"

    if profile.type == "FOUNDATION_MODEL" and profile.scope != "unknown":
        return [_allow(f"Model{number}", [model(profile.source_region)])]
    if profile.base_model is None or profile.scope == "unknown":
        raise ValueError(
            f"where {profile.model_id} from {profile.source_region} may be served is not known, so no statement can "
            'name it: plan with catalogue="live"'
        )
    own = profile.arn or f"arn:{partition}:bedrock:{profile.source_region}:{account}:inference-profile/{profile.id}"
    through = {"StringEquals": {"bedrock:InferenceProfileArn": own}}
    named = _allow(f"Profile{number}", [own])
    if profile.scope == "global":
        everywhere = {"StringEquals": {"aws:RequestedRegion": _UNSPECIFIED, "bedrock:InferenceProfileArn": own}}
        return [
            named,
            _allow(f"ModelInSource{number}", [model(profile.source_region)], through),
            _allow(f"ModelAnywhere{number}", [model("")], everywhere),
        ]
    return [named, _allow(f"Model{number}", [model(region) for region in sorted(profile.reach)], through)]
