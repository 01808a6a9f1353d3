"""What jobs wrote, read again as answers and errors, and what they left over."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop._jobs import places, records, storage
from outcrop._jobs.state import NOT_SUBMITTED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from outcrop._jobs.places import Place
    from outcrop._jobs.rounds import PlannedJob, Round
    from outcrop._jobs.setup import Setup
    from outcrop._jobs.state import State

_LOG = logging.getLogger("outcrop.jobs")
_AT_ONCE = 256
"""Requests that are read by a thread before the loop takes them."""


class Outputs:
    """The results of jobs that have ended, whatever state they ended in.

    Args:
        setup: Where jobs write.
        state: What is known of them.
    """

    def __init__(self, setup: Setup, state: State) -> None:
        self._setup = setup
        self._state = state

    def results(self, planned: Round, job: PlannedJob) -> Iterator[tuple[str, Any]]:
        """Each record of a job that has a result, once: its id and its answer or error.

        Errors of records that were sent again are left out.
        """
        # What was sent again has its result there.
        again = any(covering.failed for covering in self._state.coverings(job))
        origin = {
            "JobArn": self._state.arns.get(job.name),
            "JobName": job.name,
            "SourceRegion": job.source_region,
            "ModelId": job.model_id,
        }
        seen: set[str] = set()
        answers = failures = 0
        for line in self._lines(job):
            record_id = records.id_of(line)
            if record_id is None or record_id in seen:
                continue
            seen.add(record_id)
            result = records.result_of(planned.operation, line, origin)
            if result is None:
                continue
            failed = isinstance(result[1], Exception)
            failures += failed
            answers += not failed
            if not (failed and again):
                yield result
        self._compare(job, answers, failures)

    def _compare(self, job: PlannedJob, answers: int, failures: int) -> None:
        """Bedrock's counts are the witness that nothing was lost on the way."""
        end = self._state.ends[job.name]
        if answers < end.answered or failures < end.failed:
            self._state.short.add(job.name)
            _LOG.warning(
                "the files of the job %s hold %d answers and %d errors, and Bedrock counts %d and %d",
                job.name,
                answers,
                failures,
                end.answered,
                end.failed,
            )

    def left(self, job: PlannedJob, chosen: Chosen) -> Iterator[bytes]:
        """The lines of a job's records that have no answer."""
        end = self._state.ends[job.name]
        if end.answered == job.records and job.name not in self._state.short:
            return
        answered: set[str] = set()
        failed: set[str] = set()
        for line in self._lines(job):
            found = records.answered(line)
            if found is not None:
                (answered if found[1] else failed).add(found[0])
        before = [each for each in self._state.coverings(job) if each.number < chosen.number]
        failures_too = chosen.failed and not any(each.failed for each in before)
        for file in job.files:
            for line in storage.lines(self._storage(job), self._input(job).below(file.name)):
                record_id = records.written_id(line)
                if record_id in answered:
                    continue
                if failures_too if record_id in failed else not before:
                    yield line + b"\n"

    def _lines(self, job: PlannedJob) -> Iterator[bytes]:
        arn = self._state.arns.get(job.name)
        if arn is None or self._state.ends[job.name].status == NOT_SUBMITTED:
            return
        folder = places.parsed("a job's output", job.output).below(arn.rpartition("/")[2])
        for file in job.files:
            # A job that failed, expired or stopped early has none.
            with contextlib.suppress(storage.MissingObjectError):
                yield from storage.lines(self._storage(job), folder.below(f"{file.name}.out"))

    def _input(self, job: PlannedJob) -> Place:
        return places.parsed("a job's input", job.input)

    def _storage(self, job: PlannedJob) -> storage.Storage:
        return self._setup.storages[job.source_region]


class Chosen(NamedTuple):
    """Which records are meant.

    Attributes:
        jobs: The jobs that have ended, by name.
        failed: Whether those that failed are, too.
        number: The submission that they would go into.
    """

    jobs: tuple[str, ...]
    failed: bool
    number: int


class Rest:
    """The requests that have no answer, to be sent as calls or as other jobs; nothing of jobs that are under way.

    It is read from the buckets anew each time: `for request in rest`, and `rest.items()` for pairs of a record id and
    its request. It is false when there is none.

    Args:
        outputs: What jobs wrote.
        state: What is known of them.
        chosen: Which records are meant.
    """

    def __init__(self, outputs: Outputs, state: State, chosen: Chosen) -> None:
        self._outputs = outputs
        self._state = state
        self.chosen = chosen
        """Which records are meant."""

    def __repr__(self) -> str:
        return f"<Rest of {len(self.chosen.jobs)} jobs: for request in it>"

    def lines(self) -> Iterator[bytes]:
        """The records as they were uploaded."""
        for _, line in self._lines():
            yield line

    def _lines(self) -> Iterator[tuple[Round, bytes]]:
        wanted = set(self.chosen.jobs)
        for planned, job in self._state.jobs():
            if job.name in wanted:
                for line in self._outputs.left(job, self.chosen):
                    yield planned, line

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Pairs of a record id and its request."""
        for planned, line in self._lines():
            yield records.request_of(planned.operation, line)

    def __iter__(self) -> Iterator[Any]:
        """The requests."""
        for planned, line in self._lines():
            yield records.request_of(planned.operation, line)[1]

    async def __aiter__(self) -> AsyncIterator[Any]:
        """The requests, read on threads of the loop's executor."""
        requests = iter(self)
        while found := await asyncio.to_thread(lambda: list(islice(requests, _AT_ONCE))):
            for request in found:
                yield request

    def __bool__(self) -> bool:
        """Whether there is any."""
        return next(self.lines(), None) is not None

    def count(self) -> int:
        """How many there are; all of them are read for it."""
        return sum(1 for _ in self.lines())
