"""A loopback HTTP server that keeps every request as it was sent and plays bytes given beforehand."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable
    from typing import Any

    from typing_extensions import Self


@dataclass(frozen=True)
class Request:
    """A request as it stood on the wire: the path is still encoded."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The header's value; several are joined as HTTP joins them."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None


@dataclass(frozen=True)
class Answer:
    """What is played: whole, in chunks of a chunked body, or cut off."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    chunks: tuple[bytes, ...] | None = None
    """Sent one by one with `Transfer-Encoding: chunked` in place of `body`."""
    cut: bool = False
    """Close the connection after the last byte here, without ending the body."""
    hold: threading.Event | None = None
    """Wait for this before ending the body (at most 30 s)."""


def json_answer(body: bytes, status: int = 200, **headers: str) -> Answer:
    """An answer with a JSON body and the headers that every Bedrock answer has."""
    base = {"Content-Type": "application/json", "x-amzn-RequestId": "2f0c6ad5-0b51-4a63-8f9b-6f2f0c1f3b61"}
    return Answer(status, base | {name.replace("_", "-"): value for name, value in headers.items()}, body)


#: A body that is an answer of whatever is called: it has a member of each that may not be missing.
ANSWER = json.dumps(
    {
        "output": {"message": {"role": "assistant", "content": [{"text": "ok"}]}},
        "inputTokens": 1,
        "invocationArn": "arn:aws:bedrock:us-east-1:123456789012:async-invoke/abcdefghijkl",
        "action": "NONE",
        "results": {"zzAddedLater": 1},
        "inferenceProfileArn": "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl",
        "jobArn": "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl",
        "modelId": "m",
        "name": "g",
        "promptRouterName": "p",
        "guardrails": [],
    }
).encode()


class Server:
    """Plays `answers` in order, the last one for ever; or what a function makes of each request."""

    def __init__(
        self,
        *answers: Answer,
        answer: Callable[[Request], Answer] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.requests: list[Request] = []
        self._answer = answer
        self._lock = threading.Lock()
        self.play(*answers)
        self._http = _Listener(self)
        self._scheme = "https" if context else "http"
        if context:
            # The handshake is each handler's: one that never comes would hold up the others.
            listener = self._http.socket
            self._http.socket = context.wrap_socket(listener, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._http.server_address[1]}"

    def play(self, *answers: Answer) -> None:
        """Forget the answers so far and play these."""
        with self._lock:
            self._answers = deque(answers)

    def take(self) -> Request:
        """The one request since the last `take`; more or fewer are a failure."""
        with self._lock:
            (request,) = self.requests
            self.requests.clear()
        return request

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _respond(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            if self._answer is not None:
                return self._answer(request)
            return self._answers.popleft() if len(self._answers) > 1 else self._answers[0]


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    # Clients keep connections open, so waiting for every handler at the end would wait for them.
    block_on_close = False
    request_queue_size = 256

    def __init__(self, owner: Server) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are two writes, and Nagle's algorithm would hold the second back.
    disable_nagle_algorithm = True
    server: _Listener

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(1 << 20)
        if not self.raw_requestline:
            self.close_connection = True
        elif self.parse_request():
            # `self.path` folds leading slashes; the request line does not.
            target = self.requestline.split(" ")[1]
            request = Request(self.command, target, tuple(self.headers.items()), self._body())
            self._play(self.server.owner._respond(request))

    def _play(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.chunks is None:
            self._write_whole(answer)
        else:
            self._write_chunks(answer.chunks)
        if answer.hold is not None:
            answer.hold.wait(PATIENCE)
        if answer.cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif answer.chunks is not None:
            self.wfile.write(b"0\r\n\r\n")

    def _write_whole(self, answer: Answer) -> None:
        # A body that is cut promises one byte more than it has.
        self.send_header("Content-Length", str(len(answer.body) + answer.cut))
        self.end_headers()
        self.wfile.write(answer.body)

    def _write_chunks(self, chunks: Iterable[bytes]) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the requests are kept."""
