"""What langchain-aws's tests ask of its private functions, answered by outcrop's pieces of the same purpose.

Its tests of conversions are vectors, an input and what must come of it, and know the functions by private names. Here
each name means the piece of ours that does this work, without a rule of its own: arguments go on, results come back.
"""

from __future__ import annotations

import importlib
from typing import Any
from unittest.mock import Mock

from outcrop._conversation import tool_text
from outcrop._conversation.blocks import Cleaning
from outcrop._conversation.names import ToolNames
from outcrop._conversation.order import arranged
from outcrop.langchain import ChatBedrock, ChatBedrockConverse, capabilities, keys, native_schema, request
from outcrop.langchain.bodies import anthropic_turns
from outcrop.langchain.bodies.anthropic_messages import anthropic_messages
from outcrop.langchain.caching import add_cache_points
from outcrop.langchain.connection import BedrockConnection
from outcrop.langchain.errors import BedrockContextOverflowError, translate, translated
from outcrop.langchain.identity import identify
from outcrop.langchain.messages import blocks, inbound, media, outbound, usage
from outcrop.langchain.streaming import StreamReader
from outcrop.langchain.structured_output import methods
from outcrop.langchain.structured_output.invoke import anthropic_tool
from outcrop.langchain.tools import tool_entry, without_null


def _messages(messages: Any, system: Any = None, *, model_id: Any = None, provider: Any = None) -> Any:
    told = provider or (identify(model_id).provider if model_id else None)
    turns, prompts = outbound.conversation(messages, system, model_id=model_id or "", provider=told)
    turns = turns or [{"role": "user", "content": []}]
    return [{**turn, "content": _filled(turn["content"])} for turn in turns], prompts


def _filled(content: list[Any]) -> list[Any]:
    """Put the placeholder where ours are put by the repair of the whole conversation, which these vectors are not."""
    made = [
        {"text": tool_text.EMPTY}
        if isinstance(block.get("text"), str) and not block["text"].strip()
        else {**block, "toolResult": {**block["toolResult"], "content": _filled(block["toolResult"]["content"])}}
        if "content" in block.get("toolResult", ())
        else block
        for block in content
    ]
    return tool_text.filled(made)


def _content(
    content: Any, *, drop_unsupported: bool = False, model_id: Any = None, fallback_document_names: Any = None
) -> Any:
    names = {} if fallback_document_names is None else fallback_document_names
    return _filled(blocks.content_blocks(content, blocks.Turn(model_id or "", drop_unsupported, names)))


def _data_block(block: Any, *, fallback_document_names: Any = None) -> Any:
    return media.data_block(block, fallback_document_names)


def _stream_event(event: Any, *, reasoning_tokens: Any = None) -> Any:
    reader = StreamReader({}, {})
    reader._reasoning_tokens = reasoning_tokens
    return reader.read(event)


def _usage(response: Any, *, reasoning_tokens: Any = None) -> Any:
    return usage.usage_metadata(response.pop("usage"), reasoning_tokens)


def _response(response: Any, *, inline_reasoning_tags: Any = None) -> Any:
    return inbound.answer(response, inline_reasoning_tags)


def _expanded(content: Any, opening: str, closing: str) -> Any:
    return [part for block in content for part in inbound.split_inline_reasoning(block, opening, closing)]


def _split(text: str, opening: str, closing: str) -> Any:
    return inbound.split_inline_reasoning({"type": "text", "text": text}, opening, closing)


def _closed(schema: Any) -> None:
    """Theirs changes what it is given."""
    made = native_schema.closed(schema)
    schema.clear()
    schema.update(made)


def _raise_translated(error: Exception) -> None:
    with translated():
        raise error


def _raise_overflow(error: Exception) -> None:
    better = translate(error)
    if isinstance(better, BedrockContextOverflowError):
        raise better from error


def _anthropic(messages: Any) -> Any:
    """Ours are lists; langchain-aws gives a lone system text as text."""
    system, turns = anthropic_messages(messages)
    turns = [_cleaned(turn) for turn in turns]
    system = [block for block in system if block["text"].strip()]
    if not system:
        return None, turns
    plain = len(system) == 1 and system[0].keys() == {"type", "text"}
    return (system[0]["text"] if plain else system), turns


def _cleaned(turn: dict[str, Any]) -> dict[str, Any]:
    """Do with a turn what the repair of the whole conversation does with each, which these vectors are not."""
    envelopes = anthropic_turns._enveloped(turn)
    cleaning = Cleaning("", ToolNames(), lambda note: None)
    content = arranged(cleaning.clean(envelopes["content"], turn["role"]), turn["role"], lambda note: None)
    return anthropic_turns._opened({**envelopes, "content": content})


