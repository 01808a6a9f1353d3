"""The options of a callable: checked where it is made, and all that its pickle carries."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop._batch.answers import Answers
from outcrop._batch.concurrency import limit
from outcrop._engines import columns, quotas
from outcrop._engines.asking import Asking
from outcrop._engines.clients import asynchronous, sources_of
from outcrop._streams import AsyncStreamingBody

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Options:
    """The arguments of a callable. See `outcrop.ray.Converse`."""

    operation: str
    client: Any
    asking: Asking
    id: str | None
    concurrency: Any
    limits: quotas.Limits | None
    journal: str | None
    errors: str
    response: bool
    prefix: str

    def columns(self) -> dict[str, type]:
        """The columns that rows get."""
        return columns.schema(prefix=self.prefix, response=self.response)

    def opened(self) -> tuple[Any, Answers | None]:
        """The asynchronous client and the journal, in the process that uses them."""
        client = asynchronous(_made(self.client))
        if self.limits is not None:
            quotas.checked(self.limits, sources_of(client))
        return client, None if self.journal is None else Answers(self.journal, AsyncStreamingBody)

    def limit_name(self, client: Any) -> str:
        """What the limit of all processes is found by."""
        if self.limits is None or "name" in self.limits:
            return (self.limits or {}).get("name", "")
        text = json.dumps([client._where(), getattr(client, "model", None), self.limits], sort_keys=True)  # noqa: SLF001  -- the package's own
        return f"outcrop-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def checked(
    operation: str,
    client: Any,
    *,
    request: Any,
    prompt: Any,
    call: Any,
    id: Any,
    concurrency: Any,
    limits: Any,
    journal: Any,
    errors: Any,
    response: Any,
    prefix: Any,
) -> Options:
    """The arguments, checked.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument cannot be.
    """
    if errors not in ("column", "raise"):
        raise ValueError(f'errors must be "column" or "raise", not {_values.shown(errors)}')
    limit(concurrency)
    made = callable(client) and not hasattr(client, "meta")
    sources = None if made else sources_of(asynchronous(client))
    if sources is None and isinstance(limits, dict) and isinstance(limits.get("quotas"), dict):
        sources = list(limits["quotas"])
    if journal is not None:
        journal = str(_values.path("journal", journal))
        if id is None:
            raise ValueError("journal= needs id=, the column that tells rows apart: rows may ask the same")
    return Options(
        operation=operation,
        client=client,
        asking=Asking(operation, request, prompt, call),
        id=None if id is None else _values.text("id", id),
        concurrency=concurrency if concurrency == "auto" else _values.plain(concurrency),
        limits=quotas.checked(limits, sources or []),
        journal=journal,
        errors=errors,
        response=_values.flag("response", response),
        prefix=_values.text("prefix", prefix),
    )


def _made(client: Callable[[], Any] | Any) -> Any:
    return client() if callable(client) and not hasattr(client, "meta") else client
