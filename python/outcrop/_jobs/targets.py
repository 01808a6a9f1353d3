"""Which source Regions jobs may be made in, and as what: the router's plan, seen from the buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop import exceptions
from outcrop._jobs import quotas
from outcrop._jobs.service import Service
from outcrop.cross_region.profile import DIRECT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from outcrop._jobs.places import Place
    from outcrop._jobs.quotas import Quotas
    from outcrop._jobs.rounds import PlannedJob
    from outcrop._jobs.setup import Setup
    from outcrop.cross_region.planning import PlannedTarget
    from outcrop.cross_region.profile import Profile


class Target(NamedTuple):
    """One source Region with a bucket, and what is called there.

    Attributes:
        region: The source Region.
        profile: What its jobs call.
        arn: The ARN of that.
        quotas: What the account may ask of jobs there.
    """

    region: str
    profile: Profile
    arn: str
    quotas: Quotas


class Targets:
    """What the router allows now, for each Region that has a bucket."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._services: dict[str, Service] = {}
        # What a long run would ask at each look, and what does not change under it.
        self._quotas: dict[tuple[str, str], Quotas] = {}
        self._sources: dict[str, int] = {}
        self._placed: set[tuple[str, Place]] = set()

    def allowed(self) -> tuple[list[Target], tuple[str, ...]]:
        """The Regions that jobs may be made in, the preferred first, and what to know of the others.

        Raises:
            NoTargetError: There is none.
            ValueError: A bucket lies where data may not, or not where its jobs are.
        """
        rows = self._rows()
        found: dict[str, PlannedTarget] = {}
        for row in rows:
            if row.allowed and row.source_region in self._setup.inputs:
                found.setdefault(row.source_region, row)
        notes = [
            f"{row.model_id} from {row.source_region}: {row.reason}"
            for row in rows
            if not row.allowed and row.source_region in self._setup.inputs and row.source_region not in found
        ]
        notes += [
            f"{row.source_region}: it has no bucket"
            for row in rows
            if row.allowed and row.source_region not in self._setup.inputs
        ]
        if not found:
            raise exceptions.NoTargetError(
                model=self._setup.router.model,
                report="\n".join(f"  {note}" for note in dict.fromkeys(notes)) or "  there are no targets",
            )
        self._check_buckets(found)
        targets = [self._target(region, found[region].profile) for region in self._setup.inputs if region in found]
        return targets, tuple(dict.fromkeys(notes))

    def require(self, jobs: Iterable[PlannedJob]) -> None:
        """See to it that jobs that were planned before may be made now.

        Raises:
            NoTargetError: One may not.
        """
        rows = self._rows()
        for job in jobs:
            self._require(job, rows)

    def _require(self, job: PlannedJob, all_rows: list[PlannedTarget]) -> None:
        rows = [row for row in all_rows if (row.source_region, row.model_id) == (job.source_region, job.model_id)]
        if any(row.allowed for row in rows) and job.source_region in self._setup.inputs:
            return
        why = next((row.reason for row in rows if not row.allowed), "")
        why = why or "it is no target any more, or has no bucket"
        raise exceptions.NoTargetError(
            model=job.model_id, report=f"  the job {job.name}, planned for {job.source_region}: {why}"
        )

    def service(self, region: str) -> Service:
        """The control plane of a source Region."""
        if region not in self._services:
            if region not in self._sources:
                self._rows()
            placed: Any = self._setup.router._placed.all[self._sources[region]]  # noqa: SLF001  -- the package's own
            session = placed.session
            self._services[region] = Service(session.client("bedrock", region_name=region), self._setup.making)
        return self._services[region]

    def _rows(self) -> list[PlannedTarget]:
        """The router's targets now. The next model answers for a call that failed, and a job has no such moment."""
        router = self._setup.router
        rows = [row for row in router.plan() if row.model in ("", router.model)]
        self._sources = {region: self._source(region, rows) for region in self._setup.inputs}
        return [row for row in rows if row.source == self._sources.get(row.source_region, row.source)]

    def _source(self, region: str, rows: list[PlannedTarget]) -> int:
        """Which of the router's sources makes a Region's jobs: one of the role's account, where accounts are known.

        Raises:
            ValueError: All are of other accounts, and a role is handed on in its own account alone.
        """
        _, account = self._setup.account(region)
        here = {row.source: row.account for row in rows if row.source_region == region}
        own = [number for number, of in here.items() if of == account]
        unknown = [number for number, of in here.items() if of is None or not of.isdecimal()]
        if here and not own and not unknown:
            others = ", ".join(dict.fromkeys(str(of) for of in here.values()))
            raise ValueError(
                f"the role of {region} is of account {account}, and the router's source there of {others}: name a role "
                "of that account"
            )
        return next(iter([*own, *unknown]), 0)

    def _target(self, region: str, profile: Profile) -> Target:
        name = profile.model_name or (profile.base_model or profile.id).rpartition(".")[2]
        if (region, name) not in self._quotas:
            self._quotas[region, name] = quotas.of(self._setup.quotas, region, name)
        return Target(region, profile, self.arn(profile), self._quotas[region, name])

    def arn(self, profile: Profile) -> str:
        """What is sent as the model: its ARN, since the API's pattern of ids leaves some ids out."""
        if profile.arn is not None:
            return profile.arn
        partition, account = self._setup.account(profile.source_region)
        if profile.geography == DIRECT:
            return f"arn:{partition}:bedrock:{profile.source_region}::foundation-model/{profile.id}"
        return f"arn:{partition}:bedrock:{profile.source_region}:{account}:inference-profile/{profile.id}"

    def _check_buckets(self, regions: Any) -> None:
        """A bucket keeps prompts and answers: it must lie in its jobs' Region, and data may reach it."""
        residency = self._setup.router._residency  # noqa: SLF001  -- the package's own
        for region in regions:
            for place in dict.fromkeys((self._setup.inputs[region], self._setup.outputs[region])):
                if (region, place) in self._placed:
                    continue
                where = self._setup.storages[region].region(place)
                if where is None or where == region:
                    self._placed.add((region, place))
                    continue
                if not residency.permits(where):
                    raise ValueError(
                        f"the bucket {place.bucket} of {region} lies in {where}, outside the residency: prompts and "
                        "answers would lie there"
                    )
                raise ValueError(
                    f"the bucket {place.bucket} lies in {where}, and jobs of {region} read and write in buckets of "
                    "their own Region alone: name one there"
                )
