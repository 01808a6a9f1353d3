"""How records are divided into jobs, and jobs into files. Numbers in, numbers out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcrop._jobs.quotas import Quotas


class Shard(NamedTuple):
    """The records of one job.

    Attributes:
        place: Which of the Regions it is for, by number.
        files: Where each of its files starts and stops, in records.
    """

    place: int
    files: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        """Its first record."""
        return self.files[0][0]

    @property
    def stop(self) -> int:
        """The record after its last."""
        return self.files[-1][1]


def split(ends: Sequence[int], quotas: Sequence[Quotas]) -> list[Shard]:
    """Divide records over Regions: evenly, in few jobs, each within its Region's quotas.

    Args:
        ends: Where each record ends, in bytes; the first of them is 0.
        quotas: Those of each Region, the preferred first.

    Returns:
        The jobs, in the order of the records.

    Raises:
        ValueError: The records are too few for a job, or too large.
    """
    count = len(ends) - 1
    used = [number for number, _ in enumerate(quotas)]
    # The last Regions are left out as long as there is not enough for a job in each.
    while len(used) > 1 and count // len(used) < max(quotas[number].minimum_records for number in used):
        used.pop()
    least = quotas[used[0]].minimum_records
    if count < least:
        raise ValueError(
            f"there are {count} records, and a job takes {least} at least: send them as calls, with router.batch(…)"
        )
    shards: list[Shard] = []
    for turn, number in enumerate(used):
        start, stop = count * turn // len(used), count * (turn + 1) // len(used)
        shards += [Shard(number, files) for files in _jobs(ends, start, stop, quotas[number])]
    return shards


def _jobs(ends: Sequence[int], start: int, stop: int, quotas: Quotas) -> list[tuple[tuple[int, int], ...]]:
    count, size = stop - start, ends[stop] - ends[start]
    parts = max(_divided(count, quotas.records), _divided(size, quotas.job_bytes))
    while count // parts >= quotas.minimum_records:
        cuts = _even(start, stop, parts)
        if all(ends[last] - ends[first] <= quotas.job_bytes for first, last in cuts):
            return [_files(ends, first, last, quotas) for first, last in cuts]
        parts += 1
    raise ValueError(
        f"{count:,} records of {size:,} bytes cannot be divided into jobs of at least {quotas.minimum_records:,} and "
        f"at most {quotas.records:,} records and {quotas.job_bytes:,} bytes: send the large ones as calls, or raise "
        "the quota"
    )


def _files(ends: Sequence[int], start: int, stop: int, quotas: Quotas) -> tuple[tuple[int, int], ...]:
    parts = max(_divided(stop - start, quotas.file_records), _divided(ends[stop] - ends[start], quotas.file_bytes))
    while parts <= stop - start:
        cuts = _even(start, stop, parts)
        if all(ends[last] - ends[first] <= quotas.file_bytes for first, last in cuts):
            return tuple(cuts)
        parts += 1
    largest = max(range(start, stop), key=lambda number: ends[number + 1] - ends[number])
    raise ValueError(
        f"record {largest} has {ends[largest + 1] - ends[largest]:,} bytes, and a file of a job {quotas.file_bytes:,} "
        "at most: send it as a call"
    )


def _divided(amount: int, most: int) -> int:
    """How many parts there are at least."""
    return max(1, -(-amount // most))


def _even(start: int, stop: int, parts: int) -> list[tuple[int, int]]:
    count = stop - start
    return [(start + count * turn // parts, start + count * (turn + 1) // parts) for turn in range(parts)]
