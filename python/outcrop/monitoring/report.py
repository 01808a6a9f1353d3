"""The routing report: who served what, as numbers, tables and a picture."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from outcrop import _values
from outcrop._tables import Table
from outcrop.monitoring.errors import MissingExtraError, MonitoringError
from outcrop.monitoring.rows import DIMENSIONS, EMPTY, Dimension, RoutingRow, rows

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from outcrop import _native
    from outcrop.monitoring.windows import Window

_BY_TIME: tuple[Dimension, ...] = ("time", "source_region", "serving_region", "profile")


class RoutingReport:
    """Who served what. Made by `routing_report`; in a notebook it is a table, with rich, too.

    Attributes:
        source: Where the records came from, in words.
        window: The stretch of time and its buckets; None where nothing limited the time.
    """

    def __init__(self, reader: _native.LogReader, *, source: str, window: Window | None) -> None:
        self._reader = reader
        self.source = source
        self.window = window
        self.total = next(iter(self.by()), EMPTY)

    @property
    def calls(self) -> int:
        """Calls, answered or not."""
        return self.total.calls

    @property
    def served(self) -> int:
        """Calls that were answered."""
        return self.total.served

    @property
    def errors(self) -> int:
        """Calls that failed."""
        return self.total.errors

    @property
    def rerouted(self) -> int:
        """Calls that another Region than the called one served."""
        return self.total.rerouted

    @property
    def rerouted_percentage(self) -> float:
        """Of the calls that were answered, those that another Region served, in per cent."""
        return self.total.rerouted_percentage

    @property
    def malformed(self) -> int:
        """Lines of the log that are no records, such as one that was cut off."""
        return self._reader.malformed

    def by(self, *dimensions: Dimension) -> list[RoutingRow]:
        """The calls told apart by some dimensions.

        Args:
            *dimensions: Any of `serving_region`, `source_region`, `profile`, `time`, `error_code`; without any, all
                calls are one row.

        Returns:
            The rows, sorted by time, then by the other dimensions.

        Raises:
            MonitoringError: There is no such dimension.
        """
        unknown = [name for name in dimensions if name not in DIMENSIONS]
        if unknown:
            raise MonitoringError(
                f"a report is not told apart by {_values.shown(unknown[0])}: choose from {', '.join(DIMENSIONS)}"
            )
        return rows(self._reader, dimensions)

    def share(self, row: RoutingRow) -> float:
        """A row's part of all calls that were answered, in per cent."""
        return 100 * row.served / self.served if self.served else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The report as a dict that JSON can hold, with a row for each Region, profile and time bucket."""
        return {
            "source": self.source,
            "since": self.window.since.isoformat() if self.window else None,
            "until": self.window.until.isoformat() if self.window else None,
            "calls": self.calls,
            "served": self.served,
            "errors": self.errors,
            "rerouted": self.rerouted,
            "rerouted_percentage": self.rerouted_percentage,
            "malformed": self.malformed,
            "rows": [_plain(row) for row in self.by(*_BY_TIME)],
        }

    def to_pandas(self, *dimensions: Dimension) -> pd.DataFrame:
        """The rows as a DataFrame, with a column `share` in per cent.

        Args:
            *dimensions: As for `by`; time, source Region, serving Region and profile by default.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtraError("pandas", "pandas") from error
        told = dimensions or _BY_TIME
        found = self.by(*told)
        numbers = [name for name in EMPTY.to_dict() if name not in DIMENSIONS]
        made = [{**row.to_dict(), "share": self.share(row)} for row in found]
        return pd.DataFrame(made, columns=pd.Index([*told, *numbers, "share"]))

    def plot(self) -> Figure:
        """The picture: calls by serving Region over time, and latency by serving Region.

        Returns:
            matplotlib's figure; a notebook shows it, `savefig` writes it.

        Raises:
            MissingExtraError: matplotlib is not installed.
        """
        from outcrop.monitoring.charts import routing_figure

        return routing_figure(self)

    def table(self) -> Table:
        """A row for each source Region, serving Region and profile."""
        found = self.by("serving_region", "source_region", "profile")
        found.sort(key=lambda row: (-row.served, cast("str", row.serving_region), cast("str", row.profile)))
        columns = (
            "served in", "called in", "profile",
            "calls", "share", "p50 ms", "p95 ms", "tokens in", "tokens out", "errors",
        )  # fmt: skip
        lines = [
            (
                (row.serving_region or "") if row.served else "",
                row.source_region or "",
                row.profile or "",
                f"{row.served:,}",
                f"{self.share(row):.1f} %",
                _milliseconds(row.latency_p50),
                _milliseconds(row.latency_p95),
                f"{row.input_tokens:,}",
                f"{row.output_tokens:,}",
                f"{row.errors:,}",
            )
            for row in found
        ]
        return Table("Who served what", columns, lines, frozenset(columns[3:]), self._notes())

    def _notes(self) -> list[str]:
        said = [f"{self}"]
        errors = [f"{row.error_code} {row.errors:,}" for row in self.by("error_code") if row.error_code]
        if errors:
            said.append(f"errors: {', '.join(errors)}")
        if self.malformed:
            said.append(f"{self.malformed:,} lines of the log are no records")
        return said

    def __str__(self) -> str:
        span = f", {self.window.since:%Y-%m-%d %H:%M} to {self.window.until:%H:%M} UTC" if self.window else ""
        return (
            f"{self.served:,} calls answered, {self.rerouted:,} by another Region ({self.rerouted_percentage:.1f} %), "
            f"{self.errors:,} failed; from {self.source}{span}"
        )

    def __repr__(self) -> str:
        return f"<RoutingReport: {self}>"

    def _repr_html_(self) -> str:
        return self.table().to_html()

    def __rich__(self) -> Any:
        return self.table().to_rich()


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _plain(row: RoutingRow) -> dict[str, Any]:
    found = {name: value for name, value in row.to_dict().items() if name != "error_code"}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()}
