"""Content of one message: LangChain's blocks as Converse blocks.

A block may be written in LangChain's standard, in Anthropic's or OpenAI's style, or in Converse's own, with keys in
either case. Nothing of the caller's is changed: every block that is sent is built anew.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from langchain_core.messages import AIMessage

from outcrop import _values
from outcrop.langchain.keys import camel, camel_keys, pick
from outcrop.langchain.messages.inline import decoded
from outcrop.langchain.messages.media import (
    UNFIT,
    data_block,
    data_url,
    fallback_name,
    is_data_block,
    is_plain_object,
    media_format,
    named_only,
)
from outcrop.langchain.messages.reasoning import reasoning_block

logger = logging.getLogger(__name__)

NATIVE_KEYS = frozenset(
    {
        "audio", "cachePoint", "citationsContent", "document", "guardContent", "image", "json", "reasoningContent",
        "searchResult", "text", "toolAddition", "toolRemoval", "toolResult", "toolUse", "video",
    }
)  # fmt: skip
"""Members of Converse's `ContentBlock` and `ToolResultContentBlock`."""

FOREIGN_TOOLS = ("server_tool_call", "server_tool_call_chunk", "server_tool_result")
"""Blocks of tools that a service ran itself, in LangChain's standard."""

Block = dict[str, Any]


@dataclass
class Turn:
    """What the conversion of one request has to know and to remember.

    Attributes:
        model_id: The base model id; empty if unknown.
        drop_unsupported: Whether blocks without a counterpart are left out (assistant turns) or are an error.
        names: How often each made-up document name was given, since Converse refuses a name twice.
        notes: What was left out or written otherwise, for `response_metadata`.
        in_result: Whether the content is that of a tool's result, whose links are no errors but text.
        earlier: Whether the content is that of an earlier question, which nobody can mend any more: as in a result.
    """

    model_id: str = ""
    drop_unsupported: bool = False
    names: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    in_result: bool = False
    earlier: bool = False


def content_blocks(content: str | list[Any], turn: Turn) -> list[Block]:
    """Convert the content of a message.

    Args:
        content: A text, or a list of texts and blocks.
        turn: The state of the request.

    Returns:
        Converse blocks, blank texts among them; empty when nothing could be sent.

    Raises:
        ValueError: For a block that has no counterpart, outside of assistant turns.
    """
    if isinstance(content, str):
        return [{"text": content}]
    blocks: list[Block] = []
    for block in content:
        if isinstance(block, str):
            if block:
                blocks.append({"text": block})
        else:
            blocks.extend(_convert(block, turn))
    return blocks


def _convert(block: Block, turn: Turn) -> list[Block]:
    if not (turn.in_result or turn.earlier or turn.drop_unsupported):
        return _converted(block, turn)
    if turn.in_result and is_plain_object(block):
        return [{"json": block}]
    try:
        return _converted(block, turn)
    except ValueError:
        turn.notes.append(UNFIT)
        return [{"text": named_only(block)}]


def _converted(block: Block, turn: Turn) -> list[Block]:
    kind = block.get("type")
    if kind is None:
        return _untyped(block)
    if not isinstance(kind, str):
        raise ValueError(
            f"unsupported content block: its 'type' is a {type(kind).__name__} and no text. Its keys: {sorted(block)}"
        )
    if (turn.in_result or turn.earlier or turn.drop_unsupported) and (link := linked(block)):
        turn.notes.append(LINKED)
        return [{"text": link}]
    if is_data_block(block):
        return [data_block(block, turn.names)]
    handler = _HANDLERS.get(kind)
    if handler is not None:
        return handler(block, turn)
    if turn.drop_unsupported and kind != "non_standard":
        return _dropped(kind, turn.notes)
    raise ValueError(
        f"unsupported content block type {_values.shown(kind)}: Converse has no counterpart. Supported types: "
        f"{', '.join(sorted(_HANDLERS))}, LangChain's data blocks, or Converse's own blocks without a type. Its keys: "
        f"{sorted(block)}"
    )


