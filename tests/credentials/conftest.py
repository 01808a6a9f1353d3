"""Stand-ins for what hands out credentials, and files that name them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.server import ANSWER, Answer, Server, json_answer
from tests.support.sides import call_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.server import Request

LATER = "2099-01-01T00:00:00Z"
ROLE = "arn:aws:iam::123456789012:role/Professor"
KEYS = {"region_name": "us-east-1", "aws_access_key_id": "AKIDUSER", "aws_secret_access_key": "user-secret"}


def token_service(request: Request) -> Answer:
    """STS: a role for whoever asks."""
    action = "AssumeRoleWithWebIdentity" if b"WebIdentity" in request.body else "AssumeRole"
    return Answer(
        200,
        {"Content-Type": "text/xml"},
        f"""<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>
        <AssumedRoleUser><AssumedRoleId>AROA:b</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/r/b</Arn></AssumedRoleUser>
        <Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey>
        <SessionToken>role-token</SessionToken><Expiration>{LATER}</Expiration></Credentials>
        </{action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{action}Response>""".encode(),
    )


def metadata(request: Request) -> Answer:
    """The metadata service of an instance, second version: nothing without a token."""
    if request.method == "PUT":
        return Answer(200, {"x-aws-ec2-metadata-token-ttl-seconds": "21600"}, b"METADATA-TOKEN")
    if request.header("x-aws-ec2-metadata-token") != "METADATA-TOKEN":
        return Answer(401)
    if request.path.endswith("/security-credentials/"):
        return Answer(200, {}, b"instance-role")
    return json_answer(json.dumps({"Code": "Success", "Type": "AWS-HMAC", **temporary("ASIAINSTANCE")}).encode())


def container(_: Request) -> Answer:
    """What ECS and EKS have for their containers."""
    return json_answer(json.dumps(temporary("ASIACONTAINER") | {"RoleArn": ROLE}).encode())


def temporary(key: str) -> dict[str, str]:
    updated = "2026-01-01T00:00:00Z"
    secret = {"SecretAccessKey": "s", "Token": "session-token"}
    return {"AccessKeyId": key, "Expiration": LATER, "LastUpdated": updated, **secret}


@pytest.fixture
def files(environment_without_aws: Path) -> Callable[[str], None]:
    """`files(text)` writes the AWS configuration file."""
    return lambda text: (environment_without_aws / "config").write_text(text) and None


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch):
    """STS, where the environment says."""
    with Server(answer=token_service) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        yield server


@pytest.fixture
def bedrock():
    """A server that answers every call."""
    with Server(json_answer(ANSWER)) as server:
        yield server


@pytest.fixture(params=["blocking", "async"])
def signed_by(request, bedrock):
    """`signed_by(**settings)`: the access key and the token with which a call by either side is signed."""

    def asked(**settings):
        call_once(request.param, endpoint_url=bedrock.url, **settings)
        sent = bedrock.take()
        return sent.header("authorization").partition("Credential=")[2].split("/")[0], sent.header(
            "x-amz-security-token"
        )

    return asked
