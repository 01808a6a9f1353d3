"""What makes jobs, waits for them and gives their results. No thread and no clock: it says when to wait."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop import exceptions
from outcrop._jobs import submitting
from outcrop._jobs.outputs import Chosen, Outputs, Rest
from outcrop._jobs.plans import JobsPlan
from outcrop._jobs.service import FINAL, Seen
from outcrop._jobs.spool import Spool
from outcrop._jobs.state import State
from outcrop._jobs.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from outcrop._jobs.quotas import Quotas
    from outcrop._jobs.rounds import PlannedJob, Round
    from outcrop._jobs.setup import Setup
    from outcrop._jobs.submitting import Reading
    from outcrop._jobs.targets import Target

_LOG = logging.getLogger("outcrop.jobs")
_PATIENCE = 5
"""How many looks in a row may fail: a job that takes hours outlives a network that fails for minutes."""
_NEAR = 0.9
"""Regions whose share of answers is as near to the best are as good."""


class Pause(NamedTuple):
    """There is nothing to do for a while."""

    seconds: float


class Driver:
    """The jobs of one name, as one program drives them.

    Args:
        setup: Where jobs are made, and with what.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.state = State(setup.name, setup.homes, setup.storages, setup.journal)
        self._targets = Targets(setup)
        self._outputs = Outputs(setup, self.state)
        self._seen: dict[str, Seen] = {}
        self._quotas: dict[str, Quotas] = {}
        self._recalled = False
        self._failures = 0

    # -- planning -----------------------------------------------------------------------------------------------------

    def plan(self, reading: Reading) -> JobsPlan:
        """The jobs of requests that were read; nothing is sent."""
        return self._planned(reading)[1]

    def _planned(self, reading: Reading) -> tuple[Round, JobsPlan]:
        targets, notes = self._targets.allowed()
        found = submitting.planned(
            self._setup, reading.spool, reading.operation, targets, output_tokens=reading.output_tokens
        )
        self._quotas |= {target.region: target.quotas for target in targets}
        return found, JobsPlan(found, self._quotas, notes)

    def targets(self) -> list[Target]:
        """The Regions that jobs may be made in."""
        return self._targets.allowed()[0]

    # -- submitting ---------------------------------------------------------------------------------------------------

    def submit(self, reading: Reading) -> JobsPlan:
        """Upload requests that were read and make their jobs; those that there are already are found.

        Raises:
            ValueError: The jobs of this name have other requests.
        """
        if self.state.rounds:
            first = self.state.rounds[0]
            if (first.digest, first.operation) != (reading.spool.digest, reading.operation):
                raise ValueError(
                    f"the jobs {self._setup.name!r} have other requests than these: name new ones otherwise, or take "
                    "up the old ones with submit() and no requests"
                )
        else:
            self.state.add(self._planned(reading)[0])
        first = self.state.rounds[0]
        self._upload(first, reading.spool)
        return self.take_up()

    def submit_rest(self, rest: Rest) -> JobsPlan:
        """Make jobs of what has no answer.

        Raises:
            ValueError: There is nothing, too little for a job, or it is no rest of what there is now.
        """
        chosen = rest.chosen
        if chosen.number != len(self.state.rounds) + 1:
            raise ValueError("this rest is older than the last submission: ask rest() again")
        with _spooled(self._setup, rest) as spool:
            if not len(spool):
                raise ValueError("there is nothing to submit: each record of the jobs that have ended has its answer")
            found = submitting.planned(
                self._setup,
                spool,
                self.state.rounds[0].operation,
                self._best(self._targets.allowed()[0]),
                number=chosen.number,
                covers=chosen.jobs,
                failed=chosen.failed,
            )
            self.state.add(found)
            self._upload(found, spool)
        return self.take_up()

    def _best(self, targets: list[Target]) -> list[Target]:
        """The Regions that answered best the last time that they were asked: a rest goes to those."""
        shares: dict[str, float] = {}
        for planned in self.state.rounds:
            for region in {job.source_region for job in planned.jobs}:
                jobs = [job for job in planned.jobs if job.source_region == region and job.name in self.state.ends]
                if records := sum(job.records for job in jobs):
                    shares[region] = sum(self.state.ends[job.name].answered for job in jobs) / records
        best = max((shares.get(target.region, 1.0) for target in targets), default=0.0)
        return [target for target in targets if shares.get(target.region, 1.0) >= best * _NEAR]

    def take_up(self) -> JobsPlan:
        """Go on with what was planned, by this program or one before it.

        Raises:
            ValueError: There is nothing, or files are missing that only the requests can make.
        """
        if not self.state.rounds:
            raise ValueError(f"there are no jobs {self._setup.name!r} yet: give submit() the requests")
        self.refresh()
        for planned in self.state.rounds:
            jobs = self._not_made(planned)
            if not submitting.missing(self._setup, jobs):
                continue
            if planned.number == 1:
                raise ValueError(
                    "the program before this one was stopped while it uploaded: give submit() the same requests again"
                )
            chosen = Chosen(planned.covers, planned.failed, planned.number)
            with _spooled(self._setup, Rest(self._outputs, self.state, chosen)) as spool:
                self._upload(planned, spool)
        self._make()
        last = self.state.rounds[-1]
        return JobsPlan(last, self._quotas)

    def _upload(self, planned: Round, spool: Spool) -> None:
        if spool.digest != planned.digest:
            raise ValueError(
                f"the records of plan {planned.number} cannot be made again: its inputs or outputs changed"
            )
        self.recall()
        submitting.upload(self._setup, planned, spool, self._not_made(planned))

    def _not_made(self, planned: Round) -> list[PlannedJob]:
        return [job for job in planned.jobs if job.name not in self.state.arns and job.name not in self.state.ends]

    # -- driving ------------------------------------------------------------------------------------------------------

    def recall(self) -> None:
        """Look for jobs that a program before this one made, and could not say so any more."""
        if self._recalled:
            return
        unknown = [job for planned in self.state.rounds for job in self._not_made(planned)]
        for region in dict.fromkeys(job.source_region for job in unknown):
            rows = self._targets.service(region).rows(f"{self._setup.name}-r")
            tokens = {row.get("clientRequestToken"): row["jobArn"] for row in rows}
            for job in unknown:
                if job.source_region == region and job.token in tokens:
                    self.state.made(job, tokens[job.token])
        self._recalled = True

    def refresh(self) -> None:
        """Look how jobs fare, those of a program before this one, too. None is made."""
        self.recall()
        self._look()

    def advance(self) -> None:
        """Look how jobs fare, and make as many as there are slots for."""
        self._look()
        self._make()

    def _make(self) -> None:
        waiting = self._waiting()
        # Where nothing is to be made, nothing need be allowed any more: what there is can be read.
        self._quotas |= {target.region: target.quotas for target in self.targets()} if waiting else {}
        for region, jobs in waiting.items():
            slots = self._quotas[region].slots
            free = slots - len([job for job in self._under_way() if job.source_region == region])
            for planned, job in jobs[: max(0, free)]:
                self._targets.require([job])
                arn = self._targets.service(region).make(job, planned.operation)
                if arn is None:
                    break
                self.state.made(job, arn)

    def _waiting(self) -> dict[str, list[tuple[Round, PlannedJob]]]:
        found: dict[str, list[tuple[Round, PlannedJob]]] = {}
        for planned in self.state.rounds:
            for job in self._not_made(planned):
                found.setdefault(job.source_region, []).append((planned, job))
        self._targets.require(job for jobs in found.values() for _, job in jobs)
        return found

    def _under_way(self) -> list[PlannedJob]:
        return [job for _, job in self.state.jobs() if job.name in self.state.arns and job.name not in self.state.ends]

    def _look(self) -> None:
        for job in self._under_way():
            try:
                seen = self._targets.service(job.source_region).look(self.state.arns[job.name])
            except (
                exceptions.AccessDeniedException,
                exceptions.ResourceNotFoundException,
                exceptions.ValidationException,
            ):
                raise
            except exceptions.OutcropError as error:
                self._failures += 1
                if self._failures >= _PATIENCE:
                    raise
                _LOG.warning("the job %s could not be looked at: %s", job.name, type(error).__name__)
                continue
            self._failures = 0
            self._seen[job.name] = seen
            if seen.status in FINAL:
                self.state.ended(job, seen.end)
                if seen.end.answered < job.records:
                    _LOG.warning(
                        "the job %s ended %s: %d of %d records answered, %d failed",
                        job.name,
                        seen.status,
                        seen.answered,
                        job.records,
                        seen.failed,
                    )

    def events(self, poll: float) -> Iterator[tuple[str, Any] | Pause]:
        """Results of each job as soon as it has ended, and pauses between the looks."""
        if not self.state.rounds:
            raise ValueError(f"there are no jobs {self._setup.name!r} yet: give submit() the requests")
        self.take_up()
        given: set[str] = set()
        while True:
            for planned, job in list(self.state.jobs()):
                if job.name in self.state.ends and job.name not in given:
                    given.add(job.name)
                    yield from self._outputs.results(planned, job)
            if all(job.name in self.state.ends for _, job in self.state.jobs()):
                return
            yield Pause(poll)
            self.advance()

    def standing(self) -> tuple[int, int, int]:
        """How many records there are, how many are done, and how many of them failed, as Bedrock counts."""
        total = done = failed = 0
        for planned, job in self.state.jobs():
            total += job.records if planned.number == 1 else 0
            end, seen = self.state.ends.get(job.name), self._seen.get(job.name)
            if end is not None:
                done, failed = done + end.answered, failed + end.failed
            elif seen is not None:
                done, failed = done + seen.answered, failed + seen.failed
        return total, done, failed

    def seen(self, job: PlannedJob) -> Seen | None:
        """What the last look at a job told."""
        return self._seen.get(job.name)

    # -- the end ------------------------------------------------------------------------------------------------------

    def rest(self, *, failed: bool) -> Rest:
        """What has no answer."""
        ended: Sequence[str] = [job.name for _, job in self.state.jobs() if job.name in self.state.ends]
        return Rest(self._outputs, self.state, Chosen(tuple(ended), failed, len(self.state.rounds) + 1))

    def stop(self) -> int:
        """Stop what is under way, and make no more."""
        self.recall()
        self.state.abandon()
        return sum(
            self._targets.service(job.source_region).stop(self.state.arns[job.name]) for job in self._under_way()
        )


class _spooled:  # noqa: N801  -- a context manager as a function would be
    """A rest on the disk."""

    def __init__(self, setup: Setup, rest: Rest) -> None:
        self._spool = Spool(setup.folder)
        self._rest = rest

    def __enter__(self) -> Spool:
        try:
            for line in self._rest.lines():
                self._spool.add(line)
        except BaseException:
            self._spool.close()
            raise
        return self._spool

    def __exit__(self, *_: object) -> None:
        self._spool.close()