def _untyped(block: Block) -> list[Block]:
    """Return a block in Converse's shape, without what stands beside its one member, as in streams."""
    made = native(block)
    if known := [key for key in made if key in NATIVE_KEYS]:
        return [{key: made[key]} for key in known if key != "text" or made[key]]
    return [made]


def native(block: Block) -> Block:
    """Return a block in Converse's own shape with its keys in Converse's own case."""
    return {camel(key): value if key == "json" else camel_keys(value) for key, value in block.items()}


def _text(block: Block, turn: Turn) -> list[Block]:
    text = block.get("text")
    if not isinstance(text, str) or not text or text.isspace():
        return [{"text": text or ""}]
    citations = block.get("citations")
    if not (isinstance(citations, list) and citations and all(_is_citation(c) for c in citations)):
        return [{"text": text}]
    # Citations of search results cannot be sent back: Bedrock drops the type that Claude then asks for.
    kept = [c for c in map(camel_keys, citations) if "searchResultLocation" not in (c.get("location") or {})]
    return [{"citationsContent": {"content": [{"text": text}], "citations": kept}}] if kept else [{"text": text}]


def _is_citation(citation: Any) -> bool:
    return isinstance(citation, dict) and ("source_content" in citation or "sourceContent" in citation)


def _media(kind: str) -> Callable[[Block, Turn], list[Block]]:
    def convert(block: Block, turn: Turn) -> list[Block]:
        if kind in block:
            return [{kind: camel_keys(block[kind])}]
        source = block.get("source")
        if not isinstance(source, dict):
            raise ValueError(
                f"a block of type {_values.shown(kind)} needs {_values.shown(kind)} (Converse), base64= (LangChain) "
                f"or 'source' (Anthropic)."
            )
        mime = pick(source, "media_type", "mediaType")
        if source.get("type") == "s3Location":
            return [{kind: {"format": media_format(mime, kind), "source": {"s3Location": camel_keys(source["data"])}}}]
        if "data" not in source:
            raise ValueError(unfetched(kind, source))
        return [{kind: {"format": media_format(mime, kind), "source": {"bytes": decoded(source["data"])}}}]

    return convert


def unfetched(kind: str, source: Block) -> str:
    """Say that Bedrock fetches nothing, of a block of Anthropic's whose source is no data."""
    article = "an" if kind[0] in "aeiou" else "a"
    return f"the source of {article} {kind} block must carry 'data': Bedrock fetches no URL. Source: {sorted(source)}"


def _url(kind: str) -> Callable[[Block, Turn], list[Block]]:
    def convert(block: Block, turn: Turn) -> list[Block]:
        holder = pick(block, f"{kind}_url", f"{kind}Url")
        return [{kind: data_url(holder if isinstance(holder, str) else holder["url"], kind)}]

    return convert


def _input_audio(block: Block, turn: Turn) -> list[Block]:
    given = pick(block, "input_audio", "inputAudio")
    return [data_block({"type": "audio", "base64": given["data"], "mime_type": f"audio/{given['format']}"}, turn.names)]


def _document(block: Block, turn: Turn) -> list[Block]:
    if "document" in block:
        return [{"document": camel_keys(block["document"])}]
    source = block.get("source")
    if isinstance(source, dict) and source.get("type") in ("base64", "text"):  # Anthropic's style
        plain = source["type"] == "text"
        data = {"text": source["data"]} if plain else {"base64": source["data"]}
        kind = {"type": "text-plain" if plain else "file", "mime_type": pick(source, "media_type", "mediaType")}
        named = {"name": block["title"]} if block.get("title") else {}
        return [
            data_block(
                {**named, **{k: block[k] for k in ("citations", "context") if k in block}, **kind, **data}, turn.names
            )
        ]
    if (
        isinstance(source, dict) and source.get("type") == "content"
    ):  # Anthropic's own parts, which are cited one by one
        return [{"document": _document_of_parts(block, source, turn)}]
    if isinstance(source, dict) and source.get("type") in ("url", "file"):
        raise ValueError(unfetched("document", source))
    raise ValueError(
        "a block of type 'document' needs 'document' in Converse's shape, or Anthropic's 'source' with inline data."
    )


