"""Sent is sent: what a server took whole goes out again only as an attempt that may be made, and that is told."""

from __future__ import annotations

import pytest

from outcrop import exceptions
from tests.cross_region import sides
from tests.support.hostile import HTTP1, HTTP2, Hostile

from .conftest import REQUEST

FAULTS = [*HTTP1, *HTTP2]


@pytest.fixture(params=[False, True], ids=["plain", "TLS"])
def serve(request, authority):
    """`serve(fault, reused=…)`: the server, and what a client has to know of it."""

    def serving(fault, *, reused):
        if not request.param:
            server = Hostile(fault, reused=reused)
            return server, server.where()
        server = Hostile(fault, reused=reused, context=authority.context(*(["h2"] if fault.version == "2" else [])))
        where = {"endpoint_url": f"https://127.0.0.1:{server.port}", "ca_bundle": authority.bundle}
        return server, server.where() | where

    return serving


def allowed(fault, attempts, *, reused):
    """How often a request may come: once it has come over a new connection, nobody has given that one up."""
    if fault.free == "always":
        # Where the connection ends with it, the next is the first of a new one, and that is answered.
        return attempts if fault.keeps or not reused else min(attempts, 2)
    return min(attempts, 2) if fault.free == "kept" and reused else 1


@pytest.mark.parametrize("call", [("converse", 1), ("converse", 3), ("converse_stream", 1), ("converse_stream", 3)])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("reused", [False, True], ids=["new", "reused"])
def test_each_transmission_is_an_attempt(make, serve, reused, fault, call):
    operation, attempts = call
    server, where = serve(fault, reused=reused)
    with server:
        side = make(retries={"max_attempts": attempts}, **where)
        if reused:
            side.call("converse", **REQUEST)
        server.streams = operation == "converse_stream"
        before = server.posts
        answer, error = called(side, operation)
        assert server.posts - before == allowed(fault, attempts, reused=reused)
        if answer is not None:
            assert answer["ResponseMetadata"]["RetryAttempts"] == server.posts - before - 1
        if isinstance(error, exceptions.ConnectionClosedError):
            given_up = fault.free == "kept" and reused
            assert ("it was probably paid for" in str(error)) is not given_up
        assert sum(it.calls + it.retries for it in side.client.metrics().series) == server.posts


def called(side, operation):
    """The answer, be it an error's, and the error."""
    try:
        return side.call(operation, **REQUEST), None
    except exceptions.ClientError as error:
        return error.response, error
    except exceptions.BotoCoreError as error:
        return None, error


@pytest.mark.parametrize("kind", ["blocking", "async"])
@pytest.mark.parametrize("attempts", [1, 3])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("reused", [False, True], ids=["new", "reused"])
def test_a_router_sends_on_only_what_nobody_was_paid_for(reused, fault, attempts, kind):
    with Hostile(fault, reused=reused) as server:
        sources = ["us-east-1", "us-west-2"]
        # What routers learn of a target they share, by who asks.
        keys = {"aws_access_key_id": f"AKID{server.port}", "aws_secret_access_key": "secret"}
        side = sides.Side(kind, sources=sources, retries={"max_attempts": attempts}, **keys, **server.where())
        if reused:
            side.call()
        before = server.posts
        try:
            record = sides.route(side.call())
        except (exceptions.ClientError, exceptions.BotoCoreError) as error:
            record = error.cross_region
        free = fault._replace(free="always") if fault.free == "router" else fault
        assert len(sides.regions(record)) == server.posts - before == allowed(free, attempts, reused=reused)
