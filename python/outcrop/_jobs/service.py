"""Bedrock's batch jobs in one source Region: made once, found again, looked at and stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop import _values, exceptions
from outcrop._jobs.records import AWS_NAMES
from outcrop._jobs.state import Ended

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outcrop._jobs.records import Operation
    from outcrop._jobs.rounds import PlannedJob

FINAL = frozenset({"Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"})
"""States after which nothing more happens."""

_SHORTEST, _LONGEST = 24, 168


class Seen(NamedTuple):
    """A job as Bedrock tells it.

    Attributes:
        status: Its state.
        total: How many records it has, as far as Bedrock has counted.
        done: How many it has processed.
        answered: How many of these were answered.
        failed: How many failed.
        message: Why it failed, if it did.
    """

    status: str
    total: int
    done: int
    answered: int
    failed: int
    message: str

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Seen:
        """From what `GetModelInvocationJob` or a row of the list says."""
        return cls(
            status=str(told["status"]),
            total=int(told.get("totalRecordCount") or 0),
            done=int(told.get("processedRecordCount") or 0),
            answered=int(told.get("successRecordCount") or 0),
            failed=int(told.get("errorRecordCount") or 0),
            message=str(told.get("message") or ""),
        )

    @property
    def end(self) -> Ended:
        """What stays of it."""
        return Ended(self.status, self.answered, self.failed)


class Making(NamedTuple):
    """What all jobs are made with.

    Attributes:
        roles: The role of each Region, which the service reads and writes with.
        timeout_hours: How long a job may wait and run.
        encryption_keys: The KMS key of each Region's output, where there is one.
        bucket_owner: The account of the buckets, where it is another.
        tags: What each job is tagged with.
        vpc: The VPC that the service reads and writes through, if any.
    """

    roles: Mapping[str, str]
    timeout_hours: int
    encryption_keys: Mapping[str, str]
    bucket_owner: str | None
    tags: Mapping[str, str]
    vpc: Mapping[str, Any] | None


class Service:
    """The control plane of one source Region.

    Args:
        client: A client of `bedrock` there.
        making: What jobs are made with.
    """

    def __init__(self, client: Any, making: Making) -> None:
        self._client = client
        self._making = making

    def make(self, job: PlannedJob, operation: Operation) -> str | None:
        """Make a job, or find it made.

        Returns:
            Its ARN; `None` when the Region takes none now.

        Raises:
            ClientError: Bedrock refuses it.
        """
        try:
            return self._client.create_model_invocation_job(**self.arguments(job, operation))["jobArn"]
        except exceptions.ConflictException:
            # The same was asked for before: by this program, and the answer was lost, or by one before it.
            found = self.find(job)
            if found is None:
                raise
            return found
        except exceptions.ServiceQuotaExceededException:
            return None

    def arguments(self, job: PlannedJob, operation: Operation) -> dict[str, Any]:
        """What a job is asked for with."""
        making = self._making
        source: dict[str, Any] = {"s3Uri": job.input, "s3InputFormat": "JSONL"}
        output: dict[str, Any] = {"s3Uri": job.output}
        if making.bucket_owner is not None:
            source["s3BucketOwner"] = output["s3BucketOwner"] = making.bucket_owner
        if job.source_region in making.encryption_keys:
            output["s3EncryptionKeyId"] = making.encryption_keys[job.source_region]
        asked: dict[str, Any] = {
            "jobName": job.name,
            "clientRequestToken": job.token,
            "roleArn": making.roles[job.source_region],
            "modelId": job.model_arn,
            "modelInvocationType": AWS_NAMES[operation],
            "inputDataConfig": {"s3InputDataConfig": source},
            "outputDataConfig": {"s3OutputDataConfig": output},
            "timeoutDurationInHours": making.timeout_hours,
        }
        if making.tags:
            asked["tags"] = [{"key": key, "value": value} for key, value in making.tags.items()]
        if making.vpc is not None:
            asked["vpcConfig"] = dict(making.vpc)
        return asked

    def find(self, job: PlannedJob) -> str | None:
        """The ARN of a job that was made before."""
        rows = self.rows(job.name)
        return next((row["jobArn"] for row in rows if row.get("clientRequestToken") == job.token), None)

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """What the list says of jobs whose names have a part."""
        pages = self._client.get_paginator("list_model_invocation_jobs").paginate(nameContains=name)
        for page in pages:
            yield from page.get("invocationJobSummaries", ())

    def look(self, arn: str) -> Seen:
        """How a job fares."""
        return Seen.of(self._client.get_model_invocation_job(jobIdentifier=arn))

    def stop(self, arn: str) -> bool:
        """Stop a job; whether it was not too late."""
        try:
            self._client.stop_model_invocation_job(jobIdentifier=arn)
        except exceptions.ConflictException:
            return False
        return True


def checked_hours(hours: object) -> int:
    """The time that a job may take, as Bedrock takes it.

    Raises:
        ValueError: It is out of its bounds.
    """
    found = _values.whole("timeout_hours", hours)
    if not _SHORTEST <= found <= _LONGEST:
        raise ValueError(f"timeout_hours must be from {_SHORTEST} to {_LONGEST}, not {found}")
    return found
