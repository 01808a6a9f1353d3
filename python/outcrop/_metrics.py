"""What the calls of a client or a router add up to: a snapshot, as tables, as dicts, and as text for Prometheus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from outcrop import _native
from outcrop._tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    from typing_extensions import Self

_QUANTILES = [0.5, 0.95, 0.99]
TOKENS = ("input", "output", "cache_read", "cache_write")


@dataclass(frozen=True)
class Distribution:
    """Durations in seconds, added up.

    Attributes:
        classes: How many are in each class of `bounds`; the last are above all of them.
        sum: All of them together.
        p50: The median, within one per cent; None where there are none.
        p95: What one in twenty passes.
        p99: What one in a hundred passes.
    """

    classes: tuple[int, ...]
    sum: float
    p50: float | None
    p95: float | None
    p99: float | None

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self.classes)


@dataclass(frozen=True)
class Series:
    """Calls that agree in labels.

    Attributes:
        labels: `service`, `region`, `operation` and `outcome`. A router adds `target`, what is sent as `modelId`, and
            `account` where it is known; its
            `region` is the target's, and both are empty for a call that was sent nowhere. The outcome is `ok`,
            Bedrock's error code, or one of `timeout`, `connection`, `broken`, `abandoned`, `no_credentials`,
            `no_target`, `overloaded` and `invalid`.
        calls: How many.
        retries: Attempts after the first.
        events: Events of streams.
        input_tokens: Tokens of prompts that came from no cache.
        output_tokens: Tokens of answers.
        cache_read_tokens: Tokens read from the prompt cache.
        cache_write_tokens: Tokens written to the prompt cache.
        latency: From the call to its answer's last byte.
        first_event: From the call to a stream's first event.
    """

    labels: Mapping[str, str]
    calls: int
    retries: int
    events: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    latency: Distribution
    first_event: Distribution


@dataclass(frozen=True)
class Sample:
    """A number beside the series, such as a breaker's state or a cache's hits.

    Attributes:
        name: Its name, without `outcrop_`, and with `_total` if it only grows.
        help: What it is.
        labels: Its labels.
        value: The number.
    """

    name: str
    help: str
    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, repr=False)
class Metrics:
    """What was counted up to now. In a notebook it is a table, with rich, too.

    Attributes:
        series: Calls by operation and outcome; of a router by target, too, which is the one that answered or else the
            last that was asked.
        in_flight: Calls under way, with their labels.
        samples: What else there is to tell.
        attempts: Of a router: single requests by target, operation and outcome, each with its own latency.
        attempts_in_flight: Those under way.

    Example:
        >>> runtime = bedrock.client("bedrock-runtime")
        >>> answer = runtime.converse(
        ...     modelId="us.anthropic.claude-haiku-4-5-20251001-v1:0",
        ...     messages=[{"role": "user", "content": [{"text": "Hello"}]}],
        ... )
        >>> [series] = runtime.metrics()
        >>> series.labels["operation"], series.labels["outcome"], series.calls
        ('Converse', 'ok', 1)
    """

    series: tuple[Series, ...]
    in_flight: tuple[tuple[Mapping[str, str], int], ...] = ()
    samples: tuple[Sample, ...] = field(default=())
    attempts: tuple[Series, ...] = ()
    attempts_in_flight: tuple[tuple[Mapping[str, str], int], ...] = ()

    @classmethod
    def of_client(cls, native: _native.Client, labels: Mapping[str, str]) -> Self:
        """Reads a native client's counters."""
        in_flight, rows = native.metrics(_QUANTILES)
        return cls(tuple(_series(labels, rows)), ((labels, in_flight),), tuple(cache_samples(native, labels)))

    @classmethod
    def of_router(cls, native: _native.Router, samples: Iterable[Sample] = ()) -> Self:
        """Reads a native router's counters."""
        service = {"service": "bedrock-runtime"}
        in_flight, nowhere, targets = native.metrics(_QUANTILES)
        calls, attempts = list(_series({**service, "region": "", "target": ""}, nowhere)), []
        attempts_in_flight: list[tuple[Mapping[str, str], int]] = []
        for region, account, model_id, under_way, of_calls, of_attempts in targets:
            labels = {**service, **labels_of(region, account, model_id)}
            calls += _series(labels, of_calls)
            attempts += _series(labels, of_attempts)
            attempts_in_flight.append((labels, under_way))
        return cls(tuple(calls), ((service, in_flight),), tuple(samples), tuple(attempts), tuple(attempts_in_flight))

    @classmethod
    def together(cls, several: Iterable[Metrics], samples: Iterable[Sample] = ()) -> Self:
        """Several as one, with more samples; their labels must tell them apart."""
        found = list(several)
        return cls(
            tuple(series for each in found for series in each.series),
            tuple(row for each in found for row in each.in_flight),
            (*(sample for each in found for sample in each.samples), *samples),
            tuple(series for each in found for series in each.attempts),
            tuple(row for each in found for row in each.attempts_in_flight),
        )

    @property
    def calls(self) -> int:
        """All calls that ended."""
        return sum(series.calls for series in self.series)

    def __iter__(self) -> Iterator[Series]:
        return iter(self.series)

    def __len__(self) -> int:
        return len(self.series)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The series as flat dicts, for pandas or JSON; latencies in seconds."""
        return [
            {
                **series.labels,
                "calls": series.calls,
                "retries": series.retries,
                "events": series.events,
                **{f"{kind}_tokens": getattr(series, f"{kind}_tokens") for kind in TOKENS},
                "latency_p50": series.latency.p50,
                "latency_p95": series.latency.p95,
                "latency_p99": series.latency.p99,
                "first_event_p50": series.first_event.p50,
                "first_event_p95": series.first_event.p95,
            }
            for series in self.series
        ]

    def to_pandas(self) -> pd.DataFrame:
        """The series as a data frame; latencies in seconds.

        Returns:
            One row each.

        Raises:
            ImportError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError("to_pandas() needs pandas: pip install 'outcrop[pandas]'") from error
        return pd.DataFrame(self.to_dicts())

    def to_prometheus(self) -> str:
        """The text that Prometheus scrapes, version 0.0.4; serve it as `text/plain; version=0.0.4`.

        Returns:
            The text. Names begin with `outcrop_`.

        Example:
            >>> bedrock.client("bedrock-runtime").metrics().to_prometheus().splitlines()[0]
            '# HELP outcrop_calls_total Calls that ended.'
        """
        return "".join(f"{line}\n" for line in self._prometheus())

    def _prometheus(self) -> Iterator[str]:
        counters = {
            "calls_total": ("Calls that ended.", lambda it: it.calls),
            "retries_total": ("Attempts after a call's first.", lambda it: it.retries),
            "stream_events_total": ("Events of streams.", lambda it: it.events),
        }
        for name, (text, value) in counters.items():
            yield from _heading(name, text, "counter")
            yield from (f"outcrop_{name}{_labels(series.labels)} {value(series)}" for series in self.series)
        yield from _heading("tokens_total", "Tokens, by kind.", "counter")
        for series in self.series:
            for kind in TOKENS:
                labels = _labels({**series.labels, "kind": kind})
                yield f"outcrop_tokens_total{labels} {getattr(series, f'{kind}_tokens')}"
        yield from _durations("call_duration_seconds", "From a call to its answer's last byte.", self.series)
        yield from _first_events("time_to_first_event_seconds", "From a call to a stream's first event.", self.series)
        yield from _under_way("calls_in_flight", "Calls under way.", self.in_flight)
        if self.attempts_in_flight:
            yield from _heading("attempts_total", "Single requests to a router's targets.", "counter")
            yield from (f"outcrop_attempts_total{_labels(it.labels)} {it.calls}" for it in self.attempts)
            yield from _durations(
                "attempt_duration_seconds", "From a request to its answer's last byte.", self.attempts
            )
            yield from _first_events(
                "attempt_time_to_first_event_seconds", "From a request to a stream's first event.", self.attempts
            )
            yield from _under_way("attempts_in_flight", "Requests under way.", self.attempts_in_flight)
        told: set[str] = set()
        for sample in sorted(self.samples, key=lambda it: it.name):
            if sample.name not in told:
                told.add(sample.name)
                yield from _heading(sample.name, sample.help, "counter" if sample.name.endswith("_total") else "gauge")
            yield f"outcrop_{sample.name}{_labels(sample.labels)} {sample.value:g}"

    def _tables(self) -> list[Table]:
        notes = [_counted("calls", self.in_flight)]
        # A breaker is in one of its states; the others are told for Prometheus alone.
        told = [sample for sample in self.samples if sample.value or not sample.labels]
        notes += [_said(sample) for sample in told]
        if not self.attempts_in_flight:
            return [_table("Calls", self.series, notes)]
        notes.insert(1, _counted("attempts", self.attempts_in_flight))
        return [_table("Calls", self.series, ()), _table("Attempts", self.attempts, notes)]

    def __repr__(self) -> str:
        errors = sum(series.calls for series in self.series if series.labels["outcome"] != "ok")
        return f"<Metrics: {self.calls:,} {'call' if self.calls == 1 else 'calls'}, {errors:,} of them not ok>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: FBT001  -- IPython's
        printer.text(repr(self) if cycle else "\n".join(repr(table) for table in self._tables()))

    def _repr_html_(self) -> str:
        return "".join(table.to_html() for table in self._tables())

    def __rich__(self) -> Any:
        from rich.console import Group

        return Group(*(table.to_rich() for table in self._tables()))


