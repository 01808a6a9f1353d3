"""Requests as other models take them: written by a function of the program's, on the side of whoever calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from outcrop._apis.paths import OPERATION
from outcrop.cross_region._bringing import refuse_awaitable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Adapt = Callable[[dict[str, Any], str], dict[str, Any] | None]
    Rewritten = dict[int, dict[str, Any] | None]


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
    """Tells what a call is for other models.

    Args:
        adapt: Writes a request for another model, on the caller's thread or in its task.
        models: The models, in the order in which they are tried.
        number_of: Tells which of them a call names.
    """

    def __init__(self, adapt: Adapt, models: Sequence[str], number_of: Callable[[Any], int]) -> None:
        self._adapt = checked(adapt, models)
        self._models = models
        self._number_of = number_of

    def __call__(self, operation: str, arguments: dict[str, Any]) -> Rewritten:
        """What a call is for each of the models behind the one that it names.

        Raises:
            TypeError: The function gave neither a request nor None.
        """
        if operation == "CountTokens":
            return {}
        if operation == OPERATION:
            return self._bodies(arguments["body"])
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
    refuse_awaitable(found)
    how = "at once" if hasattr(type(found), "__await__") else "with a dict"
    raise TypeError(
        f"adapt must answer {how}: the request for the other model, or None where it is not for it, not "
        f"{type(found).__name__}"
    )
