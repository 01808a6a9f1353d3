"""Key styles: LangChain writes `tool_use_id`, Bedrock `toolUseId`.

Only keys that Bedrock itself defines are ever renamed. What a user owns (tool inputs, JSON results, metadata, model
fields) never passes through here, or is named in `keep`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

USER_OWNED = frozenset({"input", "json", "inputSchema", "input_schema"})
"""Keys of Bedrock's shapes below which everything belongs to the user or to the model."""


@lru_cache(maxsize=1024)
def camel(key: str) -> str:
    """Return `tool_use_id` as `toolUseId`; a key without an underscore comes back as it is."""
    head, *rest = key.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


@lru_cache(maxsize=1024)
def snake(key: str) -> str:
    """Return `toolUseId` as `tool_use_id`; a key in snake case comes back as it is."""
    return _WORD_START.sub("_", key).lower()


def camel_keys(value: Any, keep: frozenset[str] = USER_OWNED) -> Any:
    """Copy `value` with every key in camel case, except below the keys named in `keep`."""
    if isinstance(value, dict):
        return {camel(k): v if k in keep else camel_keys(v, keep) for k, v in value.items()}
    if isinstance(value, list):
        return [camel_keys(item, keep) for item in value]
    return value


def snake_keys(value: Any, keep: frozenset[str] = USER_OWNED) -> Any:
    """Copy `value` with every key in snake case, except below the keys named in `keep`."""
    if isinstance(value, dict):
        return {snake(k): v if k in keep else snake_keys(v, keep) for k, v in value.items()}
    if isinstance(value, list):
        return [snake_keys(item, keep) for item in value]
    return value


def pick(block: dict[str, Any], *names: str, default: Any = None) -> Any:
    """Return the value of the first of `names` that `block` has: callers write either style."""
    for name in names:
        if name in block:
            return block[name]
    return default
