"""TLS: whom to trust, which protocol, and what is resumed."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import pytest

import outcrop
from outcrop import exceptions
from tests.support.stalling import Handled, read_request
from tests.support.waiting import until

from .conftest import REQUEST, serving, whole_answer


def url(server):
    return f"https://127.0.0.1:{server.port}"


def test_a_bundle_says_whom_to_trust(make, authority):
    with Handled(serving, authority.context("http/1.1")) as server:
        side = make(endpoint_url=url(server), ca_bundle=authority.bundle)
        assert side.call("converse", **REQUEST)["output"]
        assert server.connections == 1


def test_the_environment_names_a_bundle_too(make, authority, monkeypatch):
    monkeypatch.setenv("AWS_CA_BUNDLE", authority.bundle)
    with Handled(serving, authority.context("http/1.1")) as server:
        assert make(endpoint_url=url(server)).call("converse", **REQUEST)["output"]


def test_a_stranger_is_refused(make, authority):
    with Handled(serving, authority.context()) as server, pytest.raises(exceptions.SSLError, match="UnknownIssuer"):
        make(endpoint_url=url(server)).call("converse", **REQUEST)


def test_a_name_that_is_another_is_refused(make, authority):
    with Handled(serving, authority.context(name="bedrock.example")) as server:
        side = make(endpoint_url=url(server), ca_bundle=authority.bundle)
        with pytest.raises(exceptions.SSLError, match="not valid for name"):
            side.call("converse", **REQUEST)


def test_a_server_without_alpn_gets_http1(make, authority):
    with Handled(serving, authority.context()) as server:
        side = make(endpoint_url=url(server), ca_bundle=authority.bundle)
        assert side.call("converse", **REQUEST)["output"]


def test_sessions_are_resumed(make, authority):
    resumed = []

    def once(connection):
        resumed.append(connection.session_reused)
        read_request(connection)
        connection.sendall(whole_answer("Connection: close\r\n"))
        connection.unwrap()

    with Handled(once, authority.context("http/1.1")) as server:
        side = make(endpoint_url=url(server), ca_bundle=authority.bundle)
        for _ in range(3):
            assert side.call("converse", **REQUEST)["output"]
    assert resumed == [False, True, True]


@pytest.mark.parametrize(
    ("version", "offered"), [(None, ["http/1.1"]), ("auto", ["h2", "http/1.1"]), ("1.1", ["http/1.1"]), ("2", ["h2"])]
)
def test_what_is_offered_follows_the_setting(make, authority, version, offered):
    """The server picks the one protocol it has; with none in common the handshake fails."""
    for protocol in ("h2", "http/1.1"):
        chosen = []

        def note(connection, chosen=chosen):
            chosen.append(connection.selected_alpn_protocol())
            connection.close()

        with Handled(note, authority.context(protocol)) as server:
            side = make(endpoint_url=url(server), ca_bundle=authority.bundle, http_version=version)
            with pytest.raises(exceptions.BotoCoreError):
                side.call("converse", **REQUEST)
        assert chosen in ([protocol], [None], []) if protocol not in offered else chosen == [protocol]


@pytest.fixture
def tls_emulator(emulator, authority, monkeypatch):
    """`tls_emulator(*protocols)`: the emulator behind TLS, with what ALPN may choose from; clients trust it."""
    monkeypatch.setenv("AWS_CA_BUNDLE", authority.bundle)

    def ahead(*protocols):
        def relay(secure):
            with socket.create_connection(("127.0.0.1", emulator.port)) as plain:
                there = threading.Thread(target=copy, args=(plain, secure))
                there.start()
                copy(secure, plain)
                there.join()

        return Handled(relay, authority.context(*protocols))

    return ahead


def copy(source, target):
    with contextlib.suppress(OSError):
        while read := source.recv(1 << 16):
            target.sendall(read)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(("protocols", "spoken"), [(("h2", "http/1.1"), "2"), (("http/1.1",), "1.1"), ((), "1.1")])
def test_what_alpn_chose_is_spoken(make, emulator, tls_emulator, protocols, spoken):
    with tls_emulator(*protocols) as server:
        side = make(**emulator.connection | {"endpoint_url": url(server), "http_version": "auto"})
        request = REQUEST | {"modelId": "us.amazon.nova-lite-v1:0"}
        assert side.call("converse", **request)["stopReason"] == "end_turn"
        assert "metadata" in side.call("converse_stream", **request)["stream"][-1]
        assert {entry.http_version for entry in emulator.journal} == {spoken}
        assert server.connections == 1


async def test_a_connection_of_http2_carries_a_hundred_calls(emulator, tls_emulator):
    """More would wait there for one to end, so they go over another."""
    rule = emulator.fault("stall")
    request = REQUEST | {"modelId": "us.amazon.nova-lite-v1:0"}
    with tls_emulator("h2") as server:
        where = emulator.connection | {"endpoint_url": url(server), "http_version": "auto"}
        client = outcrop.async_client("bedrock-runtime", **where)
        calls = [asyncio.ensure_future(client.converse(**request)) for _ in range(250)]
        await until(lambda: rule.hits == 250, 30)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        # A burst on a cold pool opens some that are not needed, since it cannot know yet what ALPN will choose.
        assert 3 <= server.connections < 250
        assert {entry.http_version for entry in emulator.journal} == {"2"}


def test_a_bundle_that_is_not_there_is_named(make, tmp_path):
    with pytest.raises(Exception, match=r"nowhere\.pem"):
        make(endpoint_url="https://127.0.0.1:9", ca_bundle=str(tmp_path / "nowhere.pem"))