FUNCTIONS: dict[str, dict[str, Any]] = {
    "langchain_aws.chat_models.bedrock_converse": {
        "EMPTY_CONTENT": tool_text.EMPTY,
        "_BEDROCK_CONTENT_BLOCK_KEYS": blocks.NATIVE_KEYS,
        "_bedrock_to_lc": inbound.content_from,
        "_camel_to_snake": keys.snake,
        "_camel_to_snake_keys": lambda value, excluded_keys=(): keys.snake_keys(value, frozenset(excluded_keys)),
        "_convert_tool_blocks_to_text": tool_text.tool_blocks_as_text,
        "_expand_inline_reasoning": _expanded,
        "_extract_thinking_tokens": usage.reasoning_tokens,
        "_extract_usage_metadata": _usage,
        "_format_data_content_block": _data_block,
        "_format_tools": lambda tools: [tool_entry(tool) for tool in tools],
        "_handle_bedrock_error": _raise_translated,
        "_has_tool_use_or_result_blocks": tool_text.has_tool_blocks,
        "_inline_reasoning_tags": lambda provider, model: capabilities.inline_reasoning_tags(f"{provider}.{model}"),
        "_lc_content_to_bedrock": _content,
        "_messages_to_bedrock": _messages,
        "_parse_response": _response,
        "_parse_stream_event": _stream_event,
        "_raise_if_context_overflow": _raise_overflow,
        "_response_format_to_output_config": native_schema.response_format_output,
        "_set_additional_properties_false": _closed,
        "_snake_to_camel": keys.camel,
        "_snake_to_camel_keys": lambda value, excluded_keys=(): keys.camel_keys(value, frozenset(excluded_keys)),
        "_split_inline_reasoning": _split,
        "_strip_null_anyof": without_null,
        "_warn_dropped_block_type": blocks._warn_dropped,
        "BedrockContextOverflowError": BedrockContextOverflowError,
    },
    "langchain_aws.chat_models.bedrock": {"_format_anthropic_messages": _anthropic},
    "langchain_aws.function_calling": {"convert_to_anthropic_tool": anthropic_tool},
}
"""Private names of langchain-aws's modules, and ours for them."""

THEIRS = frozenset({"_count_cache_points", "EMPTY_CONTENT"})
"""Helpers of the tests themselves: what they say of Converse's shapes holds for anybody's."""


def _parameters(self: Any, **given: Any) -> Any:
    call = request.call_parameters(given)
    return request.build_parameters(self, self._target(call.get("model_id")), None, call)


def _cache_points(self: Any, cache_control: Any, system: Any, bedrock_messages: Any, params: Any = None) -> None:
    whole = {"system": system, "messages": bedrock_messages, **(params or {})}
    add_cache_points(whole, cache_control, self._get_base_model(), self.provider)


METHODS: dict[type, dict[str, Any]] = {
    ChatBedrockConverse: {
        "_apply_cache_points": _cache_points,
        "_converse_params": _parameters,
        "_inline_reasoning_tags_for_model": lambda self: capabilities.inline_reasoning_tags(self._get_base_model()),
        "_PROMPT_PREFILL_STOP": methods._FENCE,
        "_PROMPT_PREFILL_VALUE": methods._OPENING,
    },
    ChatBedrock: {"_get_provider": lambda self: self._target().provider},
}
"""Private methods of langchain-aws's classes, and ours for them."""

_FACTORIES = (
    "langchain_aws.chat_models.bedrock_converse", "langchain_aws.chat_models.bedrock", "langchain_aws.llms.bedrock",
    "langchain_aws.embeddings.bedrock",
)  # fmt: skip
"""Modules whose `create_aws_client` the tests replace."""


def names() -> frozenset[str]:
    """Every private name that means something here."""
    tables = (*FUNCTIONS.values(), *METHODS.values())
    return THEIRS.union(*tables)


def install() -> None:
    """Give the names their meaning in this process: in langchain-aws's modules, and on our classes."""
    for home, functions in FUNCTIONS.items():
        module = importlib.import_module(home)
        for name, function in functions.items():
            setattr(module, name, function)
    for kind, added in METHODS.items():
        for name, value in added.items():
            type.__setattr__(kind, name, value)
    make = BedrockConnection._make_client

    def made_by_the_tests(self: Any, name: str) -> Any:
        """A test that replaces langchain-aws's client factory means the clients of the model."""
        factories = [importlib.import_module(home).create_aws_client for home in _FACTORIES]
        replaced = next((factory for factory in factories if isinstance(factory, Mock)), None)
        if replaced is None or name == "async_client":
            return make(self, name)
        return replaced(service_name="bedrock" if name == "bedrock_client" else "bedrock-runtime")

    BedrockConnection._make_client = made_by_the_tests
