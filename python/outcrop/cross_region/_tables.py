"""Tables of the catalogue and of plans: for a terminal, for a notebook, for pandas."""

from __future__ import annotations

import html
import importlib.util
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from outcrop._tables import cell, fits, in_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from rich.console import Console, ConsoleOptions
    from rich.table import Table as RichTable
    from rich.text import Text
    from typing_extensions import Self

Row = TypeVar("Row")


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

    def _shown(self) -> tuple[list[str], list[list[str]]]:
        """The headings and cells for people: a column that is empty throughout is left out."""
        cells = [self.cells(row) for row in self._rows]
        shown = [at for at in range(len(self.columns)) if not cells or any(row[at] for row in cells)]
        return [self.columns[at] for at in shown], [[row[at] for at in shown] for row in cells]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RichTable | Text]:
        from rich.text import Text

        columns, cells = self._shown()
        if fits(columns, cells, options.max_width):
            yield _drawn(columns, cells, options.max_width)
        elif lines := in_lines(columns, cells, options.max_width):
            yield Text("\n".join(lines))
        if self.notes:
            yield Text("\n".join(self.notes))

    def __str__(self) -> str:
        """A table drawn by rich where it is installed; else lines with tabs."""
        if importlib.util.find_spec("rich") is None:
            lines = ["\t".join(self.columns), *("\t".join(self.cells(row)) for row in self._rows), *self.notes]
            return "\n".join(lines)
        columns, cells = self._shown()
        if not fits(columns, cells, _width()):
            return "\n".join([*in_lines(columns, cells, _width()), *self.notes])
        from rich.console import Console

        # In a notebook, rich would show the table by itself, beside what the cell gives.
        console = Console(file=io.StringIO(), width=_width(), highlight=False, force_jupyter=False, color_system=None)
        with console.capture() as capture:
            console.print(_drawn(columns, cells, console.width))
        return "\n".join([*(line.rstrip() for line in capture.get().rstrip().splitlines()), *self.notes])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} rows>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: FBT001  -- IPython's
        printer.text(repr(self) if cycle else str(self))

    def _repr_html_(self) -> str:
        def line(tag: str, cells: Sequence[str]) -> str:
            return "<tr>" + "".join(f'<{tag} style="text-align:left">{cell(it)}</{tag}>' for it in cells) + "</tr>"

        columns, cells = self._shown()
        rows = "".join(line("td", row) for row in cells)
        notes = "".join(f"<p><small>{html.escape(note)}</small></p>" for note in self.notes)
        return f"<table><thead>{line('th', columns)}</thead><tbody>{rows}</tbody></table>{notes}"


class TargetTable(Table[Target], Generic[Target]):
    """Rows about targets.

    What tells them apart beside their Region, such as the account, has a column where it does, so that a table of one
    account is no wider for it; that account stands in the notes.
    """

    notes_account = True

    def __init__(self, rows: Sequence[Target], notes: Sequence[str] = ()) -> None:
        accounts = {row.account for row in rows}
        account = accounts.pop() if self.notes_account and len(accounts) == 1 else None
        note = f"account: {account}"
        super().__init__(rows, [note, *notes] if account and note not in notes else notes)
        known = [self.traits(row) for row in self._rows]
        self._telling = [name for name in (known[0] if known else ()) if len({it[name] for it in known}) > 1]
        first, *others = type(self).columns
        self.columns = (first, *self._telling, *others)

    def traits(self, row: Target) -> dict[str, str]:
        """What may tell a target from others beside its source Region, under the headings of columns."""
        return {"account": row.account or ""}

    def place(self, row: Target) -> tuple[str, ...]:
        """The cells that say where a target is called, and what tells it from the others."""
        traits = self.traits(row)
        return (row.source_region, *(traits[name] for name in self._telling))


def traits(project: str | None, retention: str | None, rank: int) -> dict[str, str]:
    """What is told of targets alike in plans and reports of health, under the headings of columns.

    Args:
        project: The project that calls go in.
        retention: The mode of data retention.
        rank: 1 for the first model.
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10 if rank % 100 not in (11, 12, 13) else 0, "th")
    return {"project": project or "default", "data retention": retention or "unknown", "model": f"{rank}{ending}"}


def _drawn(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> RichTable:
    from rich.table import Table as RichTable
    from rich.text import Text

    table = RichTable()
    for column, room in zip(columns, _widths(columns, cells, width), strict=True):
        table.add_column(column, width=room)
    for row in cells:
        table.add_row(*map(Text, row))
    return table


def _widths(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """How wide each column is, in a width into which all words fit: what must break breaks between words."""
    texts = list(zip(columns, *cells, strict=True))
    least = [max(len(word) for text in column for word in (text.split() or [""])) for column in texts]
    room = [max(map(len, column)) for column in texts]
    while sum(room) + 3 * len(room) + 1 > width:
        widest = max(range(len(room)), key=lambda number: (room[number] > least[number], room[number]))
        room[widest] -= 1
    return room


def _width() -> int:
    import shutil
    import sys

    # A table that goes into a pipe or a file keeps its ids whole: nobody looks for half an id.
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 1000
