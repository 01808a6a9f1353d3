"""The IAM statements that batch jobs need, as the dicts that AWS takes as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop._jobs import bucket_keys
from outcrop.cross_region.profile import DIRECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from outcrop._jobs.bucket_keys import Keys
    from outcrop._jobs.setup import Setup
    from outcrop._jobs.targets import Target

_CALLER = [
    "bedrock:CreateModelInvocationJob",
    "bedrock:GetModelInvocationJob",
    "bedrock:ListModelInvocationJobs",
    "bedrock:StopModelInvocationJob",
    "bedrock:TagResource",
    "bedrock:ListFoundationModels",
    "bedrock:GetInferenceProfile",
    "bedrock:ListInferenceProfiles",
]
SERVICE = "bedrock.amazonaws.com"
"""Who assumes the role."""


def policies(setup: Setup, targets: Sequence[Target]) -> dict[str, Any]:
    """The policies of the role and of whoever calls."""
    of_keys = keys(bucket_keys.of(setup, targets))
    return {
        "trust": _document([trust(setup, targets)]),
        "role": _document([*storage(setup, targets), *models(setup, targets), *of_keys]),
        "caller": _document([*caller(setup, targets), *({**it, "Sid": "KeysOfCaller"} for it in of_keys)]),
    }


def _document(statements: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def job_arns(setup: Setup, targets: Sequence[Target]) -> list[str]:
    """The jobs of each Region, as a role's trust names them."""
    found = []
    for target in targets:
        partition, account = setup.account(target.region)
        found.append(f"arn:{partition}:bedrock:{target.region}:{account}:model-invocation-job/*")
    return found


def trust(setup: Setup, targets: Sequence[Target]) -> dict[str, Any]:
    """The role may be assumed by the service, for jobs of this account in each Region: the Region is a part of it."""
    _, account = setup.account(targets[0].region)
    return {
        "Sid": "BedrockAssumesForJobs",
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": job_arns(setup, targets)},
        },
    }


def storage(setup: Setup, targets: Sequence[Target]) -> list[dict[str, Any]]:
    """The role may read and write the buckets."""
    partition, account = setup.account(targets[0].region)
    names = sorted(
        {place.bucket for target in targets for place in (setup.inputs[target.region], setup.outputs[target.region])}
    )
    arns = [f"arn:{partition}:s3:::{name}" for name in names]
    return [
        {
            "Sid": "FilesOfJobs",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
            "Resource": [*arns, *(f"{arn}/*" for arn in arns)],
            "Condition": {"StringEquals": {"aws:ResourceAccount": [setup.making.bucket_owner or account]}},
        }
    ]


def model_arns(setup: Setup, target: Target) -> list[str]:
    """What a profile's jobs call: the profile, and the model wherever it may be served."""
    profile = target.profile
    if profile.geography == DIRECT or profile.base_model is None:
        return [target.arn]
    partition, _ = setup.account(target.region)
    everywhere = profile.scope != "regions"
    regions = ["*"] if everywhere else sorted(profile.reach)
    return [target.arn, *(f"arn:{partition}:bedrock:{it}::foundation-model/{profile.base_model}" for it in regions)]


def models(setup: Setup, targets: Sequence[Target]) -> list[dict[str, Any]]:
    """The role may call the profiles and the models behind them; for a model itself nothing is needed."""
    arns = [arn for target in targets if target.profile.geography != DIRECT for arn in model_arns(setup, target)]
    if not arns:
        return []
    return [
        {
            "Sid": "ProfilesOfJobs",
            "Effect": "Allow",
            "Action": ["bedrock:InvokeModel"],
            "Resource": list(dict.fromkeys(arns)),
        }
    ]


def keys(found: Keys) -> list[dict[str, Any]]:
    """The keys of the files may be used by way of S3."""
    if not found.arns:
        return []
    return [
        {
            "Sid": "KeysOfJobs",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": list(dict.fromkeys(arn for arns in found.arns.values() for arn in arns)),
            "Condition": {"StringEquals": {"kms:ViaService": [f"s3.{region}.amazonaws.com" for region in found.arns]}},
        }
    ]


def caller(setup: Setup, targets: Sequence[Target]) -> list[dict[str, Any]]:
    """Whoever calls may make jobs, hand the role on, and put and read files."""
    roles = list(dict.fromkeys(setup.making.roles[target.region] for target in targets))
    passed = {"StringEquals": {"iam:PassedToService": SERVICE}}
    files = storage(setup, targets)[0]
    return [
        {"Sid": "Jobs", "Effect": "Allow", "Action": _CALLER, "Resource": "*"},
        {"Sid": "RoleOfJobs", "Effect": "Allow", "Action": "iam:PassRole", "Resource": roles, "Condition": passed},
        {**files, "Sid": "FilesOfCaller"},
    ]
