"""Receipts: what `enable` made and what was there before, so that `disable` can undo exactly that.

A receipt lives with what it is about: in the tags of the log group, packed and cut into pieces, since a tag value holds
256 characters out of a small alphabet. So any machine of the account can undo what another one did, and nothing is
kept on a disk. A set-up without a log group (Amazon S3 only) has no such place: there the caller keeps the receipt.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from outcrop.monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Mapping

TAG = "outcrop:receipt-"
#: Tags that mark the metric filters made or changed by outcrop: filters themselves cannot be tagged.
FILTER_TAG = "outcrop:metric-filter:"
#: Tags with what a changed filter was before, by its name and in pieces.
FILTER_BEFORE_TAG = "outcrop:metric-filter-before:"
PIECE = 256
VERSION = 1


@dataclass
class Receipt:
    """What was made in one Region, and what was there before.

    Attributes:
        region: The Region.
        log_group_name: The log group, if records go to CloudWatch Logs.
        log_group_created: Whether the log group was made.
        retention_changed: Whether the retention of a log group that was there was changed.
        retention_before: Its retention before, in days; None for ever.
        role_name: The role that was made or extended for this Region, if any.
        bucket_statements: Bucket name → ids of the statements that were added to its policy.
        configuration_before: The `loggingConfig` that was in force before; None if there was none.
        configuration_after: The `loggingConfig` that was put.
    """

    region: str
    configuration_after: dict[str, Any]
    configuration_before: dict[str, Any] | None = None
    log_group_name: str | None = None
    log_group_created: bool = False
    retention_changed: bool = False
    retention_before: int | None = None
    role_name: str | None = None
    bucket_statements: dict[str, list[str]] | None = None

    def to_json(self) -> str:
        """The receipt as JSON, to keep where there is no log group."""
        return json.dumps({"version": VERSION, **asdict(self)}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Receipt:
        """Reads what `to_json` wrote.

        Raises:
            MonitoringError: It is no receipt, or one of a newer outcrop.
        """
        try:
            values = json.loads(text)
            version = values.pop("version")
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            message = "this is no receipt of outcrop: give what Plan.receipts held, unchanged"
            raise MonitoringError(message) from error
        if version != VERSION:
            message = f"the receipt has version {version}, known is {VERSION}: use the outcrop that wrote it"
            raise MonitoringError(message)
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def to_tags(self) -> dict[str, str]:
        """The receipt as tags of a log group."""
        return packed(self.to_json(), TAG)

    @classmethod
    def from_tags(cls, tags: Mapping[str, str]) -> Receipt | None:
        """Reads what `to_tags` wrote; None where there is nothing.

        Raises:
            MonitoringError: A piece is missing or was changed.
        """
        text = unpacked(tags, TAG)
        return None if text is None else cls.from_json(text)


def packed(text: str, prefix: str) -> dict[str, str]:
    """A text as tags: their values hold few kinds of characters, and not many of them.

    Args:
        text: The text.
        prefix: What the tags' keys begin with.
    """
    characters = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    pieces = [characters[start : start + PIECE] for start in range(0, len(characters), PIECE)]
    return {f"{prefix}{number}": piece for number, piece in enumerate(pieces)}


def unpacked(tags: Mapping[str, str], prefix: str) -> str | None:
    """Reads what `packed` wrote; None where there is nothing.

    Args:
        tags: All tags.
        prefix: What the keys begin with.

    Raises:
        MonitoringError: A piece is missing or was changed.
    """
    numbered = sorted((int(key[len(prefix) :]), key) for key in tags if key.startswith(prefix))
    if not numbered:
        return None
    try:
        characters = "".join(tags[key] for _, key in numbered)
        return zlib.decompress(base64.b64decode(characters, validate=True)).decode()
    except (ValueError, zlib.error) as error:
        message = f"the tags {prefix}* of the log group are damaged: put them back, or pass receipts={{…}}"
        raise MonitoringError(message) from error
