"""A conversation: LangChain's messages as Converse's `messages` and `system`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, cast

from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    ChatMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)

from outcrop.langchain.capabilities import takes_images_in_tool_results
from outcrop.langchain.keys import pick
from outcrop.langchain.messages.blocks import Turn, content_blocks, tool_input, without_foreign_tools
from outcrop.langchain.messages.foreign_parts import with_known_parts
from outcrop.langchain.messages.functions import as_tools
from outcrop.langchain.messages.reasoning import BEDROCK_PROVIDERS, without_foreign_reasoning
from outcrop.langchain.messages.standard import converse_content

logger = logging.getLogger(__name__)

_ROLES: dict[str, type[BaseMessage]] = {
    "user": HumanMessage, "human": HumanMessage, "assistant": AIMessage, "ai": AIMessage, "system": SystemMessage,
    "developer": SystemMessage,
}  # fmt: skip


def conversation(
    messages: Sequence[BaseMessage],
    system: Sequence[str | dict[str, Any]] | None = None,
    *,
    model_id: str = "",
    provider: str | None = None,
    notes: list[str] | None = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Convert a conversation, leaving the caller's messages as they are.

    What comes out says what the messages say, and may still be what Bedrock refuses: `Repairing` mends it.

    Args:
        messages: LangChain messages; system messages may stand anywhere.
        system: System prompts that come first, as texts or Converse blocks.
        model_id: The base model id that will read it; empty if unknown.
        provider: Its publisher; `None` if unknown.
        notes: Takes what was left out or written otherwise.

    Returns:
        Converse's `messages` and `system`.

    Raises:
        ValueError: For a kind of message or block that Converse cannot carry.
    """
    messages = as_tools(with_known_parts(messages))
    turns: list[dict[str, Any]] = []
    prompts: list[dict[str, Any]] = [{"text": s} if isinstance(s, str) else s for s in system or ()]
    turn = Turn(model_id, notes=[] if notes is None else notes)
    images_stay = takes_images_in_tool_results(provider)
    before: BaseMessage | None = None
    answered = last_answer(messages)
    for position, message in enumerate(_readable(message, provider, turn.notes) for message in messages):
        turn.drop_unsupported = isinstance(message, AIMessage)
        turn.in_result = isinstance(message, ToolMessage)
        turn.earlier = isinstance(message, HumanMessage) and position < answered
        content = message.content
        if turn.drop_unsupported and position == len(messages) - 1:
            content = _without_trailing_space(content, turn.notes)
        blocks = content_blocks(content, turn)
        if isinstance(message, SystemMessage):
            _joined(prompts, blocks, before, message)
        elif isinstance(message, AIMessage):
            made = _assistant(_without_withdrawn(blocks, message, messages, turn.notes), message)
            if not made and message.content:
                logger.warning("the AI message at index %d holds nothing that Bedrock accepts", position)
            _joined(_turn(turns, "assistant"), made, before, message)
        elif isinstance(message, HumanMessage):
            _joined(_turn(turns, "user"), blocks, before, message)
        elif isinstance(message, ToolMessage):
            _turn(turns, "user").extend(_tool_result(blocks, message, images_stay=images_stay))
        else:
            raise ValueError(
                f"unsupported message type {type(message).__name__}: Converse carries system, human, AI and tool "
                "messages."
            )
        before = message
    return turns, prompts


def _joined(
    content: list[dict[str, Any]], blocks: list[dict[str, Any]], before: BaseMessage | None, message: BaseMessage
) -> None:
    """Add the blocks of a message; plain texts of one speaker in a row are lines of one text, as with langchain-core.

    Not by langchain-core's own merging, which joins blocks of unlike answers where their `index` is the same.
    """
    texts = type(before) is type(message) and isinstance(message.content, str)
    if texts and isinstance(cast("BaseMessage", before).content, str) and content and blocks:
        first, last = blocks[0].get("text"), content[-1].get("text")
        if isinstance(first, str) and isinstance(last, str):
            content[-1] = {"text": f"{last}\n{first}" if last and first else last + first}
            content.extend(blocks[1:])
            return
    content.extend(blocks)


def _readable(message: BaseMessage, provider: str | None, notes: list[str]) -> BaseMessage:
    """Bring a message into content that Bedrock's blocks can be made of."""
    if isinstance(message, ChatMessage):
        known = _ROLES.get(message.role)
        return known(content=message.content) if known else message
    if not isinstance(message, AIMessage) or isinstance(message.content, str):
        return message
    source = message.response_metadata.get("model_provider")
    if message.response_metadata.get("output_version") == "v1":
        message = message.model_copy(update={"content": converse_content(message.content, source)})
    return without_foreign_reasoning(readable(message, notes), provider, notes)


