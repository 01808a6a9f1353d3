"""What a proxy may answer: a refusal, nonsense, or nothing. It costs no prompt, and no error shows a password."""

from __future__ import annotations

import json

import pytest

from outcrop import exceptions
from tests.support.stalling import Handled, nothing, read_request

from .conftest import REQUEST, serving, whole_answer

PAGE = b"<html>No.</html>"


def says(answer, seen):
    """A proxy that reads a request's head and says this, whatever it was asked for."""

    def handle(connection):
        asked = read_request(connection)
        if asked:
            seen.append(asked)
            connection.sendall(answer)
            connection.close()

    return handle


def refusal(status, extra=b""):
    return b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (status, extra, len(PAGE), PAGE)


REFUSALS = {
    "407": (
        refusal(b"407 Proxy Authentication Required", b'Proxy-Authenticate: Basic realm="x"\r\n'),
        "it answered 407: it does not take the user and the password of its URL",
    ),
    "403": (refusal(b"403 hunter2"), "it answered 403"),
    "502": (refusal(b"502 Bad Gateway"), "it answered 502"),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", "it answered 204"),
    "nonsense": (b"\x00hunter2\r\n\r\n", "tunnel error"),
    "TLS": (b"\x15\x03\x03\x00\x02\x02\x28", "tunnel error"),
    "hangs up": (b"", "tunnel error"),
    "half a head": (b"HTTP/1.1 200 Connection est", "tunnel error"),
    "an endless head": (b"HTTP/1.1 200 OK\r\n" + b"X-Long: hunter2\r\n" * 1000, "tunnel error"),
}


@pytest.fixture(params=["http", "https"])
def proxied(request, authority, monkeypatch):
    """`proxied(handler)`: a proxy of either scheme, named by the environment, with a user and a password."""

    def start(handler):
        proxy = Handled(handler, authority.context() if request.param == "https" else None)
        monkeypatch.setenv("HTTPS_PROXY", f"{request.param}://user:hunter2@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("HTTP_PROXY", f"{request.param}://user:hunter2@127.0.0.1:{proxy.port}")
        return proxy

    return start


@pytest.mark.parametrize("attempts", [1, 3])
@pytest.mark.parametrize("name", REFUSALS)
def test_a_tunnel_that_is_refused_is_an_error_of_the_proxys(make, proxied, authority, name, attempts):
    answer, words = REFUSALS[name]
    seen = []
    with proxied(says(answer, seen)) as proxy:
        side = make(
            endpoint_url="https://bedrock.invalid", ca_bundle=authority.bundle, retries={"max_attempts": attempts}
        )
        with pytest.raises(exceptions.ProxyConnectionError, match=words) as caught:
            side.call("converse", **REQUEST)
        assert f"//127.0.0.1:{proxy.port} (HTTPS_PROXY)" in str(caught.value)
    assert "hunter2" not in str(caught.value) + repr(caught.value)
    # As boto3 does: no prompt was sent, so it may be tried again.
    assert len(seen) == attempts
    assert all(asked.startswith(b"CONNECT bedrock.invalid:443 ") for asked in seen)


def test_a_proxy_that_hangs_is_given_up_by_the_connect_clock(make, proxied, authority):
    with proxied(nothing) as proxy:
        side = make(endpoint_url="https://bedrock.invalid", ca_bundle=authority.bundle, timeouts={"connect": 0.2})
        with pytest.raises(exceptions.ConnectTimeoutError, match=r"the connect time-out of 0.2 s ran out"):
            side.call("converse", **REQUEST)
        assert proxy.connections == 1


@pytest.mark.parametrize(
    ("status", "posts"),
    [(b"407 Proxy Authentication Required", 1), (b"403 hunter2", 1), (b"502 Bad Gateway", 3), (b"504 Late", 3)],
)
def test_what_a_proxy_answers_to_a_request_that_was_handed_to_it(make, proxied, authority, status, posts):
    """It is an answer as any other, of the endpoint's status and of no code that Bedrock knows."""
    seen = []
    with proxied(says(refusal(status, b"Connection: close\r\n"), seen)):
        side = make(endpoint_url="http://gateway.invalid", ca_bundle=authority.bundle, retries={"max_attempts": 3})
        with pytest.raises(exceptions.ClientError) as caught:
            side.call("converse", **REQUEST)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == int(status[:3])
    assert answer["ResponseMetadata"]["RetryAttempts"] == posts - 1
    assert len(seen) == posts
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("answer", [b"", b"hunter2\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Le"])
def test_a_request_that_was_handed_to_a_proxy_is_sent_once(make, proxied, authority, answer):
    """Whether the proxy had passed it on is not known."""
    seen = []
    with proxied(says(answer, seen)):
        side = make(endpoint_url="http://gateway.invalid", ca_bundle=authority.bundle, retries={"max_attempts": 3})
        with pytest.raises(exceptions.ConnectionClosedError, match="probably paid for") as caught:
            side.call("converse", **REQUEST)
    assert len(seen) == 1
    assert "hunter2" not in str(caught.value)


def test_a_proxy_that_wants_a_password_says_how_to_give_one(make):
    with Handled(says(REFUSALS["407"][0], [])) as proxy:
        side = make(endpoint_url="https://bedrock.invalid", proxy=f"http://127.0.0.1:{proxy.port}")
        words = (
            "it answered 407: it wants a user and a password, which its URL may name: http://user:password@host:3128"
        )
        with pytest.raises(exceptions.ProxyConnectionError, match=words):
            side.call("converse", **REQUEST)


def test_a_url_that_is_no_proxys_is_not_tried_again(make, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:9")
    side = make(endpoint_url="https://bedrock.invalid", retries={"max_attempts": 3})
    with pytest.raises(exceptions.ProxyConnectionError, match="names a SOCKS proxy"):
        side.call("converse", **REQUEST)
    assert [it.retries for it in side.client.metrics().series] == [0]


def test_loopback_is_reached_through_a_proxy_that_the_environment_names_unless_it_says_otherwise(make, proxied):
    """As boto3 does."""
    with proxied(says(refusal(b"403 no"), [])), Handled(serving) as server:
        side = make(endpoint_url=f"http://127.0.0.1:{server.port}")
        with pytest.raises((exceptions.ClientError, exceptions.BotoCoreError)):
            side.call("converse", **REQUEST)
        assert server.connections == 0


def test_credentials_on_loopback_are_asked_for_without_a_proxy(make, monkeypatch):
    """As a container's agent gives them; they are nobody else's affair."""
    keys = {"AccessKeyId": "AKIDLOOP", "SecretAccessKey": "secret", "Token": "t", "Expiration": "2099-01-01T00:00:00Z"}
    body = json.dumps(keys).encode()
    seen = []

    def agent(connection):
        while read_request(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    def proxy(connection):
        while request := read_request(connection):
            seen.append(request)
            connection.sendall(whole_answer())

    with Handled(agent) as credentials, Handled(proxy) as between:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{between.port}")
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"http://127.0.0.1:{credentials.port}/keys")
        side = make(endpoint_url="http://gateway.invalid", aws_access_key_id=None, aws_secret_access_key=None)
        assert side.call("converse", **REQUEST)["output"]
    assert [request.split(b" ", 2)[:2] for request in seen] == [[b"POST", b"http://gateway.invalid/model/m/converse"]]
    assert b"Credential=AKIDLOOP/" in seen[0]
