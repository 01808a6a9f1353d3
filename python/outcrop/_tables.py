"""Tables for people: HTML in a notebook, rich in a terminal."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table as RichTable


_REGION = re.compile(r"(?<![\w.-])[a-z]+(?:-[a-z]+)+-\d+(?![\w.-])")
_UNBROKEN = r'<span style="white-space: nowrap">\g<0></span>'
"""Browsers break lines at hyphens."""


@dataclass(frozen=True, repr=False)
class Table:
    """Rows of text under headings.

    Attributes:
        title: What the rows are about.
        columns: The headings.
        rows: The cells, as many a row as there are headings.
        numbers: The headings of columns that hold numbers, which stand to the right.
        notes: Sentences under the table.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[str] = frozenset()
    notes: Sequence[str] = field(default=())

    def to_html(self) -> str:
        """The table as HTML; nothing in it is taken as markup."""
        sides = ["right" if column in self.numbers else "left" for column in self.columns]
        head = "".join(
            f'<th style="text-align:{side}">{escape(column)}</th>'
            for side, column in zip(sides, self.columns, strict=True)
        )
        body = "".join(
            "<tr>"
            + "".join(f'<td style="text-align:{side}">{cell(text)}</td>' for side, text in zip(sides, row, strict=True))
            + "</tr>"
            for row in self.rows
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        caption = f'<caption style="text-align:left"><b>{escape(self.title)}</b></caption>'
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"

    def to_rich(self) -> RichTable:
        """The table for rich's console; nothing in it is taken as markup."""
        from rich.table import Table as RichTable
        from rich.text import Text

        table = RichTable(
            title=Text(self.title, style="bold"),
            title_justify="left",
            caption=Text("\n".join(self.notes)) if self.notes else None,
            caption_justify="left",
        )
        for column in self.columns:
            if column in self.numbers:
                table.add_column(Text(column), justify="right", no_wrap=True)
            else:
                # Where there is little room, names go on in the next line; half a Region is none.
                longest = max(map(len, [column, *(row[self.columns.index(column)] for row in self.rows)]))
                table.add_column(Text(column), overflow="fold", min_width=min(longest, 12))
        for row in self.rows:
            table.add_row(*(Text(text) for text in row))
        return table

    def __repr__(self) -> str:
        rows = (f"  {', '.join(text for text in row if text)}" for row in self.rows)
        return "\n".join([f"{self.title} ({', '.join(self.columns)})", *rows])

    def _repr_html_(self) -> str:
        return self.to_html()

    def __rich__(self) -> RichTable:
        return self.to_rich()


def cell(text: str) -> str:
    """A cell's HTML: nothing in it is taken as markup, and no line ends within the name of a Region."""
    return _REGION.sub(_UNBROKEN, escape(text))


def fits(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether a drawn table has room for all ids and Regions as a whole: a column is as wide as its longest word.

    Args:
        columns: The headings.
        rows: The cells.
        width: How many characters there are in a line.
    """
    texts = zip(columns, *rows, strict=True)
    words = (max(len(word) for text in column for word in (text.split() or [""])) for column in texts)
    return sum(words) + 3 * len(columns) + 1 <= width


def in_lines(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """A line a cell, for where a drawn table has no room; lines end between words, never within an id.

    Args:
        columns: The headings.
        rows: The cells; those that are empty are left out.
        width: How many characters there are in a line.
    """
    heading = max(map(len, columns))
    lines = []
    for row in rows:
        for column, text in zip(columns, row, strict=True):
            wrapped = textwrap.wrap(text, max(1, width - heading - 2), break_long_words=False, break_on_hyphens=False)
            lines += [f"{column if at == 0 else '':{heading}}  {part}" for at, part in enumerate(wrapped)]
        lines.append("")
    return lines
