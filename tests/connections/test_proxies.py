"""Proxies and trust: what stands on the wire before an endpoint."""

from __future__ import annotations

import socket
import threading

import pytest

import outcrop
from outcrop import exceptions
from tests.support.certificates import own_certificate
from tests.support.stalling import Handled, read_request

from .conftest import REQUEST, serving, whole_answer
from .test_tls import copy, url


def tunnel(seen):
    """A proxy that connects to whatever it is asked for."""

    def handle(connection):
        asked = read_request(connection)
        seen.append(asked)
        host, _, port = asked.split(b" ")[1].decode().rpartition(":")
        with socket.create_connection((host, int(port))) as there:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=copy, args=(there, connection))
            back.start()
            copy(connection, there)
            back.join()

    return handle


def test_a_proxy_over_tls_is_spoken_to_over_tls(make, authority, monkeypatch):
    """The password of the proxy is never in the clear."""
    seen = []
    with (
        Handled(serving, authority.context("http/1.1")) as server,
        Handled(tunnel(seen), authority.context()) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"https://user:p%40ss@127.0.0.1:{proxy.port}")
        side = make(endpoint_url=url(server), ca_bundle=authority.bundle)
        assert side.call("converse", **REQUEST)["output"]
    assert seen[0].startswith(b"CONNECT 127.0.0.1:")
    assert b"authorization: basic dxnlcjpwqhnz" in seen[0].lower()


def test_what_a_proxy_over_tls_sees_first_is_a_handshake(make, monkeypatch):
    first = []

    def listen(connection):
        first.append(connection.recv(3))

    with Handled(listen) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://user:hunter2@127.0.0.1:{proxy.port}")
        with pytest.raises(exceptions.BotoCoreError) as caught:
            make(endpoint_url="https://bedrock.invalid").call("converse", **REQUEST)
    assert first[0][:2] == b"\x16\x03"
    assert "hunter2" not in str(caught.value) + repr(caught.value)


def test_requests_to_http_endpoints_are_handed_to_the_proxy(make, monkeypatch):
    seen = []

    def forward(connection):
        while request := read_request(connection):
            seen.append(request)
            connection.sendall(whole_answer())

    with Handled(forward) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://user:pass@127.0.0.1:{proxy.port}")
        side = make(endpoint_url="http://gateway.invalid:8080/bedrock")
        side.call("converse", **REQUEST)
        side.call("converse", **REQUEST)
    head = seen[0].split(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"post http://gateway.invalid:8080/bedrock/model/m/converse http/1.1\r\n")
    assert b"\r\nhost: gateway.invalid:8080\r\n" in head
    assert b"\r\nproxy-authorization: basic dxnlcjpwyxnz" in head
    assert len(seen) == 2
    assert proxy.connections == (1 if side.kind == "blocking" else proxy.connections)


@pytest.mark.parametrize("given", [True, False])
def test_a_socks_proxy_is_refused_in_words(make, monkeypatch, given):
    where = "socks5://user:hunter2@127.0.0.1:9"
    if not given:
        monkeypatch.setenv("HTTPS_PROXY", where)
    with pytest.raises((ValueError, exceptions.ProxyConnectionError), match="names a SOCKS proxy") as caught:
        make(endpoint_url="https://bedrock.invalid", **({"proxy": where} if given else {})).call("converse", **REQUEST)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("is_authority", [True, False])
def test_a_bundle_may_be_the_servers_own_certificate(make, tmp_path, is_authority):
    bundle, context = own_certificate(tmp_path, authority=is_authority)
    with Handled(serving, context) as server:
        side = make(endpoint_url=url(server), ca_bundle=bundle)
        assert side.call("converse", **REQUEST)["output"]


@pytest.mark.parametrize(("changed", "why"), [({"name": "127.0.0.2"}, "not valid for name"), ({"days": -1}, "expired")])
@pytest.mark.parametrize("is_authority", [True, False])
def test_even_so_it_must_have_the_name_and_be_in_time(make, tmp_path, changed, why, is_authority):
    bundle, context = own_certificate(tmp_path, authority=is_authority, **changed)
    with Handled(serving, context) as server, pytest.raises(exceptions.SSLError, match=why):
        make(endpoint_url=url(server), ca_bundle=bundle).call("converse", **REQUEST)


def test_another_certificate_of_the_same_name_is_a_stranger(make, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    bundle, _ = own_certificate(tmp_path / "a", authority=True)
    _, context = own_certificate(tmp_path / "b", authority=True)
    with Handled(serving, context) as server, pytest.raises(exceptions.SSLError) as caught:
        make(endpoint_url=url(server), ca_bundle=bundle).call("converse", **REQUEST)
    assert f"the authorities that were asked are those of {bundle} (argument ca_bundle)" in str(caught.value)


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_variables_name_a_bundle(make, authority, monkeypatch, variable):
    monkeypatch.setenv(variable, authority.bundle)
    with Handled(serving, authority.context("http/1.1")) as server:
        assert make(endpoint_url=url(server)).call("converse", **REQUEST)["output"]


def test_a_profile_names_a_bundle(make, authority, environment_without_aws):
    (environment_without_aws / "config").write_text(f"[default]\nca_bundle = {authority.bundle}\n")
    with Handled(serving, authority.context("http/1.1")) as server:
        assert make(endpoint_url=url(server)).call("converse", **REQUEST)["output"]


def test_where_the_system_has_no_authorities_mozillas_are_asked(make, authority, monkeypatch, tmp_path):
    """As in a minimal container, where boto3 brings its own."""
    (tmp_path / "empty").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "nowhere"))
    with Handled(serving, authority.context()) as server, pytest.raises(exceptions.SSLError, match=r"Mozilla's [0-9]+"):
        make(endpoint_url=url(server)).call("converse", **REQUEST)


def test_a_bundle_of_the_environment_that_is_not_there_fails_over_tls_only(make, authority, monkeypatch, bedrock_plain):
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere.pem")
    assert make(endpoint_url=bedrock_plain).call("converse", **REQUEST)["output"]
    why = r"variable AWS_CA_BUNDLE must be a PEM file .* cannot be read"
    with Handled(serving, authority.context()) as server, pytest.raises(exceptions.SSLError, match=why):
        make(endpoint_url=url(server)).call("converse", **REQUEST)


@pytest.fixture
def bedrock_plain():
    with Handled(serving) as server:
        yield f"http://127.0.0.1:{server.port}"


def test_whoami_shows_the_proxy_without_its_password(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "https://user:hunter2@proxy.example:3128")
    session = outcrop.Session(region_name="us-east-1", aws_access_key_id="AKID", aws_secret_access_key="hunter3")
    shown = {line.name: (line.value, line.place) for line in session.whoami()}
    assert shown["proxy"][0] == "https://proxy.example:3128 (HTTPS_PROXY)"
    assert shown["region"] == ("us-east-1", "argument region_name")
    assert shown["credentials"] == ("AKID", "arguments")
    assert "hunter" not in str(shown)
