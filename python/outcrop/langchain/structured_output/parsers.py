"""Parsers of structured answers, and the runnable around them."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import Any

from langchain_core.exceptions import OutputParserException
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import (
    JsonOutputKeyToolsParser,
    JsonOutputParser,
    PydanticOutputParser,
    PydanticToolsParser,
)
from langchain_core.outputs import ChatGeneration, Generation
from langchain_core.runnables import Runnable, RunnableMap, RunnablePassthrough
from langchain_core.utils.pydantic import is_basemodel_subclass
from pydantic import Field


def is_pydantic(schema: Any) -> bool:
    """Whether a schema is a Pydantic class, whose answers are then its objects."""
    return isinstance(schema, type) and is_basemodel_subclass(schema)


def with_parser(llm: Runnable[Any, Any], parser: Any, include_raw: bool) -> Runnable[Any, Any]:
    """Parse what `llm` answers, or keep the answer beside what was parsed.

    Args:
        llm: What answers.
        parser: What parses it.
        include_raw: Whether to return `raw`, `parsed` and `parsing_error` instead of raising.
    """
    if not include_raw:
        return llm | parser
    parsed = RunnablePassthrough.assign(parsed=itemgetter("raw") | parser, parsing_error=lambda _: None)
    failed = RunnablePassthrough.assign(parsed=lambda _: None)
    return RunnableMap(raw=llm) | parsed.with_fallbacks([failed], exception_key="parsing_error")


def text_parser(schema: Any) -> Any:
    """Return the parser of an answer that is JSON text."""
    return PydanticOutputParser(pydantic_object=schema) if is_pydantic(schema) else JsonOutputParser()


class _Repairing:
    """Repairs arguments that models write as JSON text where the schema wants a list or an object."""

    properties: dict[str, Any]

    def parse_result(self, result: list[Generation], *, partial: bool = False) -> Any:
        return super().parse_result([_repaired(generation, self.properties) for generation in result], partial=partial)  # type: ignore[misc]


class RepairingPydanticToolsParser(_Repairing, PydanticToolsParser):
    """Tool calls as objects of their Pydantic class."""

    properties: dict[str, Any] = Field(default_factory=dict)


class RepairingJsonToolsParser(_Repairing, JsonOutputKeyToolsParser):
    """Tool calls of one name as dicts."""

    properties: dict[str, Any] = Field(default_factory=dict)


def tools_parser(schema: Any, name: str, properties: dict[str, Any]) -> Any:
    """Return the parser of an answer that is a tool call."""
    if is_pydantic(schema):
        return RepairingPydanticToolsParser(tools=[schema], first_tool_only=True, properties=properties)
    return RepairingJsonToolsParser(key_name=name, first_tool_only=True, properties=properties)


def _repaired(generation: Generation, properties: dict[str, Any]) -> Generation:
    if not isinstance(generation, ChatGeneration) or not properties:
        return generation
    message = generation.message
    if not isinstance(message, AIMessage) or not message.tool_calls:
        return generation
    calls = [
        {**call, "args": {k: _repair(k, v, properties) for k, v in call["args"].items()}} for call in message.tool_calls
    ]
    if calls == message.tool_calls:
        return generation
    return type(generation)(
        message=message.model_copy(update={"tool_calls": calls}), generation_info=generation.generation_info
    )


def _repair(key: str, value: Any, properties: dict[str, Any]) -> Any:
    declared = (properties.get(key) or {}).get("type")
    wanted = {"array": list, "object": dict}.get(declared) if isinstance(declared, str) else None
    if wanted is None or not isinstance(value, str):
        return value
    try:
        loaded = json.loads(value)
    except json.JSONDecodeError:
        return value
    if not isinstance(loaded, wanted) and isinstance(loaded, dict):
        loaded = loaded.get(key)  # `{"items": […]}` given for `items`
    return loaded if isinstance(loaded, wanted) else value


def require_tool_call(reason: str) -> Any:
    """Return a step that raises when a model that could not be forced to call the tool did not call it."""

    def check(message: AIMessage) -> AIMessage:
        if not message.tool_calls:
            raise OutputParserException(reason)
        return message

    return check
