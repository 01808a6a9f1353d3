"""Tools and structured output of the InvokeModel chat model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from langchain_core.utils.function_calling import convert_to_openai_tool

from outcrop._conversation.cache_points import is_cache_point
from outcrop.langchain.bodies.registry import COMPLETIONS
from outcrop.langchain.capabilities import (
    refuses_forced_tools,
    refuses_forced_tools_when_thinking,
    thinking_in,
)
from outcrop.langchain.errors import warn
from outcrop.langchain.structured_output.parsers import require_tool_call, tools_parser, with_parser
from outcrop.langchain.tool_schema import tool_schema
from outcrop.langchain.tools import bound_tool, checked_tool_choice, tool_choice_entry

if TYPE_CHECKING:
    from outcrop.langchain.request import Target


class _InvokeModel(Protocol):
    """What tools and structured output ask of an InvokeModel chat model."""

    model_id: str
    model_kwargs: dict[str, Any] | None

    def bind(self, **kwargs: Any) -> Any: ...
    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any: ...
    def _target_from(self, called: str) -> Target: ...


def bind_invoke_tools(
    model: _InvokeModel, tools: Sequence[Any], choice: Any, strict: bool | None, kwargs: dict[str, Any]
) -> Any:
    """Bind tools in the format of the model's publisher.

    Raises:
        ValueError: If a thinking model is to be forced, or for a choice that cannot be read.
    """
    if strict is not None:
        warn(
            "The 'strict' parameter is only supported when using the Converse API (beta_use_converse_api=True); it is "
            "ignored."
        )
    target = model._target_from(model.model_id)
    if choice:
        kwargs["tool_choice"] = choice
    if target.provider is None:  # not known before the first call, which writes them in its model's format
        return model.bind(tools=[bound_tool(tool) for tool in tools], **kwargs)
    bound = tool_parameters(model, target, {**kwargs, "tools": list(tools)})
    return model.bind(**bound) if "tools" in bound else model


def tool_parameters(model: _InvokeModel, target: Target, given: dict[str, Any]) -> dict[str, Any]:
    """Write the tools among a call's parameters, in whatever style they are, in the format of its model's publisher.

    Args:
        model: The chat model.
        target: The model that is called.
        given: The parameters.

    Returns:
        The parameters; without the tools, after a warning, where the format has none.

    Raises:
        ValueError: If a thinking model is to be forced, or for a choice that cannot be read.
    """
    tools, choice = given.get("tools"), given.get("tool_choice")
    if not tools:
        return given
    rest = {key: value for key, value in given.items() if key not in ("tools", "tool_choice")}
    if target.provider == "anthropic":
        made = {"tools": _anthropic_tools(tools)}
        return {**rest, **made, "tool_choice": _anthropic_choice(model, target, choice)} if choice else {**rest, **made}
    if target.provider in COMPLETIONS:
        made = {"tools": [convert_to_openai_tool(tool) for tool in tools if not is_cache_point(tool)]}
        return {**rest, **made, "tool_choice": _openai_choice(choice)} if choice else {**rest, **made}
    warn(f"the InvokeModel format of {target.model_id} has no tools: they are not sent. Use ChatBedrockConverse.")
    return rest


def structured_invoke(
    model: _InvokeModel, schema: Any, include_raw: bool, strict: bool | None, kwargs: dict[str, Any]
) -> Any:
    """Return a runnable that answers in a schema's shape, by a forced tool call.

    Raises:
        ValueError: For a model whose format has no tools.
    """
    kwargs.pop("method", None)  # there is one way only
    target = model._target_from(model.model_id)
    if target.provider not in ("anthropic", *COMPLETIONS, None):
        raise ValueError(
            f"structured output is not supported for model {target.model_id} through InvokeModel; use "
            "ChatBedrockConverse."
        )
    base = target.base_model_id or target.model_id
    thinking = refuses_forced_tools_when_thinking(base) and thinking_in(model.model_kwargs or {})
    free = refuses_forced_tools(base) or thinking
    tool = anthropic_tool(schema)
    tracing = {"kwargs": {"method": "function_calling"}, "schema": convert_to_openai_tool(schema)}
    choice = kwargs.pop("tool_choice", None if free else tool["name"])
    llm = model.bind_tools([schema], tool_choice=choice, strict=strict, ls_structured_output_format=tracing, **kwargs)
    if free:
        llm = llm | require_tool_call(
            f"model {base} was to answer by calling the tool {tool['name']!r}, which it cannot be forced to, and did "
            "not."
        )
    properties = tool["input_schema"].get("properties") or {}
    return with_parser(llm, tools_parser(schema, tool["name"], properties), include_raw)


def anthropic_tool(tool: Any) -> dict[str, Any]:
    """Convert a tool to Anthropic's shape; a dict in that shape, or of a tool that Anthropic runs itself, is kept."""
    if (
        isinstance(tool, dict)
        and "name" in tool
        and (
            "input_schema" in tool
            or ("type" in tool and "function" not in tool and "parameters" not in tool and "properties" not in tool)
        )
    ):
        if "input_schema" not in tool:
            return tool
        described = {**tool, "description": tool.get("description") or tool["name"]}
        return {**described, "input_schema": tool_schema(tool["input_schema"], tool["name"])}
    function = convert_to_openai_tool(tool)["function"]
    return {
        "name": function["name"],
        "description": function.get("description") or function["name"],
        "input_schema": tool_schema(function.get("parameters"), function["name"]),
    }


def _anthropic_tools(tools: Sequence[Any]) -> list[dict[str, Any]]:
    """Convert tools, with Converse's cache points as Anthropic writes them: on the tool before."""
    made: list[dict[str, Any]] = []
    for tool in tools:
        if not is_cache_point(tool):
            made.append(anthropic_tool(tool))
        elif made:
            ttl = tool["cachePoint"].get("ttl")
            made[-1] = {**made[-1], "cache_control": {"type": "ephemeral", **({"ttl": ttl} if ttl else {})}}
    return made


def _anthropic_choice(model: _InvokeModel, target: Target, choice: Any) -> dict[str, Any]:
    if isinstance(choice, dict) and choice.get("type") in ("auto", "any", "tool", "none"):
        made = choice  # with what else Anthropic knows beside
    else:
        made = {"type": "none"}
        for kind, named in (tool_choice_entry(choice) or {}).items():
            made = {"type": kind, **named}
    base = target.base_model_id or target.model_id
    forced = made.get("type") in ("any", "tool")
    if forced and refuses_forced_tools(base):  # in the words of Converse's twin
        checked_tool_choice({made["type"]: {}}, ("auto",), base, thinking=False)
    if forced and refuses_forced_tools_when_thinking(base) and thinking_in(model.model_kwargs or {}):
        raise ValueError(
            f"model {base} with thinking enabled does not support forced tool use: leave tool_choice out, pass 'auto', "
            "or disable thinking."
        )
    return made


def _openai_choice(choice: Any) -> Any:
    if choice == "none" or (isinstance(choice, dict) and isinstance(choice.get("function"), dict)):
        return choice
    entry = tool_choice_entry(choice) or {}
    if "tool" in entry:
        return {"type": "function", "function": {"name": entry["tool"]["name"]}}
    return "required" if "any" in entry else "auto"
