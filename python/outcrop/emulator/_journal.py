"""What was asked of the emulator and how it went."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal, overload

from outcrop import _values
from outcrop.emulator import _arguments
from outcrop.emulator._body import JsonBody

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outcrop import _native


@dataclass(frozen=True, repr=False)
class JournalEntry(JsonBody):
    """One request and what became of it.

    Attributes:
        sequence: Its number, from 0 without gaps.
        time: When it came, on the emulator's clock.
        request_id: Its `x-amzn-requestid`, which joins it with the client's answer and the invocation log.
        service: `bedrock` or `bedrock-runtime`; empty for an unknown operation.
        operation: `Converse`, `ListInferenceProfiles`, …; `None` for an unknown one.
        region: The source Region: the endpoint that was called.
        principal: The access key's id, `bearer`, or nothing.
        method: The HTTP method.
        path: The path as sent, percent-encoded.
        query: The query as sent.
        http_version: `1.1` or `2`.
        headers: The headers, by lower-case name, without the signature.
        body: The body as sent.
        model_id: What the caller named as the model.
        model: The model that was meant.
        profile: The inference profile it was reached through.
        serving_region: Where it was served; `None` if it was not.
        status: The HTTP status; `None` when the connection ended without one.
        error_code: The error's code.
        input_tokens: Tokens read, cached ones too.
        output_tokens: Tokens written.
        latency_milliseconds: The latency that the answer tells.
        rule: The number of the fault or script that stepped in.
        outcome: `pending` while the answer is on its way, `answered` when all of it was handed over, `abandoned` when
            the caller left before, `broken` when a fault ended the connection.
    """

    sequence: int
    time: datetime
    request_id: str
    service: str
    operation: str | None
    region: str
    principal: str
    method: str
    path: str
    query: str
    http_version: str
    headers: Mapping[str, str]
    body: bytes
    model_id: str | None
    model: str | None
    profile: str | None
    serving_region: str | None
    status: int | None
    error_code: str | None
    input_tokens: int
    output_tokens: int
    latency_milliseconds: int
    rule: int | None
    outcome: Literal["pending", "answered", "abandoned", "broken"]

    def __repr__(self) -> str:
        """A line of what was asked and how it went; neither prompt nor answer."""
        what = self.operation or f"{self.method} {self.path}"
        model = f" of {self.model_id}" if self.model_id else ""
        how = (
            self.outcome if self.status is None else f"{self.status}{f' {self.error_code}' if self.error_code else ''}"
        )
        where = f", served in {self.serving_region}" if self.serving_region else ""
        tokens = f", {self.input_tokens} tokens in, {self.output_tokens} out" if self.serving_region else ""
        return f"<{self.sequence}: {what}{model} in {self.region}: {how}{where}{tokens}>"

    @property
    def attempt(self) -> int | None:
        """Which attempt the client says this is, from 1; `None` if it does not say."""
        found = re.search(r"attempt=(\d+)", self.headers.get("amz-sdk-request", ""))
        return int(found.group(1)) if found else None

    @property
    def rerouted(self) -> bool:
        """Whether it was served in another Region than the one that was called."""
        return self.serving_region not in {None, self.region}


_SHOWN = 100
"""How many entries a notebook shows."""
_FIELDS = {field.name for field in fields(JournalEntry)}


def _entry(row: dict[str, Any]) -> JournalEntry:
    row["time"] = datetime.fromtimestamp(row["time"], tz=timezone.utc)
    row["body"] = base64.b64decode(row["body"])
    return JournalEntry(**row)


class Journal(Sequence[JournalEntry]):
    """The newest requests, oldest first; how many are kept is the emulator's `journal_entries` and `journal_bytes`."""

    def __init__(self, native: _native.Emulator) -> None:
        self._native = native

    @property
    def total(self) -> int:
        """How many requests have come, kept or not."""
        return self._native.journal_total()

    def since(self, sequence: int) -> list[JournalEntry]:
        """The entries from a number on."""
        return [_entry(row) for row in json.loads(self._native.journal(sequence))]

    def where(self, **wanted: Any) -> list[JournalEntry]:
        """The entries whose attributes have the values given, as in `journal.where(operation="Converse", status=429)`.

        Args:
            **wanted: Names of `JournalEntry`'s attributes and their values.

        Raises:
            TypeError: An entry has no attribute of that name.
        """
        known = _FIELDS | {"attempt", "rerouted"}
        if unknown := sorted(set(wanted) - known):
            msg = f"a journal entry has no {_values.shown(unknown[0])}: use one of {', '.join(sorted(known))}"
            raise TypeError(msg)
        return [entry for entry in self if all(getattr(entry, name) == value for name, value in wanted.items())]

    def settle(self, timeout: float = 10.0) -> None:
        """Waits until no request in the journal is pending: whoever left in the middle has been noticed.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            TimeoutError: Some request is still pending.
            ValueError: `timeout` is negative.
        """
        timeout = _arguments.span("timeout", timeout)
        if not self._native.settle_journal(timeout):
            pending = [entry.sequence for entry in self if entry.outcome == "pending"]
            msg = f"after {timeout:g} seconds these requests are still pending: {pending}"
            raise TimeoutError(msg)

    def clear(self) -> None:
        """Forgets all entries; the numbers go on."""
        self._native.clear_journal()

    def __len__(self) -> int:
        return self._native.journal_length()

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self.since(0))

    @overload
    def __getitem__(self, index: int) -> JournalEntry: ...
    @overload
    def __getitem__(self, index: slice) -> list[JournalEntry]: ...
    def __getitem__(self, index: int | slice) -> JournalEntry | list[JournalEntry]:
        if isinstance(index, int) and index < 0:
            # The newest entries are what a test looks at most, so they are had without the others.
            if -index > len(self):
                msg = f"the journal holds {len(self)} requests, so it has no entry {index}"
                raise IndexError(msg)
            return self.since(self.total + index)[0]
        return self.since(0)[index]

    def __repr__(self) -> str:
        return f"<Journal of {len(self)} requests, {self.total} in all>"

    def _repr_html_(self) -> str:
        from outcrop._tables import Table

        numbers = ("tokens in", "tokens out")
        columns = ("", "operation", "model", "source Region", "served in", "status", "error", *numbers)
        rows = [
            (
                str(entry.sequence), entry.operation or entry.path, entry.model_id or "", entry.region,
                entry.serving_region or "", str(entry.status or entry.outcome), entry.error_code or "",
                f"{entry.input_tokens:,}", f"{entry.output_tokens:,}",
            )
            for entry in self[-_SHOWN:]
        ]  # fmt: skip
        notes = [f"the newest {_SHOWN} of {len(self):,}"] if len(self) > _SHOWN else []
        return Table("Requests", columns, rows, frozenset(numbers), notes).to_html()
