"""JSON schemas that Bedrock itself holds an answer to: how Converse is told, and Claude by InvokeModel."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any


def json_schema_output(schema: dict[str, Any], name: str, description: str) -> dict[str, Any]:
    """Return the `outputConfig` that holds an answer to a JSON schema."""
    definition = {
        "schema": json.dumps(closed(schema), ensure_ascii=False),
        "name": name,
        "description": description,
    }
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": definition}}}


def response_format_output(given: dict[str, Any] | None) -> dict[str, Any] | None:
    """Read OpenAI's `response_format`, which agents pass for a native schema, as Converse's `outputConfig`.

    Raises:
        ValueError: If it is of another type than `json_schema`.
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
        raise ValueError(f"Unsupported response_format type {given.get('type')!r}: Bedrock takes 'json_schema' only.")
    described = given.get("json_schema") or given.get("jsonSchema") or {}
    schema = described.get("schema") or {}
    return json.loads(schema) if isinstance(schema, str) else schema, described


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Copy a schema in which every object forbids further properties, as Bedrock requires."""
    made = deepcopy(schema)
    _close(made)
    return made


def _close(schema: Any) -> None:
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object":
        schema["additionalProperties"] = False
    for key in ("properties", "$defs", "definitions"):
        for inner in (schema.get(key) or {}).values():
            _close(inner)
    for key in ("allOf", "anyOf", "oneOf"):
        for inner in schema.get(key) or ():
            _close(inner)
    _close(schema.get("items"))
