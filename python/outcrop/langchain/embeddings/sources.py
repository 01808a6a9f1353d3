"""Media to embed: bytes, base64, data URLs, files and S3 objects, told apart by what they are."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path

_DATA_URL = re.compile(r"data:[^/]+/([^;,]+);base64,(.+)", re.DOTALL)
_LONGEST_PATH = 4096
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF8", "gif"),
    (8, b"WEBP", "webp"),
    (8, b"WAVE", "wav"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (4, b"ftypqt", "mov"),
    (4, b"ftyp", "mp4"),
    (0, b"\x1aE\xdf\xa3", "webm"),
)


def media_source(data: bytes | str, *, s3: bool) -> dict[str, str]:
    """Read a medium.

    Args:
        data: Bytes, base64, a data URL, the path of a file, or an `s3://` address.
        s3: Whether the model reads from S3 itself.

    Returns:
        `format`, and `base64` or `s3`.

    Raises:
        ValueError: If it is none of these, or on S3 where the model cannot read.
    """
    if isinstance(data, bytes):
        return _inline(data)
    if data.startswith("s3://"):
        if not s3:
            raise ValueError(f"this model does not read from S3: download {data} and pass its bytes.")
        return {"format": _named(data), "s3": data}
    if match := _DATA_URL.fullmatch(data):
        return {"format": match[1].lower(), "base64": match[2]}
    if len(data) <= _LONGEST_PATH and "\0" not in data and Path(data).is_file():
        return _inline(Path(data).read_bytes())
    try:
        return _inline(base64.b64decode(data, validate=True))
    except binascii.Error:
        raise ValueError(
            "the medium is neither bytes nor base64, a data URL, the path of a file or an s3:// address."
        ) from None


def _inline(data: bytes) -> dict[str, str]:
    return {"format": detected_format(data), "base64": base64.b64encode(data).decode("ascii")}


def detected_format(data: bytes) -> str:
    """Tell a format by the first bytes; `jpeg` if they say nothing."""
    return next((name for offset, mark, name in _SIGNATURES if data[offset : offset + len(mark)] == mark), "jpeg")


def _named(address: str) -> str:
    suffix = address.rpartition(".")[2].lower()
    return {"jpg": "jpeg"}.get(suffix, suffix)
