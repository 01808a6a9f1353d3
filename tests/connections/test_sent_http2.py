"""Over HTTP/2: what a server did not take up goes out again for nothing, what it took does not go out again."""

from __future__ import annotations

import contextlib
import threading

import pytest

from outcrop import exceptions
from tests.cross_region import sides
from tests.support.hostile import BODY
from tests.support.http2 import PING, REFUSED_STREAM, Peer
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
        with contextlib.closing(connection), peer:
            while stream := peer.request():
                with self._count:
                    self.posts += 1
                if not self._play(peer, stream, self.posts):
                    return
                answered(peer, stream)


def answered(peer, stream):
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
        side = make(retries={"max_attempts": attempts}, **at(server))
        assert side.call("converse", **REQUEST)["ResponseMetadata"]["RetryAttempts"] == 0
        assert server.posts > 1
        assert [(it.calls, it.retries) for it in side.client.metrics().series] == [(1, 0)]


def test_a_server_that_takes_nothing_up_is_asked_so_often_and_no_more(make):
    def never(peer, stream, _):
        peer.reset(stream, REFUSED_STREAM)
        peer.request()

    with Server(never) as server:
        with pytest.raises(exceptions.ConnectionClosedError, match="it refused the request 32 times") as caught:
            make(**at(server)).call("converse", **REQUEST)
        assert "paid" not in str(caught.value)
        assert server.posts == 32


@pytest.mark.parametrize("kind", ["blocking", "async"])
@pytest.mark.parametrize("attempts", [1, 3])
@pytest.mark.parametrize("play", [goes_away, refuses])
def test_a_router_takes_what_was_not_taken_up_for_one_attempt(kind, play, attempts):
    with Server(play) as server:
        keys = {"aws_access_key_id": f"AKID{server.port}", "aws_secret_access_key": "secret"}
        sources = ["us-east-1", "us-west-2"]
        side = sides.Side(kind, sources=sources, retries={"max_attempts": attempts}, **keys, **at(server))
        assert sides.regions(sides.route(side.call())) == [("us-east-1", None)]
        assert server.posts > 1


def test_a_ping_is_answered_while_a_call_waits(make):
    def pings(peer, *_):
        return all(peer.ping(words) for words in (b"one ping", b"two ping"))

    with Server(pings) as server:
        assert make(**at(server)).call("converse", **REQUEST)["output"]


def test_a_ping_between_two_calls_is_answered_with_the_next(make):
    """Nobody drives a blocking client meanwhile."""
    pongs = []

    class Pings(Server):
        def _requests(self, connection):
            peer = Peer(connection)
            with contextlib.closing(connection), peer:
                while stream := peer.request():
                    answered(peer, stream)
                    peer.frame(PING, payload=b"are you?")
                    pongs.extend(peer.pongs)

    with Pings(None) as server:
        side = make(**at(server))
        for _ in range(3):
            assert side.call("converse", **REQUEST)["output"]
        assert (pongs[:1], server.connections) == ([b"are you?"], 1)
