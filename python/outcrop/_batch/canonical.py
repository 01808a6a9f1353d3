"""Requests and answers as JSON, there and back: bytes, times and bodies included."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from outcrop._streams import AsyncStreamingBody, StreamingBody

if TYPE_CHECKING:
    from collections.abc import Mapping

_BYTES, _TIME, _BODY, _PLAIN = "$bytes", "$time", "$body", "$plain"
_BODIES = (StreamingBody, AsyncStreamingBody)


def identity(operation: str, request: Mapping[str, Any], where: str = "") -> str:
    """What a request is known by in a journal: a hash of its content, whatever the order of its keys.

    Args:
        operation: boto3's name.
        request: Its keyword arguments.
        where: The Region and the endpoint that are called: another one answers for itself.

    Returns:
        64 hexadecimal digits.
    """
    text = json.dumps([where, operation, packed(request)], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def packed(value: Any) -> Any:
    """Something that JSON holds, from which `unpacked` makes the same again.

    Raises:
        TypeError: The value is of a type that no request or answer has.
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, dict):
        plain = {_key(key): packed(each) for key, each in value.items()}
        return {_PLAIN: plain} if any(key.startswith("$") for key in plain) else plain
    if isinstance(value, (list, tuple)):
        return [packed(each) for each in value]
    if isinstance(value, (bytes, bytearray)):
        return {_BYTES: base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, _BODIES):
        return {_BODY: base64.b64encode(value.content).decode("ascii")}
    raise TypeError(f"a journal keeps what JSON can say, bytes and times, but not {type(value).__name__}")


def _key(key: Any) -> str:
    """A name as JSON has it."""
    return str.__str__(key) if isinstance(key, str) else json.dumps(key).strip('"')


def unpacked(value: Any, body: type[Any]) -> Any:
    """What was packed.

    Args:
        value: From `packed`.
        body: The class of `invoke_model` bodies.
    """
    if isinstance(value, list):
        return [unpacked(each, body) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((key, content),) = value.items()
        if key == _BYTES:
            return base64.b64decode(content)
        if key == _TIME:
            return datetime.fromisoformat(content)
        if key == _BODY:
            return body(base64.b64decode(content))
        if key == _PLAIN:
            value = content
    return {key: unpacked(each, body) for key, each in value.items()}