def _document_of_parts(block: Block, source: Block, turn: Turn) -> Block:
    parts = source.get("content")
    texts = [parts] if isinstance(parts, str) else [part.get("text") for part in parts or () if isinstance(part, dict)]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError("the content of a document block must be texts: show images beside the document.")
    held = {"content": [{"text": text} for text in texts]}
    kept = {key: block[key] for key in ("context", "citations") if block.get(key)}
    return {"name": block.get("title") or fallback_name(held, turn.names), "source": held, **kept}


def _described(item: Any) -> str:
    """Name what a block is, without a word of what it says: errors travel further than prompts should."""
    return (
        f"a block of type {_values.shown(item.get('type'))}" if isinstance(item, dict) else f"a {type(item).__name__}"
    )


def _search_result(block: Block, turn: Turn) -> list[Block]:
    missing = [key for key in ("source", "title") if not block.get(key)]
    if missing:
        raise ValueError(
            f"a search_result block requires {' and '.join(map(repr, missing))}. Its keys: {sorted(block)}"
        )
    items = block.get("content") or []
    for item in items if isinstance(items, list) else [items]:
        if not (isinstance(item, dict) and item.get("type", "text") == "text" and "text" in item):
            raise ValueError(f"search_result 'content' items must be text blocks; got {_described(item)}.")
    result: Block = {
        "source": block["source"],
        "title": block["title"],
        "content": [{"text": i["text"]} for i in items],
    }
    citations = block.get("citations")
    if isinstance(citations, dict) and "enabled" in citations:
        result["citations"] = {"enabled": citations["enabled"]}
    return [{"searchResult": result}]


def _tool_use(block: Block, turn: Turn) -> list[Block]:
    return [{"toolUse": {"toolUseId": block.get("id"), "input": tool_input(block.get("input")), "name": block["name"]}}]


def _server_tool_use(block: Block, turn: Turn) -> list[Block]:
    (use,) = _tool_use(block, turn)
    if block.get("type") == "server_tool_call":
        use["toolUse"]["input"] = block.get("args") or {}
    return [use]


def _tool_call(block: Block, turn: Turn) -> list[Block]:
    use = {"toolUseId": block.get("id") or "", "input": block.get("args") or {}, "name": block.get("name", "")}
    return [{"toolUse": use}]


def _invalid_tool_call(block: Block, turn: Turn) -> list[Block]:
    identifier, name = block.get("id"), block.get("name")
    if isinstance(identifier, str) and identifier and isinstance(name, str) and name:
        return [{"toolUse": {"toolUseId": identifier, "input": tool_input(block.get("args")), "name": name}}]
    return _dropped("invalid_tool_call", turn.notes)


def _tool_result(block: Block, turn: Turn) -> list[Block]:
    inner = content_blocks(block.get("content") or [], replace(turn, in_result=True))
    status = "error" if pick(block, "is_error", "isError") else "success"
    return [{"toolResult": {"toolUseId": pick(block, "tool_use_id", "toolUseId"), "content": inner, "status": status}}]


def _guard(block: Block, turn: Turn) -> list[Block]:
    guarded = pick(block, "guard_content", "guardContent")
    if isinstance(guarded, dict):  # the shape in which answers carry it, or Converse's
        return [{"guardContent": camel_keys(guarded) if "type" not in guarded else {"text": {"text": guarded["text"]}}}]
    return [{"guardContent": {"text": {"text": block["text"]}}}]


def _reasoning(block: Block, turn: Turn) -> list[Block]:
    kind = block["type"]
    if kind == "thinking":
        parts = {"text": block.get("thinking"), "signature": block.get("signature")}
    elif kind == "reasoning":
        extras = block.get("extras") or {}
        parts = {"text": block.get("reasoning"), **{k: extras.get(k) for k in ("signature", "redacted_content")}}
    else:
        parts = pick(block, "reasoning_content", "reasoningContent", default={})
        parts = parts.get("reasoningText", parts)
    made = reasoning_block(parts, turn.model_id)
    if made is None:
        turn.notes.append("reasoning that this model refuses was left out")
    return [made] if made else []


