"""Pictures, films, sounds and files: what a model does not read is named in a text, unless it is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop._models import refuses

if TYPE_CHECKING:
    from collections.abc import Callable

Block = dict[str, Any]

KINDS = ("image", "document", "video", "audio")
"""Kinds of blocks that show something."""

_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF87a": "gif", b"GIF89a": "gif"}


def picture_format(data: Any) -> str | None:
    """Return Converse's name of the format that a picture's bytes are in; `None` if they are of no known one."""
    if not isinstance(data, bytes):
        return None
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((name for beginning, name in _BEGINNINGS.items() if data.startswith(beginning)), None)


class Media:
    """What one model makes of what it is shown.

    Args:
        model: The id of the model that will read the conversation; empty if it is not known.
        note: Told of each change.
    """

    def __init__(self, model: str, note: Callable[[str], None]) -> None:
        self._tell = note
        self._unread = frozenset(kind for kind in ("image", "video", "audio") if refuses(model, kind))
        self._not_on_s3 = refuses(model, "data on S3")
        self._no_results_on_s3 = refuses(model, "documents on S3 in results")

    def fits(self, block: Block, kind: str) -> bool:
        """Whether a block is sent as it is, wherever it stands."""
        return isinstance(block[kind], dict) and self._formatted(block, kind) is block and self._why(block, kind) == ""

    def sent(self, block: Block, kind: str, *, asked_now: bool = False, in_result: bool = False) -> Block:
        """Return what a block is sent as.

        Args:
            block: The block; it is not changed.
            kind: Which of `KINDS` it is of.
            asked_now: Whether it is asked about now: then Bedrock says if the model does not read it.
            in_result: Whether it stands in a tool's result.
        """
        if not asked_now and (why := self._why(block, kind, in_result=in_result)):
            self._tell(f"{kind}s {why} are named in a text")
            return {"text": _name(block, kind)}
        made = self._formatted(block, kind)
        if made is not block:
            self._tell("the format of an image was changed to that of its bytes")
        return made

    def _why(self, block: Block, kind: str, *, in_result: bool = False) -> str:
        """Say why a model does not read a block; nothing if it does."""
        if kind in self._unread:
            return "that this model does not read"
        no_s3 = self._not_on_s3 or (self._no_results_on_s3 and in_result and kind == "document")
        return "on S3, which this model does not read," if no_s3 and _place(block, kind) is not None else ""

    @staticmethod
    def _formatted(block: Block, kind: str) -> Block:
        image = block[kind]
        source = image.get("source") if kind == "image" else None
        if not isinstance(source, dict) or not (source.keys() & {"bytes", "s3Location"}):
            return block
        given = image.get("format")
        simple = given.lower() if isinstance(given, str) else given
        made = picture_format(source.get("bytes")) or ("jpeg" if simple == "jpg" else simple)
        return block if made == given else {**block, kind: {**image, "format": made}}


def _place(block: Block, kind: str) -> Any:
    held = block[kind]
    source = held.get("source") if isinstance(held, dict) else None
    location = source.get("s3Location") if isinstance(source, dict) else None
    return location.get("uri") if isinstance(location, dict) else None


def _name(block: Block, kind: str) -> str:
    place = _place(block, kind)
    return f"[{kind} at {place}]" if isinstance(place, str) else f"[{kind}, which this model does not read]"
