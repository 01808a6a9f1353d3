"""LangChain's messages as Anthropic's: `system` and turns of typed blocks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ChatMessage, HumanMessage, SystemMessage, ToolMessage

from outcrop import _values
from outcrop._conversation.tool_text import EMPTY
from outcrop.langchain.bodies.common import PROVIDER
from outcrop.langchain.keys import pick
from outcrop.langchain.messages.blocks import FOREIGN_TOOLS, linked, tool_input
from outcrop.langchain.messages.functions import as_tools
from outcrop.langchain.messages.media import (
    FORMATS,
    UNFIT,
    decoded,
    encoded,
    is_data_block,
    is_plain_object,
    unfit_in_result,
)
from outcrop.langchain.messages.outbound import WITHDRAWN, readable, taken, withdrawn
from outcrop.langchain.messages.reasoning import BEDROCK_PROVIDERS

Block = dict[str, Any]

_POINT = "cache_point"
_THOUGHTS = ("thinking", "redacted_thinking")
_SENT_IN_RESULTS = ("type", "text", "cache_control", "citations")
_IN_RESULTS = frozenset({"text", "image", "document", "search_result", "tool_reference", _POINT})


def anthropic_messages(
    messages: Sequence[BaseMessage], notes: list[str] | None = None
) -> tuple[list[Block], list[Block]]:
    """Convert a conversation.

    Args:
        messages: LangChain messages; system messages may stand anywhere. They are not changed.
        notes: Takes what was left out or written otherwise.

    Returns:
        Anthropic's `system` and `messages`, as lists of blocks.

    Raises:
        ValueError: For a message or block that Anthropic's format cannot carry.
    """
    notes = [] if notes is None else notes
    system: list[Block] = []
    turns: list[Block] = []
    texts: set[int] = set()
    messages = as_tools(messages)
    last = len(messages) - 1
    for position, message in enumerate(map(_plain, messages)):
        if isinstance(message, SystemMessage):
            system.extend(_system(message, notes))
            continue
        role = "assistant" if isinstance(message, AIMessage) else "user"
        blocks = (
            _assistant(message, position == last, messages, notes)
            if isinstance(message, AIMessage)
            else _user(message, notes)
        )
        if turns and turns[-1]["role"] == role == "user":
            turns[-1]["content"].extend(blocks)
            texts.discard(len(turns) - 1)
        else:
            turns.append({"role": role, "content": blocks})
            if isinstance(message, HumanMessage) and isinstance(message.content, str):
                texts.add(len(turns) - 1)
    for index, turn in enumerate(turns):
        blocks = _ordered(turn) or [{"type": "text", "text": EMPTY}]
        turn["content"] = blocks[0]["text"] if index in texts else blocks  # a question that is a text stays one
    return system, turns


def _plain(message: BaseMessage) -> BaseMessage:
    if not isinstance(message, ChatMessage):
        return message
    kinds: dict[str, type[BaseMessage]] = {"system": SystemMessage, "assistant": AIMessage}
    return kinds.get(message.role, HumanMessage)(content=message.content)


def _ordered(turn: Block) -> list[Block]:
    """Thoughts stand first in an answer, tool results in a question."""
    leading = _THOUGHTS if turn["role"] == "assistant" else ("tool_result",)
    blocks = turn["content"]
    trailing = [b for b in blocks if turn["role"] == "assistant" and b["type"] == "tool_use"]
    middle = [b for b in blocks if b["type"] not in leading and b not in trailing]
    return [b for b in blocks if b["type"] in leading] + middle + trailing


def _system(message: SystemMessage, notes: list[str]) -> list[Block]:
    if isinstance(message.content, str):
        return [{"type": "text", "text": message.content}] if message.content.strip() else []
    blocks: list[Block] = []
    for item in message.content:
        block = {"type": "text", "text": item} if isinstance(item, str) else item
        if point := _point(block):
            blocks = _with_points([*blocks, point], notes)
            continue
        if block.get("type") == "text" and not (block.get("text") or "").strip():
            continue
        if block.get("type") != "text" or "text" not in block:
            raise ValueError(
                f"system message content must be text blocks; got a block of type {_values.shown(block.get('type'))}."
            )
        blocks.append({key: block[key] for key in ("type", "text", "cache_control") if block.get(key)})
    return blocks


def _user(message: BaseMessage, notes: list[str]) -> list[Block]:
    if isinstance(message, ToolMessage):
        content = message.content
        if (
            isinstance(content, list)
            and content
            and all(isinstance(b, dict) and b.get("type") == "tool_result" for b in content)
        ):
            return [{**b, "content": _result(b.get("content", ""), notes)} for b in content if isinstance(b, dict)]
        result: Block = {"type": "tool_result", "tool_use_id": message.tool_call_id, "content": _result(content, notes)}
        return [{**result, "is_error": True} if message.status == "error" else result]
    if not isinstance(message, HumanMessage):
        raise ValueError(f"unsupported message type {type(message).__name__} for Anthropic's InvokeModel format.")
    if isinstance(message.content, str):
        return [{"type": "text", "text": message.content}]
    return _with_points([made for item in message.content for made in _block(item, notes)], notes)


def _with_points(blocks: list[Block], notes: list[str]) -> list[Block]:
    """Write Converse's cache points as Anthropic does, on the block before them."""
    if not any(block["type"] == _POINT for block in blocks):
        return blocks
    made: list[Block] = []
    for block in blocks:
        if block["type"] != _POINT:
            made.append(block)
        elif made and made[-1]["type"] not in _THOUGHTS:
            made[-1] = {**made[-1], "cache_control": block["cache_control"]}
        else:
            notes.append("a cache point was left out where Bedrock takes none")
    return made


