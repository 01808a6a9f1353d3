"""Results in a file of JSON lines, so that a batch goes on where it was stopped."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import weakref
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop._batch import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BufferedRandom
    from pathlib import Path


_VERSION = 2
"""What a line's key is made of: 1 knew neither Region nor endpoint."""

_STARTS = (b'{"version": ', b'{"key": ')
"""How a line of each version begins."""


class Journal:
    """Answers by what was asked. Errors are not kept: what failed is asked again.

    Each answer is one line, written at once, so a killed process loses none that it was given. A last line that was
    half written is cut off; equal requests are told apart by their order. Memory grows by a number for each answer.
    Nobody but the user can read the file: what others could read before is theirs no more.

    Args:
        path: The file; it is made when it is not there.
        operation: boto3's name.
        body: The class of `invoke_model` bodies.
        where: The Region and the endpoint that are called.

    Raises:
        ValueError: The file is no journal of a batch, one whose keys do not know the Region and the endpoint, or no
            plain file.
        PermissionError: The file is another user's.
        RuntimeError: Another batch has it open.
    """

    def __init__(self, path: str | os.PathLike[str], operation: str, body: type[Any], where: str = "") -> None:
        self._where = where
        self._path = _values.path("journal", path)
        self._operation = operation
        self._body = body
        self._kept: dict[str, deque[int]] = defaultdict(deque)
        try:
            import fcntl
        except ImportError:  # Windows
            raise OSError("journal= needs the file locks of Linux and macOS: leave it out here") from None
        self._file = _opened(self._path)
        # Of a batch that nobody has begun, nobody closes it.
        weakref.finalize(self, self._file.close).atexit = False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._read()
        except BlockingIOError:
            self._file.close()
            raise RuntimeError(
                f"the journal {str(self._path)!r} is open in another batch: let it end, or name another file"
            ) from None
        except BaseException:
            self._file.close()
            raise

    def _read(self) -> None:
        self._file.seek(0)
        offset = 0
        for number, line in enumerate(self._file, 1):
            if not line.endswith(b"\n") and _begun(line):
                self._file.truncate(offset)
                break
            try:
                entry = json.loads(line)
                self._kept[entry["key"]].append(offset)
                version = entry.get("version", 1)
            except (ValueError, KeyError, TypeError, AttributeError):
                raise ValueError(
                    f"line {number} of {str(self._path)!r} is not from the journal of a batch: name a new file, "
                    "or take the line out"
                ) from None
            if version != _VERSION:
                raise ValueError(
                    f"line {number} of {str(self._path)!r} is of version {version} of the journal, and this is version "
                    f"{_VERSION}, whose keys know the Region and the endpoint as well: name a new file, or go on with "
                    "the release that wrote it"
                )
            offset += len(line)

    def key(self, request: Mapping[str, Any]) -> str:
        """What the request is known by."""
        return canonical.identity(self._operation, request, self._where)

    def recall(self, key: str) -> dict[str, Any] | None:
        """The answer that was kept for such a request, each once."""
        offsets = self._kept.get(key)
        if not offsets:
            return None
        self._file.seek(offsets.popleft())
        return canonical.unpacked(json.loads(self._file.readline())["response"], self._body)

    def keep(self, key: str, response: Mapping[str, Any]) -> None:
        """Append an answer."""
        response = canonical.packed(response)
        line = json.dumps({"version": _VERSION, "key": key, "operation": self._operation, "response": response})
        self._file.write(line.encode("ascii") + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file; the next batch can open it."""
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


def _begun(line: bytes) -> bool:
    """Whether a line without an end is one of a journal that was half written, and not another program's text."""
    return any(line.startswith(start) or start.startswith(line) for start in _STARTS)
