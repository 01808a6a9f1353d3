"""Tools: what LangChain binds as Converse's `toolConfig`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from langchain_core.utils.function_calling import convert_to_openai_tool

from outcrop import _values
from outcrop._conversation.cache_points import is_cache_point
from outcrop._conversation.names import ToolNames
from outcrop.langchain.errors import warn
from outcrop.langchain.native_schema import closed
from outcrop.langchain.tool_fields import with_sent_fields
from outcrop.langchain.tool_schema import tool_schema

SYSTEM_TOOLS = ("nova_grounding", "nova_code_interpreter")
"""Tools that Amazon Nova 2 runs itself; binding one of these names is enough."""


def system_tool(tool: Any) -> dict[str, Any] | None:
    """Return the `systemTool` entry of a tool that Bedrock runs itself, or `None` for any other tool."""
    if isinstance(tool, str) and tool in SYSTEM_TOOLS:
        return {"systemTool": {"name": tool}}
    if isinstance(tool, dict) and "systemTool" in tool:
        return tool
    # By its method and not by its class, so that langchain-aws's own tool objects go on working.
    shape = getattr(tool, "to_bedrock_format", None)
    return shape() if callable(shape) else None  # type: ignore[no-any-return]


def tool_entry(tool: Any, strict: bool | None = None) -> dict[str, Any]:
    """Convert one tool to an entry of `toolConfig.tools`.

    Args:
        tool: A tool, function, Pydantic class, TypedDict or JSON schema; OpenAI's, Anthropic's or Converse's dict; a
            cache point.
        strict: Whether the model must keep to the schema.

    Returns:
        A `toolSpec`, `systemTool` or `cachePoint` entry, always a new dict.
    """
    if is_cache_point(tool):
        return tool
    if entry := system_tool(tool):
        return entry
    spec = dict(tool["toolSpec"]) if isinstance(tool, dict) and "toolSpec" in tool else _spec(tool)
    spec["description"] = spec.get("description") or spec["name"]
    if strict is not None:
        spec["strict"] = strict
    if isinstance(held := spec.get("inputSchema"), dict) and "json" in held:
        made = tool_schema(held["json"], spec["name"])
        if spec.get("strict"):
            made = closed(made, "leave strict= out")
        spec["inputSchema"] = {"json": made}
    return {"toolSpec": spec}


def bound_tool(tool: Any, strict: bool | None = None) -> dict[str, Any]:
    """Convert one tool to what a binding shows: OpenAI's shape, as with every LangChain model; `tool_entry` reads it.

    Args:
        tool: As for `tool_entry`.
        strict: Whether the model must keep to the schema.
    """
    if is_cache_point(tool):
        return tool
    return convert_to_openai_tool(tool, strict=strict)


def _spec(tool: Any) -> dict[str, Any]:
    if isinstance(tool, dict) and "input_schema" in tool and "name" in tool:
        tool = {"name": tool["name"], "description": tool.get("description") or "", "parameters": tool["input_schema"]}
    function = dict(convert_to_openai_tool(tool)["function"])
    parameters = without_null(function.pop("parameters", None))
    return {**function, "inputSchema": {"json": parameters}}


def distinct(tools: Iterable[Any], name_of: Any) -> list[Any]:
    """Leave out tools that are given twice.

    Args:
        tools: Tools in a format of Bedrock's.
        name_of: Finds the name of one; `None` for what has none.

    Raises:
        ValueError: If two tools that differ have one name, which Bedrock refuses.
    """
    made: list[Any] = []
    known: dict[str, Any] = {}
    for tool in tools:
        name = name_of(tool)
        if name is None:
            made.append(tool)
        elif name not in known:
            made.append(tool)
            known[name] = tool
        elif known[name] != tool:
            raise ValueError(f"two tools are named {_values.shown(name)}: Bedrock takes each name once. Rename one.")
    return made


def tool_names(config: dict[str, Any] | None) -> ToolNames:
    """Return the names of a `toolConfig`'s tools as they are sent."""
    specs = [tool["toolSpec"] for tool in (config or {}).get("tools") or () if "toolSpec" in tool]
    return ToolNames(spec["name"] for spec in specs if isinstance(spec.get("name"), str))


