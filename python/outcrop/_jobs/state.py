"""What is known of the jobs: what was planned, made and ended. It outlives the program in a journal and the buckets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop._jobs.rounds import VERSION, PlannedJob, Round
from outcrop._jobs.storage import put_bytes, whole
from outcrop._line_file import LineFile

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from outcrop._jobs.places import Place
    from outcrop._jobs.storage import Storage

NOT_SUBMITTED = "NotSubmitted"
"""The state of a job that `stop` came before."""

_STARTS = (b'{"version": ',)


class Ended(NamedTuple):
    """How a job ended.

    Attributes:
        status: Bedrock's word; `NotSubmitted` for one that was never made.
        answered: How many records were answered, as Bedrock counts.
        failed: How many failed.
    """

    status: str
    answered: int = 0
    failed: int = 0


class State:
    """The submissions of one name, and what became of their jobs.

    Args:
        name: The name.
        homes: Where plans lie: a place in the bucket of each Region.
        storages: Each Region's storage.
        journal: A file that keeps the same, and which jobs were made; or nothing.
    """

    def __init__(
        self,
        name: str,
        homes: Mapping[str, Place],
        storages: Mapping[str, Storage],
        journal: str | os.PathLike[str] | None,
    ) -> None:
        self._name = name
        self._homes = homes
        self._storages = storages
        self.rounds: list[Round] = []
        self.arns: dict[str, str] = {}
        """The ARN of each job that was made, by its name."""
        self.ends: dict[str, Ended] = {}
        """How each job ended that has, by its name."""
        self.short: set[str] = set()
        """Jobs whose files hold fewer results than Bedrock counts."""
        self._stopped: set[str] = set()
        self._file = None if journal is None else LineFile(journal, _STARTS, "run of jobs")
        try:
            self._read()
            self._look()
        except BaseException:
            self.close()
            raise

    # -- what there is ------------------------------------------------------------------------------------------------

    def jobs(self) -> Iterator[tuple[Round, PlannedJob]]:
        """Every job, with its submission."""
        for planned in self.rounds:
            for job in planned.jobs:
                yield planned, job

    def coverings(self, job: PlannedJob) -> list[Round]:
        """The submissions that the rest of a job went into."""
        return [planned for planned in self.rounds if job.name in planned.covers]

    # -- what happens -------------------------------------------------------------------------------------------------

    def add(self, planned: Round) -> None:
        """A submission: in every bucket before any of its jobs is made, so that it is split but once."""
        self._keep(planned)
        self._write({"event": "round", "round": planned.to_dict()})
        self.rounds.append(planned)

    def made(self, job: PlannedJob, arn: str) -> None:
        """A job is made."""
        self.arns[job.name] = arn
        self._write({"event": "made", "job": job.name, "arn": arn})

    def ended(self, job: PlannedJob, end: Ended) -> None:
        """A job has ended."""
        self.ends[job.name] = end
        self._write({"event": "ended", "job": job.name, **end._asdict()})

    def abandon(self) -> None:
        """What was not made yet is not made any more."""
        found = [job for _, job in self.jobs() if job.name not in self.arns and job.name not in self.ends]
        if not found:
            return
        self._stopped |= {job.name for job in found}
        body = json.dumps(sorted(self._stopped)).encode("ascii")
        for region, home in self._homes.items():
            put_bytes(self._storages[region], home.below("stopped.json"), body)
        for job in found:
            self.ended(job, Ended(NOT_SUBMITTED))

    def close(self) -> None:
        """Close the journal."""
        if self._file is not None:
            self._file.close()

    # -- how it is kept -----------------------------------------------------------------------------------------------

    def _write(self, entry: Mapping[str, Any]) -> None:
        if self._file is not None:
            self._file.append({"version": VERSION, "name": self._name, **entry})

    def _read(self) -> None:
        """From the journal."""
        if self._file is None:
            return
        for number, _, entry in self._file.entries():
            name, event = entry.get("name"), entry.get("event")
            if name != self._name and isinstance(name, str):
                raise ValueError(f"the journal {self._file} is of the jobs {name!r}, and these are {self._name!r}")
            try:
                self._take(event, entry, f"line {number} of {self._file}")
            except KeyError:
                raise self._file.strange(number) from None

    def _take(self, event: Any, entry: Mapping[str, Any], where: str) -> None:
        """A line of the journal."""
        if event == "round":
            self.rounds.append(Round.from_dict(entry["round"], where))
        elif event == "made":
            self.arns[entry["job"]] = entry["arn"]
        elif event == "ended":
            self.ends[entry["job"]] = Ended(entry["status"], entry["answered"], entry["failed"])
        else:
            raise KeyError(event)

    def _look(self) -> None:
        """In the buckets: a plan is as good as none until it lies in one of them, and is put where it lacks."""
        number = 1
        while (found := self._found(number)) is not None:
            if number <= len(self.rounds) and self.rounds[number - 1] != found:
                raise ValueError(
                    f"the journal and the buckets have different plans of the jobs {self._name!r}: name another journal"
                )
            if number > len(self.rounds):
                self._keep(found)
                self._write({"event": "round", "round": found.to_dict()})
                self.rounds.append(found)
            number += 1
        for region, home in self._homes.items():
            stopped = whole(self._storages[region], home.below("stopped.json"))
            self._stopped |= set() if stopped is None else set(json.loads(stopped))
        for _, job in self.jobs():
            if job.name in self._stopped and job.name not in self.ends:
                self.ended(job, Ended(NOT_SUBMITTED))

    def _found(self, number: int) -> Round | None:
        for region, home in self._homes.items():
            place = home.below(f"plan-{number}.json")
            body = whole(self._storages[region], place)
            if body is None:
                continue
            try:
                kept = json.loads(body)
            except ValueError:
                kept = None
            return Round.from_dict(kept, place.uri)
        return None

    def _keep(self, planned: Round) -> None:
        for region, home in self._homes.items():
            put_bytes(self._storages[region], home.below(f"plan-{planned.number}.json"), planned.to_json())
