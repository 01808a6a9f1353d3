"""Requests as other models take them: written by a function of the program's, on the side of whoever calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from outcrop import _credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from outcrop import _native

    Adapt = Callable[[dict[str, Any], str], dict[str, Any] | None]
    Rewritten = dict[int, dict[str, Any] | None]


_OF_CLIENTS = "SendRequest"
"""The operation of a request that OpenAI's or Anthropic's client made."""


def checked(adapt: Adapt, models: Sequence[str]) -> Adapt:
    """The function of the user.

    Raises:
        TypeError: It cannot be called.
        ValueError: There is no other model to write requests for.
    """
    if not callable(adapt):
        raise TypeError(f"adapt must be a function of a request and a model, not {type(adapt).__name__}")
    if len(models) == 1:
        raise ValueError("adapt writes requests for next models, and there is one model: name several, or leave it out")
    return adapt


class Adapting:
    """A native client whose calls each bring what they are for other models.

    Args:
        native: The native client, or what stands for it.
        adapt: Writes a request for another model, on the caller's thread or in its task.
        models: The models, in the order in which they are tried.
        number_of: Tells which of them a call names.
    """

    def __init__(self, native: Any, adapt: Adapt, models: Sequence[str], number_of: Callable[[Any], int]) -> None:
        self.native = native
        self._adapt = adapt
        self._models = models
        self._number_of = number_of

    def __getattr__(self, name: str) -> Any:
        """Every other attribute is the native client's."""
        return getattr(self.native, name)

    def call(self, operation: str, arguments: dict[str, Any], *trace: _native.Trace | None) -> dict[str, Any]:
        """Make a call and wait for its answer."""
        rewritten = self.rewritten(operation, arguments)
        return self.native.call(operation, arguments, *trace, rewritten=rewritten)

    def start(self, operation: str, arguments: dict[str, Any], *trace: _native.Trace | None) -> Any:
        """Start a call, to be awaited."""
        rewritten = self.rewritten(operation, arguments)
        return self.native.start(operation, arguments, *trace, rewritten=rewritten)

    def calls(self) -> AdaptingCalls:
        """Many calls under way at once."""
        return AdaptingCalls(self)

    def rewritten(self, operation: str, arguments: dict[str, Any]) -> Rewritten:
        """What a call is for each of the models behind the one that it names.

        Raises:
            TypeError: The function gave neither a request nor None.
        """
        if operation == "CountTokens":
            return {}
        if operation == _OF_CLIENTS:
            return self._bodies(arguments["body"])
        # What is read once must serve for all.
        for name, value in arguments.items():
            if hasattr(value, "read"):
                arguments[name] = value.read()
        return self._each(arguments, "modelId")

    def _bodies(self, body: bytes) -> Rewritten:
        """The same for a request of OpenAI's or Anthropic's clients: what is written for other models is its JSON."""
        try:
            request = json.loads(body)
        except ValueError:
            return {}  # the core says what is wrong with it
        if not isinstance(request, dict) or "model" not in request:
            return {}
        # Whether the answer is a stream, the client has decided.
        stream = {name: request[name] for name in ("stream",) if name in request}
        each = self._each(request, "model").items()
        laid_out = {number: found and {**_without(found, "stream"), **stream} for number, found in each}
        return {number: found and {"body": json.dumps(found).encode()} for number, found in laid_out.items()}

    def _each(self, request: dict[str, Any], name: str) -> Rewritten:
        """What the function says for each model behind the one that a request names under `name`."""
        behind = self._number_of(request.get(name)) + 1
        return {
            number: _request(self._adapt({**_copied(request), name: model}, model))
            for number, model in enumerate(self._models)
            if number >= behind
        }


class AdaptingCalls:
    """`_native.Calls` whose calls each bring what they are for other models.

    Args:
        client: The client that calls.
    """

    def __init__(self, client: Adapting) -> None:
        self._client = client
        self._calls = _credentials.calls(client.native)
        self.take = self._calls.take
        self.close = self._calls.close

    def start(self, number: int, operation: str, arguments: dict[str, Any], *trace: _native.Trace | None) -> None:
        """Start a call; `take` gives its result under this number."""
        rewritten = self._client.rewritten(operation, arguments)
        self._calls.start(number, operation, arguments, *trace, rewritten=rewritten)


def _without(request: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in request.items() if each != name}


def _copied(value: Any) -> Any:
    """A copy that may be changed: the caller's own request stays as it is."""
    if isinstance(value, Mapping):
        return {name: _copied(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copied(inner) for inner in value]
    return value


def _request(found: Any) -> dict[str, Any] | None:
    if found is None or isinstance(found, dict):
        return found
    if isinstance(found, CoroutineType):
        found.close()
    how = "at once" if hasattr(type(found), "__await__") else "with a dict"
    raise TypeError(
        f"adapt must answer {how}: the request for the other model, or None where it is not for it, not "
        f"{type(found).__name__}"
    )
