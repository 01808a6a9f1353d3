"""What `BatchJobs` and `AsyncBatchJobs` share: their arguments, and how they say what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop._jobs import setup
from outcrop._jobs.driving import Driver
from outcrop._jobs.submitting import Reading

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from outcrop._jobs.quotas import QuotasGiven
    from outcrop.cross_region.router import AsyncCrossRegion, CrossRegion

ARGUMENTS = """

    Args:
        router: The router, whose plan says where jobs may be made. Each of its source Regions that has a bucket gets
            jobs of what it would call there first; their model is sent as an ARN.
        role_arn: The role that Bedrock assumes to read and write the buckets; one, or one by Region.
        storage: What the buckets are reached with: a boto3 client of `s3`, an obstore store, the local Bedrock's
            `objects`, or a dict of these by Region.
        buckets: Where the jobs of each source Region read, as in `{"us-east-1": "s3://rocks/in"}`. A bucket lies in the
            Region of its jobs, and keeps prompts and answers.
        name: What all is known by: the same name takes up the same jobs.
        outputs: Where they write; below `buckets` if left out.
        quotas: The account's quotas, where they are not AWS's documented ones: a dict with keys from `minimum_records`,
            `records`, `file_records`, `file_bytes`, `job_bytes` and `slots`, a dict of these by Region, or a function
            from a Region to a boto3 client of `service-quotas`, which is asked.
        journal: A file that keeps which jobs were made and how they ended, beside the plans in the buckets.
        iam: A boto3 client of `iam`, with which `check` looks at the role.
        timeout_hours: How long a job may wait and run: 24 to 168.
        encryption_keys: The KMS key of each Region's output.
        bucket_owner: The account of the buckets, where it is another.
        tags: What jobs are tagged with.
        vpc: A `vpcConfig`, through which Bedrock reaches the buckets.
        folder: Where lines wait on the disk until they are uploaded; the system's place for such files if left out.
        stop_on_error: Whether an exception that leaves the `with` block stops the jobs.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument cannot be.
"""


class Shared:
    """The arguments, checked; nothing is asked of AWS before the first verb."""

    def __init__(
        self,
        router: CrossRegion | AsyncCrossRegion,
        *,
        role_arn: str | Mapping[str, str],
        storage: Any,
        buckets: Mapping[str, str],
        name: str,
        outputs: Mapping[str, str] | None = None,
        quotas: QuotasGiven = None,
        journal: str | os.PathLike[str] | None = None,
        iam: Any = None,
        timeout_hours: int = 72,
        encryption_keys: Mapping[str, str] | None = None,
        bucket_owner: str | None = None,
        tags: Mapping[str, str] | None = None,
        vpc: Mapping[str, Any] | None = None,
        folder: str | os.PathLike[str] | None = None,
        stop_on_error: bool = False,
    ) -> None:
        self._setup = setup.made(
            router,
            role_arn=role_arn,
            storage_given=storage,
            buckets=buckets,
            outputs=outputs,
            name=name,
            quotas_given=quotas,
            journal=journal,
            folder=folder,
            timeout_hours=timeout_hours,
            encryption_keys=encryption_keys,
            bucket_owner=bucket_owner,
            tags=tags,
            vpc=vpc,
        )
        self.name = self._setup.name
        """What the jobs are known by."""
        self._iam = iam
        self._stop_on_error = _values.flag("stop_on_error", stop_on_error)
        self._made: Driver | None = None

    def __repr__(self) -> str:
        """The name, the model and the Regions; no prompts and no keys."""
        regions = ", ".join(self._setup.inputs)
        return f"<{type(self).__name__} {self.name}: {self._setup.router.model} in {regions}>"

    def _driver(self) -> Driver:
        if self._made is None:
            self._made = Driver(self._setup)
        return self._made

    def _reading(self) -> Reading:
        return Reading(self._setup)

    def _close(self) -> None:
        if self._made is not None:
            self._made.state.close()
            self._made = None


def checked_poll(poll: object) -> float:
    """Seconds between two looks."""
    found = _values.number("poll", poll, "a number of seconds")
    if not 0 <= found < _values.MOST_SECONDS:
        raise ValueError(f"poll must be a number of seconds that is not negative, not {_values.shown(found)}")
    return float(found)
