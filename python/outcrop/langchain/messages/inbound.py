"""Answers: Converse's blocks as LangChain's, in the shapes that saved histories and content translators know."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, cast

from langchain_core.messages import AIMessage
from langchain_core.messages.tool import invalid_tool_call, tool_call

from outcrop._conversation.names import ToolNames
from outcrop.langchain.keys import snake_keys
from outcrop.langchain.messages.media import encoded
from outcrop.langchain.messages.usage import reasoning_tokens, usage_metadata
from outcrop.langchain.tool_fields import given_fields

Block = dict[str, Any]

PROVIDER = "bedrock_converse"
"""The `model_provider` of Converse answers: langchain-core's registered translator goes by it."""

NO_ARGUMENTS = "the arguments are no JSON object"


def answer(
    response: dict[str, Any], inline_tags: tuple[str, str] | None = None, names: ToolNames | None = None
) -> AIMessage:
    """Read the answer of a Converse call.

    Args:
        response: What `converse` returned; it is not changed.
        inline_tags: Tags around reasoning that the model writes into its text, if it does.
        names: Names of tools as they were sent, and the way back.

    Returns:
        The message, with everything but content and usage as `response_metadata`.

    Raises:
        ValueError: When the response is not one of Converse, as from a wrong endpoint.
    """
    if "output" not in response:
        raise ValueError(
            "the response has no 'output', so it is not one of Converse: check endpoint_url and region_name (on AWS "
            f"the endpoint's name starts with bedrock-runtime). It has {sorted(response)}."
        )
    rest = {key: value for key, value in response.items() if key not in ("output", "usage")}
    message = response["output"].get("message") or {}
    content = content_from(message.get("content") or [])
    if inline_tags:
        content = [part for block in content for part in split_inline_reasoning(block, *inline_tags)]
    metrics = rest.get("metrics")
    if metrics and "latencyMs" in metrics:
        rest["metrics"] = {
            **metrics,
            "latencyMs": [metrics["latencyMs"]],
        }  # a list, since merging messages adds numbers
    usage = response.get("usage")
    calls, broken = called(content, names)
    single = len(content) == 1 and content[0].keys() == {"type", "text"}
    return AIMessage(
        content=cast("Any", content[0]["text"] if single else content),
        tool_calls=calls,
        invalid_tool_calls=broken,
        usage_metadata=usage_metadata(usage, reasoning_tokens(rest.get("additionalModelResponseFields")))
        if usage
        else None,
        response_metadata={**rest, "model_provider": PROVIDER},
    )


def called(content: list[Block], names: ToolNames | None) -> tuple[list[Any], list[Any]]:
    """Find the calls among an answer's blocks, under the caller's names of the tools.

    Args:
        content: The blocks, in the shape of `block_from` or Anthropic's, which is the same; names in it are put back.
        names: Names of tools as they were sent, and the way back.

    Returns:
        Calls, and those whose arguments are no JSON object.
    """
    calls: list[Any] = []
    broken: list[Any] = []
    for block in content:
        if block.get("type") != "tool_use":
            continue
        sent = block.get("name") or ""
        name = block["name"] = names.given(sent) if names else sent
        fields = names.fields.get(sent, {}) if names else {}
        given, identifier = block.get("input"), block.get("id")
        try:
            args = json.loads(given or "{}") if isinstance(given, str) or given is None else given
        except ValueError:
            args = None
        if isinstance(args, dict):
            args = block["input"] = given_fields(args, fields)
            calls.append(tool_call(name=name, args=args, id=identifier))
        else:
            text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)
            broken.append(invalid_tool_call(name=name, args=text, id=identifier, error=NO_ARGUMENTS))
    return calls, broken


def content_from(blocks: list[Block]) -> list[Block]:
    """Convert blocks of an answer, or of a tool result within it."""
    return [made for block in blocks for made in block_from(block)]


def block_from(block: Block) -> list[Block]:
    """Convert one block; one that nobody knows yet comes back whole, as `non_standard`."""
    for key, reader in _READERS.items():
        if key in block:
            return reader(block[key])
    return [{"type": "non_standard", "value": block}]


def _text(text: str) -> list[Block]:
    return [{"type": "text", "text": text}]


def tool_use(use: Block) -> Block:
    """Convert a tool use; one that Bedrock runs itself says so in its own `type`."""
    made: Block = {"type": use.get("type", "tool_use")}
    made.update((key, value) for key, value in use.items() if key not in ("toolUseId", "type"))
    made["id"] = use.get("toolUseId")
    return made


