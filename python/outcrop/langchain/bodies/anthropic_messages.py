"""LangChain's messages as Anthropic's: `system` and turns of typed blocks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ChatMessage, HumanMessage, SystemMessage, ToolMessage

from outcrop import _values
from outcrop._conversation.values import plain
from outcrop.langchain.bodies.common import PROVIDER
from outcrop.langchain.keys import pick
from outcrop.langchain.messages.blocks import FOREIGN_TOOLS, LINKED, linked, tool_input, unfetched
from outcrop.langchain.messages.foreign_parts import with_known_parts
from outcrop.langchain.messages.functions import as_tools
from outcrop.langchain.messages.inline import decoded, known_type, type_of
from outcrop.langchain.messages.media import (
    UNFIT,
    encoded,
    inline_data,
    is_data_block,
    is_plain_object,
    media_format,
    named_only,
)
from outcrop.langchain.messages.outbound import TRIMMED, WITHDRAWN, last_answer, readable, taken, withdrawn
from outcrop.langchain.messages.reasoning import BEDROCK_PROVIDERS
from outcrop.langchain.messages.standard import CONVERSE

Block = dict[str, Any]

_POINT = "cache_point"
_THOUGHTS = ("thinking", "redacted_thinking")
_SENT_IN_RESULTS = ("type", "text", "cache_control", "citations")
_KINDS = frozenset(
    {"text", "image", "document", "search_result", "tool_use", "tool_result", "tool_reference", _POINT, *_THOUGHTS}
)
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
    messages = as_tools(with_known_parts(messages))
    last, answered = len(messages) - 1, last_answer(messages)
    for position, message in enumerate(map(_plain, messages)):
        if isinstance(message, SystemMessage):
            system.extend(_system(message, notes))
            continue
        role = "assistant" if isinstance(message, AIMessage) else "user"
        blocks = (
            _assistant(message, position == last, messages, notes)
            if isinstance(message, AIMessage)
            else _user(message, notes, earlier=position < answered)
        )
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"].extend(blocks)
            texts.discard(len(turns) - 1)
        else:
            turns.append({"role": role, "content": blocks})
            if isinstance(message, HumanMessage) and isinstance(message.content, str):
                texts.add(len(turns) - 1)
    for index, turn in enumerate(turns):
        if index in texts:
            turn["content"] = turn["content"][0]["text"]  # a question that is a text stays one
    return system, turns


def _plain(message: BaseMessage) -> BaseMessage:
    if not isinstance(message, ChatMessage):
        return message
    kinds: dict[str, type[BaseMessage]] = {"system": SystemMessage, "assistant": AIMessage}
    return kinds.get(message.role, HumanMessage)(content=message.content)


def _system(message: SystemMessage, notes: list[str]) -> list[Block]:
    if isinstance(message.content, str):
        return [{"type": "text", "text": message.content}]
    blocks: list[Block] = []
    for item in message.content:
        block = {"type": "text", "text": item} if isinstance(item, str) else item
        if point := _point(block):
            blocks = _with_points([*blocks, point], notes)
            continue
        if block.get("type") == "guard_content":  # of a whole body, a guardrail looks at all
            block = {"type": "text", "text": _guarded(block)}
        if block.get("type") != "text" or "text" not in block:
            raise ValueError(
                f"system message content must be text blocks; got a block of type {_values.shown(block.get('type'))}."
            )
        blocks.append({"type": "text", **{key: block[key] for key in ("text", "cache_control") if key in block}})
    return blocks


def _guarded(block: Block) -> str:
    held = pick(block, "guard_content", "guardContent", default=block)
    text = held.get("text")
    return str((text.get("text") if isinstance(text, dict) else text) or "")


def _user(message: BaseMessage, notes: list[str], *, earlier: bool) -> list[Block]:
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
    read = _named if earlier else _block
    return _with_points([made for item in message.content for made in read(item, notes)], notes)


def _named(item: Any, notes: list[str]) -> list[Block]:
    """Convert a block of an answer or an earlier question, which nobody mends; what is unfit is named in a text."""
    if isinstance(item, dict) and (link := linked(item)):
        notes.append(LINKED)
        return [{"type": "text", "text": link}]
    try:
        made = _block(item, notes)
    except ValueError:
        made = None
    if made is None or not all(map(_is_known, made)):
        notes.append(UNFIT)
        return [{"type": "text", "text": named_only(item)}]
    return made


def _is_known(block: Block) -> bool:
    """Whether Anthropic's format has a kind of block; what a new one is asked about now is left to Bedrock."""
    kind = str(block["type"])
    return kind in _KINDS or kind.endswith(("_tool_use", "_tool_result"))


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
            notes.append(LINKED)
            made.append({"type": "text", "text": link})
        elif is_plain_object(block) or block.get("type") == "json":
            value = plain(block["json"] if block.get("type") == "json" else block)
            made.append({"type": "text", "text": json.dumps(value, ensure_ascii=False)})
        else:
            try:
                inner = _block(block, notes)
            except ValueError:
                inner = []
            if inner and all(map(_fits_in_result, inner)):
                made.extend(inner)
            else:
                notes.append(UNFIT)
                made.append({"type": "text", "text": named_only(block)})
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
        blocks.extend(_named(item, notes))
    blocks = _without_withdrawn(_with_points(blocks, notes), message, messages, notes)
    if message.tool_calls and all(b["type"] == "text" and not (b["text"] or "").strip() for b in blocks):
        blocks = []  # an answer of calls alone has an empty text as a rule
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
        trimmed = [{**b, "text": b["text"].rstrip()} if isinstance(b.get("text"), str) else b for b in blocks]
        if trimmed != blocks:
            notes.append(TRIMMED)
        blocks = trimmed
    return blocks


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
        return _without_served(message.content, source, notes)
    message = readable(message, notes)
    blocks = [_from_standard(block, source) if isinstance(block, dict) else block for block in message.content]
    if any(block is None for block in blocks):
        notes.append("reasoning or blocks of another service, which Claude does not take, were left out")
    return _without_served([block for block in blocks if block is not None], source, notes)


