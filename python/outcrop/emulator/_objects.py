"""What S3 would hold, as Bedrock reads and writes it."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop import _native


class Objects(MutableMapping[str, bytes]):
    """The objects that Bedrock reads and writes, by their URI, as in `s3://bucket/key`; they are kept in memory.

    Put the JSON lines of a batch job here before you create it, and take its answers from here when it has completed
    by the emulator's clock; `Emulator.clock.advance` moves that on. Asynchronous invocations write their embeddings
    here, and where invocation logging says so, records and the bodies that are too large for one, both as gzip.

        >>> from outcrop.emulator import Emulator
        >>> bedrock = Emulator()
        >>> bedrock.objects["s3://rocks/in.jsonl"] = b'{"recordId": "1", "modelInput": {}}'
        >>> list(bedrock.objects)
        ['s3://rocks/in.jsonl']
    """

    def __init__(self, native: _native.Emulator) -> None:
        self._native = native

    def below(self, prefix: str) -> list[str]:
        """The URIs that begin so.

        Args:
            prefix: How they begin: a folder, as in `s3://rocks/out/`.

        Returns:
            The URIs, in alphabetical order.
        """
        return self._native.list_objects(prefix)

    def part(self, uri: str, start: int, length: int) -> bytes:
        """Some bytes of an object, which may be large.

        Args:
            uri: The object.
            start: The first of them, from 0.
            length: How many.

        Returns:
            Those bytes; fewer where the object ends.

        Raises:
            KeyError: There is no such object.
        """
        found = self._native.get_object(uri, start, length)
        if found is None:
            raise KeyError(uri)
        return found

    def __getitem__(self, uri: str) -> bytes:
        found = self._native.get_object(uri)
        if found is None:
            raise KeyError(uri)
        return found

    def __setitem__(self, uri: str, body: bytes) -> None:
        self._native.put_object(uri, body)

    def __delitem__(self, uri: str) -> None:
        if not self._native.remove_object(uri):
            raise KeyError(uri)

    def __iter__(self) -> Iterator[str]:
        return iter(self.below(""))

    def __len__(self) -> int:
        return len(self.below(""))

    def __repr__(self) -> str:
        return f"<Objects: {len(self)}>"
