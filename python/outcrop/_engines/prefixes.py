"""Which requests share a prompt cache, so that one writes it before the others read it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop._batch import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping


class Prefix(NamedTuple):
    """What requests that share a cache have in common."""

    key: str
    marked: bool
    """Whether a cache point says that it is to be cached."""


def of(request: Mapping[str, Any]) -> Prefix | None:
    """The prefix of a request: its tools, its system prompt, and its messages up to the last cache point in them.

    Args:
        request: The keyword arguments of `converse`, or those of `invoke_model` with a body of Anthropic's.
    """
    asked = _body(request) if "body" in request else request
    tools, system = asked.get("toolConfig", asked.get("tools")), asked.get("system")
    first = _marked_part(asked.get("messages"))
    if not tools and not system and first is None:
        return None
    shared = [request.get("modelId"), tools, system, first]
    try:
        text = json.dumps(canonical.packed(shared), sort_keys=True)
    except TypeError:  # what is wrong with a request is said when it is sent
        return None
    marked = first is not None or _is_marked(tools) or _is_marked(system)
    return Prefix(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), marked)


def _body(request: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        body = json.loads(request["body"])
    except (TypeError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}


def _marked_part(messages: Any) -> list[Any] | None:
    """The messages up to the last cache point, which may stand inside one."""
    if not isinstance(messages, list):
        return None
    for at in range(len(messages) - 1, -1, -1):
        content = messages[at].get("content") if isinstance(messages[at], dict) else None
        blocks = content if isinstance(content, list) else []
        for block in range(len(blocks) - 1, -1, -1):
            if _is_marked(blocks[block]):
                return [*messages[:at], blocks[: block + 1]]
    return None


def _is_marked(value: Any) -> bool:
    if isinstance(value, dict):
        return "cachePoint" in value or "cache_control" in value or any(map(_is_marked, value.values()))
    return isinstance(value, list) and any(map(_is_marked, value))