def _redacted_thinking(block: Block, turn: Turn) -> list[Block]:
    """Anthropic's own name of it."""
    return _reasoning({"type": "reasoning_content", "reasoning_content": {"redacted_content": block.get("data")}}, turn)


def _non_standard(block: Block, turn: Turn) -> list[Block]:
    if "value" not in block:
        raise ValueError(f"unsupported content block: 'non_standard' without a 'value'. Its keys: {sorted(block)}")
    value = block["value"]
    if isinstance(value, dict) and value:
        shaped = native(value)
        if shaped.keys() <= NATIVE_KEYS:  # Converse's blocks are unions: a member a block
            return [{key: item} for key, item in shaped.items()]
        inner = value.get("type")
        if turn.drop_unsupported and isinstance(inner, str) and (inner in _HANDLERS or is_data_block(value)):
            return _convert(value, turn)
    if not turn.drop_unsupported:
        return [value]
    inner = value.get("type") if isinstance(value, dict) else None
    return _dropped(f"non_standard:{inner if isinstance(inner, str) else type(value).__name__}", turn.notes)


def without_foreign_tools(message: AIMessage, notes: list[str]) -> AIMessage:
    """Leave out tools that another service ran itself: nobody here can answer their uses, which Bedrock then refuses.

    Args:
        message: An answer of another service, its content in LangChain's standard.
        notes: Takes what was left out.

    Returns:
        The message itself, or a copy without them.
    """
    kept = []
    for block in message.content:
        kind = block.get("type") if isinstance(block, dict) else None
        if kind in FOREIGN_TOOLS:
            _dropped(kind, notes)
        else:
            kept.append(block)
    return message if len(kept) == len(message.content) else message.model_copy(update={"content": kept})


def _dropped(kind: str, notes: list[str]) -> list[Block]:
    _warn_dropped(kind)
    notes.append(f"a block of type {_values.shown(kind)}, which Bedrock has no counterpart for, was left out")
    return []


LINKED = "a link, which Bedrock does not follow, is sent as text"
"""Noted of what a tool gave, a model answered or an earlier question held."""


def linked(block: Block) -> str | None:
    """Describe a file or picture that is but a link, as tools hand on what an MCP server told them."""
    kind = block.get("type")
    url = block.get("url")
    if kind in ("image_url", "video_url"):
        holder = block.get(kind)
        url = holder.get("url") if isinstance(holder, dict) else holder
    elif isinstance(source := block.get("source"), dict) and source.get("type") == "url":
        url = source.get("url")
    elif not is_data_block(block):
        return None
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        return None
    if block.get("base64") is not None or block.get("data") is not None:
        return None
    mime = pick(block, "mime_type", "mimeType")
    return f"[{str(kind).removesuffix('_url')}: {url}{f' ({mime})' if mime else ''}]"


@cache
def _warn_dropped(kind: str) -> None:
    """Say once a process what kind of block is left out; the block itself may hold private data."""
    logger.warning(
        "dropping content blocks of type %r from assistant turns: Converse has no counterpart for them", kind
    )


_HANDLERS: dict[str, Callable[[Block, Turn], list[Block]]] = {
    "text": _text,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "input_audio": _input_audio,
    "image_url": _url("image"),
    "video_url": _url("video"),
    "document": _document,
    "search_result": _search_result,
    "tool_use": _tool_use,
    "server_tool_use": _server_tool_use,
    "server_tool_call": _server_tool_use,
    "tool_call": _tool_call,
    "invalid_tool_call": _invalid_tool_call,
    "tool_result": _tool_result,
    "server_tool_result": _tool_result,
    "json": lambda block, turn: [{"json": block["json"]}],
    "guard_content": _guard,
    "thinking": _reasoning,
    "redacted_thinking": _redacted_thinking,
    "reasoning": _reasoning,
    "reasoning_content": _reasoning,
    "non_standard": _non_standard,
}


def tool_input(value: Any) -> Any:
    """Return the input of a tool use as the object that Bedrock wants; a stream leaves it as JSON text.

    What is no object, since the model was cut off or wrote something else, comes back as it is.
    """
    if not isinstance(value, str):
        return {} if value is None else value
    if not value:
        return {}
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return parsed if isinstance(parsed, dict) else value