def _point(item: Block) -> Block | None:
    """Return a cache point of Converse's, in whatever wrapping, as one for `_with_points`."""
    held = item.get("value") if item.get("type") == "non_standard" else item
    point = pick(held, "cachePoint", "cache_point") if isinstance(held, dict) else None
    if not isinstance(point, dict):
        return None
    ttl = {"ttl": point["ttl"]} if point.get("ttl") else {}
    return {"type": _POINT, "cache_control": {"type": "ephemeral", **ttl}}


def _result(content: Any, notes: list[str]) -> Any:
    if not isinstance(content, list):
        return content
    made: list[Block] = []
    for item in content:
        block = {"type": "text", "text": item} if isinstance(item, str) else item
        if block.get("type") == "text":
            made.append({key: block[key] for key in _SENT_IN_RESULTS if key in block})
        elif link := linked(block):
            notes.append("a link in a tool's result, which Bedrock does not follow, is sent as text")
            made.append({"type": "text", "text": link})
        elif is_plain_object(block):
            made.append({"type": "text", "text": json.dumps(block, ensure_ascii=False, default=str)})
        else:
            try:
                inner = _block(block, notes)
            except ValueError:
                inner = []
            if inner and all(map(_fits_in_result, inner)):
                made.extend(inner)
            else:
                notes.append(UNFIT)
                made.append({"type": "text", "text": unfit_in_result(block)})
    return _with_points(made, notes)


def _fits_in_result(block: Block) -> bool:
    """Whether Anthropic's format has a place for a block in a result; of documents in base64, PDF alone."""
    source = block.get("source")
    if block["type"] == "document" and isinstance(source, dict) and source.get("type") == "base64":
        return source.get("media_type") == "application/pdf"
    return block["type"] in _IN_RESULTS


def _assistant(message: AIMessage, last: bool, messages: Sequence[BaseMessage], notes: list[str]) -> list[Block]:
    content = _own_content(message, notes)
    blocks: list[Block] = []
    thought = message.additional_kwargs.get("thinking")
    if isinstance(content, str) and isinstance(thought, dict) and {"text", "signature"} <= thought.keys():
        blocks.append({"type": "thinking", "thinking": thought["text"], "signature": thought["signature"]})
    for item in [content] if isinstance(content, str) else content:
        blocks.extend(_block(item, notes))
    blocks = _without_withdrawn(_with_points(blocks, notes), message, messages, notes)
    uses = [block for block in blocks if block["type"] == "tool_use"]
    for call in message.tool_calls:
        if use := taken(uses, "id", call["id"]):
            use["name"], use["input"] = call["name"], call["args"]
        else:
            blocks.append(_tool_use(call["name"], call["args"], call["id"]))
    for broken in message.invalid_tool_calls:  # cut off by the token limit, as a rule
        if broken["name"] and not taken(uses, "id", broken["id"]):
            blocks.append(_tool_use(broken["name"], tool_input(broken["args"]), broken["id"]))
    if last:  # Claude refuses a prefilled answer that ends in white space
        blocks = [{**b, "text": b["text"].rstrip()} if b["type"] == "text" else b for b in blocks]
    return [b for b in blocks if b["type"] != "text" or b["text"].strip()]


