"""Over HTTP/2: what a server did not take up goes out again for nothing, what it took does not go out again."""

from __future__ import annotations

import contextlib
import threading

import pytest

from outcrop import exceptions
from tests.support.hostile import BODY, reset
from tests.support.http2 import CANCEL, INTERNAL_ERROR, REFUSED_STREAM, Peer
from tests.support.stalling import Handled

from .conftest import REQUEST


class Server(Handled):
    """Counts requests that came whole. `play` gets each, with its number; where it returns True, it is answered."""

    def __init__(self, play):
        super().__init__(self._requests)
        self._play = play
        self._count = threading.Lock()
        self.posts = 0

    def _requests(self, connection):
        peer = Peer(connection)
        with contextlib.closing(connection):
            while stream := peer.request():
                with self._count:
                    self.posts += 1
                if not self._play(peer, stream, self.posts):
                    return
                peer.head(stream, 200, {"content-type": "application/json"})
                peer.data(stream, BODY, end=True)


def at(server):
    return {"endpoint_url": f"http://127.0.0.1:{server.port}", "http_version": "2"}


def goes_away(peer, _, number):
    if number == 1:
        peer.go_away(0)
    return number > 1


def refuses(peer, stream, number):
    if number < 5:
        peer.reset(stream, REFUSED_STREAM)
        peer.request()
    return number >= 5


@pytest.mark.parametrize("attempts", [1, 3])
@pytest.mark.parametrize("play", [goes_away, refuses])
def test_what_was_not_taken_up_costs_no_attempt(make, play, attempts):
    with Server(play) as server:
        door = make(retries={"max_attempts": attempts}, **at(server))
        assert door.call("converse", **REQUEST)["ResponseMetadata"]["RetryAttempts"] == 0
        assert server.posts > 1
        assert [(it.calls, it.retries) for it in door.client.metrics().series] == [(1, 0)]


def test_a_server_that_takes_nothing_up_is_asked_so_often_and_no_more(make):
    def never(peer, stream, _):
        peer.reset(stream, REFUSED_STREAM)
        peer.request()

    with Server(never) as server:
        with pytest.raises(exceptions.ConnectionClosedError, match="it refused the request 32 times") as caught:
            make(**at(server)).call("converse", **REQUEST)
        assert "paid" not in str(caught.value)
        assert server.posts == 32


def half_a_body(peer, stream):
    peer.head(stream, 200, {"content-type": "application/json"})
    peer.data(stream, BODY[:-20])


def last_of_all(peer, stream):
    peer.go_away(stream)


@pytest.mark.parametrize(
    "end",
    [
        lambda peer, stream: peer.reset(stream, INTERNAL_ERROR),
        lambda peer, stream: peer.reset(stream, CANCEL),
        lambda peer, _: reset(peer.connection),
        lambda *_: None,
        last_of_all,
        half_a_body,
    ],
    ids=["internal error", "cancelled", "reset", "closed", "goaway after it", "half a body"],
)
@pytest.mark.parametrize("operation", ["converse", "converse_stream"])
@pytest.mark.parametrize("attempts", [1, 3])
def test_what_was_taken_up_is_not_sent_again(make, end, operation, attempts):
    with Server(lambda peer, stream, _: end(peer, stream)) as server:
        door = make(retries={"max_attempts": attempts}, **at(server))
        with pytest.raises(exceptions.BotoCoreError):
            door.call(operation, **REQUEST)
        assert server.posts == 1
        assert [(it.calls, it.retries) for it in door.client.metrics().series] == [(1, 0)]