def inline_or_stored(kind: str, medium: Block, media_type: str) -> Block:
    """Convert an image or video that came whole or lies on S3.

    Args:
        kind: `image` or `video`.
        medium: Converse's block of this kind.
        media_type: Its MIME type.
    """
    source = medium.get("source") or {}
    if "bytes" in source:
        made = {"media_type": media_type, "type": "base64", "data": encoded(source["bytes"])}
    elif "s3Location" in source:
        made = {"media_type": media_type, "type": "s3Location", "data": snake_keys(source["s3Location"])}
    else:
        return {"type": "non_standard", "value": {kind: medium}}
    return {"type": kind, "source": made}


def _image(image: Block) -> list[Block]:
    return [inline_or_stored("image", image, f"image/{image.get('format')}")]


def _video(video: Block) -> list[Block]:
    return [inline_or_stored("video", video, f"video/{video.get('format')}")]


def _audio(audio: Block) -> list[Block]:
    source = audio.get("source") or {}
    if "bytes" in source:
        return [{"type": "audio", "base64": encoded(source["bytes"]), "mime_type": f"audio/{audio.get('format')}"}]
    return [{"type": "non_standard", "value": {"audio": audio}}]


def _tool_result(result: Any, kind: str = "tool_result") -> list[Block]:
    if isinstance(result, list):  # a delta of a stream carries the blocks alone
        return content_from(result)
    content = result.get("content")
    return [
        {
            "type": kind,
            "tool_use_id": result["toolUseId"],
            "is_error": result.get("status") == "error",
            "content": content_from(content) if content else ([] if content == [] and kind == "tool_result" else ""),
        }
    ]


def _guard(guard: Block) -> list[Block]:
    if "text" not in guard:
        return [{"type": "non_standard", "value": {"guardContent": guard}}]
    return [{"type": "guard_content", "guard_content": {"type": "text", "text": guard["text"]["text"]}}]


def reasoning(content: Block) -> list[Block]:
    """Convert reasoning: a whole text with its signature, or one part of either as streams send it."""
    whole = content.get("reasoningText")
    if whole:
        parts = [{"text": whole.get("text", ""), "signature": whole.get("signature", "")}]
    else:
        names = (("redactedContent", "redacted_content"), ("text", "text"), ("signature", "signature"))
        parts = [{ours: content[theirs]} for theirs, ours in names if content.get(theirs) is not None]
        for part in parts:
            if "redacted_content" in part:  # as text, which messages can be saved with
                part["redacted_content"] = encoded(part["redacted_content"])
    return [{"type": "reasoning_content", "reasoning_content": part} for part in parts]


def _citations(content: Block) -> list[Block]:
    citations = snake_keys(content.get("citations") or [])
    texts = [{"type": "text", "text": item["text"]} for item in content.get("content") or () if "text" in item]
    return [{**text, "citations": citations} for text in texts] if citations else texts


_READERS: dict[str, Callable[[Any], list[Block]]] = {
    "text": _text,
    "toolUse": lambda use: [tool_use(use)],
    "serverToolUse": lambda use: [{**tool_use(use), "type": "server_tool_use"}],
    "reasoningContent": reasoning,
    "citationsContent": _citations,
    "citation": lambda citation: [{"type": "text", "text": "", "citations": [snake_keys(citation)]}],
    "image": _image,
    "video": _video,
    "audio": _audio,
    "document": lambda document: [{"type": "document", "document": snake_keys(document)}],
    "toolResult": _tool_result,
    "serverToolResult": lambda result: _tool_result(result, "server_tool_result"),
    "json": lambda value: [{"type": "json", "json": value}],
    "guardContent": _guard,
}


def split_inline_reasoning(block: Block, opening: str, closing: str) -> list[Block]:
    """Split a text block at the tags of inline reasoning; anything else comes back as it is."""
    if block["type"] != "text" or opening not in block["text"]:
        return [block]
    text, made, end = block["text"], [], 0
    for match in re.finditer(re.escape(opening) + "(.*?)" + re.escape(closing), text, re.DOTALL):
        made += [{"type": "text", "text": before}] if (before := text[end : match.start()]).strip() else []
        if inner := match[1].strip():
            made.append({"type": "reasoning_content", "reasoning_content": {"text": inner}})
        end = match.end()
    if not end:
        return [block]
    return made + ([{"type": "text", "text": text[end:]}] if text[end:].strip() else [])
