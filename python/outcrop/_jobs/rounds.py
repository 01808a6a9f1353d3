"""What was planned: the jobs of one submission, as they are kept in the buckets and in the journal."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outcrop._jobs.records import Operation

VERSION = 1


@dataclass(frozen=True)
class PlannedFile:
    """A file of records.

    Attributes:
        name: Its name below the job's input.
        records: How many it holds.
        bytes: How large it is.
    """

    name: str
    records: int
    bytes: int


@dataclass(frozen=True)
class PlannedJob:
    """A job that is to be made, or was.

    Attributes:
        name: Its name, which has those of all its submission's jobs in front.
        token: What Bedrock knows it by when it is asked for once more.
        source_region: Where it is made.
        model_id: The model or profile.
        model_arn: Its ARN, which is what is sent.
        destination_regions: Where it may be served; empty when it may be anywhere or nobody knows.
        input: The folder that it reads.
        output: The folder in which it makes one of its own.
        files: What it reads.
    """

    name: str
    token: str
    source_region: str
    model_id: str
    model_arn: str
    destination_regions: tuple[str, ...]
    input: str
    output: str
    files: tuple[PlannedFile, ...]

    @property
    def records(self) -> int:
        """How many records it has."""
        return sum(file.records for file in self.files)

    @property
    def bytes(self) -> int:
        """How large its files are."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True)
class Round:
    """The jobs of one submission.

    Attributes:
        number: Which one it is, from 1.
        operation: What was asked for.
        digest: What its records are known by, all in their order.
        jobs: Its jobs, in the order of the records.
        output_tokens: What all answers together may have at most, where every request sets a limit.
        covers: The jobs before whose rest this is; empty for the first.
        failed: Whether that rest held the records that failed, too.
    """

    number: int
    operation: Operation
    digest: str
    jobs: tuple[PlannedJob, ...]
    output_tokens: int | None = None
    covers: tuple[str, ...] = ()
    failed: bool = True

    @property
    def records(self) -> int:
        """How many records it has."""
        return sum(job.records for job in self.jobs)

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"version": VERSION, **asdict(self)}

    def to_json(self) -> bytes:
        """As it lies in the buckets."""
        return json.dumps(self.to_dict(), indent=1).encode("ascii")

    @classmethod
    def from_dict(cls, kept: Any, where: str) -> Round:
        """From what was kept.

        Args:
            kept: What `to_dict` gave.
            where: What it is called in the error.

        Raises:
            ValueError: It is not what `to_dict` gives.
        """
        try:
            version = kept["version"]
            jobs = tuple(
                PlannedJob(
                    **{
                        **job,
                        "files": tuple(PlannedFile(**file) for file in job["files"]),
                        "destination_regions": tuple(job["destination_regions"]),
                    }
                )
                for job in kept["jobs"]
            )
            rest = {name: value for name, value in kept.items() if name not in {"version", "jobs", "covers"}}
            found = cls(jobs=jobs, covers=tuple(kept["covers"]), **rest)
        except (KeyError, TypeError, AttributeError):
            raise ValueError(
                f"{where} is not the plan of batch jobs: name the jobs otherwise, or take it away"
            ) from None
        if version != VERSION:
            raise ValueError(
                f"{where} is of version {version}, and this is version {VERSION}: go on with the release that wrote it"
            )
        return found


def token(name: str, number: int, place: int, *parts: str) -> str:
    """What a job is known by, whoever asks for it and how often: it follows from what the job is.

    Args:
        name: The name of the jobs.
        number: The submission.
        place: The job's number in it.
        *parts: What else makes it another job: its content, its Region, its model.
    """
    text = json.dumps([VERSION, name, number, place, *parts])
    return hashlib.sha256(text.encode()).hexdigest()


def job_name(name: str, number: int, place: int, made: str) -> str:
    """The name of a job: `rocks-r1-0000-` and 8 digits of its token."""
    return f"{name}-r{number}-{place:04d}-{made[:8]}"
