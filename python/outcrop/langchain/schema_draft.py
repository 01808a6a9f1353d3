"""JSON schemas of any age as the draft that Claude reads, 2020-12: it refuses what that draft has not.

Tools of MCP servers bring schemas of draft 3 to 7, of OpenAPI, and such as nobody has checked. What is written
otherwise today is written so; what says nothing that a reader of the draft understands is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from outcrop._conversation.values import plain

_TYPES = {
    **{name: name for name in ("array", "boolean", "integer", "null", "number", "object", "string")},
    "bool": "boolean", "dict": "object", "float": "number", "int": "integer", "list": "array", "str": "string",
}  # fmt: skip
_NAMED = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
_LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SINGLE = frozenset(
    {
        "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then",
        "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
_AGES = frozenset({"$anchor", "$comment", "$id", "$schema", "$vocabulary", "id"})
"""Which draft a schema is of, and where it lives: it is of another draft now, and lives in the request."""


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_pattern(value: Any) -> bool:
    try:
        re.compile(value)
    except (TypeError, re.error):
        return False
    return isinstance(value, str)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"), _is_number),
    **dict.fromkeys(
        ("maxItems", "minItems", "maxLength", "minLength", "maxProperties", "minProperties", "maxContains"), _is_count
    ),
    **dict.fromkeys(("title", "description", "format"), _is_text),
    "pattern": _is_pattern,
    "multipleOf": lambda value: _is_number(value) and value > 0,
    "minContains": _is_count,
    "enum": lambda value: isinstance(value, list) and bool(value),
    "examples": lambda value: isinstance(value, list),
    **dict.fromkeys(("uniqueItems", "deprecated", "readOnly", "writeOnly"), lambda value: isinstance(value, bool)),
}


def modern(schema: dict[str, Any]) -> dict[str, Any]:
    """Copy a schema as one of draft 2020-12.

    Args:
        schema: A JSON schema of any draft; it is not changed.
    """
    return _node(schema, schema)


def _schema(value: Any, root: dict[str, Any]) -> Any:
    """Return what stands in the place of a schema as one."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TYPES:  # a type by its name
        return {"type": _TYPES[value.lower()]}
    return _node(value, root) if isinstance(value, dict) else {}


def _node(node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:  # noqa: C901  -- a branch a kind of keyword
    made: dict[str, Any] = {}
    for key, value in node.items():
        if key in _AGES or (key in ("exclusiveMaximum", "exclusiveMinimum") and isinstance(value, bool)):
            continue  # draft 4 says so of the limit beside it
        if key in _NAMED or key in _LISTED or key in _SINGLE:
            _put_schemas(made, key, value, root)
        elif key == "type":
            _put_types(made, value)
        elif key == "required":
            if names := _names(value):
                made[key] = names
        elif key in ("$ref", "$dynamicRef"):
            if _leads_somewhere(value, root):
                made[key] = value
        elif key != "additionalItems" and (key not in _CHECKS or _CHECKS[key](value)):
            made[key] = plain(value)
    if isinstance(node.get("items"), list) and isinstance(rest := node.get("additionalItems"), (bool, dict)):
        made["items"] = _schema(rest, root)
    for limit, exclusive in (("maximum", "exclusiveMaximum"), ("minimum", "exclusiveMinimum")):
        if node.get(exclusive) is True and limit in made:
            made[exclusive] = made.pop(limit)
    _lift_required(made, node)
    return made


def _put_schemas(made: dict[str, Any], key: str, value: Any, root: dict[str, Any]) -> None:
    """Keep a keyword that holds schemas: one, a list, or one a name."""
    if key in _NAMED:
        if isinstance(value, dict) or key == "properties":
            named = value if isinstance(value, dict) else {}
            made[key] = {str(name): _schema(inner, root) for name, inner in named.items()}
    elif isinstance(value, list):
        key = "prefixItems" if key == "items" else key  # a tuple, until draft 2019-09
        if value and key in _LISTED:
            made[key] = [_schema(inner, root) for inner in value]
    elif key in _SINGLE and isinstance(value, (bool, dict, str)):
        made[key] = _schema(value, root)


def _put_types(made: dict[str, Any], value: Any) -> None:
    given = value if isinstance(value, list) else [value]
    kinds = list(dict.fromkeys(_TYPES[kind.lower()] for kind in given if _is_text(kind) and kind.lower() in _TYPES))
    if kinds:
        made["type"] = kinds if isinstance(value, list) else kinds[0]


def _names(value: Any) -> list[str]:
    return list(dict.fromkeys(name for name in value if isinstance(name, str))) if isinstance(value, list) else []


def _lift_required(made: dict[str, Any], node: dict[str, Any]) -> None:
    """Say of an object what draft 3 said of each of its fields."""
    fields = node.get("properties")
    if not isinstance(fields, dict):
        return
    own = [str(name) for name, inner in fields.items() if isinstance(inner, dict) and inner.get("required") is True]
    if own:
        made["required"] = list(dict.fromkeys([*made.get("required", ()), *own]))


def _leads_somewhere(reference: Any, root: dict[str, Any]) -> bool:
    """Whether a reference is one within the schema, by a path that is there."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return False
    found: Any = root
    for part in reference.removeprefix("#").split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list):
            found = found[int(name)] if name.isdecimal() and int(name) < len(found) else None
        else:
            found = found.get(name) if isinstance(found, dict) else None
    return isinstance(found, (dict, bool)) and (reference == "#" or reference.startswith("#/"))
