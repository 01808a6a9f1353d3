"""Images, documents, videos and audio: LangChain's data blocks as Converse blocks."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from outcrop import _values
from outcrop._conversation.names import content_name
from outcrop.langchain.errors import warn
from outcrop.langchain.keys import pick
from outcrop.langchain.messages.inline import decoded, known_type, read_data_url, type_of

_TEXTS = (
    "application/ecmascript", "application/graphql", "application/javascript", "application/json", "application/json5",
    "application/jsonl", "application/ld+json", "application/ndjson", "application/sql",
    "application/toml", "application/typescript", "application/x-httpd-php", "application/x-javascript",
    "application/x-ndjson", "application/x-python", "application/x-sh", "application/x-tex", "application/x-yaml",
    "application/xml", "application/yaml",
)  # fmt: skip
"""Types of files that are texts, which Bedrock reads as such."""

FORMATS = {
    "image": {
        "image/png": "png", "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/gif": "gif", "image/webp": "webp",
    },
    "document": {
        "application/pdf": "pdf",
        "text/csv": "csv",
        "application/msword": "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "application/vnd.ms-excel": "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "text/html": "html",
        "text/plain": "txt",
        "text/markdown": "md",
        "text/x-markdown": "md",
        "application/csv": "csv",
        "application/xhtml+xml": "html",
        **dict.fromkeys(_TEXTS, "txt"),
    },
    "video": {
        "video/x-matroska": "mkv", "video/quicktime": "mov", "video/mp4": "mp4", "video/webm": "webm",
        "video/x-flv": "flv", "video/mpeg": "mpeg", "video/x-ms-wmv": "wmv", "video/3gpp": "three_gp",
    },
    "audio": {
        "audio/mpeg": "mp3", "audio/mp3": "mp3", "audio/wav": "wav", "audio/x-wav": "wav", "audio/wave": "wav",
        "audio/aac": "aac", "audio/x-aac": "x-aac", "audio/flac": "flac", "audio/x-flac": "flac", "audio/ogg": "ogg",
        "audio/opus": "opus", "audio/mp4": "mp4", "audio/m4a": "m4a", "audio/x-m4a": "m4a", "audio/webm": "webm",
        "audio/x-matroska": "mka", "audio/mpga": "mpga", "audio/pcm": "pcm", "audio/l16": "pcm",
    },
}  # fmt: skip
"""MIME types and Converse's names for them, a table a kind of block."""

_KINDS = {"image": "image", "file": "document", "video": "video", "audio": "audio"}
_NAME_RULE = re.compile(r"[^A-Za-z0-9\s\-()\[\]]")


UNFIT = "what Bedrock does not take in a tool's result or an earlier turn is named in a text"
"""Noted of a block that a tool gave or that was asked about before: an error would end the thread for good."""

_CONVERSES = frozenset(
    {
        "json",
        "text",
        "image",
        "document",
        "video",
        "audio",
        "searchResult",
        "search_result",
        "cachePoint",
        "cache_point",
    }
)


def is_plain_object(block: dict[str, Any]) -> bool:
    """Whether a part of a tool's result is an object of its own and no block, as in lists that tools give."""
    if "type" in block:
        return not isinstance(block["type"], str)
    return len(block) != 1 or _CONVERSES.isdisjoint(block)


def named_only(block: dict[str, Any]) -> str:
    """Name what Bedrock does not take, with its type if that is known."""
    mime = pick(block, "mime_type", "mimeType")
    kind = f"{block.get('type')} of the type {mime}" if isinstance(mime, str) else str(block.get("type"))
    return f"[{kind}, which cannot be shown here]"


def is_data_block(block: dict[str, Any]) -> bool:
    """Whether a block is one of LangChain's data blocks (as core's `is_data_content_block`, without its cost)."""
    if block.get("type") == "text-plain":
        return True
    if block.get("type") not in _KINDS:
        return False
    return any(k in block for k in ("url", "base64", "file_id", "fileId", "source_type", "sourceType"))


def data_block(block: dict[str, Any], names: dict[str, int] | None) -> dict[str, Any]:
    """Turn a LangChain data block into the Converse block of its kind.

    Args:
        block: An `image`, `file`, `video`, `audio` or `text-plain` block of LangChain, v0 or v1.
        names: How often each document name was given in this request; `None` outside of a request.

    Returns:
        A Converse `image`, `document`, `video` or `audio` block.

    Raises:
        ValueError: When the data is neither inline nor on S3, or its MIME type is missing or unknown to Converse.
    """
    if block["type"] == "text-plain":
        return _text_document(block, names)
    kind = _KINDS[block["type"]]
    mime, source = _source(block, kind)
    body: dict[str, Any] = {"format": media_format(mime, kind), "source": source}
    if kind == "document":
        if citations := block.get("citations"):
            body["citations"] = citations
        body["name"] = given_name(block) or fallback_name(source, names)
    return {kind: body}


def _source(block: dict[str, Any], kind: str) -> tuple[str | None, dict[str, Any]]:
    url = block.get("url") or ""
    if url.startswith("s3://"):
        mime = pick(block, "mime_type", "mimeType")
        return mime or _mime_of_name(url, kind), {"s3Location": {"uri": url}}
    mime, data = inline_data(block, kind, "inline or on S3", "a data: URL or an s3:// URL")
    return mime, {"bytes": data}


