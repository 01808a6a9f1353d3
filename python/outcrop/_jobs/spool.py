"""Lines that wait on the disk until it is known which job each goes to."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import tempfile
from array import array
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence


class Spool:
    """Lines in a file without a name, which is gone with the process. Memory grows by a number for each line.

    Args:
        folder: Where the file is; the system's place for such files if left out.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  -- closed by `close`
        self._digest = hashlib.sha256()
        self._ends = array("Q", [0])

    def add(self, line: bytes) -> None:
        """One more line, with its end."""
        self._file.write(line)
        self._digest.update(line)
        self._ends.append(self._ends[-1] + len(line))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @property
    def ends(self) -> Sequence[int]:
        """Where each line ends; the first of them is 0."""
        return self._ends

    @property
    def digest(self) -> str:
        """What all lines together are known by."""
        return self._digest.hexdigest()

    def part(self, start: int, stop: int) -> Part:
        """The lines from one number up to another, as a file to be read."""
        self._file.flush()
        return Part(self._file, self._ends[start], self._ends[stop])

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()


class Part(io.RawIOBase):
    """Some bytes of a file as a file of their own.

    Args:
        file: The whole file.
        start: The first byte.
        stop: The byte after the last.
    """

    def __init__(self, file: Any, start: int, stop: int) -> None:
        super().__init__()
        self._file = file
        self._start = start
        self.size = stop - start
        """How many bytes there are."""
        self._at = 0

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def seekable(self) -> bool:
        """Whoever sends it may send it again."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """The next byte."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Some of the bytes."""
        view = memoryview(buffer)
        wanted = max(0, min(len(view), self.size - self._at))
        self._file.seek(self._start + self._at)
        found = self._file.read(wanted)
        view[: len(found)] = found
        self._at += len(found)
        return len(found)

    def digest(self) -> str:
        """What the bytes are known by; they are to be read from the start afterwards."""
        digest = hashlib.sha256()
        self.seek(0)
        while piece := self.read(1 << 20):
            digest.update(piece)
        self.seek(0)
        return digest.hexdigest()


class Ids:
    """Which record ids there are, on the disk: nobody else sees to it that each is there once."""

    def __init__(self) -> None:
        # An empty name is a database that is gone when it is closed, and in memory only while it is small.
        self._known = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._known.execute("CREATE TABLE ids (id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._known.execute("BEGIN")

    def add(self, record_id: str) -> bool:
        """Whether it is new."""
        return self._known.execute("INSERT OR IGNORE INTO ids VALUES (?)", (record_id,)).rowcount == 1

    def close(self) -> None:
        """Forget them."""
        self._known.close()
