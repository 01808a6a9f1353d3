"""A file of JSON lines that survives whoever writes it, and that nobody else reads."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import weakref
from typing import TYPE_CHECKING, Any

from outcrop import _values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from io import BufferedRandom
    from pathlib import Path


class LineFile:
    """One JSON object a line, each written at once, so a killed process loses none that it was given.

    A last line that was half written is cut off. Nobody but the user can read the file: what others could read before
    is theirs no more. One process at a time has it open.

    Args:
        path: The file; it is made when it is not there.
        starts: How lines begin, by which a half-written one is told from another program's text.
        of: What the file is the journal of, for errors: `batch`.

    Raises:
        ValueError: It is no plain file.
        PermissionError: The file is another user's.
        RuntimeError: Another one has it open.
    """

    def __init__(self, path: str | os.PathLike[str], starts: tuple[bytes, ...], of: str) -> None:
        self._path = _values.path("journal", path)
        self._starts = starts
        self._of = of
        try:
            import fcntl
        except ImportError:  # Windows
            raise OSError("journal= needs the file locks of Linux and macOS: leave it out here") from None
        self._file = _opened(self._path)
        # Of something that nobody has begun, nobody closes it.
        weakref.finalize(self, self._file.close).atexit = False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise RuntimeError(
                f"the journal {str(self._path)!r} is open in another {of}: let it end, or name another file"
            ) from None

    def __str__(self) -> str:
        """Its path, as errors show it."""
        return repr(str(self._path))

    def entries(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """What is in the file: each line's number, its place, and what it says.

        Raises:
            ValueError: A line is not of such a journal.
        """
        self._file.seek(0)
        offset = 0
        for number, line in enumerate(self._file, 1):
            if not line.endswith(b"\n") and self._begun(line):
                self._file.truncate(offset)
                break
            try:
                entry = json.loads(line)
            except ValueError:
                raise self.strange(number) from None
            if not isinstance(entry, dict):
                raise self.strange(number)
            yield number, offset, entry
            offset += len(line)

    def strange(self, number: int) -> ValueError:
        """The error of a line that such a journal does not have."""
        return ValueError(
            f"line {number} of {self} is not from the journal of a {self._of}: name a new file, or take the line out"
        )

    def _begun(self, line: bytes) -> bool:
        return any(line.startswith(start) or start.startswith(line) for start in self._starts)

    def at(self, offset: int) -> dict[str, Any]:
        """What the line at a place says."""
        self._file.seek(offset)
        return json.loads(self._file.readline())

    def append(self, entry: Mapping[str, Any]) -> None:
        """Writes a line."""
        self._file.write(json.dumps(entry).encode("ascii") + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Closes the file; the next one can open it."""
        # What could not be written is tried once more, and has been told.
        with contextlib.suppress(OSError):
            self._file.close()


def _opened(path: Path) -> BufferedRandom:
    """The file, for appending and reading, which holds answers and so is for nobody else to read."""
    if path.is_dir():
        raise IsADirectoryError(f"the journal {str(path)!r} is a folder: name a file in it")
    # A pipe that nobody reads and a terminal that waits are not waited for.
    number = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY, 0o600)
    found = os.fstat(number)
    if not stat.S_ISREG(found.st_mode):
        os.close(number)
        raise ValueError(
            f"the journal {str(path)!r} is a device or a pipe, which cannot be read again: name a plain file"
        )
    if found.st_uid != os.geteuid():
        os.close(number)
        raise PermissionError(
            f"the journal {str(path)!r} belongs to another user, who could read the answers: name a file of your own"
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        os.fchmod(number, 0o600)
    return os.fdopen(number, "a+b")