def _without_served(content: list[Any], source: str | None, notes: list[str]) -> list[Any]:
    """Bring tools that another service ran itself into what Bedrock knows of them."""
    if source not in ("anthropic", CONVERSE):
        return content
    made: list[Any] = []
    for block in content:
        kind = block.get("type") if isinstance(block, dict) else None
        if not isinstance(kind, str) or kind in ("tool_use", "tool_result"):
            made.append(block)
        elif source == CONVERSE:  # one of Nova's, whose result stands beside it
            made.append({**block, "type": "tool_use"} if kind == "server_tool_use" else block)
        elif kind.endswith(("_tool_use", "_tool_result")):
            notes.append(f"a block of type {_values.shown(kind)}, which Bedrock has no counterpart for, was left out")
        else:
            made.append(block)
    return made


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
    if kind == "non_standard" and isinstance(value := block.get("value"), dict) and value:
        return value
    if source != PROVIDER:
        return block
    if kind == "text" and "annotations" in block:
        return {
            "type": "text",
            "text": block.get("text", ""),
            "citations": [_citation(a) for a in block["annotations"]],
        }
    return block


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
        return [{"type": "text", "text": item}]
    if point := _point(item):
        return [point]
    kind = item.get("type")
    if (converses := _from_converse(item)) is not None:
        return _block(converses, notes)
    if kind is None:
        raise ValueError(f"a block of Anthropic's format needs a 'type'; got the keys {sorted(item)}.")
    if is_data_block(item):
        return [_data(item)]
    if kind == "image_url":
        holder = pick(item, "image_url", "imageUrl")
        return [_data({"type": "image", "url": holder if isinstance(holder, str) else holder["url"]})]
    if kind == "text":
        kept = {key: item[key] for key in ("cache_control", "citations") if item.get(key)}
        text = item.get("text")
        return [{"type": "text", "text": "" if text is None else text, **kept}]
    if kind == "guard_content":  # of a whole body, a guardrail looks at all
        return [{"type": "text", "text": _guarded(item)}]
    source = item.get("source")
    if kind in ("image", "document") and isinstance(source, dict) and source.get("type") in ("url", "file"):
        raise ValueError(unfetched(kind, source))
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
    if kind == "image" and isinstance(source, dict) and source.get("type") == "base64":
        return [{**{key: value for key, value in item.items() if key != "index"}, "source": _seen(source)}]
    if kind == "invalid_tool_call":
        return []  # among the message's invalid_tool_calls
    if kind in FOREIGN_TOOLS:
        notes.append(f"a block of type {_values.shown(kind)}, which Bedrock has no counterpart for, was left out")
        return []
    return [{key: value for key, value in item.items() if key != "index"}]


