"""Plays a recording again: the same requests get the same answers, and nothing else gets any."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outcrop.emulator import _environment, _exchanges, _loopback

if TYPE_CHECKING:
    import os
    import socket

    from outcrop.emulator._loopback import Asked


class Replay(_loopback.Listening):
    """Answers from a recording of `Recorder`. It calls nobody, and needs no credentials that are any.

    A request is answered where method, path, source Region and body are those recorded, members in any order; the same
    request several times gets its answers in their order, once each. Anything else is refused and remembered.

    Args:
        path: The file.

    Raises:
        FileNotFoundError: There is no such recording.
        ValueError: The file is none.
    """

    _idle = "the recording is not played"

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._left: list[dict[str, Any]] = _exchanges.load(self.path)
        self._total = len(self._left)
        self._region: str | None = self._left[0].get("region") if self._left else None
        self._unknown: list[str] = []
        self._choosing = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point the Bedrock clients of every AWS SDK here, with keys that open nothing.

        The Region is the first one that was called.
        """
        regions = {"AWS_REGION": self._region, "AWS_DEFAULT_REGION": self._region} if self._region else {}
        return {
            **regions,
            **_environment.reaching(self.endpoint_url),
            "AWS_ACCESS_KEY_ID": "AKIAOUTCROPRECORDING",
            "AWS_SECRET_ACCESS_KEY": "outcrop/recording/opens/nothing",
        }

    def check(self, *, all_used: bool = True) -> None:
        """See that all that was recorded was asked for, and nothing else.

        Args:
            all_used: Whether an answer that nobody asked for is a fault. It is none of a test that failed half-way.

        Raises:
            AssertionError: Something was not recorded, or not asked for; the text lists both.
        """
        lines = [f"  {line}" for line in self._unknown]
        lines += [f"  nobody asked for {exchange['method']} {exchange['path']}" for exchange in self._left if all_used]
        if lines:
            raise AssertionError("\n".join([f"{self.path} was not kept to:", *lines]))

    def __repr__(self) -> str:
        return f"<Replay of {self.path}: {self._total - len(self._left)} of {self._total} answers given>"

    def _answer(self, asked: Asked, client: socket.socket) -> None:
        wanted = _exchanges.key(asked)
        with self._choosing:
            differences = [_exchanges.difference(_asked(exchange), wanted) for exchange in self._left]
            place = differences.index(None) if None in differences else None
            exchange = None if place is None else self._left.pop(place)
            said = ""
            if exchange is None:
                said = self._why(asked, wanted, differences)
                self._unknown.append(said)
        if exchange is None:
            _loopback.refuse(client, 400, "ValidationException", said)
            return
        status, headers, body = _exchanges.told(exchange)
        _loopback.respond(client, status, {**headers, "x-amzn-requestid": str(uuid.uuid4())}, body)

    def _why(self, asked: Asked, wanted: dict[str, Any], differences: list[str | None]) -> str:
        near = [
            difference
            for exchange, difference in zip(self._left, differences, strict=True)
            if difference and (exchange["method"], exchange["path"]) == (wanted["method"], wanted["path"])
        ]
        why = f"; the next one recorded differs at {near[0]}" if near else ""
        return f"there is no answer left for {asked}{why}"


def _asked(exchange: dict[str, Any]) -> dict[str, Any]:
    return {name: exchange[name] for name in ("method", "path", "region", "request") if name in exchange}
