"""Calls that bring what functions of the program's say of them, asked on the side of whoever calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop import _credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcrop import _native

    Says = Callable[[str, dict[str, Any]], Any]


class Bringing:
    """A native client whose calls each bring what functions say of them.

    Args:
        native: The native client, or what stands for it.
        **says: For an argument of the native client's calls what gives it: a function of the operation and its
            arguments. It is asked for each call, on the caller's thread or in its task.
    """

    def __init__(self, native: Any, **says: Says) -> None:
        self.native = native
        self._says = says

    def __getattr__(self, name: str) -> Any:
        """Every other attribute is the native client's."""
        return getattr(self.native, name)

    def call(self, operation: str, arguments: dict[str, Any], *trace: _native.Trace | None) -> dict[str, Any]:
        """Make a call and wait for its answer."""
        return self.native.call(operation, arguments, *trace, **self.said(operation, arguments))

    def start(self, operation: str, arguments: dict[str, Any], *trace: _native.Trace | None) -> Any:
        """Start a call, to be awaited."""
        return self.native.start(operation, arguments, *trace, **self.said(operation, arguments))

    def calls(self) -> BringingCalls:
        """Many calls under way at once."""
        return BringingCalls(self)

    def said(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """What is said of a call."""
        # What is read once must serve for all.
        for name, value in arguments.items():
            if hasattr(value, "read"):
                arguments[name] = value.read()
        return {name: says(operation, arguments) for name, says in self._says.items()}


class BringingCalls:
    """`_native.Calls` whose calls each bring what functions say of them.

    Args:
        client: The client that calls.
    """

    def __init__(self, client: Bringing) -> None:
        self._client = client
        self._calls = _credentials.calls(client.native)
        self.take = self._calls.take
        self.close = self._calls.close

    def start(self, number: int, operation: str, arguments: dict[str, Any], *trace: _native.Trace | None) -> None:
        """Start a call; `take` gives its result under this number."""
        self._calls.start(number, operation, arguments, *trace, **self._client.said(operation, arguments))


def refuse_awaitable(found: Any) -> None:
    """Close a coroutine that a function gave, which nobody awaits.

    Args:
        found: What it gave.
    """
    from types import CoroutineType

    if isinstance(found, CoroutineType):
        found.close()
