"""Where files lie: `s3://bucket/key`, and what Bedrock takes of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from outcrop import _values

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_KEY = re.compile(r"[-!_*'().a-zA-Z0-9/]*")
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.-]{0,31}")


class Place(NamedTuple):
    """A place in a bucket.

    Attributes:
        bucket: The bucket.
        key: What is below it, without slashes at its ends.
    """

    bucket: str
    key: str

    @property
    def uri(self) -> str:
        """As Bedrock takes it."""
        return f"s3://{self.bucket}/{self.key}" if self.key else f"s3://{self.bucket}"

    def below(self, *names: str) -> Place:
        """A place below this one."""
        return Place(self.bucket, "/".join(filter(None, (self.key, *names))))

    @property
    def folder(self) -> str:
        """Its URI as a folder."""
        return f"{self.uri}/"


def parsed(what: str, uri: object) -> Place:
    """The place of a URI.

    Args:
        what: What it is called in the error.
        uri: What was given.

    Raises:
        TypeError: It is no text.
        ValueError: It is no URI of S3, or one that Bedrock's jobs do not take.
    """
    text = _values.text(what, uri)
    bucket, _, key = text.removeprefix("s3://").partition("/")
    if not text.startswith("s3://") or not _BUCKET.fullmatch(bucket):
        raise ValueError(f"{what} must be a place such as s3://bucket/folder, not {_values.shown(text)}")
    if not _KEY.fullmatch(key):
        raise ValueError(
            f"{what} {_values.shown(text)} cannot be a job's: its keys may hold letters, digits and -!_*'(). alone"
        )
    return Place(bucket, key.strip("/"))


def checked_name(name: object) -> str:
    """The name of some jobs, which is a part of their own names and of their files'.

    Raises:
        ValueError: No job can be named so.
    """
    text = _values.text("name", name)
    if not _NAME.fullmatch(text):
        raise ValueError(
            f"name {_values.shown(text)} cannot be a part of a job's: at most 32 letters, digits, dots and hyphens, "
            "and a letter or a digit first"
        )
    return text
