"""Results in a file of JSON lines, so that a batch goes on where it was stopped."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from outcrop._batch import canonical
from outcrop._line_file import LineFile

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping


VERSION = 2
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
        self._operation = operation
        self._body = body
        self._kept: dict[str, deque[int]] = defaultdict(deque)
        self._file = LineFile(path, _STARTS, "batch")
        try:
            self._read()
        except BaseException:
            self._file.close()
            raise

    def _read(self) -> None:
        for number, offset, entry in self._file.entries():
            try:
                self._kept[entry["key"]].append(offset)
            except (KeyError, TypeError):
                raise self._file.strange(number) from None
            version = entry.get("version", 1)
            if version != VERSION:
                raise ValueError(
                    f"line {number} of {self._file} is of version {version} of the journal, and this is version "
                    f"{VERSION}, whose keys know the Region and the endpoint as well: name a new file, or go on with "
                    "the release that wrote it"
                )

    def key(self, request: Mapping[str, Any]) -> str:
        """What the request is known by."""
        return canonical.identity(self._operation, request, self._where)

    def recall(self, key: str) -> dict[str, Any] | None:
        """The answer that was kept for such a request, each once."""
        offsets = self._kept.get(key)
        if not offsets:
            return None
        return canonical.unpacked(self._file.at(offsets.popleft())["response"], self._body)

    def keep(self, key: str, response: Mapping[str, Any]) -> None:
        """Append an answer."""
        self._file.append(entry_of(key, self._operation, response))

    def close(self) -> None:
        """Close the file; the next batch can open it."""
        self._file.close()


def entry_of(key: str, operation: str, response: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as a line has it.

    Args:
        key: What its request is known by.
        operation: boto3's name.
        response: The answer.
    """
    return {"version": VERSION, "key": key, "operation": operation, "response": canonical.packed(response)}