def _tool_use(name: str, args: Any, identifier: Any) -> Block:
    return {"type": "tool_use", "name": name, "input": args, "id": identifier}


def _without_withdrawn(
    blocks: list[Block], message: AIMessage, messages: Sequence[BaseMessage], notes: list[str]
) -> list[Block]:
    uses = {b.get("id") for b in blocks if b["type"] == "tool_use"}
    gone = withdrawn(uses, message, messages)
    if not gone:
        return blocks
    notes.append(WITHDRAWN)
    return [b for b in blocks if b["type"] != "tool_use" or b.get("id") not in gone]


def _own_content(message: AIMessage, notes: list[str]) -> Any:
    """Bring an earlier answer into Anthropic's blocks, be it in LangChain's standard or another service's."""
    if isinstance(message.content, str):
        return message.content
    source = message.response_metadata.get("model_provider")
    standard = message.response_metadata.get("output_version") == "v1"
    if source in _ANTHROPICS_SIGNATURES and not standard:
        return message.content
    message = readable(message, notes)
    blocks = [_from_standard(block, source) if isinstance(block, dict) else block for block in message.content]
    if any(block is None for block in blocks):
        notes.append("reasoning or blocks of another service, which Claude does not take, were left out")
    return [block for block in blocks if block is not None]


_ANTHROPICS_SIGNATURES = {*BEDROCK_PROVIDERS, "anthropic"}


def _from_standard(block: Any, source: str | None) -> Any:
    kind = block.get("type")
    if kind in ("tool_call", "tool_call_chunk"):
        return _tool_use(block.get("name", ""), tool_input(block.get("args")), block.get("id", ""))
    if kind == "reasoning":
        extras = block.get("extras") or {}
        signature, redacted = extras.get("signature"), extras.get("redacted_content")
        if redacted and source in _ANTHROPICS_SIGNATURES:
            return {"type": "redacted_thinking", "data": encoded(redacted)}
        if source == PROVIDER or (signature and source in _ANTHROPICS_SIGNATURES):
            thought = {"type": "thinking", "thinking": block.get("reasoning", "")}
            return {**thought, "signature": signature} if signature else thought
        return None  # Claude refuses thoughts that are not its own
    if source not in _ANTHROPICS_SIGNATURES:
        return block if kind == "text" or is_data_block(block) else None
    if source != PROVIDER:
        return block
    if kind == "text" and "annotations" in block:
        return {
            "type": "text",
            "text": block.get("text", ""),
            "citations": [_citation(a) for a in block["annotations"]],
        }
    return block["value"] if kind == "non_standard" and "value" in block else block


_LOCATIONS = {
    "url": "web_search_result_location",
    "start_char_index": "char_location",
    "search_result_index": "search_result_location",
    "start_block_index": "content_block_location",
    "start_page_number": "page_location",
}


def _citation(annotation: Block) -> Block:
    """Rebuild Anthropic's citation, whose type follows from where it points."""
    if annotation["type"] == "non_standard_annotation":
        return annotation["value"]
    extras = annotation.get("extras") or {}
    kind = next((kind for key, kind in _LOCATIONS.items() if key in annotation or key in extras), None)
    if kind is None:
        return annotation
    title = "title" if kind in ("web_search_result_location", "search_result_location") else "document_title"
    made: Block = {"type": kind, title: annotation.get("title")}
    made |= {key: annotation[key] for key in ("cited_text", "url") if annotation.get(key)}
    return {**extras, **made}


