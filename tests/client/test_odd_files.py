"""Pipes, sockets, devices, folders and links where a plain file is meant: an answer or a refusal in words, at once."""

from __future__ import annotations

import os
import socket

import pytest

import outcrop
from outcrop.exceptions import OutcropError
from tests.support.server import ANSWER, Server, json_answer

REQUEST = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}
REFUSALS = (OutcropError, OSError, ValueError)
KEYS = {"region_name": "us-east-1", "aws_access_key_id": "AKID", "aws_secret_access_key": "secret"}


def pipe(path):
    os.mkfifo(path, 0o600)


def unix_socket(path):
    with socket.socket(socket.AF_UNIX) as listener:
        os.chdir(path.parent)  # its name may be 107 bytes long
        listener.bind(path.name)


def of_another(path):
    if os.geteuid():
        pytest.skip("only root can make a file that is another's")
    (path.parent / "other").write_bytes(b"")
    os.chown(path.parent / "other", 65534, 65534)
    path.symlink_to(path.parent / "other")


KINDS = {
    "a pipe": pipe,
    "a socket": unix_socket,
    "a folder": lambda path: path.mkdir(),
    "a device": lambda path: path.symlink_to("/dev/full"),
    "nothing's device": lambda path: path.symlink_to("/dev/null"),
    "an endless device": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a link into nowhere": lambda path: path.symlink_to(path.parent / "no" / "such" / "place"),
    "a link to another's file": of_another,
}


@pytest.fixture(params=KINDS)
def odd(request, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "odd"
    KINDS[request.param](path)
    return path


@pytest.fixture(scope="module")
def server():
    with Server(json_answer(ANSWER)) as server:
        yield server


def settings(server):
    return {"endpoint_url": server.url, "retries": {"max_attempts": 1}, "timeouts": {"connect": 5}}


def refused(call):
    """The refusal, or nothing where it went well; what is asked for is given at once, or not at all."""
    try:
        call()
    except REFUSALS as error:
        return str(error)
    return None


@pytest.mark.parametrize("make", [outcrop.client, outcrop.async_client])
def test_as_a_cache(server, odd, make):
    text = refused(lambda: make("bedrock-runtime", cache=odd, **settings(server), **KEYS))
    if "nowhere" not in str(odd) and not odd.parent.joinpath("no").exists():
        assert "the cache" in text
        assert str(odd) in text
    assert text is None or "disk I/O" not in text


def test_as_a_journal(server, odd):
    client = outcrop.client("bedrock-runtime", **settings(server), **KEYS)
    text = refused(lambda: list(client.batch("converse", [REQUEST], journal=odd)))
    assert text is not None
    assert str(odd) in text


@pytest.mark.parametrize("variable", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_as_a_file_of_profiles(server, odd, monkeypatch, variable):
    """As for botocore, what is no file is not there."""
    monkeypatch.setenv(variable, str(odd))
    client = outcrop.client("bedrock-runtime", **settings(server), **KEYS)
    assert client.converse(**REQUEST)["output"]


def test_as_a_bundle(server, odd, monkeypatch):
    text = refused(lambda: outcrop.Session(ca_bundle=str(odd), **KEYS))
    assert "ca_bundle must be a PEM file" in text
    assert str(odd) in text


@pytest.mark.parametrize(
    ("variable", "rest"),
    [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", {"AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/r"}),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/x"}),
        ("AWS_CREDENTIAL_FILE", {}),
    ],
)
def test_as_a_file_of_a_source_of_credentials(server, odd, environment_without_aws, monkeypatch, variable, rest):  # noqa: PLR0917
    for name, value in {variable: str(odd), "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9", **rest}.items():
        monkeypatch.setenv(name, value)
    client = outcrop.client("bedrock-runtime", region_name="us-east-1", **settings(server))
    text = refused(lambda: client.converse(**REQUEST))
    assert text is not None
    assert len(text) < 1000
