"""How many tokens of a quota a request will probably take. It is a guess until the answer tells, and learns from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from outcrop._engines.quotas import Amount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcrop._engines.row_queue import Item

_BYTES_PER_TOKEN = 4
_TOKENS_OF_A_BLOB = 1600
"""Of an image or a page or so: what they are is looked into by routers, not here."""
_MOST_TOKENS = 4096
"""What Bedrock reserves for answers of many models where a request sets no limit."""
_LATEST = 0.05
"""The weight of the latest answer among all."""


class Demand:
    """Guesses for the requests of one job, which are much alike.

    Args:
        burndown: How many tokens of the quota one of an answer takes.
    """

    def __init__(self, burndown: float) -> None:
        self._burndown = burndown
        self._scale = 1.0
        self._output: float | None = None

    def guess(self, item: Item) -> None:
        """Write into a row what it will take."""
        item.inputs, most = _lengths(item.request)
        output = most if self._output is None else min(self._output, most)
        used = item.inputs * self._scale + output * self._burndown
        item.cost = Amount(1.0, used)
        item.excess = max(0.0, item.inputs * self._scale + most - used)

    def settled(self, item: Item, usage: Mapping[str, int]) -> Amount:
        """What a call took of the quota; later guesses go by it.

        Args:
            item: The row.
            usage: The tokens of its answer.
        """
        inputs, output = usage["inputTokens"] + usage["cacheWriteInputTokens"], usage["outputTokens"]
        if item.inputs and (inputs or usage["cacheReadInputTokens"]):
            ratio = min(4.0, max(0.25, inputs / item.inputs))
            self._scale += _LATEST * (ratio - self._scale)
        self._output = output if self._output is None else self._output + _LATEST * (output - self._output)
        return Amount(1.0, inputs + output * self._burndown)


def _lengths(request: Mapping[str, Any]) -> tuple[float, float]:
    """The tokens of the input, and those that an answer may have at most."""
    if "body" in request:
        text = request["body"]
        try:
            body = json.loads(text)
        except (TypeError, ValueError):
            body = {}
        most = next((body[name] for name in _LIMITS if isinstance(body, dict) and name in body), None)
        return (len(text) / _BYTES_PER_TOKEN if isinstance(text, (str, bytes)) else 0.0), _positive(most)
    settings = request.get("inferenceConfig")
    most = settings.get("maxTokens") if isinstance(settings, dict) else None
    parts = (request.get(name) for name in ("messages", "system", "toolConfig"))
    return sum(map(_tokens, parts)), _positive(most)


_LIMITS = ("max_tokens", "max_completion_tokens", "max_gen_len", "maxTokens", "max_tokens_to_sample")


def _positive(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and 0 < value < _MOST_SANE else float(_MOST_TOKENS)


_MOST_SANE = 1e7


def _tokens(value: Any) -> float:
    if isinstance(value, str):
        return (len(value) if value.isascii() else len(value.encode("utf-8", "replace"))) / _BYTES_PER_TOKEN
    if isinstance(value, dict):
        return sum(map(_tokens, value.values()))
    if isinstance(value, (list, tuple)):
        return sum(map(_tokens, value))
    return float(_TOKENS_OF_A_BLOB) if isinstance(value, (bytes, bytearray)) else 0.0
