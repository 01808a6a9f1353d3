"""Jobs seen from elsewhere, by nothing but their names: what Bedrock lists of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop import exceptions
from outcrop._jobs import places, storage
from outcrop._jobs.service import FINAL, Seen
from outcrop._jobs.status import JobsStatus, JobStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Found(NamedTuple):
    """A job as a Region lists it.

    Attributes:
        region: The Region.
        told: Its row.
    """

    region: str
    told: dict[str, Any]

    @property
    def name(self) -> str:
        """Its name."""
        return self.told["jobName"]

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it."""
        return self.told["status"] in FINAL


class Watch:
    """The batch jobs of some source Regions, whoever made them.

    Args:
        session: Whose.
        regions: The source Regions.
        name: What was given to `BatchJobs` as a name, or the whole name or ARN of a job; all jobs if left out.
    """

    def __init__(self, session: Any, regions: Sequence[str], name: str | None) -> None:
        self._clients = {region: session.client("bedrock", region_name=region) for region in regions}
        self._name = name

    def found(self) -> list[Found]:
        """The jobs as they are now, in the order of their names."""
        rows = [
            Found(region, told)
            for region, client in self._clients.items()
            for page in client.get_paginator("list_model_invocation_jobs").paginate(**self._chosen())
            for told in page.get("invocationJobSummaries", ())
        ]
        return sorted((row for row in rows if self._is_meant(row)), key=lambda row: (row.name, row.region))

    def _chosen(self) -> dict[str, str]:
        if self._name is None or self._name.startswith("arn:"):
            return {}
        return {"nameContains": self._name}

    def _is_meant(self, row: Found) -> bool:
        if self._name is None or self._name in (row.name, row.told["jobArn"]):
            return True
        return re.fullmatch(rf"{re.escape(self._name)}-r\d+-\d{{4,}}-[0-9a-f]{{8}}", row.name) is not None

    def status(self) -> JobsStatus:
        """The jobs as a table."""
        return table(self.found())

    def stop(self) -> list[Found]:
        """Stop those that have not ended.

        Returns:
            Those that were stopped.
        """
        stopped = []
        for row in self.found():
            if row.is_final or row.told["status"] == "Stopping":
                continue
            try:
                self._clients[row.region].stop_model_invocation_job(jobIdentifier=row.told["jobArn"])
            except exceptions.ConflictException:  # it has ended meanwhile
                continue
            stopped.append(row)
        return stopped


def table(found: Sequence[Found]) -> JobsStatus:
    """Jobs as people see them."""
    rows = []
    for row in found:
        seen = Seen.of(row.told)
        counts = (seen.total, seen.answered, seen.failed)
        rows.append(JobStatus(row.name, row.region, row.told["jobArn"], seen.status, *counts, seen.message))
    return JobsStatus(rows)


def lines(row: Found, client: Any) -> Iterator[bytes]:
    """What a job wrote: a line for each record, as Bedrock wrote it, and the manifest left out.

    Args:
        row: A job that has ended.
        client: A boto3 client of `s3`.
    """
    uri = row.told["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
    folder = places.parsed("the job's output", uri).below(row.told["jobArn"].rpartition("/")[2])
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=folder.bucket, Prefix=f"{folder.key}/")
    kept = storage.ClientStorage(client)
    for page in pages:
        for found in page.get("Contents", ()):
            if found["Key"].endswith(".jsonl.out"):
                yield from storage.lines(kept, places.Place(folder.bucket, found["Key"]))
