"""From requests to jobs that can be made: read once, divided, kept as a plan, and uploaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop import _native, _values
from outcrop._jobs import places, rounds
from outcrop._jobs.records import Writer, taken_apart, usual_id
from outcrop._jobs.rounds import PlannedFile, PlannedJob, Round
from outcrop._jobs.splitting import split
from outcrop._jobs.spool import Ids, Spool
from outcrop.cross_region.identifiers import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from outcrop._jobs.records import Operation
    from outcrop._jobs.setup import Setup
    from outcrop._jobs.splitting import Shard
    from outcrop._jobs.targets import Target


class Reading:
    """Requests on their way to the disk.

    Args:
        setup: Where jobs are made.
    """

    def __init__(self, setup: Setup) -> None:
        router: Any = setup.router
        self._writer = Writer((router.model, parse(router.model).name), _check_of(router))
        self.spool = Spool(setup.folder)
        self._ids: Ids | None = None
        self._named: bool | None = None

    def read(self, requests: Iterable[Any]) -> None:
        """Write down all requests.

        Raises:
            TypeError: The requests are none.
            ValueError: A request cannot be a job's, or a record id is there twice.
        """
        if isinstance(requests, (dict, str, bytes)):
            raise TypeError("requests must be an iterable of dicts, or of pairs of a record id and a dict")
        for request in requests:
            self.add(request)

    def add(self, given: Any) -> None:
        """Write down a request; see `read`."""
        number = len(self.spool)
        record_id, request = taken_apart(number, given)
        self._check_id(number, record_id)
        self.spool.add(self._writer.line(number, record_id or usual_id(number), request))

    def _check_id(self, number: int, record_id: str | None) -> None:
        if self._named is None:
            self._named = record_id is not None
        if self._named != (record_id is not None):
            raise ValueError(f"request {number} must have a record id as those before it, or none as they have")
        if record_id is None:
            return
        self._ids = self._ids or Ids()
        if not self._ids.add(record_id):
            raise ValueError(f"the record id {_values.shown(record_id)} of request {number} is another request's, too")

    @property
    def operation(self) -> Operation:
        """What is asked for."""
        return self._writer.operation or "converse"

    @property
    def output_tokens(self) -> int | None:
        """What all answers may have at most."""
        return self._writer.output_tokens

    def close(self) -> None:
        """Give the disk back."""
        self.spool.close()
        if self._ids is not None:
            self._ids.close()


def _check_of(router: Any) -> Callable[[str, dict[str, Any]], None]:
    """What refuses arguments that the API does not have, as the session's clients do."""
    session = router._session  # noqa: SLF001  -- the package's own
    if not session._given.get("parameter_validation", True):  # noqa: SLF001
        return lambda _operation, _arguments: None
    return _native.Client(session._native, "bedrock-runtime", check=True).check  # noqa: SLF001


def planned(
    setup: Setup,
    spool: Spool,
    operation: Operation,
    targets: Sequence[Target],
    *,
    number: int = 1,
    output_tokens: int | None = None,
    covers: Sequence[str] = (),
    failed: bool = True,
) -> Round:
    """The plan of lines: which job and file each goes to. The same lines, targets and quotas make the same plan.

    Raises:
        ValueError: The lines do not fit.
    """
    shards = split(spool.ends, [target.quotas for target in targets])
    jobs = []
    for place, shard in enumerate(shards):
        target = targets[shard.place]
        content = spool.part(shard.start, shard.stop).digest()
        output = setup.outputs[target.region].below(setup.name, "out")
        token = rounds.token(setup.name, number, place, operation, content, target.arn, output.uri)
        name = rounds.job_name(setup.name, number, place, token)
        profile = target.profile
        jobs.append(
            PlannedJob(
                name=name,
                token=token,
                source_region=target.region,
                model_id=profile.model_id,
                model_arn=target.arn,
                destination_regions=tuple(profile.destination_regions) if profile.scope == "regions" else (),
                # Nothing else is ever in that folder, all of which the job reads.
                input=setup.homes[target.region].below("in", name).folder,
                output=output.folder,
                files=tuple(_files(spool, shard)),
            )
        )
    return Round(number, operation, spool.digest, tuple(jobs), output_tokens, tuple(covers), failed)


def _files(spool: Spool, shard: Shard) -> Iterator[PlannedFile]:
    for turn, (start, stop) in enumerate(shard.files):
        yield PlannedFile(f"records-{turn:04d}.jsonl", stop - start, spool.ends[stop] - spool.ends[start])


def missing(setup: Setup, jobs: Iterable[PlannedJob]) -> bool:
    """Whether a file of these jobs is not there yet."""
    return any(not _is_there(setup, job, file) for job in jobs for file in job.files)


def upload(setup: Setup, planned_round: Round, spool: Spool, jobs: Sequence[PlannedJob]) -> None:
    """Put the files of these jobs where they belong; what is there already stays."""
    number = 0
    wanted = {job.name for job in jobs}
    for job in planned_round.jobs:
        for file in job.files:
            start, number = number, number + file.records
            if job.name in wanted and not _is_there(setup, job, file):
                place = places.parsed("a job's input", job.input).below(file.name)
                part = spool.part(start, number)
                setup.storages[job.source_region].put(place, part, part.size)  # pyright: ignore[reportArgumentType]


def _is_there(setup: Setup, job: PlannedJob, file: PlannedFile) -> bool:
    # A folder's name is made of what is in it, and objects are there whole or not at all.
    place = places.parsed("a job's input", job.input).below(file.name)
    return setup.storages[job.source_region].size(place) == file.bytes
