"""Each clock of a call, against a server that stops at exactly its point."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import botocore.exceptions
import pytest

from outcrop import exceptions
from tests.support import frames
from tests.support.stalling import Handled, deaf, nothing, read_request
from tests.support.waiting import PATIENCE

from .conftest import REQUEST, whole_answer

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

SECONDS = 0.2


def before_the_answer(connection):
    read_request(connection)
    nothing(connection)


def inside_the_answer(connection):
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{")
    nothing(connection)


def inside_a_stream(connection):
    read_request(connection)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {frames.CONTENT_TYPE}\r\n\r\n".encode()
    connection.sendall(head + frames.event("messageStart", {"role": "assistant"}))
    nothing(connection)


class Stall(NamedTuple):
    """A server that stops, the clock that must notice, and what it calls itself."""

    handler: Callable[[socket.socket], None]
    operation: str
    clock: str
    named: str
    error: type[Exception]
    scheme: str = "http"


@pytest.mark.parametrize(
    "stall",
    [
        Stall(nothing, "converse", "connect", "TLS handshake", exceptions.ConnectTimeoutError, "https"),
        Stall(before_the_answer, "converse", "first_byte", "first byte", exceptions.ReadTimeoutError),
        Stall(inside_the_answer, "converse", "idle", "idle", exceptions.ReadTimeoutError),
        Stall(inside_a_stream, "converse_stream", "idle", "idle", exceptions.ReadTimeoutError),
        Stall(before_the_answer, "converse", "total", "total", exceptions.ReadTimeoutError),
        Stall(inside_a_stream, "converse_stream", "total", "total", exceptions.ReadTimeoutError),
    ],
    ids=lambda stall: f"{stall.operation}-{stall.named}",
)
def test_each_clock_says_which_one_it_is(make, stall):
    with Handled(stall.handler) as server:
        url = f"{stall.scheme}://127.0.0.1:{server.port}"
        side = make(endpoint_url=url, timeouts={stall.clock: SECONDS})
        text = rf'timeout on endpoint URL: "{url}/?" \(the {stall.named} time-out of 0.2 s ran out\)'
        with pytest.raises(stall.error, match=text):
            side.call(stall.operation, **REQUEST)


def test_connecting_is_timed(make):
    with deaf() as port:
        side = make(endpoint_url=f"http://127.0.0.1:{port}", timeouts={"connect": SECONDS})
        with pytest.raises(botocore.exceptions.ConnectTimeoutError, match=r"the connect time-out of 0.2 s ran out"):
            side.call("converse", **REQUEST)


def test_a_proxy_that_stalls_is_no_connection_either(make):
    with Handled(nothing) as proxy:
        where = {"endpoint_url": "https://bedrock.invalid", "proxy": f"http://127.0.0.1:{proxy.port}"}
        with pytest.raises(exceptions.ConnectTimeoutError, match=r"the connect time-out of 0.2 s ran out"):
            make(**where, timeouts={"connect": SECONDS}).call("converse", **REQUEST)


def test_a_first_byte_that_did_not_come_is_not_asked_for_again(make):
    """The prompt was probably paid for."""
    with Handled(before_the_answer) as server:
        url = f"http://127.0.0.1:{server.port}"
        side = make(endpoint_url=url, timeouts={"first_byte": SECONDS}, retries={"max_attempts": 3})
        with pytest.raises(exceptions.ReadTimeoutError):
            side.call("converse", **REQUEST)
        assert server.connections == 1


def test_the_total_clock_counts_all_attempts(make):
    def unavailable(connection):
        while read_request(connection):
            connection.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")

    with Handled(unavailable) as server:
        url = f"http://127.0.0.1:{server.port}"
        side = make(endpoint_url=url, timeouts={"total": SECONDS}, retries={"max_attempts": 100})
        with pytest.raises(exceptions.ReadTimeoutError, match=r"the total time-out of 0.2 s ran out"):
            side.call("converse", **REQUEST)


def test_a_clock_that_is_none_is_off(make):
    release = threading.Event()

    def late(connection):
        read_request(connection)
        release.wait(PATIENCE)
        connection.sendall(whole_answer())
        nothing(connection)

    with Handled(late) as server:
        url = f"http://127.0.0.1:{server.port}"
        side = make(endpoint_url=url, timeouts={"first_byte": None, "idle": None, "connect": None, "total": None})
        timer = threading.Timer(0.3, release.set)
        timer.start()
        assert side.call("converse", **REQUEST)["ResponseMetadata"]["HTTPStatusCode"] == 200
        timer.join()
