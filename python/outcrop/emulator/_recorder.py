"""Stands between a program and Amazon Bedrock and writes down what is said, for tests to play again."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outcrop.emulator import _environment, _exchanges, _loopback
from outcrop.emulator._needs import needs_botocore

if TYPE_CHECKING:
    import os
    import socket
    from collections.abc import Callable

    from outcrop.emulator._loopback import Asked

_TIMEOUTS = (10.0, 900.0)
"""Seconds to connect, and between two pieces of an answer: a model may think for long."""


class Recorder(_loopback.Listening):
    """Hands every Bedrock call on to AWS, signed anew with your credentials, and writes a recording when it ends.

    It asks AWS, with what that costs: each call goes to the Region that its client was made for, and nowhere else.
    The recording holds requests, prompts included, and answers; no headers, signatures or keys, and 123456789012 for
    every account. What has the form of a key is left out of texts, but not where a stream cuts it in two: `redact` is
    for that, and for what only you know to be secret. A block that ends with an exception leaves the file that was
    there.

    Args:
        path: The file.
        upstream: An endpoint in place of AWS's, such as an emulator's `endpoint_url`.
        session: A `botocore.session.Session` whose credentials sign; botocore's default if left out.
        redact: Is given each exchange (a dict with `path`, `request`, `answer` or `events`, …) before it is kept, and
            gives back what to keep. What it changes in a request, the test must send in that form to be answered.

    Raises:
        ImportError: botocore is not installed.

    Example:
        >>> import botocore.session, pathlib, tempfile
        >>> from outcrop.emulator import Recorder, Replay
        >>> session = botocore.session.Session()
        >>> session.set_credentials(bedrock.access_key_id, bedrock.secret_access_key)
        >>> question = {
        ...     "modelId": "us.amazon.nova-lite-v1:0",
        ...     "messages": [{"role": "user", "content": [{"text": "What is basalt?"}]}],
        ... }
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = pathlib.Path(folder.name) / "basalt.json"
        >>> with Recorder(path, upstream=bedrock.endpoint_url, session=session) as recorder:
        ...     runtime = bedrock.client("bedrock-runtime", endpoint_url=recorder.endpoint_url)
        ...     answer = runtime.converse(**question)
        >>> with Replay(path) as replay:
        ...     runtime = bedrock.client("bedrock-runtime", endpoint_url=replay.endpoint_url)
        ...     print(runtime.converse(**question)["output"] == answer["output"])
        True
        >>> folder.cleanup()
    """

    _idle = "the recorder is not running"

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        upstream: str | None = None,
        session: Any = None,
        redact: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    ) -> None:
        with needs_botocore("a recording"):
            import botocore.session
        self.path = Path(path)
        self.exchanges: list[dict[str, Any]] = []
        """What has been said so far."""
        self._upstream = upstream
        self._session = session or botocore.session.Session()
        self._redact = redact
        self._noting = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point the Bedrock clients of every AWS SDK here; credentials and Region stay yours."""
        return _environment.reaching(self.endpoint_url)

    def __exit__(self, kind: object = None, *_: object) -> None:
        super().__exit__()
        if kind is None:
            with self._noting:
                _exchanges.save(self.path, self.exchanges)

    def _answer(self, asked: Asked, client: socket.socket) -> None:
        from outcrop.emulator import _upstream

        try:
            url = (self._upstream or _upstream.endpoint(self._session, asked)) + asked.target
            response = _upstream.send(self._session, asked, url, _TIMEOUTS)
        except Exception as error:  # noqa: BLE001  -- whatever the way to AWS fails with is told to the caller
            _loopback.refuse(
                client, 502, "ServiceUnavailableException", f"the recorder got no answer: {type(error).__name__}"
            )
            return
        headers = {name.lower(): value for name, value in response.headers.items()}
        lines = [f"HTTP/1.1 {response.status_code} -"]
        lines += [f"{name}: {value}" for name, value in headers.items() if name not in _FRAMING]
        client.sendall("\r\n".join([*lines, "connection: close", "", ""]).encode("latin-1"))
        body = b""
        # As it comes: a stream stays one.
        while piece := response.raw.read1(65536):
            body += piece
            client.sendall(piece)
        exchange = {**_exchanges.key(asked), **_exchanges.answer(response.status_code, headers, body)}
        exchange = _exchanges.cleaned(exchange, _upstream.secrets(self._session))
        with self._noting:
            self.exchanges.append(self._redact(exchange) if self._redact else exchange)


_FRAMING = {"content-length", "transfer-encoding", "connection", "content-encoding"}
