"""`with_structured_output` of the Converse model, a function a method."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Protocol

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, SystemMessage
from langchain_core.prompt_values import PromptValue
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.utils.function_calling import convert_to_json_schema, convert_to_openai_tool

from outcrop import _values
from outcrop._models import refuses
from outcrop.langchain.capabilities import refuses_forced_tools_when_thinking
from outcrop.langchain.errors import warn
from outcrop.langchain.native_schema import json_schema_output
from outcrop.langchain.structured_output.parsers import (
    is_pydantic,
    require_tool_call,
    text_parser,
    tools_parser,
    with_parser,
)


class _ConverseModel(Protocol):
    """What structured output asks of a Converse model."""

    stop_sequences: list[str] | None

    def bind(self, **kwargs: Any) -> Runnable[Any, Any]: ...
    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, Any]: ...
    def _convert_input(self, model_input: Any) -> PromptValue: ...
    def _get_base_model(self) -> str: ...
    def _tool_choices(self) -> Sequence[str] | None: ...


METHODS = ("function_calling", "json_schema", "json_mode", "prompt_prefill")

_OPENING, _FENCE = "```json", "```"


def structured(
    model: _ConverseModel,
    schema: Any,
    method: str,
    *,
    include_raw: bool,
    strict: bool | None,
    kwargs: dict[str, Any],
) -> Runnable[LanguageModelInput, Any]:
    """Return a runnable that answers in a schema's shape.

    Args:
        model: The chat model.
        schema: A Pydantic class, TypedDict or JSON schema.
        method: One of `METHODS`.
        include_raw: Whether to keep the message beside what was parsed.
        strict: Whether the model must keep to the schema of the tool; for `function_calling`.
        kwargs: Further parameters of the calls.

    Raises:
        ValueError: For a method that Converse does not have.
    """
    if method not in METHODS:
        raise ValueError(
            f"unknown method {_values.shown(method)} of structured output: it must be one of {', '.join(METHODS)}."
        )
    if method == "function_calling":
        return _function_calling(model, schema, include_raw, strict, kwargs)
    if strict is not None:
        warn(f"the 'strict' parameter only applies to method='function_calling'; it is ignored for method={method!r}.")
    if method == "prompt_prefill" and refuses(model._get_base_model(), "prefill"):
        warn(
            f"model {model._get_base_model()} continues no answer, so method='json_mode' is used, which asks for JSON."
        )
        method = "json_mode"
    if method == "json_schema":
        return _json_schema(model, schema, include_raw, kwargs)
    return _prompted(model, schema, method, include_raw, kwargs)


def _function_calling(
    model: _ConverseModel, schema: Any, include_raw: bool, strict: bool | None, kwargs: dict[str, Any]
) -> Any:
    tool = convert_to_openai_tool(schema)
    name = tool["function"]["name"]
    supported = model._tool_choices()
    choice = name if supported is None or "tool" in supported else "any" if "any" in supported else None
    tracing = {"kwargs": {"method": "function_calling"}, "schema": tool}
    base = model._get_base_model()
    llm = model.bind_tools([schema], tool_choice=choice, strict=strict, ls_structured_output_format=tracing, **kwargs)
    if choice is None and refuses_forced_tools_when_thinking(base):
        reason = (
            f"structured output by function calling needs a forced tool call, which is not supported for {base} while "
            "it thinks: the answer is an error if the model calls no tool. Ask for the tool in the prompt, disable "
            "thinking, or use method='json_schema'."
        )
        warn(reason)
        llm = llm | require_tool_call(reason)
    properties = (tool["function"].get("parameters") or {}).get("properties") or {}
    return with_parser(llm, tools_parser(schema, name, properties), include_raw)


def _json_schema(model: _ConverseModel, schema: Any, include_raw: bool, kwargs: dict[str, Any]) -> Any:
    described = _schema_of(schema)
    name = (
        schema.__name__
        if isinstance(schema, type)
        else str(described.get("title", described.get("name", "output_schema")))
    )
    doc = schema.__doc__ if isinstance(schema, type) else described.get("description")
    tracing = {"kwargs": {"method": "json_schema"}, "schema": _traced(schema, described)}
    output = json_schema_output(described, name, str(doc or name))
    llm = model.bind(output_config=output, ls_structured_output_format=tracing, **kwargs)
    return with_parser(llm, text_parser(schema), include_raw)


def _prompted(model: _ConverseModel, schema: Any, method: str, include_raw: bool, kwargs: dict[str, Any]) -> Any:
    """Ask for JSON in the prompt; `prompt_prefill` also begins the answer as a JSON block and cuts it at its end."""
    described = _schema_of(schema)
    shape = {key: value for key, value in described.items() if key not in ("title", "type")}
    instructions = (
        "Answer with one JSON object that is valid against the schema below, and with nothing else: no introduction, "
        "no explanation. The object is an instance of the schema, not the schema itself. Write it in a ```json code "
        "block.\n\n"
        f"Response Schema:\n{json.dumps(shape, indent=2, ensure_ascii=False)}"
    )
    prefill = method == "prompt_prefill"

    def prepare(value: LanguageModelInput) -> list[BaseMessage]:
        messages = _instructed(model._convert_input(value).to_messages(), instructions)
        return [*messages, AIMessage(content=_OPENING)] if prefill else messages

    if prefill:
        kwargs["stop"] = list(dict.fromkeys([*(model.stop_sequences or []), *(kwargs.pop("stop", None) or []), _FENCE]))
    llm = model.bind(
        ls_structured_output_format={"kwargs": {"method": method}, "schema": _traced(schema, described)}, **kwargs
    )
    return RunnableLambda(prepare) | with_parser(llm, text_parser(schema), include_raw)


def _schema_of(schema: Any) -> dict[str, Any]:
    if is_pydantic(schema):
        return schema.model_json_schema() if hasattr(schema, "model_json_schema") else convert_to_json_schema(schema)
    if isinstance(schema, dict):
        return deepcopy(schema) if "properties" in schema or "$ref" in schema else convert_to_json_schema(schema)
    if isinstance(schema, type):
        return convert_to_json_schema(schema)
    raise ValueError(
        f"unsupported schema type {type(schema).__name__}: pass a Pydantic class, a TypedDict or a JSON schema."
    )


def _traced(schema: Any, described: dict[str, Any]) -> Any:
    """Return what langchain-core makes the schema in traces of: a class if there is one."""
    return schema if isinstance(schema, type) else described


def _instructed(messages: list[BaseMessage], text: str) -> list[BaseMessage]:
    """Add instructions to the leading system message, inside its last text: a cache point behind it covers them."""
    if not messages or not isinstance(messages[0], SystemMessage):
        return [SystemMessage(content=text), *messages]
    content = messages[0].content
    if isinstance(content, str):
        return [SystemMessage(content=f"{content}\n\n{text}"), *messages[1:]]
    blocks: list[Any] = list(content)
    for position in reversed(range(len(blocks))):
        block = blocks[position]
        if isinstance(block, dict) and "text" in block:
            blocks[position] = {**block, "text": f"{block['text']}\n\n{text}"}
            break
    else:
        blocks.append({"type": "text", "text": text})
    return [SystemMessage(content=blocks), *messages[1:]]