def _seen(source: Block) -> Block:
    """Return the source of an image with the type that its bytes are of, which Claude looks at."""
    try:
        seen = type_of(decoded(source["data"]))
    except (KeyError, TypeError, ValueError):  # no data of an image: Bedrock says it
        return source
    return {**source, "media_type": seen} if seen and seen.startswith("image/") else source


def _from_converse(item: Block) -> Block | None:
    """Return a text, image or document in Converse's own shape as LangChain's block of it."""
    kind = next((key for key in ("text", "image", "document", "guardContent") if key in item), None)
    if kind is None or item.get("type") not in (None, kind) or (kind == "text" and "type" in item):
        return None
    held = item[kind]
    if kind == "text":
        return {"type": "text", "text": held}
    if not isinstance(held, dict):
        return None
    if kind == "guardContent":
        return {"type": "text", "text": (held.get("text") or {}).get("text")}
    source, form = held.get("source") or {}, str(held.get("format"))
    named = {"title": held["name"]} if isinstance(held.get("name"), str) else {}
    named |= {key: held[key] for key in ("citations", "context") if held.get(key)}
    if kind == "document" and "text" in source:
        return {"type": "text-plain", "text": source["text"], **named}
    mime = f"image/{form}" if kind == "image" else known_type(None, f"a.{form}") or form
    return {"type": "image" if kind == "image" else "file", "base64": source.get("bytes"), "mime_type": mime, **named}


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
            f"blocks of type {_values.shown(block['type'])} are not supported by Anthropic's InvokeModel format: use "
            "ChatBedrockConverse and a model that takes them."
        )
    if block["type"] == "text-plain" and block.get("text") is not None:
        source: Block = {"type": "text", "media_type": "text/plain", "data": block["text"]}
    else:
        if block["type"] == "text-plain":
            block = {"mime_type": "text/plain", **block}
        mime, data = inline_data(block, kind, "inline", "or a data: URL")
        source = _inline(media_format(mime, kind), mime, data)
    extras = {key: block[key] for key in ("cache_control", "citations", "title", "context") if block.get(key)}
    return {"type": kind, "source": source, **extras}


def _inline(form: str, mime: str, data: bytes) -> Block:
    """Return the source of an image or document; of documents, Anthropic's format takes PDFs and texts."""
    if form in ("txt", "md", "csv", "html"):
        return {"type": "text", "media_type": "text/plain", "data": _text_of(data)}
    if form in _BYTES:
        return {"type": "base64", "media_type": _BYTES[form], "data": encoded(data)}
    raise ValueError(
        f"files of the type {_values.shown(mime)} are not supported by Anthropic's InvokeModel format, which takes "
        "PDFs and texts: use ChatBedrockConverse."
    )


_BYTES = {"pdf": "application/pdf", **{name: f"image/{name}" for name in ("gif", "jpeg", "png", "webp")}}


def _text_of(data: bytes) -> str:
    """Return the text of a file by its mark of an encoding, else as UTF-8."""
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    encoding = next((name for mark, name in marks.items() if data.startswith(mark)), "utf-8")
    return data.decode(encoding, "replace")