def inline_data(block: dict[str, Any], kind: str, where: str, others: str) -> tuple[str, bytes]:
    """Return the type and the bytes of a data block that holds them.

    Args:
        block: A data block of LangChain's.
        kind: `image`, `document`, `video` or `audio`.
        where: Where the API takes data from, for errors.
        others: What else may be passed, for errors.

    Raises:
        ValueError: If it holds none, or does not say of which type they are.
    """
    label = "file" if kind == "document" else kind
    mime = pick(block, "mime_type", "mimeType")
    if found := read_data_url(block.get("url") or ""):
        mime, data = mime or found[0], found[1]
    else:
        given = block.get("base64")
        if given is None and pick(block, "source_type", "sourceType") == "base64":
            given = block.get("data")
        if given is None:
            raise ValueError(
                f"{label} data is only supported {where}: Bedrock fetches no URL. Pass base64= with mime_type=, "
                f"{others}. Got a block with the keys {sorted(block)}."
            )
        data = decoded(given)
    if not data:
        raise ValueError(f"the {label} holds no data, and Bedrock takes none that is empty: leave the block out.")
    seen = type_of(data)
    mime = known_type(mime, given_name(block)) or seen
    if kind == "image" and seen and seen.startswith("image/"):
        mime = seen  # Claude looks at the bytes, and refuses what they are not
    if not mime:
        raise ValueError(
            f"mime_type key is required for base64 data: the {kind} block does not say what its bytes are."
        )
    return mime, data


def media_format(mime: str | None, kind: str) -> str:
    """Return Converse's name of a MIME type.

    Args:
        mime: A MIME type such as `image/png`.
        kind: `image`, `document`, `video` or `audio`.

    Raises:
        ValueError: If it is not a MIME type, or not one that Converse takes for this kind.
    """
    formats = FORMATS[kind]
    if not mime or "/" not in mime:
        raise ValueError(
            f"invalid MIME type {_values.shown(mime)} for {kind} data: expected type/subtype, such as "
            f"{next(iter(formats))}."
        )
    plain = mime.partition(";")[0].strip().lower()
    if plain in formats:
        return formats[plain]
    subtype = plain.partition("/")[2]
    if subtype in formats.values():
        return subtype
    if kind == "document" and (plain.startswith("text/") or plain.endswith(("+json", "+xml", "+yaml"))):
        return "txt"
    raise ValueError(
        f"unsupported MIME type {_values.shown(mime)} for {kind} data: Converse takes {', '.join(sorted(formats))}."
    )


def _mime_of_name(url: str, kind: str) -> str | None:
    suffix = url.rpartition(".")[2].lower()
    family = "application" if kind == "document" else kind
    known = {"jpg": "jpeg", "3gp": "three_gp"}.get(suffix, suffix)
    return f"{family}/{known}" if known in FORMATS[kind].values() else None


def data_url(url: str, kind: str) -> dict[str, Any]:
    """Return the body of an image or video block that OpenAI's style gives as a URL."""
    return data_block({"type": kind, "url": url}, None)[kind]


def redacted_bytes(data: str | bytes) -> bytes:
    """Return a redacted thought as Converse takes it: base64 in messages, bytes in those that were saved long ago."""
    if isinstance(data, bytes):
        return data
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return data.encode()


def encoded(data: bytes | str) -> str:
    """Return bytes as base64 text; text is taken to be base64 already."""
    return data if isinstance(data, str) else base64.b64encode(data).decode("ascii")


def given_name(block: dict[str, Any]) -> str | None:
    """Return the name of a file, wherever its block holds it."""
    extras, metadata = block.get("extras") or {}, block.get("metadata") or {}
    places = (
        (block, "name"), (block, "filename"), (metadata, "name"), (metadata, "filename"), (extras, "name"),
        (extras, "filename"), (block, "title"), (extras, "title"),
    )  # fmt: skip
    return next((place[key] for place, key in places if place.get(key)), None)


def fallback_name(source: dict[str, Any], names: dict[str, int] | None) -> str:
    """Name a document by what is in it: the same request is the same bytes again, which prompt caching needs."""
    warn(
        "a document has no name, which Converse requires; pass 'name' in its block. A name made from its content is "
        "sent."
    )
    digest = content_name(source)
    if names is None:
        return digest
    names[digest] = names.get(digest, 0) + 1
    return digest if names[digest] == 1 else f"{digest}-{names[digest]}"


def _text_document(block: dict[str, Any], names: dict[str, int] | None) -> dict[str, Any]:
    text = block.get("text")
    if text is None:
        if not (block.get("base64") or block.get("url")):
            raise ValueError("a text-plain block needs 'text', base64= or an s3:// URL.")
        return data_block({"mime_type": "text/plain", **block, "type": "file"}, names)
    source = {"text": text}
    name = given_name(block) or block.get("title")
    name = _NAME_RULE.sub("-", name) if name else fallback_name(source, names)
    document: dict[str, Any] = {"format": "txt", "name": name, "source": source}
    if block.get("context"):
        document["context"] = block["context"]
    if citations := block.get("citations"):
        document["citations"] = citations
    return {"document": document}
