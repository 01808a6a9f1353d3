"""TLS: whom to trust, which protocol, and what is resumed."""

from __future__ import annotations

import pytest

from outcrop import exceptions
from tests.support.stalling import Handled, read_request

from .conftest import REQUEST, serving, whole_answer


def url(server):
    return f"https://127.0.0.1:{server.port}"


def test_a_bundle_says_whom_to_trust(make, authority):
    with Handled(serving, authority.context("http/1.1")) as server:
        door = make(endpoint_url=url(server), ca_bundle=authority.bundle)
        assert door.call("converse", **REQUEST)["output"]
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
        door = make(endpoint_url=url(server), ca_bundle=authority.bundle)
        with pytest.raises(exceptions.SSLError, match="not valid for name"):
            door.call("converse", **REQUEST)


def test_a_server_without_alpn_gets_http1(make, authority):
    with Handled(serving, authority.context()) as server:
        door = make(endpoint_url=url(server), ca_bundle=authority.bundle)
        assert door.call("converse", **REQUEST)["output"]


def test_sessions_are_resumed(make, authority):
    resumed = []

    def once(connection):
        resumed.append(connection.session_reused)
        read_request(connection)
        connection.sendall(whole_answer("Connection: close\r\n"))
        connection.unwrap()

    with Handled(once, authority.context("http/1.1")) as server:
        door = make(endpoint_url=url(server), ca_bundle=authority.bundle)
        for _ in range(3):
            assert door.call("converse", **REQUEST)["output"]
    assert resumed == [False, True, True]


@pytest.mark.parametrize(("version", "offered"), [("auto", ["h2", "http/1.1"]), ("1.1", ["http/1.1"]), ("2", ["h2"])])
def test_what_is_offered_follows_the_setting(make, authority, version, offered):
    """The server picks the one protocol it has; with none in common the handshake fails."""
    for protocol in ("h2", "http/1.1"):
        chosen = []

        def note(connection, chosen=chosen):
            chosen.append(connection.selected_alpn_protocol())
            connection.close()

        with Handled(note, authority.context(protocol)) as server:
            door = make(endpoint_url=url(server), ca_bundle=authority.bundle, http_version=version)
            with pytest.raises(exceptions.BotoCoreError):
                door.call("converse", **REQUEST)
        assert chosen in ([protocol], [None], []) if protocol not in offered else chosen == [protocol]


def test_a_bundle_that_is_not_there_is_named(make, tmp_path):
    with pytest.raises(Exception, match=r"nowhere\.pem"):
        make(endpoint_url="https://127.0.0.1:9", ca_bundle=str(tmp_path / "nowhere.pem"))
