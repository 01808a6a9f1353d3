"""Plans as people see them: a table of jobs, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop._jobs.quotas import Quotas
from outcrop._jobs.rounds import PlannedJob, Round
from outcrop.cross_region._tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping


_BYTES_A_TOKEN = 4
_BATCH_SHARE = 0.5


class JobsPlan(Table[PlannedJob]):
    """The jobs that records are divided into: a sequence of `PlannedJob` that shows itself as a table.

    Args:
        planned: The jobs.
        quotas: What each Region allows.
        notes: What to know beside: what is refused, and why.
    """

    columns = ("source Region", "model id", "job", "records", "files", "MB", "destination Regions")

    def __init__(self, planned: Round, quotas: Mapping[str, Quotas], notes: tuple[str, ...] = ()) -> None:
        self._round = planned
        self._quotas = dict(quotas)
        super().__init__(planned.jobs)
        self.notes = (*notes, self._summary())

    def _of(self, rows: Any) -> JobsPlan:
        part = Round(self._round.number, self._round.operation, self._round.digest, tuple(rows))
        return JobsPlan(part, self._quotas)

    def cells(self, row: PlannedJob) -> tuple[str, ...]:
        """What a job shows."""
        where = ", ".join(row.destination_regions) or "any commercial Region, or not known"
        size = f"{row.bytes / 1e6:,.1f}"
        return (row.source_region, row.model_id, row.name, f"{row.records:,}", str(len(row.files)), size, where)

    def record(self, row: PlannedJob) -> dict[str, Any]:
        """A job as plain data."""
        return {
            "source_region": row.source_region,
            "model_id": row.model_id,
            "name": row.name,
            "records": row.records,
            "files": len(row.files),
            "bytes": row.bytes,
            "destination_regions": list(row.destination_regions),
            "input": row.input,
            "output": row.output,
        }

    @property
    def records(self) -> int:
        """How many records there are."""
        return self._round.records

    @property
    def bytes(self) -> int:
        """How large they are, which lie in the buckets twice: each job writes its input into its output."""
        return sum(job.bytes for job in self)

    @property
    def input_tokens(self) -> int:
        """About how many tokens they have: one for 4 bytes, which is more than most texts have, and no image."""
        return self.bytes // _BYTES_A_TOKEN

    @property
    def output_tokens(self) -> int | None:
        """How many tokens all answers may have at most; `None` where a request sets no limit."""
        return self._round.output_tokens

    @property
    def waves(self) -> int:
        """How many times the jobs of a Region fill its slots."""
        regions = {job.source_region for job in self}
        jobs = {region: sum(job.source_region == region for job in self) for region in regions}
        return max((-(-jobs[region] // self._quotas.get(region, Quotas()).slots) for region in regions), default=0)

    def price(self, input_price: float, output_price: float, *, share: float = _BATCH_SHARE) -> tuple[float, float]:
        """About what the jobs cost: Bedrock takes half of the price of calls for most models.

        Args:
            input_price: The price of a million input tokens by calls.
            output_price: That of a million output tokens.
            share: The part of it that jobs cost.

        Returns:
            The input alone, and the input with the longest answers that the requests allow: infinite where one of them
            sets no limit.
        """
        least = self.input_tokens / 1e6 * input_price * share
        most = float("inf") if self.output_tokens is None else self.output_tokens / 1e6 * output_price * share
        return least, least + most

    def _summary(self) -> str:
        regions = len({job.source_region for job in self._rows})
        text = f"{self.records:,} records in {len(self)} jobs of {regions} source Regions, {self.bytes / 1e6:,.1f} MB"
        tokens = f"about {self.input_tokens:,} input tokens"
        longest = "" if self.output_tokens is None else f" and at most {self.output_tokens:,} output tokens"
        waves = "" if self.waves <= 1 else f", {self.waves} times the slots of a Region"
        return f"{text}, {tokens}{longest}{waves}"
