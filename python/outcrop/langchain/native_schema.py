"""JSON schemas that Bedrock itself holds an answer to: how Converse is told, and Claude by InvokeModel.

Bedrock takes a part of JSON Schema and refuses the rest. What it refuses is said in the description instead, where the
model reads it; who asked still checks it (Pydantic does). What cannot be said so is refused before anything is sent.
"""

from __future__ import annotations

import json
from typing import Any

from outcrop import _values

_TAKEN = frozenset({"type", "title", "description", "enum", "const", "default", "$ref"})
_OF_TYPE = {"object": {"required"}, "array": {"minItems"}, "string": {"format"}}
_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"})
_UNSAID = frozenset({"$schema", "$id", "$comment", "discriminator", "examples", "deprecated", "readOnly", "writeOnly"})
"""Keywords that say nothing about what is valid, or say again what others do."""

_WAY_OUT = "use method='function_calling', or ToolStrategy with an agent"


def json_schema_output(schema: dict[str, Any], name: str, description: str) -> dict[str, Any]:
    """Return the `outputConfig` that holds an answer to a JSON schema.

    Raises:
        ValueError: If Bedrock can hold no answer to it.
    """
    definition = {
        "schema": json.dumps(closed(schema), ensure_ascii=False),
        "name": name,
        "description": description,
    }
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": definition}}}


def response_format_output(given: dict[str, Any] | None) -> dict[str, Any] | None:
    """Read OpenAI's `response_format`, which agents pass for a native schema, as Converse's `outputConfig`.

    Raises:
        ValueError: If it is of another type than `json_schema`, or Bedrock can hold no answer to it.
    """
    if not given:
        return None
    schema, described = described_schema(given)
    name = described.get("name", "output_schema")
    return json_schema_output(schema, name, described.get("description", name))


def described_schema(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema in OpenAI's `response_format`, and what stands around it.

    Raises:
        ValueError: If it is of another type than `json_schema`.
    """
    if given.get("type") != "json_schema":
        raise ValueError(
            f"Unsupported response_format type {_values.shown(given.get('type'))}: Bedrock takes 'json_schema' only."
        )
    described = given.get("json_schema") or given.get("jsonSchema") or {}
    schema = described.get("schema") or {}
    return json.loads(schema) if isinstance(schema, str) else schema, described


def closed(schema: dict[str, Any], way_out: str = _WAY_OUT) -> dict[str, Any]:
    """Copy a schema as Bedrock takes it: every object closed, and limits as words.

    Args:
        schema: A JSON schema; it is not changed.
        way_out: What an error advises.

    Raises:
        ValueError: For maps, whose keys Bedrock would all forbid, and for schemas that hold themselves.
    """
    return _Closing(schema, way_out).schema()


class _Closing:
    """One schema on its way."""

    def __init__(self, schema: dict[str, Any], way_out: str) -> None:
        self._root, self._way_out = schema, way_out

    def schema(self) -> dict[str, Any]:
        made = self._node(self._root, "")
        self._refuse_recursion(made)
        return made

    def _node(self, node: Any, path: str) -> Any:  # noqa: C901, PLR0912  -- a branch a kind of keyword
        if not isinstance(node, dict):
            return node
        made: dict[str, Any] = {}
        said: dict[str, Any] = {}
        kinds = node.get("type")
        kinds = set(kinds) if isinstance(kinds, list) else {kinds}
        if "properties" in node:
            kinds.add("object")
        for key, value in node.items():
            if key in ("properties", "$defs", "definitions") and isinstance(value, dict):
                # Definitions are checked where they are used, and so are maps among them.
                made[key] = {name: self._node(inner, f"{path}/{name}") for name, inner in value.items()}
            elif key in ("anyOf", "oneOf", "allOf") and isinstance(value, list):
                options = [self._node(inner, path) for inner in value]
                if key == "oneOf" and "anyOf" in node:
                    made.setdefault("allOf", []).append({"anyOf": options})
                elif key == "allOf":
                    made.setdefault("allOf", []).extend(options)
                else:
                    made["anyOf"] = options
            elif key == "items":
                made[key] = self._items(value, path)
            elif key == "prefixItems" and isinstance(value, list):
                made["items"] = self._items(value, path)
                said["the items, in order"] = [_kind(item) for item in value]
            elif self._is_taken(key, value, kinds):
                made[key] = value
            elif key not in _UNSAID and key not in ("additionalProperties", "items", "propertyNames"):
                said[key] = value
        if "object" in kinds:
            self._refuse_map(node, path)
            made["additionalProperties"] = False
        if said:
            words = ", ".join(f"{key}: {_word(value)}" for key, value in said.items())
            made["description"] = f"{made['description']} ({words})" if made.get("description") else f"({words})"
        return made

    def _items(self, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            return self._node(value, f"{path}[]")
        options: list[Any] = []
        for item in value:
            made = self._node(item, f"{path}[]")
            if made not in options:
                options.append(made)
        return options[0] if len(options) == 1 else {"anyOf": options}

    @staticmethod
    def _is_taken(key: str, value: Any, kinds: set[Any]) -> bool:
        if key in _TAKEN:
            return True
        if not any(key in _OF_TYPE.get(kind, ()) for kind in kinds if isinstance(kind, str)):
            return False
        if key == "format":
            return isinstance(value, str) and value in _FORMATS
        return key != "minItems" or value in (0, 1)

    def _refuse_map(self, node: dict[str, Any], path: str) -> None:
        free = node.get("additionalProperties")
        # A model with fields that takes others besides answers with its fields alone.
        is_map = bool(node.get("patternProperties")) or isinstance(free, dict) or not node.get("properties")
        bare = not node.keys() & {"properties", "anyOf", "oneOf", "allOf", "$ref"}
        if bare or (is_map and free not in (False, None)) or node.get("patternProperties"):
            where = path.strip("/") or "the schema"
            raise ValueError(
                f"{_values.shown(where)} is a map, an object of any keys, which Bedrock's native schemas do not have: "
                f"the answer "
                f"could hold nothing in it. Name its fields, or {self._way_out}."
            )

    def _refuse_recursion(self, made: dict[str, Any]) -> None:
        """Bedrock refuses a schema that holds itself."""
        definitions = {
            f"#/{key}/{name}": inner
            for key in ("$defs", "definitions")
            for name, inner in (made.get(key) or {}).items()
        }
        definitions["#"] = {key: value for key, value in made.items() if key not in ("$defs", "definitions")}
        done: set[str] = set()

        def visit(reference: str, above: tuple[str, ...]) -> None:
            if reference in above:
                raise ValueError(
                    f"the schema holds itself by {_values.shown(reference)}, which Bedrock's native schemas cannot: "
                    f"{self._way_out}."
                )
            if reference in done or reference not in definitions:
                return
            for inner in _references(definitions[reference]):
                visit(inner, (*above, reference))
            done.add(reference)

        visit("#", ())


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in _references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [found for key, item in node.items() if key not in ("default", "enum") for found in _references(item)]


def _kind(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    return item.get("type") or str(item.get("$ref", "")).rpartition("/")[2] or item.get("const") or "any"


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
