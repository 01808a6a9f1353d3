"""A conversation: LangChain's messages as Converse's `messages` and `system`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    ChatMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
    merge_message_runs,
)

from outcrop.langchain.capabilities import takes_images_in_tool_results
from outcrop.langchain.messages.blocks import EMPTY, Turn, content_blocks, filled, without_foreign_tools
from outcrop.langchain.messages.reasoning import BEDROCK_PROVIDERS, without_foreign_reasoning
from outcrop.langchain.messages.standard import converse_content

logger = logging.getLogger(__name__)

_ROLES: dict[str, type[BaseMessage]] = {
    "user": HumanMessage, "human": HumanMessage, "assistant": AIMessage, "ai": AIMessage, "system": SystemMessage,
}  # fmt: skip


def conversation(
    messages: Sequence[BaseMessage],
    system: Sequence[str | dict[str, Any]] | None = None,
    *,
    model_id: str = "",
    provider: str | None = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Convert a conversation, leaving the caller's messages as they are.

    Args:
        messages: LangChain messages; system messages may stand anywhere.
        system: System prompts that come first, as texts or Converse blocks.
        model_id: The base model id that will read it; empty if unknown.
        provider: Its publisher; `None` if unknown.

    Returns:
        Converse's `messages` and `system`.

    Raises:
        ValueError: For a kind of message or block that Converse cannot carry.
    """
    turns: list[dict[str, Any]] = []
    prompts: list[dict[str, Any]] = [{"text": s} if isinstance(s, str) else s for s in system or ()]
    turn = Turn(model_id)
    runs = _merged([_readable(message, provider) for message in messages])
    for position, message in enumerate(runs):
        turn.drop_unsupported = isinstance(message, AIMessage)
        content = message.content
        if turn.drop_unsupported and position == len(runs) - 1:
            content = _without_trailing_space(content)
        blocks = content_blocks(content, turn)
        if isinstance(message, SystemMessage):
            prompts.extend(blocks)
        elif isinstance(message, AIMessage):
            turns.append({"role": "assistant", "content": _assistant(blocks, message, position)})
        elif isinstance(message, HumanMessage):
            _user_turn(turns).extend(blocks)
        elif isinstance(message, ToolMessage):
            _user_turn(turns).extend(_tool_result(blocks, message, provider))
        else:
            raise ValueError(
                f"unsupported message type {type(message).__name__}: Converse carries system, human, AI and tool "
                "messages."
            )
    return turns or [{"role": "user", "content": [{"text": EMPTY}]}], prompts


def _readable(message: BaseMessage, provider: str | None) -> BaseMessage:
    """Bring a message into content that Bedrock's blocks can be made of."""
    if isinstance(message, ChatMessage):
        known = _ROLES.get(message.role)
        return known(content=message.content) if known else message
    if not isinstance(message, AIMessage) or isinstance(message.content, str):
        return message
    source = message.response_metadata.get("model_provider")
    if message.response_metadata.get("output_version") == "v1":
        message = message.model_copy(update={"content": converse_content(message.content, source)})
    return without_foreign_reasoning(readable(message), provider)


def readable(message: AIMessage) -> AIMessage:
    """Bring another service's answer into LangChain's standard, without the tools that it ran itself.

    Args:
        message: An answer whose content is a list; it is not changed.

    Returns:
        The message itself if it is one of Bedrock's, or a copy.
    """
    source = message.response_metadata.get("model_provider")
    if source in BEDROCK_PROVIDERS:
        return message
    if message.response_metadata.get("output_version") != "v1":
        try:
            message = message.model_copy(update={"content": list(message.content_blocks)})
        except Exception:  # a foreign translator may fail on foreign content; then the content is read as it stands
            logger.debug("content of model_provider %r could not be normalized", source, exc_info=True)
    return without_foreign_tools(message)


def _merged(messages: list[BaseMessage]) -> list[BaseMessage]:
    """Merge runs of one kind as langchain-core does, which copies every message, so only where there is a run."""
    for before, after in pairwise(messages):
        if type(before) is type(after) and not isinstance(after, ToolMessage):
            return merge_message_runs(messages)
    return messages


def _without_trailing_space(content: str | list[Any]) -> str | list[Any]:
    """Models refuse a prefilled answer that ends in white space."""
    if isinstance(content, str):
        return content.rstrip()
    return [
        {**block, "text": block["text"].rstrip()}
        if isinstance(block, dict) and block.get("type") == "text" and isinstance(block.get("text"), str)
        else block
        for block in content
    ]


def _user_turn(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not turns or turns[-1]["role"] != "user":
        turns.append({"role": "user", "content": []})
    return turns[-1]["content"]


def _assistant(blocks: list[dict[str, Any]], message: AIMessage, position: int) -> list[dict[str, Any]]:
    if message.tool_calls and blocks == [{"text": EMPTY}]:
        blocks = []
    uses = {block["toolUse"].get("toolUseId"): block["toolUse"] for block in reversed(blocks) if "toolUse" in block}
    for call in message.tool_calls:
        if use := uses.get(call["id"]):
            use["input"], use["name"] = call["args"], call["name"]
        else:
            blocks.append({"toolUse": {"toolUseId": call["id"], "input": call["args"], "name": call["name"]}})
    if not blocks:
        logger.warning(
            "the AI message at index %d holds nothing that Bedrock accepts; %r is sent for it", position, EMPTY
        )
    return filled(blocks)


def _tool_result(blocks: list[dict[str, Any]], message: ToolMessage, provider: str | None) -> list[dict[str, Any]]:
    """Cache points, and for some publishers images, must follow the result instead of standing in it."""
    images_stay = takes_images_in_tool_results(provider)
    inner, after, last = [], [], []
    for block in blocks:
        place = last if "cachePoint" in block else after if "image" in block and not images_stay else inner
        place.append(block)
    result = {"toolUseId": message.tool_call_id, "content": filled(inner), "status": message.status}
    return [{"toolResult": result}, *after, *last]
