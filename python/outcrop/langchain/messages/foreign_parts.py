"""Parts of OpenAI's and Google's messages that say what LangChain's own blocks say, under names of theirs."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage, BaseMessage

if TYPE_CHECKING:
    from collections.abc import Sequence


def with_known_parts(messages: Sequence[BaseMessage]) -> Sequence[BaseMessage]:
    """Return a conversation whose texts, refusals, pictures and files are LangChain's blocks.

    Args:
        messages: LangChain messages; they are not changed, and come back themselves if they hold no such part.
    """
    made = [_known(message) for message in messages]
    return made if any(one is not other for one, other in zip(made, messages, strict=True)) else messages


def _known(message: BaseMessage) -> BaseMessage:
    content = message.content
    if isinstance(content, str):
        said = "" if content.strip() or not isinstance(message, AIMessage) else _said_beside(message)
        return message.model_copy(update={"content": said}) if said else message
    made = [_part(block) for block in content]
    if all(one is other for one, other in zip(made, content, strict=True)):
        return message
    return message.model_copy(update={"content": made})


def _said_beside(message: AIMessage) -> str:
    """Return what an answer without content said: that it refuses, or aloud."""
    if isinstance(refusal := message.additional_kwargs.get("refusal"), str):
        return refusal
    audio = message.additional_kwargs.get("audio")
    said = audio.get("transcript") if isinstance(audio, dict) else None
    return said if isinstance(said, str) else ""


def _google(held: dict[str, Any], mime: str) -> dict[str, Any] | None:
    family = mime.partition("/")[0]
    made = {"type": family if family in ("audio", "image", "video") else "file", "mime_type": mime}
    if isinstance(data := held.get("data"), (bytes, str)):
        return {**made, "base64": data if isinstance(data, str) else base64.b64encode(data).decode("ascii")}
    return {**made, "url": url} if isinstance(url := held.get("file_uri"), str) else None


def _part(block: Any) -> Any:
    held = block.get("value") if isinstance(block, dict) and block.get("type") == "non_standard" else block
    if not isinstance(held, dict):
        return block
    kind = held.get("type")
    if kind in ("input_text", "output_text") and isinstance(text := held.get("text"), str):
        return {"type": "text", "text": text}
    if kind == "refusal" and isinstance(text := held.get("refusal"), str):
        return {"type": "text", "text": text}
    if kind == "audio" and isinstance(text := held.get("transcript"), str):
        return {"type": "text", "text": text}
    if kind == "input_image" and isinstance(url := held.get("image_url"), str):
        return {"type": "image", "url": url}
    if kind == "input_file" and isinstance(data := held.get("file_data") or held.get("file_url"), str):
        named = {"name": name} if isinstance(name := held.get("filename"), str) else {}
        return {"type": "file", "url": data, **named}
    if kind == "media" and isinstance(mime := held.get("mime_type"), str):
        return _google(held, mime) or block
    return block
