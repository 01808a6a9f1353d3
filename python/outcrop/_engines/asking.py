"""What a row asks: the keyword arguments of its call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop._engines import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Request = str | Callable[[dict[str, Any]], dict[str, Any]]


class Asking:
    """Makes requests of rows.

    Args:
        operation: boto3's name.
        request: A column that holds the keyword arguments, or a function of a row that gives them.
        prompt: A column that holds the text of one message, in place of `request`.
        call: What all requests have, beside or under their own.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Both or neither of `request` and `prompt` were named, or `prompt` with another operation.
    """

    def __init__(
        self, operation: str, request: Request | None, prompt: str | None, call: Mapping[str, Any] | None
    ) -> None:
        if (request is None) == (prompt is None):
            raise ValueError("name one of request= and prompt=: where the rows have their requests, or their prompts")
        if prompt is not None:
            prompt = _values.text("prompt", prompt)
            if operation != "converse":
                raise ValueError(f"prompt= is for converse; the requests of {operation} are named by request=")
        if request is not None and not callable(request):
            request = _values.text("request", request)
        if call is not None and not isinstance(call, dict):
            raise TypeError(f"call must be a dict of keyword arguments, not {type(call).__name__}")
        self._operation = operation
        self._request = request
        self._prompt = prompt
        self._call = dict(call or {})

    def columns(self, there: list[str]) -> list[str]:
        """The columns that are read of those there are; all of them for a function.

        Raises:
            ValueError: The rows have no such column.
        """
        wanted = self._prompt or self._request
        if not isinstance(wanted, str):
            return there
        if wanted not in there:
            named = "prompt" if self._prompt else "request"
            raise ValueError(
                f"the rows have no column {_values.shown(wanted)}, which {named}= names; they have: {', '.join(there)}"
            )
        return [wanted]

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """The request of a row.

        Raises:
            TypeError: There is none, or none that is a dict.
            ValueError: What should be JSON is none.
        """
        if self._prompt is not None:
            text = row[self._prompt]
            if not isinstance(text, str):
                raise TypeError(f"the row's prompt is {_kind(text)}, where text is due")
            own: Any = {"messages": [{"role": "user", "content": [{"text": text}]}]}
        elif isinstance(self._request, str):
            own = _parsed(row[self._request])
        else:
            own = self._request(row) if self._request else {}
        if not isinstance(own, dict):
            raise TypeError(f"the row's request is {_kind(own)}, where a dict of keyword arguments is due")
        return _with_text_body({**self._call, **own}) if self._operation == "invoke_model" else {**self._call, **own}


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return rows.without_nulls(value)
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError(f"the row's request is no JSON: {getattr(error, 'msg', 'numbers too long')}") from None


def _with_text_body(request: dict[str, Any]) -> dict[str, Any]:
    body = request.get("body")
    return {**request, "body": json.dumps(body)} if isinstance(body, dict) else request


def _kind(value: Any) -> str:
    return "null" if value is None else f"of the class {type(value).__name__}"
