"""The arguments of `batch`, checked once for sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop._batch.concurrency import limit
from outcrop._batch.journal import Journal
from outcrop._batch.progress import Progress
from outcrop._batch.schedule import Schedule

if TYPE_CHECKING:
    import os

    from outcrop import _native


def operation_of(client: Any, name: str) -> _native.Operation:
    """The operation that a batch calls.

    Raises:
        ValueError: The client has none of that name, or its answers are streams.
    """
    operations = client._table.operations  # noqa: SLF001  -- the clients' own room
    operation = operations.get(_values.plain(name))
    whole = sorted(each for each, found in operations.items() if found.stream is None)
    if operation is None:
        raise ValueError(f"this client has no operation {_values.shown(name)}; a batch can call {', '.join(whole)}")
    if operation.stream is not None:
        raise ValueError(
            f"a batch collects whole answers, and {_values.shown(name)} streams; it can call {', '.join(whole)}"
        )
    return operation


def schedule(
    client: Any,
    name: str,
    requests: Any,
    body: type[Any],
    *,
    concurrency: Any,
    in_order: bool,
    errors: str,
    progress: bool,
    journal: str | os.PathLike[str] | None,
    on_stop: Any,
) -> Schedule:
    """The schedule that the arguments ask for.

    Raises:
        ValueError: An argument has a value that it cannot have.
    """
    if errors not in {"return", "raise"}:
        raise ValueError(f'errors must be "return" or "raise", not {_values.shown(errors)}')
    if on_stop not in (None, "finish", "cancel"):
        raise ValueError(f'on_stop must be "finish", "cancel" or None, not {_values.shown(on_stop)}')
    calls = limit(concurrency, routed=hasattr(client, "plan"))
    kept = None if journal is None else Journal(journal, name, body, client._where())  # noqa: SLF001  -- the clients' own room
    try:
        bar = Progress(len(requests) if hasattr(requests, "__len__") else None) if progress else None
    except ImportError:
        if kept is not None:
            kept.close()
        raise
    return Schedule(calls, in_order=in_order, raising=errors == "raise", on_stop=on_stop, journal=kept, progress=bar)
