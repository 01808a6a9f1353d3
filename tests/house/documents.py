"""The project's own pages: where they are, and the examples in them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)(?P<rest>[^\n]*)\n(?P<code>.*?)^(?P=indent)```\s*$", re.MULTILINE | re.DOTALL
)


class Block(NamedTuple):
    """A fenced block of a page."""

    language: str
    options: list[str]
    """What follows the language: `no-run` keeps an example from being run."""
    code: str
    line: int


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows, and those it would add: what a reader of the repository sees."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted({ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()})


def pages() -> list[Path]:
    """Every Markdown page."""
    return tracked("*.md")


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text()
    return [
        Block(
            match["language"],
            match["rest"].split(),
            "".join(line.removeprefix(match["indent"]) for line in match["code"].splitlines(keepends=True)),
            text.count("\n", 0, match.start()) + 1,
        )
        for match in _FENCE.finditer(text)
    ]


def name(path: Path) -> str:
    """A page's name in a test's id."""
    return str(path.relative_to(ROOT))