def _block(item: Any, notes: list[str]) -> list[Block]:  # noqa: C901, PLR0912  -- a branch a kind of block
    if isinstance(item, str):
        return [{"type": "text", "text": item}] if item else []
    if point := _point(item):
        return [point]
    kind = item.get("type")
    if kind is None:
        raise ValueError(f"a block of Anthropic's format needs a 'type'; got the keys {sorted(item)}.")
    if is_data_block(item):
        return [_data(item)]
    if kind == "image_url":
        holder = pick(item, "image_url", "imageUrl")
        return [_data({"type": "image", "url": holder if isinstance(holder, str) else holder["url"]})]
    if kind == "text":
        if not (item.get("text") or "").strip():
            return []
        return [{key: item[key] for key in ("type", "text", "cache_control", "citations") if item.get(key)}]
    if kind in (*_THOUGHTS, "reasoning_content", "reasoning"):
        made = _thought(item)
        if not made:
            notes.append("reasoning without a signature was left out")
        return made
    if kind == "tool_use":
        given = item["partial_json"] if "partial_json" in item else item.get("input")
        return [_tool_use(item.get("name", ""), tool_input(given), item.get("id"))]
    if kind == "tool_result":
        return [{**item, "content": _result(item.get("content", ""), notes)}]
    if kind == "invalid_tool_call":
        return []  # among the message's invalid_tool_calls
    if kind in FOREIGN_TOOLS:
        notes.append(f"a block of type {_values.shown(kind)}, which Bedrock has no counterpart for, was left out")
        return []
    return [{key: value for key, value in item.items() if key != "index"}]


def _thought(block: Block) -> list[Block]:
    if block["type"] in ("reasoning_content", "reasoning"):  # as Converse gave it, or LangChain's standard
        parts = pick(block, "reasoning_content", "reasoningContent", default=None)
        parts = {"text": block.get("reasoning"), **(block.get("extras") or {})} if parts is None else parts
        if redacted := pick(parts, "redacted_content", "redactedContent"):
            return [{"type": "redacted_thinking", "data": encoded(redacted)}]
        text, signature = parts.get("text") or "", parts.get("signature")
        return [{"type": "thinking", "thinking": text, "signature": signature}] if signature else []
    thought = {key: value for key, value in block.items() if key != "index"}
    return [{"thinking": "", **thought} if block["type"] == "thinking" else thought]


def _data(block: Block) -> Block:
    kind = {"image": "image", "file": "document", "text-plain": "document"}.get(block["type"])
    if kind is None:
        raise ValueError(
            f"blocks of type {_values.shown(block['type'])} are not supported by Anthropic's InvokeModel format."
        )
    if block["type"] == "text-plain":
        source: Block = {"type": "text", "media_type": "text/plain", "data": block["text"]}
    else:
        mime, data = pick(block, "mime_type", "mimeType"), block.get("base64") or block.get("data")
        url = block.get("url") or ""
        if url.startswith("data:") and ";base64," in url:
            mime, _, data = url[len("data:") :].partition(";base64,")
        if not data:
            raise ValueError(
                f"{kind} data is only supported inline: Bedrock fetches no URL. Pass base64= with mime_type=."
            )
        if not mime:
            raise ValueError(
                f"mime_type key is required for base64 data: the {kind} block does not say what its bytes are."
            )
        source = {"type": "base64", "media_type": mime, "data": encoded(data)}
        if kind == "document" and (text := _text_of(mime, data)) is not None:
            source = {"type": "text", "media_type": "text/plain", "data": text}
    extras = {key: block[key] for key in ("cache_control", "citations", "title", "context") if block.get(key)}
    return {"type": kind, "source": source, **extras}


def _text_of(mime: str, data: Any) -> str | None:
    """Return the text of a file that is one: Anthropic's format takes bytes of PDFs only."""
    plain = mime.partition(";")[0].strip().lower()
    texts = FORMATS["document"].get(plain) in ("txt", "md", "csv", "html")
    if not (texts or plain.startswith("text/") or plain.endswith(("+json", "+xml", "+yaml"))):
        return None
    return decoded(data).decode("utf-8", "replace")
