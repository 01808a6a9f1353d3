"""The KMS keys of jobs' files: those of `encryption_keys=`, and those that buckets encrypt with by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from outcrop._jobs.storage import reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outcrop._jobs.setup import Setup
    from outcrop._jobs.targets import Target


class Keys(NamedTuple):
    """The keys that are known, and why others are not.

    Attributes:
        arns: The ARNs of each Region's keys.
        unknown: Why a bucket's key is not known, by the bucket's name.
    """

    arns: Mapping[str, list[str]]
    unknown: Mapping[str, str]


def of(setup: Setup, targets: Sequence[Target]) -> Keys:
    """The keys of each Region's files, as far as S3 lets one ask."""
    arns: dict[str, list[str]] = {}
    unknown: dict[str, str] = {}
    for target in targets:
        region = target.region
        given = setup.making.encryption_keys.get(region)
        # A job's own key takes the place of the bucket's where it writes.
        asked = [setup.inputs[region]] if given else [setup.inputs[region], setup.outputs[region]]
        found = [given] if given else []
        for place in dict.fromkeys(asked):
            try:
                key = setup.storages[region].key(place)
            except Exception as error:
                if (code := reason_of(error)) is None:
                    raise
                unknown[place.bucket] = f"GetBucketEncryption answered {code}"
                continue
            if key is None or key.endswith("alias/aws/s3"):
                # S3's own key may be used by whoever may use the bucket.
                continue
            if (arn := _arn(setup, region, key)) is None:
                unknown[place.bucket] = f"it has {key} for its key, and a policy names a key by its ARN alone"
            else:
                found.append(arn)
        if found:
            arns[region] = list(dict.fromkeys(found))
    return Keys(arns, unknown)


def _arn(setup: Setup, region: str, key: str) -> str | None:
    """The ARN of a key that a bucket names; `None` for an alias, which may lead to another key tomorrow."""
    if "alias/" in key:
        return None
    if key.startswith("arn:"):
        return key
    partition, account = setup.account(region)
    return f"arn:{partition}:kms:{region}:{setup.making.bucket_owner or account}:key/{key}"
