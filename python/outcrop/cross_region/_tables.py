"""Tables of the catalogue and of plans: for a terminal, for a notebook, for pandas."""

from __future__ import annotations

import html
import importlib.util
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from outcrop._tables import cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from rich.console import Console, ConsoleOptions
    from rich.table import Table as RichTable
    from typing_extensions import Self

Row = TypeVar("Row")

_IDS = {"source Region", "account", "model id", "id"}
_SHARE_OF_IDS = 0.6
_LEAST_OF_IDS = 9


class OfTarget(Protocol):
    """A row about a target."""

    @property
    def source_region(self) -> str:
        """The Region whose endpoint is called."""
        ...

    @property
    def account(self) -> str | None:
        """Whose keys call it."""
        ...


Target = TypeVar("Target", bound=OfTarget)


class Table(Sequence[Row], Generic[Row]):
    """Rows that show themselves: `print` them, end a notebook's cell with them, or turn them into a data frame.

    Args:
        rows: The rows.
        notes: What to know about all of them, such as that bundled facts had to serve.
    """

    columns: tuple[str, ...] = ()

    def __init__(self, rows: Sequence[Row], notes: Sequence[str] = ()) -> None:
        self._rows = list(rows)
        self.notes = tuple(notes)

    def cells(self, row: Row) -> tuple[str, ...]:
        """What a row shows, in the order of `columns`."""
        raise NotImplementedError

    def record(self, row: Row) -> dict[str, Any]:
        """A row as plain data."""
        raise NotImplementedError

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> Row | Self:
        if isinstance(index, slice):
            return self._of(self._rows[index])
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def _of(self, rows: Sequence[Row]) -> Self:
        return type(self)(rows, self.notes)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as plain data, ready for JSON.

        Returns:
            A dict for each row.
        """
        return [self.record(row) for row in self._rows]

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a data frame.

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

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RichTable]:
        yield self._drawn("\n".join(self.notes) or None, options.max_width)

    def _drawn(self, caption: str | None, width: int) -> RichTable:
        from rich.table import Table as RichTable

        cells = [self.cells(row) for row in self._rows]
        table = RichTable(caption=caption)
        for column, room in zip(self.columns, _widths(self.columns, cells, width), strict=True):
            table.add_column(column, overflow="fold", width=room)
        for row in cells:
            table.add_row(*row)
        return table

    def __str__(self) -> str:
        """A table drawn by rich where it is installed; else lines with tabs."""
        if importlib.util.find_spec("rich") is None:
            lines = ["\t".join(self.columns), *("\t".join(self.cells(row)) for row in self._rows), *self.notes]
            return "\n".join(lines)
        from rich.console import Console

        # In a notebook, rich would show the table by itself, beside what the cell gives.
        console = Console(file=io.StringIO(), width=_width(), highlight=False, force_jupyter=False, color_system=None)
        with console.capture() as capture:
            console.print(self._drawn(None, console.width))
        return "\n".join([*(line.rstrip() for line in capture.get().rstrip().splitlines()), *self.notes])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} rows>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: FBT001  -- IPython's
        printer.text(repr(self) if cycle else str(self))

    def _repr_html_(self) -> str:
        def line(tag: str, cells: Sequence[str]) -> str:
            return "<tr>" + "".join(f"<{tag}>{cell(it)}</{tag}>" for it in cells) + "</tr>"

        rows = "".join(line("td", self.cells(row)) for row in self._rows)
        notes = "".join(f"<p><small>{html.escape(note)}</small></p>" for note in self.notes)
        return f"<table><thead>{line('th', self.columns)}</thead><tbody>{rows}</tbody></table>{notes}"


class TargetTable(Table[Target], Generic[Target]):
    """Rows about targets; accounts have a column where one is known, or there are several."""

    def __init__(self, rows: Sequence[Target], notes: Sequence[str] = ()) -> None:
        super().__init__(rows, notes)
        self._accounts = any(row.account for row in self._rows)
        if self._accounts:
            first, *others = type(self).columns
            self.columns = (first, "account", *others)

    def place(self, row: Target) -> tuple[str, ...]:
        """The cells that say where a target is called, and by whom."""
        return (row.source_region, row.account or "") if self._accounts else (row.source_region,)


def _widths(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """How wide each column is: nothing is cut short, and what must break breaks between words, or else in ids."""
    least, room, ids = [], [], []
    for number, (column, *texts) in enumerate(zip(columns, *cells, strict=True)):
        least.append(max(len(word) for text in (column, *texts) for word in text.split()))
        room.append(max(map(len, (column, *texts))))
        if column in _IDS:
            ids.append(number)
            # A heading may break where its ids do not.
            room[-1] = least[-1]
    if sum(room[number] for number in ids) > width * _SHARE_OF_IDS:
        # They leave no room for the rest, so they break, too.
        for number in ids:
            least[number] = _LEAST_OF_IDS
    borders = 3 * len(room) + 1
    while sum(room) + borders > width and max(room) > 1:
        # Should even words not fit, the longest break.
        widest = max(range(len(room)), key=lambda number: (room[number] > least[number], room[number]))
        room[widest] -= 1
    return room


def _width() -> int:
    import shutil
    import sys

    # A table that goes into a pipe or a file keeps its ids whole: nobody looks for half an id.
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 1000
