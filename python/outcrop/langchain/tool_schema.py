"""JSON schemas of tools, as Bedrock takes them: an object at the root, and nothing in the place of a schema."""

from __future__ import annotations

from typing import Any

from outcrop import _values
from outcrop.langchain.schema_draft import modern

_DEEPEST = 16
"""References to references, before a schema is taken to hold itself."""

_UNIONS = ("anyOf", "oneOf", "allOf")


def tool_schema(schema: Any, name: str) -> dict[str, Any]:
    """Return the schema of a tool's arguments with an object at its root.

    Every tool takes an object: a union of objects becomes one object with the fields of all, of which those are
    required that all require. Whoever made the schema checks the arguments by the schema as it was.

    Args:
        schema: A JSON schema, or nothing; it is not changed.
        name: The tool's name, for errors.

    Raises:
        ValueError: If a tool's arguments can be no such object.
    """
    if not schema:
        return {"type": "object", "properties": {}}
    if not isinstance(schema, dict):
        raise ValueError(f"the schema of tool {_values.shown(name)} must be a dict, not {type(schema).__name__}")
    schema = modern(schema)
    if schema.get("type") == "object" and not _unions(schema):
        return schema
    made = _object(schema, schema, name)
    kept = {key: schema[key] for key in ("$defs", "definitions") if key in schema}
    return {**kept, **made}


def _unions(schema: dict[str, Any]) -> list[str]:
    return [key for key in _UNIONS if isinstance(schema.get(key), list)]


def _object(node: Any, root: dict[str, Any], name: str, depth: int = 0) -> dict[str, Any]:
    node = node if isinstance(node, dict) else {}
    if isinstance(reference := node.get("$ref"), str) and depth < _DEEPEST:
        node = {**_found(reference, root), **{key: value for key, value in node.items() if key != "$ref"}}
        return _object(node, root, name, depth + 1)
    kinds = node.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if kinds != [None] and "object" not in kinds:
        raise ValueError(
            f"the schema of tool {_values.shown(name)} is of type {' or '.join(map(str, kinds))}, and Bedrock takes "
            f"objects only: "
            "give the tool a parameter that holds the value"
        )
    properties = node.get("properties")
    made: dict[str, Any] = {
        **{key: value for key, value in node.items() if key not in (*_UNIONS, "$defs", "definitions")},
        "type": "object",
        "properties": dict(properties) if isinstance(properties, dict) else {},
    }
    required = list(node.get("required") or ())
    for union in _unions(node):
        options = [
            _object(option, root, name, depth + 1)
            for option in node[union]
            if not (isinstance(option, dict) and option.get("type") == "null")
        ]
        for option in options:
            for key, value in option["properties"].items():
                known = made["properties"].setdefault(key, value)
                if known != value:
                    made["properties"][key] = _either(known, value)
        sets = [set(option.get("required") or ()) for option in options]
        common = set.union(*sets) if sets and union == "allOf" else set.intersection(*sets) if sets else set()
        required += sorted(common - set(required))
        if any("additionalProperties" in option for option in options):
            made.pop("additionalProperties", None)
    made.pop("required", None)
    return {**made, "required": required} if required else made


def _either(known: Any, value: Any) -> dict[str, Any]:
    options = known["anyOf"] if isinstance(known, dict) and known.keys() == {"anyOf"} else [known]
    return {"anyOf": options if value in options else [*options, value]}


def _found(reference: str, root: dict[str, Any]) -> dict[str, Any]:
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
