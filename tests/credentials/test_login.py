"""`aws login`: the session that the command line left is used and renewed, without an extra."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from outcrop import exceptions
from tests.support.server import Server, json_answer

from .conftest import LATER

SESSION = "arn:aws:iam::123456789012:user/geologist"
HERE = {"region_name": "us-east-1", "profile_name": "me"}
FILE = f"[profile me]\nlogin_session = {SESSION}\n"


def token(key, expires):
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    access = {"accessKeyId": "ASIALOGIN", "secretAccessKey": "s", "sessionToken": "login-token", "accountId": "1"}
    return {
        "accessToken": {**access, "expiresAt": expires},
        "refreshToken": "refresh",
        "dpopKey": pem.decode(),
        "clientId": "client",
    }


@pytest.fixture
def key():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def session(files, environment_without_aws, monkeypatch, key):
    """`session(expires)`: writes the profile and its token, and gives the token's file."""
    files(FILE)
    monkeypatch.setenv("AWS_LOGIN_CACHE_DIRECTORY", str(environment_without_aws / "login"))
    (environment_without_aws / "login").mkdir()
    path = environment_without_aws / "login" / f"{hashlib.sha256(SESSION.encode()).hexdigest()}.json"

    def write(expires):
        path.write_text(json.dumps(token(key, expires)))
        return path

    return write


def test_the_session_signs(signed_by, session):
    session(LATER)
    assert signed_by(**HERE) == ("ASIALOGIN", "login-token")


def part(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_it_is_renewed_with_a_proof_of_its_key(signed_by, session, monkeypatch, key):
    path = session("2020-01-01T00:00:00Z")
    access = {"accessKeyId": "ASIANEW", "secretAccessKey": "s", "sessionToken": "new-token"}
    answer = {"accessToken": access, "expiresIn": 3600, "refreshToken": "refresh2", "tokenType": "aws_sigv4"}
    with Server(json_answer(json.dumps(answer).encode())) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SIGNIN", server.url)
        assert signed_by(**HERE) == ("ASIANEW", "new-token")
        (asked,) = server.requests
    assert (asked.method, asked.target) == ("POST", "/v1/token")
    assert json.loads(asked.body) == {"clientId": "client", "refreshToken": "refresh", "grantType": "refresh_token"}
    header, claims, signature = asked.header("dpop").split(".")
    assert json.loads(part(claims))["htu"] == f"{server.url}/v1/token"
    jwk = json.loads(part(header))["jwk"]
    point = key.public_key().public_numbers()
    assert [int.from_bytes(part(jwk[name]), "big") for name in "xy"] == [point.x, point.y]
    pair = part(signature)
    encoded = encode_dss_signature(int.from_bytes(pair[:32], "big"), int.from_bytes(pair[32:], "big"))
    key.public_key().verify(encoded, f"{header}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    kept = json.loads(path.read_text())
    assert (kept["refreshToken"], kept["accessToken"]["accessKeyId"]) == ("refresh2", "ASIANEW")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b'{"error": "TOKEN_EXPIRED"}', exceptions.LoginRefreshRequired),
        (b'{"error": "INSUFFICIENT_PERMISSIONS"}', exceptions.LoginInsufficientPermissions),
        (b"{}", exceptions.LoginError),
    ],
)
def test_a_session_that_is_over_says_so(signed_by, session, monkeypatch, answer, error):
    session("2020-01-01T00:00:00Z")
    with Server(json_answer(answer, 403)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SIGNIN", server.url)
        with pytest.raises(error):
            signed_by(**HERE)


def test_no_session_says_how_to_make_one(signed_by, files, environment_without_aws, monkeypatch):
    files(FILE)
    monkeypatch.setenv("AWS_LOGIN_CACHE_DIRECTORY", str(environment_without_aws))
    with pytest.raises(exceptions.LoginTokenLoadError, match="Please reauthenticate with 'aws login'"):
        signed_by(**HERE)
