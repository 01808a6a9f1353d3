"""Requests and answers in a file that people can read and keep beside their tests: no headers, no secrets."""

from __future__ import annotations

import base64
import json
import os
import re
from typing import TYPE_CHECKING, Any

from outcrop.emulator import _frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from outcrop.emulator._loopback import Asked

ACCOUNT = "123456789012"
"""What stands in a recording for every account."""
LEFT_OUT = "LEFT-OUT"
"""What stands in a recording for every secret."""
_VERSION = 1
_ACCOUNTS = re.compile(r"(?<=:)\d{12}(?=:)")
_SECRETS = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bABSK[\w+/=-]{20,}|bedrock-api-key-[\w+/=.-]{20,}")


def cleaned(value: Any, secrets: Iterable[str] = ()) -> Any:
    """Without the numbers of accounts, and without what has the form of a key or is one."""
    if isinstance(value, dict):
        return {name: cleaned(member, secrets) for name, member in value.items()}
    if isinstance(value, list):
        return [cleaned(member, secrets) for member in value]
    if not isinstance(value, str):
        return value
    for secret in secrets:
        value = value.replace(secret, LEFT_OUT)
    return _SECRETS.sub(LEFT_OUT, _ACCOUNTS.sub(ACCOUNT, value))


def key(asked: Asked) -> dict[str, Any]:
    """What makes two requests the same one: what is asked of whom, and where."""
    found: dict[str, Any] = {"method": asked.method, "path": _path(asked.target), "region": asked.region}
    if asked.body:
        found["request"] = asked.request if asked.request is not None else {"base64": _base64(asked.body)}
    return cleaned(found)


def answer(status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """An answer, a stream event for event."""
    found: dict[str, Any] = {"status": status}
    kind = headers.get("content-type", "application/json")
    if error := headers.get("x-amzn-errortype"):
        found["error"] = error
    if kind.startswith(_frames.CONTENT_TYPE):
        return {**found, "events": [{**names, "payload": _readable(data)} for names, data in _frames.read(body)]}
    return {**found, "content-type": kind, "answer": _readable(body)}


def told(exchange: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a recorded answer."""
    headers = {"x-amzn-errortype": exchange["error"]} if "error" in exchange else {}
    if "events" not in exchange:
        headers["content-type"] = exchange["content-type"]
        return exchange["status"], headers, _bytes(exchange["answer"])
    frames = [
        _frames.write({name: value for name, value in event.items() if name != "payload"}, _bytes(event["payload"]))
        for event in exchange["events"]
    ]
    return exchange["status"], {**headers, "content-type": _frames.CONTENT_TYPE}, b"".join(frames)


def load(path: Path) -> list[dict[str, Any]]:
    """The exchanges of a file.

    Raises:
        FileNotFoundError: There is none.
        ValueError: It is no recording, or a later version's.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(
            f"there is no recording {path}: make one with Recorder, or pytest --bedrock-record"
        ) from None
    try:
        found = json.loads(text)
        version, exchanges = found["outcrop-recording"], found["exchanges"]
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{path} is no recording of outcrop's") from None
    if version != _VERSION:
        raise ValueError(f"{path} has the form {version} of recordings, and this outcrop reads {_VERSION}")
    return exchanges


def save(path: Path, exchanges: list[dict[str, Any]]) -> None:
    """Writes a file as a whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    text = json.dumps({"outcrop-recording": _VERSION, "exchanges": exchanges}, indent=1, ensure_ascii=False)
    half.write_text(f"{text}\n", "utf-8")
    half.replace(path)


def difference(wanted: Any, found: Any, where: str = "") -> str | None:
    """The first place at which two values differ, as a path; what stands there is nobody's business."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name in sorted({*wanted, *found}):
            here = f"{where}.{name}" if where else name
            if name not in wanted or name not in found:
                return here
            if inner := difference(wanted[name], found[name], here):
                return inner
        return None
    if isinstance(wanted, list) and isinstance(found, list):
        for index, (one, other) in enumerate(zip(wanted, found, strict=False)):
            if inner := difference(one, other, f"{where}[{index}]"):
                return inner
        return None if len(wanted) == len(found) else f"the length of {where}"
    return None if wanted == found else where


def _path(target: str) -> str:
    """Path and query, without a signature that stands there."""
    path, _, query = target.partition("?")
    kept = [part for part in query.split("&") if part and not part.lower().startswith("x-amz-")]
    return "?".join(
        [re.sub(r"(?<=%3A)\d{12}(?=%3A)", ACCOUNT, path, flags=re.IGNORECASE), *(["&".join(kept)] if kept else [])]
    )


def _readable(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return {"base64": _base64(body)}


def _bytes(value: Any) -> bytes:
    if isinstance(value, dict) and set(value) == {"base64"}:
        return base64.b64decode(value["base64"])
    return json.dumps(value, ensure_ascii=False).encode()


def _base64(body: bytes) -> str:
    return base64.b64encode(body).decode("ascii")
