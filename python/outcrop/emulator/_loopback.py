"""A small HTTP/1.1 server on loopback, whose answers Python decides: what scripts and recordings stand on."""

from __future__ import annotations

import json
import re
import select
import socket
import struct
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote, urlsplit

from outcrop.emulator._body import JsonBody

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

OPERATIONS = {
    "converse": "Converse",
    "converse-stream": "ConverseStream",
    "invoke": "InvokeModel",
    "invoke-with-response-stream": "InvokeModelWithResponseStream",
}
"""The operations that a model answers, by the end of their path."""

_MODEL = re.compile(r"/model/(?P<model>.+)/(?P<end>[a-z-]+)")
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[^/]+)/")


@dataclass(frozen=True, repr=False)
class Asked(JsonBody):
    """One request as it came: what a function that answers is given.

    Attributes:
        method: The HTTP method.
        target: Path and query as sent.
        headers: The headers by lower-case name.
        body: The body as sent.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        """A line of what was asked; no prompt."""
        model = f" of {self.model_id}" if self.model_id else ""
        return f"<{self.operation or f'{self.method} {urlsplit(self.target).path}'}{model} in {self.region}>"

    @property
    def operation(self) -> str | None:
        """`Converse`, `ConverseStream`, `InvokeModel` or `InvokeModelWithResponseStream`; `None` for another one."""
        found = self._model
        return OPERATIONS.get(found["end"]) if found else None

    @property
    def model_id(self) -> str | None:
        """What the caller named as the model."""
        found = self._model
        return unquote(found["model"]) if found else None

    @property
    def region(self) -> str | None:
        """The source Region, as the signature names it; `None` for a bearer token."""
        signed = self.headers.get("authorization", "") + unquote(urlsplit(self.target).query)
        found = _SCOPE.search(signed)
        return found["region"] if found else None

    @property
    def text(self) -> str:
        """What the user said last."""
        request = self.request if isinstance(self.request, dict) else {}
        said = [turn for turn in request.get("messages") or [] if isinstance(turn, dict) and turn.get("role") == "user"]
        content = said[-1].get("content") if said else request.get("prompt") or request.get("inputText")
        if isinstance(content, str):
            return content
        return " ".join(str(block["text"]) for block in content or [] if isinstance(block, dict) and "text" in block)

    @property
    def _model(self) -> re.Match[str] | None:
        return _MODEL.fullmatch(urlsplit(self.target).path)


class Loopback:
    """Runs until it is closed; each connection has a thread, and brings one request."""

    def __init__(self, answer: Callable[[Asked, socket.socket], None], port: int = 0) -> None:
        class Handler(_Handler):
            pass

        Handler.answer = staticmethod(answer)
        self._server = _Server(("127.0.0.1", port), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Listening:
    """Answers on loopback while its with-block lasts, by its method `_answer`."""

    _idle: ClassVar[str]
    """What is said of its endpoint outside of the block."""
    _front: Loopback | None = None

    @property
    def endpoint_url(self) -> str:
        """What clients take as `endpoint_url`.

        Raises:
            RuntimeError: It does not run.
        """
        if self._front is None:
            raise RuntimeError(f"{self._idle}: use it in a with-block")
        return self._front.endpoint_url

    def __enter__(self) -> Self:
        self._front = Loopback(self._answer)
        return self

    def __exit__(self, *_: object) -> None:
        if self._front is not None:
            self._front.close()
            self._front = None

    def _answer(self, asked: Asked, client: socket.socket) -> None:
        raise NotImplementedError


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Whoever is still being answered when a test ends is not waited for.
    block_on_close = False
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: Callable[[Asked, socket.socket], None]

    def handle_one_request(self) -> None:
        self.close_connection = True
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            return
        if "transfer-encoding" in self.headers:
            self.send_error(411, "a request to a script needs a content-length")
            return
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        try:
            self.answer(Asked(self.command, self.path, headers, body), self.connection)
        except OSError:
            # The caller has gone: nobody is left to be told.
            return

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed: the journal tells."""


def respond(client: socket.socket, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Sends a whole answer; the connection ends with it."""
    given = {**headers, "content-length": str(len(body)), "connection": "close"}
    lines = [f"HTTP/1.1 {status} {'OK' if status < 400 else 'Error'}", *(f"{n}: {v}" for n, v in given.items())]  # noqa: PLR2004
    client.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def refuse(client: socket.socket, status: int, code: str, message: str) -> None:
    """Sends an error in Bedrock's form."""
    headers = {"content-type": "application/json", "x-amzn-errortype": code}
    respond(client, status, headers, json.dumps({"message": message}).encode())


def forward(asked: Asked, port: int) -> socket.socket:
    """Hands a request on as it came, signature and all, to another port of this machine."""
    kept = {name: value for name, value in asked.headers.items() if name not in {"connection", "expect"}}
    lines = [f"{asked.method} {asked.target} HTTP/1.1", *(f"{n}: {v}" for n, v in kept.items()), "connection: close"]
    upstream = socket.create_connection(("127.0.0.1", port))
    upstream.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + asked.body)
    return upstream


def pump(upstream: socket.socket, client: socket.socket) -> None:
    """Carries an answer back byte for byte until either side ends; a reset stays one."""
    with upstream:
        while True:
            ready, _, _ = select.select([upstream, client], [], [])
            if client in ready and not client.recv(65536):
                return
            if upstream not in ready:
                continue
            try:
                piece = upstream.recv(65536)
            except ConnectionResetError:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.close()
                return
            if not piece:
                return
            client.sendall(piece)
