"""Answers in a folder that many processes share, one small file each, so that a job goes on where it was stopped.

There is nothing to lock, to index or to hold in memory: a key says where its answer would be, a file appears whole or
not at all, and whoever comes second finds what the first has kept. Each file is a line of a batch's journal.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from outcrop import _values
from outcrop._batch import canonical
from outcrop._batch.journal import VERSION, entry_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Answers:
    """Answers by what was asked. Errors are not kept: what failed is asked again.

    Args:
        folder: On a file system that all processes see; it is made when it is not there, for nobody else to read.
        body: The class of `invoke_model` bodies.

    Raises:
        ValueError: It is a file.
        PermissionError: It is another user's, or others could read it.
    """

    def __init__(self, folder: str | os.PathLike[str], body: type[Any]) -> None:
        self._folder = _values.path("journal", folder)
        self._body = body
        if self._folder.exists() and not self._folder.is_dir():
            raise ValueError(
                f"the journal {str(self._folder)!r} is a file: many processes keep theirs in a folder, so name one"
            )
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self._folder.stat()
        if found.st_uid != os.geteuid():
            raise PermissionError(
                f"the journal {str(self._folder)!r} belongs to another user, who could read the answers: "
                "name a folder of your own"
            )
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise PermissionError(
                f"the journal {str(self._folder)!r} can be read by others: chmod 700 it, or name another folder"
            )

    def _path(self, key: str) -> Path:
        # In 4,096 folders, so that none has too many files and few are made for a few.
        return self._folder / key[:3] / f"{key}.json"

    def recall(self, key: str) -> dict[str, Any] | None:
        """The answer that was kept under a key.

        Raises:
            ValueError: What is there is no answer.
        """
        path = self._path(key)
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            entry = json.loads(text)
            if entry["key"] == key and entry["version"] == VERSION:
                return canonical.unpacked(entry["response"], self._body)
        except (ValueError, KeyError, TypeError):
            pass
        raise ValueError(f"{str(path)!r} is no answer of this version of the journal: take it out")

    def keep(self, key: str, operation: str, response: Mapping[str, Any]) -> None:
        """Keep an answer; of two under one key the later one stays."""
        path = self._path(key)
        beside = path.with_name(f".{key}.{uuid4().hex}")
        try:
            try:
                number = _made(beside)
            except FileNotFoundError:
                beside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                number = _made(beside)
            with os.fdopen(number, "wb") as file:
                file.write(json.dumps(entry_of(key, operation, response)).encode("ascii") + b"\n")
            beside.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def _made(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
