"""The arguments of `BatchJobs`, checked once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop import _values
from outcrop._jobs import places, quotas, service, storage

if TYPE_CHECKING:
    import os

    from outcrop._jobs.places import Place
    from outcrop._jobs.storage import Storage
    from outcrop.cross_region.router import CrossRegion

_ROLE = re.compile(r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>\d{12}):role/.+")


class Setup(NamedTuple):
    """Where jobs are made, and with what.

    Attributes:
        name: What all of them are known by.
        router: What says where they may be made.
        inputs: Where each Region's jobs read.
        outputs: Where they write.
        homes: Where plans lie.
        storages: Each Region's storage.
        making: What jobs are made with.
        quotas: The account's quotas, as the user gave them.
        journal: A file of what was done.
        folder: Where lines wait on the disk.
    """

    name: str
    router: CrossRegion
    inputs: Mapping[str, Place]
    outputs: Mapping[str, Place]
    homes: Mapping[str, Place]
    storages: Mapping[str, Storage]
    making: service.Making
    quotas: quotas.QuotasGiven
    journal: str | os.PathLike[str] | None
    folder: str | os.PathLike[str] | None

    def account(self, region: str) -> tuple[str, str]:
        """The partition and the account of a Region's role, which are those of its jobs."""
        found = _ROLE.fullmatch(self.making.roles[region])
        assert found is not None  # noqa: S101  -- checked by `made`
        return found["partition"], found["account"]


def made(
    router: Any,
    *,
    role_arn: str | Mapping[str, str],
    storage_given: Any,
    buckets: Mapping[str, str],
    outputs: Mapping[str, str] | None,
    name: str,
    quotas_given: quotas.QuotasGiven,
    journal: str | os.PathLike[str] | None,
    folder: str | os.PathLike[str] | None,
    timeout_hours: int,
    encryption_keys: Mapping[str, str] | None,
    bucket_owner: str | None,
    tags: Mapping[str, str] | None,
    vpc: Mapping[str, Any] | None,
) -> Setup:
    """The arguments, checked; nothing is asked of AWS.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument cannot be.
    """
    from outcrop.cross_region.router import AsyncCrossRegion, CrossRegion

    if isinstance(router, AsyncCrossRegion):
        router = router._twin()  # noqa: SLF001  -- the package's own
    if not isinstance(router, CrossRegion):
        raise TypeError(f"router must be an outcrop.CrossRegion, not {type(router).__name__}")
    if named := [it.in_project for it in router._placed.all if it.in_project]:  # noqa: SLF001  -- the package's own
        raise ValueError(
            f"the router's calls go in the project {_values.shown(named[0])}, and Bedrock's batch jobs go in none, so "
            "neither its bill nor its data retention would hold: make a router without projects for them"
        )
    name = places.checked_name(name)
    inputs = _by_region("buckets", buckets, router)
    written = inputs if outputs is None else _by_region("outputs", outputs, router)
    if without := sorted(set(inputs) - set(written)):
        raise ValueError(f"outputs has nothing for {without[0]}, which is among the buckets")
    making = service.Making(
        roles=_roles(role_arn, inputs),
        timeout_hours=service.checked_hours(timeout_hours),
        encryption_keys=dict(encryption_keys or {}),
        bucket_owner=None if bucket_owner is None else _values.text("bucket_owner", bucket_owner),
        tags=dict(tags or {}),
        vpc=vpc,
    )
    return Setup(
        name=name,
        router=router,
        inputs=inputs,
        outputs=written,
        homes={region: place.below(name) for region, place in inputs.items()},
        storages=storage.opened(storage_given, inputs),
        making=making,
        quotas=quotas_given,
        journal=journal,
        folder=folder,
    )


def _by_region(what: str, given: Any, router: CrossRegion) -> dict[str, Place]:
    if not isinstance(given, Mapping) or not given:
        raise TypeError(
            f'{what} must be a dict from source Regions to places, such as {{"us-east-1": "s3://rocks/in"}}'
        )
    sources = router._sources  # noqa: SLF001  -- the package's own
    found: dict[str, Place] = {}
    for region, uri in given.items():
        region = _values.text(f"a Region of {what}", region)  # noqa: PLW2901  -- made plain
        if region not in sources:
            raise ValueError(
                f"{what} names {_values.shown(region)}, which is not among the router's sources: {sources}"
            )
        found[region] = places.parsed(f"the place of {region} in {what}", uri)
    # In the order of the router's preference.
    return {region: found[region] for region in sources if region in found}


def _roles(given: Any, regions: Mapping[str, Any]) -> dict[str, str]:
    roles: dict[str, str] = {}
    for region in regions:
        role = given.get(region) if isinstance(given, Mapping) else given
        if role is None:
            raise ValueError(f"role_arn has none for {region}, which is among the buckets")
        text = _values.text("role_arn", role)
        if not _ROLE.fullmatch(text):
            raise ValueError(
                "role_arn must be the ARN of an IAM role that Bedrock may assume, such as "
                f"arn:aws:iam::123456789012:role/batch, not {_values.shown(text)}"
            )
        roles[region] = text
    return roles
