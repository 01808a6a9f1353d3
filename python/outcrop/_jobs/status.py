"""How jobs fare, as people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop.cross_region._tables import Table

if TYPE_CHECKING:
    from outcrop._jobs.driving import Driver


class JobStatus(NamedTuple):
    """One job.

    Attributes:
        name: Its name.
        source_region: Where it is.
        arn: Its ARN; `None` until it is made.
        status: Its state in Bedrock's words; `Waiting` until it is made, `NotSubmitted` when it will not be.
        records: How many records it has.
        answered: How many were answered.
        failed: How many failed.
        message: Why it failed, in Bedrock's words.
    """

    name: str
    source_region: str
    arn: str | None
    status: str
    records: int
    answered: int
    failed: int
    message: str


class JobsStatus(Table[JobStatus]):
    """A sequence of `JobStatus` that shows itself as a table."""

    columns = ("source Region", "job", "status", "records", "answered", "failed", "message")

    def cells(self, row: JobStatus) -> tuple[str, ...]:
        """What a job shows."""
        counts = (f"{row.records:,}", f"{row.answered:,}", f"{row.failed:,}")
        return (row.source_region, row.name, row.status, *counts, row.message)

    def record(self, row: JobStatus) -> dict[str, Any]:
        """A job as plain data."""
        return row._asdict()


_HINT = "where a KMS key is used, a right that lacks on the key reads like this, too"


def of(driver: Driver) -> JobsStatus:
    """How the jobs of a driver fare, as it saw them last."""
    rows: list[JobStatus] = []
    notes: list[str] = []
    for _, job in driver.state.jobs():
        end, seen = driver.state.ends.get(job.name), driver.seen(job)
        status = end.status if end is not None else seen.status if seen is not None else "Waiting"
        counts = end or seen
        answered, failed = (counts.answered, counts.failed) if counts is not None else (0, 0)
        message = seen.message if seen is not None else ""
        arn = driver.state.arns.get(job.name)
        rows.append(JobStatus(job.name, job.source_region, arn, status, job.records, answered, failed, message))
        if status == "Failed" and ("GetObject" in message or "PutObject" in message):
            notes.append(_HINT)
        if job.name in driver.state.short:
            notes.append(f"the files of {job.name} hold fewer results than Bedrock counts")
    return JobsStatus(rows, tuple(dict.fromkeys(notes)))