def _counted(what: str, several: Iterable[tuple[Mapping[str, str], int]]) -> str:
    count = sum(count for _, count in several)
    return f"{count:,} {what.removesuffix('s') if count == 1 else what} under way"


def labels_of(region: str, account: str | None, model_id: str) -> dict[str, str]:
    """What tells a router's target apart; the account where it is known, or there are several."""
    return {"region": region, **({"account": account} if account else {}), "target": model_id}


def _said(sample: Sample) -> str:
    """A sample in words: `us-east-1, us.amazon.nova-lite-v1:0: breaker state closed`."""
    where = ", ".join(value for name, value in sample.labels.items() if name not in {"service", "state"} and value)
    words = sample.name.removesuffix("_total").replace("_", " ")
    standing = f" {sample.labels['state']}" if "state" in sample.labels else f": {sample.value:,g}"
    return f"{where}: {words}{standing}" if where else f"{words}{standing}"


def _table(title: str, several: Sequence[Series], notes: Sequence[str]) -> Table:
    targets = any("target" in series.labels for series in several)
    accounts = any("account" in series.labels for series in several)
    columns = ["Region", *["account"] * accounts, *["target"] * targets, "operation", "outcome"]
    numbers = [title.lower(), "retries", "p50 ms", "p95 ms", "first event ms", "tokens in", "tokens out"]
    rows = [
        [
            series.labels.get("region", ""),
            *[series.labels.get("account", "")] * accounts,
            *[series.labels.get("target", "")] * targets,
            series.labels["operation"],
            series.labels["outcome"],
            f"{series.calls:,}",
            f"{series.retries:,}",
            _milliseconds(series.latency.p50),
            _milliseconds(series.latency.p95),
            _milliseconds(series.first_event.p50),
            f"{series.input_tokens:,}",
            f"{series.output_tokens:,}",
        ]
        for series in several
    ]
    return Table(title, [*columns, *numbers], rows, frozenset(numbers), notes)