def with_sent_names(config: dict[str, Any], names: ToolNames) -> dict[str, Any]:
    """Copy a `toolConfig` with its tools named as Bedrock takes it."""
    made = {**config}
    made["tools"] = [
        {**tool, "toolSpec": {**tool["toolSpec"], "name": names.sent(tool["toolSpec"]["name"])}}
        if "toolSpec" in tool
        else tool
        for tool in config["tools"]
    ]
    choice = config.get("toolChoice")
    if choice and "tool" in choice:
        made["toolChoice"] = {"tool": {**choice["tool"], "name": names.sent(choice["tool"]["name"])}}
    return made


def with_sent_arguments(config: dict[str, Any], names: ToolNames) -> dict[str, Any]:
    """Copy a `toolConfig` whose tools' arguments are named as Claude takes it; `names.fields` says the way back."""
    made: list[Any] = []
    for tool in config["tools"]:
        spec = tool.get("toolSpec")
        held = spec.get("inputSchema") if isinstance(spec, dict) else None
        schema = held.get("json") if isinstance(held, dict) else None
        sent, fields = with_sent_fields(schema) if isinstance(schema, dict) else (schema, None)
        if fields:
            names.fields[spec["name"]] = fields
            tool = {"toolSpec": {**spec, "inputSchema": {"json": sent}}}  # noqa: PLW2901
        made.append(tool)
    return {**config, "tools": made} if names.fields else config


def without_null(schema: Any) -> Any:
    """Copy a JSON schema without `null` alternatives: Converse takes 16 unions a request, and these are none."""
    if isinstance(schema, list):
        return [without_null(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "anyOf" and isinstance(value, list):
            kept = [without_null(v) for v in value if not (isinstance(v, dict) and v.get("type") == "null")]
            if len(kept) == 1 and isinstance(kept[0], dict):
                made.update(kept[0])
            else:
                made[key] = kept or value
        elif key == "type" and isinstance(value, list):
            kept = [v for v in value if v != "null"]
            made[key] = kept[0] if len(kept) == 1 else kept or value
        else:
            made[key] = without_null(value)
    return made


def tool_choice_entry(choice: Any) -> dict[str, Any] | None:
    """Convert a tool choice to Converse's.

    Args:
        choice: `"auto"`, `"any"`, `"required"`, `True`, the name of a tool, or a dict in Converse's, OpenAI's or
            Anthropic's style.

    Returns:
        `{"auto": {}}`, `{"any": {}}` or `{"tool": {"name": …}}`; `None` for no choice.

    Raises:
        ValueError: For anything else.
    """
    if not choice or choice == "none":
        return None
    if not isinstance(choice, (str, Mapping)) and choice is not True:
        raise ValueError(
            f"unrecognized tool_choice {_values.shown(choice)}: pass 'auto', 'any', a tool's name or a dict."
        )
    if isinstance(choice, Mapping):
        if choice.keys() & {"auto", "any", "tool"}:
            return dict(choice)
        kind = choice.get("type")
        name = (choice.get("function") or choice).get("name")
        if kind in ("function", "tool") and name:
            return {"tool": {"name": name}}
        if kind in ("auto", "any"):
            return {kind: {}}
        raise ValueError(
            f"unrecognized tool_choice {_values.shown(dict(choice))}: pass 'auto', 'any', a tool's name, or "
            f"{{'tool': {{'name': …}}}}."
        )
    if choice is True or choice == "required":
        return {"any": {}}
    return {choice: {}} if choice in ("auto", "any") else {"tool": {"name": choice}}


def checked_tool_choice(
    choice: dict[str, Any] | None, supported: Sequence[str] | None, model: str | None, thinking: bool
) -> dict[str, Any] | None:
    """Check a tool choice against what the model takes.

    Args:
        choice: A choice in Converse's shape.
        supported: The kinds of choice that the model takes; `None` if nobody knows.
        model: The base model id, for messages.
        thinking: Whether the model was asked to think: then an unsupported choice becomes `auto`, so that agents go on
            working.

    Returns:
        The choice to send.

    Raises:
        ValueError: If the model does not take it.
    """
    if not choice or supported is None:
        return choice
    kind = next(iter(choice))
    if kind in supported:
        return choice
    if thinking and "auto" in supported:
        warn(
            f"tool_choice {_values.shown(kind)} is not supported when thinking is enabled. Downgrading to "
            f"tool_choice='auto'."
        )
        return {"auto": {}}
    known = f"supported are: {', '.join(supported)}" if supported else "it takes none"
    raise ValueError(
        f"model {model} does not currently support tool_choice of type {_values.shown(kind)}; {known}. Leave "
        f"tool_choice out, or "
        "pass supports_tool_choice_values= if Bedrock has learnt it since."
    )
