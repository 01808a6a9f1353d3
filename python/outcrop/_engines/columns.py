"""What becomes of a row, as columns: one schema, whether it was answered or not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop import _values
from outcrop._batch import canonical
from outcrop._headers import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ERROR = "__inference_error__"
"""Where an error's text stands, under the name that the stages of `ray.data.llm` know; empty when all went well."""

LONGEST_ERROR = 2000


class Outcome(NamedTuple):
    """What a row has to show, in the order of the columns."""

    answer: str = ""
    """The text of the answer; the body, of `invoke_model`."""
    stop_reason: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    source_region: str = ""
    target_model_id: str = ""
    attempts: int = 0
    from_journal: bool = False
    response: str = ""
    """The whole answer as JSON, without `ResponseMetadata`; empty unless asked for."""
    error: str = ""


def schema(*, prefix: str, response: bool) -> dict[str, type]:
    """The columns and the types of their values.

    Args:
        prefix: What the names begin with, but for that of the error.
        response: Whether there is one for the whole answer.
    """
    empty = Outcome()._asdict()
    return {_named(name, prefix): type(value) for name, value in empty.items() if response or name != "response"}


def laid_out(outcomes: Iterable[Outcome], *, prefix: str, response: bool) -> dict[str, tuple[type, list[Any]]]:
    """Outcomes as columns: by name, the type of the values and the values."""
    done = list(outcomes)
    fields = [name for name in Outcome._fields if response or name != "response"]
    kinds = schema(prefix=prefix, response=response)
    return {
        _named(name, prefix): (kinds[_named(name, prefix)], [getattr(outcome, name) for outcome in done])
        for name in fields
    }


def _named(name: str, prefix: str) -> str:
    return ERROR if name == "error" else f"{prefix}{name}"


def answered(response: Mapping[str, Any], *, whole: bool, from_journal: bool) -> Outcome:
    """The outcome of an answer.

    Args:
        response: boto3's dict.
        whole: Whether the whole of it is shown as well.
        from_journal: Whether it was there already.
    """
    metadata = response.get("ResponseMetadata", {})
    body = response.get("body")
    usage = usage_of(response)
    kept = {name: value for name, value in response.items() if name not in ("ResponseMetadata", "body")}
    return Outcome(
        answer=_text(response) if body is None else body.content.decode("utf-8", "replace"),
        stop_reason=str(response.get("stopReason", "")),
        input_tokens=usage["inputTokens"],
        output_tokens=usage["outputTokens"],
        cache_read_tokens=usage["cacheReadInputTokens"],
        cache_write_tokens=usage["cacheWriteInputTokens"],
        from_journal=from_journal,
        response=json.dumps(canonical.packed(kept), ensure_ascii=False) if whole and body is None else "",
        **_target(metadata.get("CrossRegion"), metadata),
    )


def failed(error: Exception) -> Outcome:
    """The outcome of an error, which says of which class it is."""
    response = getattr(error, "response", None)
    metadata = response.get("ResponseMetadata", {}) if isinstance(response, dict) else {}
    record = getattr(error, "cross_region", None)
    return Outcome(error=refusal(error), **_target(record, metadata))


def refusal(error: Exception) -> str:
    """An error as text."""
    text = f"{type(error).__name__}: {error}"
    return text if len(text) <= LONGEST_ERROR else f"{text[: LONGEST_ERROR - 1]}…"


def usage_of(response: Mapping[str, Any]) -> dict[str, int]:
    """The tokens of an answer: those in it, or those in its headers."""
    said = response.get("usage")
    if isinstance(said, dict):
        return {name: _whole(said.get(name)) for name in _COUNTS}
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return {name: count(headers, f"x-amzn-bedrock-{header}-token-count") or 0 for name, header in _COUNTS.items()}


_COUNTS = {
    "inputTokens": "input",
    "outputTokens": "output",
    "cacheReadInputTokens": "cache-read-input",
    "cacheWriteInputTokens": "cache-write-input",
}


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value <= _values.MOST else 0


def _text(response: Mapping[str, Any]) -> str:
    message = response.get("output", {}).get("message", {})
    return "".join(block["text"] for block in message.get("content", ()) if isinstance(block.get("text"), str))


def _target(record: Any, metadata: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(record, dict):
        # A plain client has one target, and its retries are what there is to tell.
        return {"attempts": 1 + _whole(metadata.get("RetryAttempts"))} if metadata else {}
    target = record.get("Target") or {}
    return {
        "source_region": str(target.get("SourceRegion", "")),
        "target_model_id": str(target.get("ModelId", "")),
        "attempts": len(record.get("Attempts", ())),
    }
