"""Model invocation logging, as Bedrock writes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop import _native


class InvocationLog(Sequence[dict[str, Any]]):
    """The newest records of calls in Regions where logging is configured, oldest first, each in Bedrock's own schema.

    A call is written down when its answer has been handed over. `PutModelInvocationLoggingConfiguration` turns
    logging on for the Region that is called; `Emulator(logs_endpoint_url=…)` also delivers the records to CloudWatch
    Logs there.
    """

    def __init__(self, native: _native.Emulator) -> None:
        self._native = native

    def _records(self) -> list[dict[str, Any]]:
        return [json.loads(record) for record in self._native.invocation_records()]

    def clear(self) -> None:
        """Forgets the records; what is configured stays."""
        self._native.clear_invocation_records()

    def __len__(self) -> int:
        return len(self._native.invocation_records())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._records())

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        return self._records()[index]

    def __repr__(self) -> str:
        return f"<InvocationLog of {len(self)} records>"
