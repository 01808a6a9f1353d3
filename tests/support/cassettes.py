"""Real Bedrock traffic, recorded by the authors of langchain-aws: what was asked, and the bytes of the answer."""

from __future__ import annotations

import base64
import gzip
import json
from functools import cache
from typing import Any, NamedTuple

import yaml

from . import anchor
from .frames import CONTENT_TYPE
from .server import Answer


class Recording(NamedTuple):
    """One exchange of a cassette."""

    name: str
    method: str
    """The client's method: `converse` or `converse_stream`."""
    arguments: dict[str, Any]
    body: dict[str, Any]
    """The arguments' JSON as it was sent, without the model, which stands in the path."""
    answer: Answer


@cache
def recordings() -> tuple[Recording, ...]:
    """Every exchange of every cassette, in order. Its recorder blanked all headers: the content type is told again."""
    return tuple(
        recording
        for path in sorted((anchor.folder() / "tests" / "cassettes").glob("*.yaml.gz"))
        for recording in _read(path.name.removesuffix(".yaml.gz"), yaml.safe_load(gzip.decompress(path.read_bytes())))
    )


def _read(name: str, cassette: dict[str, Any]) -> list[Recording]:
    made = []
    for number, (request, response) in enumerate(zip(cassette["requests"], cassette["responses"], strict=True)):
        *_, model, operation = request["uri"].split("/")
        content_type = CONTENT_TYPE if operation == "converse-stream" else "application/json"
        headers = {"Content-Type": content_type, "x-amzn-RequestId": f"{name}-{number}"}
        answer = Answer(response["status"]["code"], headers, response["body"]["string"])
        body = json.loads(request["body"])
        arguments = {"modelId": model, **_with_bytes(body)}
        made.append(Recording(f"{name}-{number}", operation.replace("-", "_"), arguments, body, answer))
    return made


def _with_bytes(value: Any) -> Any:
    """Documents are sent in base64 and given to a client as they are."""
    if isinstance(value, dict):
        return {key: base64.b64decode(item) if key == "bytes" else _with_bytes(item) for key, item in value.items()}
    return [_with_bytes(item) for item in value] if isinstance(value, list) else value