def readable(message: AIMessage, notes: list[str]) -> AIMessage:
    """Bring another service's answer into LangChain's standard, without the tools that it ran itself.

    Args:
        message: An answer whose content is a list; it is not changed.
        notes: Takes what was left out.

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
    return without_foreign_tools(message, notes)


def last_answer(messages: Sequence[BaseMessage]) -> int:
    """Return the position of the last answer: what stands before it was asked in earlier turns; -1 if there is none."""
    answers = (position for position, message in enumerate(messages) if isinstance(message, AIMessage))
    return max(answers, default=-1)


TRIMMED = "white space at the end of the answer to continue was left out"


def _without_trailing_space(content: str | list[Any], notes: list[str]) -> str | list[Any]:
    """Models refuse a prefilled answer that ends in white space."""
    if isinstance(content, str):
        made: str | list[Any] = content.rstrip()
    else:
        made = [
            {**block, "text": block["text"].rstrip()}
            if isinstance(block, dict) and block.get("type") == "text" and isinstance(block.get("text"), str)
            else block
            for block in content
        ]
    if made != content:
        notes.append(TRIMMED)
    return made


def _turn(turns: list[dict[str, Any]], role: str) -> list[dict[str, Any]]:
    if not turns or turns[-1]["role"] != role:
        turns.append({"role": role, "content": []})
    return turns[-1]["content"]


def _assistant(blocks: list[dict[str, Any]], message: AIMessage) -> list[dict[str, Any]]:
    if message.tool_calls and all(block.keys() == {"text"} and not block["text"].strip() for block in blocks):
        blocks = []
    uses = [block["toolUse"] for block in blocks if "toolUse" in block]
    for call in message.tool_calls:
        if use := taken(uses, "toolUseId", call["id"]):
            use["input"], use["name"] = call["args"], call["name"]
        else:
            blocks.append({"toolUse": {"toolUseId": call["id"], "input": call["args"], "name": call["name"]}})
    for broken in message.invalid_tool_calls:  # cut off by the token limit, as a rule
        if broken["name"] and not taken(uses, "toolUseId", broken["id"]):
            given = tool_input(broken["args"])
            blocks.append({"toolUse": {"toolUseId": broken["id"], "input": given, "name": broken["name"]}})
    return blocks


def taken(uses: list[dict[str, Any]], key: str, identifier: Any) -> dict[str, Any] | None:
    """Take the first of some blocks that has an id: a model may give one to several calls."""
    for index, use in enumerate(uses):
        if use.get(key) == identifier:
            return uses.pop(index)
    return None


WITHDRAWN = "a call that is not among its message's tool_calls, and has no result, was left out"


def withdrawn(called: set[Any], message: AIMessage, messages: Sequence[BaseMessage]) -> set[Any]:
    """Return the ids of calls in a message's content that somebody took out of `tool_calls`, and that nobody answered.

    Args:
        called: The ids of calls in the content.
        message: The message.
        messages: The conversation, which holds the answers.
    """
    gone = called - {call["id"] for call in (*message.tool_calls, *message.invalid_tool_calls)}
    if not gone or not message.tool_calls:
        return set()
    for other in messages:
        if isinstance(other, ToolMessage):
            gone.discard(other.tool_call_id)
        elif isinstance(other.content, list):
            for block in other.content:
                held = pick(block, "toolResult", "tool_result", default=block) if isinstance(block, dict) else None
                if isinstance(held, dict):
                    gone.discard(pick(held, "tool_use_id", "toolUseId", "tool_call_id"))
    return gone


def _without_withdrawn(
    blocks: list[dict[str, Any]], message: AIMessage, messages: Sequence[BaseMessage], notes: list[str]
) -> list[dict[str, Any]]:
    if not message.tool_calls:
        return blocks
    kinds = ("tool_use", "tool_call", "tool_call_chunk")  # not of tools that a service runs itself
    uses = {block.get("id") for block in message.content if isinstance(block, dict) and block.get("type") in kinds}
    gone = withdrawn(uses, message, messages) if uses else uses
    if not gone:
        return blocks
    notes.append(WITHDRAWN)
    return [b for b in blocks if "toolUse" not in b or b["toolUse"].get("toolUseId") not in gone]


def _tool_result(blocks: list[dict[str, Any]], message: ToolMessage, *, images_stay: bool) -> list[dict[str, Any]]:
    """Cache points and sounds, and for some publishers images, must follow the result instead of standing in it."""
    inner, after, last = [], [], []
    for block in blocks:
        outside = "audio" in block or ("image" in block and not images_stay)
        place = last if "cachePoint" in block else after if outside else inner
        place.append(block)
    result = {"toolUseId": message.tool_call_id, "content": inner, "status": message.status}
    return [{"toolResult": result}, *after, *last]
