"""Servers and clients for what happens below a call."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from tests.support.sides import Side
from tests.support.stalling import read_request

if TYPE_CHECKING:
    import socket

REQUEST: dict[str, Any] = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}
ANSWER = json.dumps({"output": {"message": {"role": "assistant", "content": [{"text": "ok"}]}}}).encode()


def whole_answer(extra: str = "") -> bytes:
    return b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (extra.encode(), len(ANSWER), ANSWER)


def serving(connection: socket.socket) -> None:
    """Answer every request."""
    while read_request(connection):
        connection.sendall(whole_answer())


@pytest.fixture(params=["blocking", "async"])
def make(request):
    """Makes a side of each kind; it tries once unless told otherwise."""

    def side(**settings):
        return Side(request.param, **({"retries": {"max_attempts": 1}} | settings))

    return side


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, folder: Any) -> None:
        self._authority = trustme.CA()
        self.bundle = str(folder / "authority.pem")
        self._authority.cert_pem.write_to_path(self.bundle)

    def context(self, *protocols: str, name: str = "127.0.0.1") -> ssl.SSLContext:
        """A server's context, with these protocols on offer."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(name).configure_cert(context)
        if protocols:
            context.set_alpn_protocols(list(protocols))
        return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))