def _series(labels: Mapping[str, str], rows: Iterable[Any]) -> Iterator[Series]:
    for operation, outcome, counts, tokens, latency, first in rows:
        yield Series(
            {**labels, "operation": operation, "outcome": outcome},
            *counts,
            *tokens,
            latency=_distribution(latency),
            first_event=_distribution(first),
        )


def cache_samples(native: _native.Client, labels: Mapping[str, str]) -> Iterator[Sample]:
    """How often the client's cache had an answer, and how often not; nothing for one without a cache.

    Args:
        native: The native client.
        labels: Those of its series.

    Yields:
        The samples.
    """
    counts = native.cache_counts()
    if counts is not None:
        texts = ("Answers out of the cache.", "Requests that the cache had no answer for.")
        for kind, text, count in zip(("hits", "misses"), texts, counts, strict=True):
            yield Sample(f"cache_{kind}_total", text, labels, count)


def _distribution(row: tuple[list[int], float, list[float | None]]) -> Distribution:
    classes, total, (p50, p95, p99) = row
    return Distribution(tuple(classes), total, p50, p95, p99)


def _heading(name: str, text: str, kind: str) -> Iterator[str]:
    yield f"# HELP outcrop_{name} {text}"
    yield f"# TYPE outcrop_{name} {kind}"


def _durations(name: str, text: str, several: Sequence[Series]) -> Iterator[str]:
    yield from _heading(name, text, "histogram")
    for series in several:
        yield from _histogram(name, series.labels, series.latency)


def _first_events(name: str, text: str, several: Sequence[Series]) -> Iterator[str]:
    yield from _heading(name, text, "histogram")
    for series in several:
        if series.first_event.count:
            yield from _histogram(name, series.labels, series.first_event)


def _under_way(name: str, text: str, rows: Iterable[tuple[Mapping[str, str], int]]) -> Iterator[str]:
    yield from _heading(name, text, "gauge")
    yield from (f"outcrop_{name}{_labels(labels)} {count}" for labels, count in rows)


def _histogram(name: str, labels: Mapping[str, str], it: Distribution) -> Iterator[str]:
    below = 0
    for bound, count in zip([*_native.histogram_bounds(), float("inf")], it.classes, strict=True):
        below += count
        shown = "+Inf" if bound == float("inf") else f"{bound:g}"
        yield f"outcrop_{name}_bucket{_labels({**labels, 'le': shown})} {below}"
    yield f"outcrop_{name}_sum{_labels(labels)} {it.sum!r}"
    yield f"outcrop_{name}_count{_labels(labels)} {it.count}"


def _labels(labels: Mapping[str, str]) -> str:
    def escaped(value: str) -> str:
        return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

    return "{" + ",".join(f'{name}="{escaped(value)}"' for name, value in labels.items()) + "}" if labels else ""


def _milliseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1000:,.1f}"
