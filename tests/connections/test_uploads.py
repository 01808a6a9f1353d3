"""A request goes out as long as the server takes it, and an answer is read as long as it has an end."""

from __future__ import annotations

import socket
import threading

import pytest

from outcrop import exceptions
from tests.support.http2 import Peer
from tests.support.stalling import Handled, read_request
from tests.support.waiting import PATIENCE

from .conftest import REQUEST, serving, whole_answer

# More than the buffers of two sockets take.
LONG = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "x" * 24_000_000}]}]}


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_a_server_that_stops_reading_is_not_waited_for(make, version):
    over = threading.Event()

    def deaf(connection):
        if version == "2":
            # Its window never opens.
            Peer(connection).request()
        over.wait(PATIENCE)

    with Handled(deaf) as server:
        where = {"endpoint_url": f"http://127.0.0.1:{server.port}", "http_version": version}
        side = make(timeouts={"idle": 0.3}, retries={"max_attempts": 2}, **where)
        with pytest.raises(exceptions.ReadTimeoutError, match=r"the upload time-out of 0.3 s ran out"):
            side.call("converse", **LONG)
        # No server had it whole, so it was another attempt.
        assert [it.retries for it in side.client.metrics().series] == [1]
        over.set()


def test_a_connection_whose_server_answered_early_is_not_used_again(make):
    """It waits for the rest of a request, which it would take the next one for."""
    over = threading.Event()

    def refusing(connection):
        if b"content-length: 24" in connection.recv(1 << 12, socket.MSG_PEEK).lower():
            connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}")
            over.wait(PATIENCE)
        serving(connection)

    with Handled(refusing) as server:
        side = make(endpoint_url=f"http://127.0.0.1:{server.port}")
        with pytest.raises(exceptions.ClientError, match="413"):
            side.call("converse", **LONG)
        assert "output" in side.call("converse", **REQUEST)
        assert server.connections == 2
        over.set()


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_that_is_too_long_is_an_error(make, chunked):
    def long(connection):
        while read_request(connection):
            if chunked:
                connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                for _ in range(1000):
                    connection.sendall(b"400\r\n" + b" " * 1024 + b"\r\n")
            else:
                connection.sendall(whole_answer())

    with Handled(long) as server:
        side = make(endpoint_url=f"http://127.0.0.1:{server.port}", max_response_bytes=50)
        with pytest.raises(exceptions.ResponseStreamingError, match="longer than max_response_bytes, which is 50"):
            side.call("converse", **REQUEST)
