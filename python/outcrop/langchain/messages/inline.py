"""Data that stands in a message itself: base64 and data URLs, and what type they are of."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from outcrop._conversation.media import picture_format

_URL_SAFE = str.maketrans("-_", "+/")
_UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_SUFFIXES = {
    "gif": "image/gif", "jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp",
    "csv": "text/csv", "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "htm": "text/html", "html": "text/html", "md": "text/markdown", "pdf": "application/pdf",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    **dict.fromkeys(
        (
            "c", "cfg", "conf", "cpp", "css", "go", "h", "ini", "java", "js", "json", "jsonl", "kt", "log", "py", "rb",
            "rs", "rst", "sh", "sql", "tex", "toml", "ts", "txt", "xml", "yaml", "yml",
        ),
        "text/plain",
    ),
}  # fmt: skip


def read_data_url(url: str) -> tuple[str | None, bytes] | None:
    """Read a data URL, in base64 or with its characters escaped.

    Args:
        url: Any URL.

    Returns:
        Its type, if it says one, and its bytes; `None` if it is no data URL.

    Raises:
        ValueError: If it is a data URL that cannot be read.
    """
    if url[:5].lower() != "data:":
        return None
    head, comma, data = url[5:].partition(",")
    if not comma:
        raise ValueError("the data: URL has no data: it ends before the comma.")
    mime, *parameters = (part.strip().lower() for part in head.split(";"))
    if "base64" not in parameters:
        return mime or "text/plain", unquote_to_bytes(data)
    return mime or None, decoded(unquote(data) if "%" in data else data)


def decoded(data: str | bytes) -> bytes:
    """Return the bytes of a base64 text, also of one for URLs, with line ends or without padding; bytes as they are.

    Raises:
        ValueError: If it is no base64.
    """
    if isinstance(data, bytes):
        return data
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        pass
    plain = "".join(data.split()).translate(_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"the data is not valid base64 ({error}).") from None


def type_of(data: bytes) -> str | None:
    """Return the type of a picture or a PDF by the bytes that it begins with; `None` of anything else."""
    if name := picture_format(data):
        return f"image/{name}"
    return "application/pdf" if data.startswith(b"%PDF-") else None


def known_type(mime: str | None, name: Any) -> str | None:
    """Return a type, or that which a file's name tells where nobody says one."""
    if mime is not None and mime.partition(";")[0].strip().lower() not in _UNSAID:
        return mime
    suffix = name.rpartition(".")[2].lower() if isinstance(name, str) and "." in name else ""
    return _SUFFIXES.get(suffix, mime or None)
