"""`outcrop.benchmark()`: how fast the targets of a model answer, measured side by side."""

from __future__ import annotations

import math
import random
import time
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop._signatures import connecting
from outcrop.cross_region._measured import Measured, shown, summary
from outcrop.cross_region._tables import TargetTable
from outcrop.cross_region.resolving import plan, require
from outcrop.cross_region.router import CrossRegion
from outcrop.cross_region.sources import Source, Sources, made_session
from outcrop.exceptions import OutcropError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure
    from typing_extensions import Unpack

    from outcrop._session import Session
    from outcrop.cross_region.residency import Residency, ResidencyRule
    from outcrop.cross_region.sources import SourcesLike
    from outcrop.types import ConnectionArguments

PROMPT = "Explain in a few sentences how an outcrop of rock comes about."
_TOKENS_OF_PROMPT = 4
"""Bytes of a prompt for each token, roughly."""
_FEW = 6
"""Fewer measurements than this have no 95 % interval of their median."""


class Benchmark(TargetTable[Measured]):
    """What was measured, target by target; a sequence of `Measured` that shows itself as a table."""

    columns = ("source Region", "model id", "calls", "errors", "first token (s)", "last token (s)", "tokens/s")

    def cells(self, row: Measured) -> tuple[str, ...]:
        """What a target shows: medians and their 95 % confidence intervals."""
        errors = ", ".join(f"{count}x {name}" for name, count in row.errors.items()) or "0"
        figures = (shown(row.first_token), shown(row.last_token), shown(row.tokens_per_second))
        return (*self.place(row), row.model_id, str(row.calls), errors, *figures)

    def record(self, row: Measured) -> dict[str, Any]:
        """A target as plain data."""
        return {
            "source_region": row.source_region,
            "account": row.account,
            "model_id": row.model_id,
            "calls": row.calls,
            "errors": dict(row.errors),
            "error_rate": sum(row.errors.values()) / row.calls if row.calls else 0.0,
            "first_token": summary(row.first_token),
            "last_token": summary(row.last_token),
            "tokens_per_second": summary(row.tokens_per_second),
        }

    def plot(self) -> Figure:
        """Draw the times to the first and to the last token and the tokens a second: every call a dot.

        Returns:
            A matplotlib figure, medians with their intervals and errors by name of the target; `figure.savefig(…)`
            keeps it.

        Raises:
            ImportError: matplotlib is not installed.
        """
        from outcrop.cross_region._picture import picture

        return picture(self)


@connecting
def benchmark(
    model: str,
    *,
    sources: SourcesLike = None,
    geographies: Iterable[str] | str | None = None,
    residency: ResidencyRule | Residency = None,
    calls: int = 10,
    warm_up: int = 1,
    prompt: str = PROMPT,
    max_tokens: int = 200,
    catalogue: Any = "auto",
    yes: bool = False,
    session: Session | None = None,
    **connection: Unpack[ConnectionArguments],
) -> Benchmark:
    """Measure how fast each target of a model answers. It makes paid calls, so it wants to be told `yes`.

    Targets take turns, in an order that changes with every round, so that none is favoured by the time of day. Calls
    are made one after the other and not repeated.

    Args:
        model: A model's id, a profile's id, or an ARN.
        sources: The source Regions. Default: the session's.
        geographies: As in `outcrop.plan`.
        residency: The Regions that data may reach; a function is asked anew for each call, and a call that it refuses
            is counted as an error and not sent.
        calls: How many calls of each target are measured.
        warm_up: How many calls of each target go before, to open connections.
        prompt: What is asked.
        max_tokens: How long an answer may be.
        catalogue: `auto`, `live` or `snapshot`; see `outcrop.profiles`.
        yes: Whether to go ahead. Otherwise the error says how many calls there would be, and about how many tokens.
        session: The session whose credentials and settings are used.
        **connection: In place of a session, its arguments.

    Returns:
        A table.

    Raises:
        PermissionError: Nobody said yes.
        NoTargetError: No target may be called.
        ValueError: An argument cannot be.

    Example:
        >>> measured = benchmark("us.amazon.nova-lite-v1:0", sources=["us-east-1", "us-west-2"], calls=2, yes=True)
        >>> [(row.source_region, row.calls) for row in measured]
        [('us-east-1', 2), ('us-west-2', 2)]
    """
    calls, warm_up = _values.whole("calls", calls), _values.whole("warm_up", warm_up, 0)
    max_tokens = _values.whole("max_tokens", max_tokens)
    session = made_session(session, connection, sources, benchmark)
    found = plan(
        model, sources=sources, geographies=geographies, residency=residency, catalogue=catalogue, session=session
    )
    targets = require(found)
    said = estimate(len(targets), calls + warm_up, prompt, max_tokens)
    if not yes:
        raise PermissionError(f"{said}: say yes=True (--yes) to go ahead")
    measured = [Measured(target.source_region, target.model_id, account=target.account) for target in targets]
    placed = Sources(session, sources).all
    routers = [
        # A router of one target asks the residency at each call, whose rule or facts may have changed; without a budget
        # nothing is repeated, and a kept answer would be no measurement.
        CrossRegion(
            target.model_id,
            sources=[Source(target.source_region, placed[target.source].session)],
            residency=residency,
            retry_budget=0,
            catalogue=catalogue,
            shared=False,
            session=session._with({"cache": False}),  # noqa: SLF001  -- the package's own
        )
        for target in targets
    ]
    order = random.Random(len(measured))
    turns = list(zip(routers, measured, strict=True))
    for number in range(warm_up + calls):
        for router, row in order.sample(turns, len(turns)):
            _measure(router, row, prompt, max_tokens, keep=number >= warm_up)
    few = f"of fewer than {_FEW} calls the interval is their range, which is less sure than 95 %"
    return Benchmark(measured, [said, *([few] if calls < _FEW else []), *found.notes])


def estimate(targets: int, calls: int, prompt: str, max_tokens: int) -> str:
    """How many calls a benchmark makes, and about how many tokens they take.

    Args:
        targets: How many targets.
        calls: How many calls of each.
        prompt: What is asked.
        max_tokens: How long an answer may be.

    Returns:
        The estimate in words.
    """
    total = targets * calls
    read = total * math.ceil(len(prompt.encode()) / _TOKENS_OF_PROMPT)
    written = total * max_tokens
    return f"{total} calls of {targets} targets, about {read} tokens in and at most {written} tokens out"


def _measure(router: CrossRegion, row: Measured, prompt: str, max_tokens: int, *, keep: bool) -> None:
    began, first, written = time.perf_counter(), 0.0, 0
    row.calls += keep
    try:
        events = router.converse_stream(
            messages=[{"role": "user", "content": [{"text": prompt}]}],
            inferenceConfig={"maxTokens": max_tokens},
        )["stream"]
        for event in events:
            if not first and "contentBlockDelta" in event:
                first = time.perf_counter() - began
            written = event.get("metadata", {}).get("usage", {}).get("outputTokens", written)
    except OutcropError as error:
        if keep:
            row.errors[getattr(error, "code", type(error).__name__)] += 1
        return
    last = time.perf_counter() - began
    if keep and first:
        row.first_token.append(first)
        row.last_token.append(last)
        if last > first and written > 1:
            row.tokens_per_second.append((written - 1) / (last - first))
