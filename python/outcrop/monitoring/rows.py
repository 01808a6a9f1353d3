"""The rows of a report."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from outcrop.monitoring.windows import from_milliseconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from outcrop import _native

Dimension = Literal["serving_region", "source_region", "profile", "time", "error_code"]
DIMENSIONS = ("serving_region", "source_region", "profile", "time", "error_code")
_QUANTILES = [0.5, 0.95, 0.99]


@dataclass(frozen=True)
class RoutingRow:
    """Calls that agree in what a report tells apart. What it does not tell apart is None.

    Attributes:
        serving_region: The Region that served. A call that failed was served nowhere; it stands with its source Region.
        source_region: The Region that was called.
        profile: The profile or model that was called, by id, however the caller spelled it.
        time: When the time bucket begins, in UTC.
        error_code: The error; empty for calls that were answered.
        calls: Calls, answered or not.
        errors: Calls that failed.
        rerouted: Calls that another Region than the called one served.
        input_tokens: Tokens of prompts that came from no cache.
        output_tokens: Tokens of answers.
        cache_read_tokens: Tokens read from the prompt cache.
        cache_write_tokens: Tokens written to the prompt cache.
        latency_p50: The median latency to the last token in milliseconds, within one per cent; None without any.
        latency_p95: The same that one call in twenty passes.
        latency_p99: The same that one call in a hundred passes.
        first_token_p50: The median latency to the first token of streams of InvokeModel, in milliseconds.
        first_token_p95: The same that one stream in twenty passes.
    """

    serving_region: str | None
    source_region: str | None
    profile: str | None
    time: datetime | None
    error_code: str | None
    calls: int
    errors: int
    rerouted: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    latency_p50: float | None
    latency_p95: float | None
    latency_p99: float | None
    first_token_p50: float | None
    first_token_p95: float | None

    @property
    def served(self) -> int:
        """Calls that were answered."""
        return self.calls - self.errors

    @property
    def rerouted_percentage(self) -> float:
        """Of the calls that were answered, those that another Region served, in per cent."""
        return 100 * self.rerouted / self.served if self.served else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The row as a dict, with `served`."""
        return {**asdict(self), "served": self.served}


def rows(reader: _native.LogReader, by: Sequence[Dimension]) -> list[RoutingRow]:
    """The rows of a reader, told apart by some dimensions and sorted by time, then by the others."""
    made = []
    for key, counts, tokens, latency, first in reader.rows(list(by), _QUANTILES):
        names = dict(zip(DIMENSIONS, key, strict=True))
        told: dict[str, Any] = {name: value if name in by else None for name, value in names.items()}
        if told["time"] is not None:
            told["time"] = from_milliseconds(told["time"])
        made.append(RoutingRow(**told, **_numbers(counts, tokens, latency, first)))
    return made


def _numbers(
    counts: tuple[int, int, int],
    tokens: tuple[float, float, float, float],
    latency: list[float | None],
    first: list[float | None],
) -> dict[str, Any]:
    names = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
    return {
        **dict(zip(("calls", "errors", "rerouted"), counts, strict=True)),
        **{name: round(value) for name, value in zip(names, tokens, strict=True)},
        **dict(zip(("latency_p50", "latency_p95", "latency_p99"), latency, strict=True)),
        "first_token_p50": first[0],
        "first_token_p95": first[1],
    }


EMPTY = RoutingRow(
    None, None, None, None, None,
    **_numbers((0, 0, 0), (0, 0, 0, 0), [None] * 3, [None] * 3),
)  # fmt: skip
"""What a log without a record adds up to."""
