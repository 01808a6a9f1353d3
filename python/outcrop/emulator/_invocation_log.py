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

    @property
    def delivered(self) -> int:
        """How many records `logs_endpoint_url` has taken."""
        return self._native.log_delivery()[0]

    @property
    def failures(self) -> list[str]:
        """Why records were not delivered, the newest last; a call never fails for it."""
        return self._native.log_delivery()[1]

    def flush(self, timeout: float = 10.0) -> None:
        """Waits until every record has been delivered, or given up for what `failures` tells.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            TimeoutError: Some records are still waiting.
            ValueError: `timeout` is negative.
        """
        if not self._native.flush_logs(timeout):
            msg = f"after {timeout:g} seconds there are still records on their way to CloudWatch Logs"
            raise TimeoutError(msg)

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
