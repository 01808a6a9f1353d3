"""Names of a tool's arguments as Claude takes them, there and back.

Claude refuses a tool whose schema names a field otherwise than by letters, digits, `_`, `.` and `-` ("Property keys
should match pattern", reported 2025), as `$filter` or `first name` of an MCP server's tool; whoever runs the tool wants
these.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Any

_FIELD = re.compile(r"[a-zA-Z0-9_.-]{1,64}")
_NOT_IN_FIELD = re.compile(r"[^a-zA-Z0-9_.-]")
_LONGEST = 64

Fields = dict[str, str]


def with_sent_fields(schema: dict[str, Any]) -> tuple[dict[str, Any], Fields]:
    """Return a schema whose fields have names that Claude takes, at every depth.

    Args:
        schema: The schema of a tool's arguments; it is not changed.

    Returns:
        The very schema if all names fit, else a copy; and the names that were given, by those that are sent instead.
    """
    names = set[str]()
    _collect(schema, names)
    unfit = sorted(name for name in names if not _FIELD.fullmatch(name))
    if not unfit:
        return schema, {}
    sent: Fields = {}
    for name in unfit:
        made = _fitting(name)
        if made in names or made in sent.values():
            made = f"{made[: _LONGEST - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        sent[name] = made
    return _renamed(schema, sent), {made: name for name, made in sent.items()}


def _fitting(name: str) -> str:
    simple = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return _NOT_IN_FIELD.sub("_", simple)[:_LONGEST] or "field"


def _collect(node: Any, names: set[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _collect(item, names)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "properties" and isinstance(value, dict):
                names.update(value)
                _collect(list(value.values()), names)
            elif key not in ("enum", "const", "default", "examples"):
                _collect(value, names)


def _renamed(node: Any, sent: Fields) -> Any:
    if isinstance(node, list):
        return [_renamed(item, sent) for item in node]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    for key, value in node.items():
        if key in ("properties", "dependentSchemas") and isinstance(value, dict):
            made[key] = {sent.get(name, name): _renamed(inner, sent) for name, inner in value.items()}
        elif key == "required" and isinstance(value, list):
            made[key] = [sent.get(name, name) for name in value]
        elif key == "$ref" and isinstance(value, str):
            made[key] = "/".join(sent.get(part, part) for part in value.split("/"))
        else:
            made[key] = value if key in ("enum", "const", "default", "examples") else _renamed(value, sent)
    return made


def given_fields(args: Any, fields: Fields) -> Any:
    """Return a call's arguments under the names that the tool knows.

    Args:
        args: What a model answered; it is not changed.
        fields: The names that were given, by those that were sent.
    """
    if not fields:
        return args
    if isinstance(args, list):
        return [given_fields(item, fields) for item in args]
    if not isinstance(args, dict):
        return args
    return {fields.get(key, key): given_fields(value, fields) for key, value in args.items()}


def given_text(parts: list[str], fields: Fields) -> str:
    """Return arguments that came as pieces of JSON under the names that the tool knows; as they are if cut off."""
    text = "".join(parts)
    try:
        return json.dumps(given_fields(json.loads(text), fields), ensure_ascii=False)
    except ValueError:
        return text
