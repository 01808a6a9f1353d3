"""A residency that is a function: asked for each call by whoever makes it, and its answer goes with that call alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop import _credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcrop import _native

    Ask = Callable[[], frozenset[str]]
    Triple = tuple[str, str, str | None]


class Ruled:
    """A native client whose calls each bring the Regions that a rule permits them.

    The core refuses a call that brings none, so nothing is sent where this is gone around.

    Args:
        native: The native client, or what stands for it.
        ask: Asks the rule, on the caller's thread or in its task, so it sees the caller's context.
    """

    def __init__(self, native: Any, ask: Ask) -> None:
        self.native = native
        self.ask = ask

    def __getattr__(self, name: str) -> Any:
        """Every other attribute is the native client's."""
        return getattr(self.native, name)

    def call(
        self,
        operation: str,
        arguments: dict[str, Any],
        trace: _native.Trace | None = None,
        credentials: Triple | None = None,
        **others: Any,
    ) -> dict[str, Any]:
        """Make a call and wait for its answer. `others` are what it brings beside."""
        return self.native.call(operation, arguments, trace, credentials, self.ask(), **others)

    def start(
        self,
        operation: str,
        arguments: dict[str, Any],
        trace: _native.Trace | None = None,
        credentials: Triple | None = None,
        **others: Any,
    ) -> _native.Pending:
        """Start a call, to be awaited. `others` are what it brings beside."""
        return self.native.start(operation, arguments, trace, credentials, self.ask(), **others)

    def calls(self) -> RuledCalls:
        """Many calls under way at once."""
        return RuledCalls(self)


class RuledCalls:
    """`_native.Calls` whose calls each bring what a rule permits them.

    Args:
        client: The client that calls.
    """

    def __init__(self, client: Ruled) -> None:
        self._ask = client.ask
        self._calls = _credentials.calls(client.native)
        self.take = self._calls.take
        self.close = self._calls.close

    def start(self, number: int, operation: str, arguments: dict[str, Any], *given: Any, **others: Any) -> None:
        """Start a call; `take` gives its result under this number. The rest is `Ruled.start`'s."""
        trace, credentials = (*given, None, None)[:2]
        self._calls.start(number, operation, arguments, trace, credentials, self._ask(), **others)
