"""What counts as the same request, and as the same dict."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from .shapes import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.server import Request

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
# Which program sends, and its measurements of itself, say nothing about what is asked.
_MEANT = re.compile(r"accept|content-type|host|x-amz-(?!date|user-agent).*|x-amzn-.*")
_SCOPE = re.compile(r"AWS4-HMAC-SHA256 Credential=([^,]*),")


def meaning(request: Request) -> dict[str, Any]:
    """The request without what may differ: order, spacing, the date, who sent it."""
    body: Any = request.body
    if request.header("Content-Type") == "application/json" and body and not _RAW.fullmatch(request.path):
        body = _plain(json.loads(body))
    return {
        "method": request.method,
        "path": request.path,
        "query": sorted((name, _moment(value)) for name, value in parse_qsl(request.query, keep_blank_values=True)),
        "headers": {
            name.lower(): unless_made_up(name, value)
            for name, value in request.headers
            if _MEANT.fullmatch(name.lower())
        },
        "scope": _SCOPE.match(request.header("Authorization") or ",").group(1).split("/")[2:],  # type: ignore[union-attr]
        "body": body,
    }


# Their body is the user's own, byte for byte.
_RAW = re.compile(r"/model/[^/]+/invoke(-with-response-stream)?")


def _plain(value: Any) -> Any:
    """JSON with moments read and made-up idempotency tokens named."""
    if isinstance(value, dict):
        return {key: unless_made_up(key, _plain(item)) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _moment(value) if isinstance(value, str) else value


def unless_made_up(name: str, value: Any) -> Any:
    """A value, unless it is an idempotency token that a client made up, which is called a token everywhere."""
    is_token = name.lower().endswith("token") and _UUID.fullmatch(str(value))
    return "made up" if is_token else value


def _moment(text: str) -> Any:
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if _MOMENT.fullmatch(text) else text


def _later(name: str, _: Any) -> bool:
    return name == UNKNOWN


def assert_same(ours: Any, theirs: Any, path: str = "answer", dropped: Callable[[str, Any], bool] = _later) -> None:
    """`ours` holds all that `theirs` holds and nothing else, but for members that botocore may drop."""
    assert type(ours) is type(theirs) or {type(ours), type(theirs)} <= {int, float}, f"{path}: {ours!r} / {theirs!r}"
    if isinstance(theirs, dict):
        more = [key for key in ours.keys() - theirs.keys() if not dropped(key, ours[key])]
        assert not more, f"{path}: {more} in {ours!r}, not in {theirs!r}"
        for key, value in theirs.items():
            assert key in ours, f"{path}: no {key} in {ours!r}"
            assert_same(ours[key], value, f"{path}.{key}", dropped)
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs), path
        for index, pair in enumerate(zip(ours, theirs, strict=True)):
            assert_same(*pair, f"{path}[{index}]", dropped)
    else:
        assert ours == theirs, f"{path}: {ours!r} / {theirs!r}"
        if isinstance(theirs, datetime):
            assert ours.utcoffset() == theirs.utcoffset(), path
