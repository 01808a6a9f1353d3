"""Where credentials come from: each source that AWS's SDKs know, through both sides, against stand-ins on loopback."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from urllib.parse import parse_qs

import pytest

import outcrop
from outcrop import exceptions
from tests.support.server import Answer, Server, json_answer
from tests.support.stalling import Handled, nothing
from tests.support.waiting import PATIENCE

from .conftest import KEYS, LATER, ROLE, container, metadata

HERE = {"region_name": "us-east-1"}
ROLE_PROFILE = f"""
[profile base]
aws_access_key_id = AKIDBASE
aws_secret_access_key = base-secret
[profile role]
role_arn = {ROLE}
source_profile = base
role_session_name = by-profile
region = eu-west-1
"""


def asked_of(sts):
    return {name: value[0] for name, value in parse_qs(sts.take().body.decode()).items()}


def test_a_role_is_assumed_with_the_keys_given(signed_by, sts):
    assert signed_by(**KEYS, role_arn=ROLE, role_session_name="langchain-llm-1") == ("ASIAROLE", "role-token")
    asked = asked_of(sts)
    assert (asked["Action"], asked["RoleArn"], asked["RoleSessionName"]) == ("AssumeRole", ROLE, "langchain-llm-1")


def test_a_role_is_assumed_with_a_profile(signed_by, sts, files):
    files(ROLE_PROFILE)
    assert signed_by(**HERE, profile_name="base", role_arn=ROLE) == ("ASIAROLE", "role-token")
    assert asked_of(sts)["RoleArn"] == ROLE


def test_a_role_is_assumed_once_for_all_clients_of_a_session(sts, bedrock):
    session = outcrop.Session(**KEYS, role_arn=ROLE, endpoint_url=bedrock.url)
    for service in ("bedrock-runtime", "bedrock-runtime"):
        client = session.client(service)
        for _ in range(3):
            client.converse(modelId="m")
    assert len(sts.requests) == 1


def test_a_profile_names_a_role(signed_by, sts, files, monkeypatch):
    files(ROLE_PROFILE)
    monkeypatch.setenv("AWS_PROFILE", "role")
    assert signed_by() == ("ASIAROLE", "role-token")
    assert asked_of(sts)["RoleSessionName"] == "by-profile"
    assert outcrop.Session().region_name == "eu-west-1"


def test_a_web_identity_is_exchanged_for_a_role(signed_by, sts, tmp_path, monkeypatch):
    (tmp_path / "token").write_text("a-web-token")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("AWS_ROLE_ARN", ROLE)
    assert signed_by(**HERE) == ("ASIAROLE", "role-token")
    assert asked_of(sts)["WebIdentityToken"] == "a-web-token"


def test_a_process_is_asked(signed_by, files, tmp_path):
    told = {"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "p", "SessionToken": "pt"}
    program = tmp_path / "program.py"
    program.write_text(f"print('''{json.dumps(told)}''')")
    files(f"[profile process]\ncredential_process = {sys.executable} {program}\n")
    assert signed_by(**HERE, profile_name="process") == ("AKIDPROCESS", "pt")


def test_a_container_is_asked(signed_by, monkeypatch):
    with Server(answer=container) as server:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{server.url}/credentials")
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic YQ==")
        assert signed_by(**HERE) == ("ASIACONTAINER", "session-token")
        sent = server.requests[0]
        assert (sent.target, sent.header("authorization")) == ("/credentials", "Basic YQ==")


def test_an_instance_is_asked_last(signed_by, monkeypatch):
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    with Server(answer=metadata) as server:
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url)
        assert signed_by(**HERE) == ("ASIAINSTANCE", "session-token")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "e")
        asked = len(server.requests)
        assert signed_by(**HERE) == ("AKIDENVIRONMENT", None)
        assert len(server.requests) == asked


def test_single_sign_on_reads_the_cache_of_the_command_line(signed_by, files, environment_without_aws, monkeypatch):
    """As `aws sso login` leaves it."""
    files(
        "[profile sso]\nsso_session = mine\nsso_account_id = 123456789012\nsso_role_name = Geologist\n"
        "[sso-session mine]\nsso_region = us-east-1\nsso_start_url = https://mine.awsapps.com/start\n"
    )
    monkeypatch.setenv("HOME", str(environment_without_aws))
    cache = environment_without_aws / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    token = {"accessToken": "sso-token", "expiresAt": LATER, "region": "us-east-1"}
    (cache / f"{hashlib.sha1(b'mine').hexdigest()}.json").write_text(json.dumps(token))
    expiration = int((time.time() + 3600) * 1000)
    role = {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "sso-session", "expiration": expiration}
    with Server(json_answer(json.dumps({"roleCredentials": role}).encode())) as portal:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", portal.url)
        assert signed_by(**HERE, profile_name="sso") == ("ASIASSO", "sso-session")
        assert portal.requests[0].query == "role_name=Geologist&account_id=123456789012"
        assert portal.requests[0].header("x-amz-sso_bearer_token") == "sso-token"


def refused(**settings):
    with pytest.raises(exceptions.BotoCoreError) as caught:
        outcrop.client("bedrock-runtime", **settings).converse(modelId="m")
    return caught.value


def test_no_credentials_anywhere(bedrock):
    assert isinstance(refused(**HERE, endpoint_url=bedrock.url), exceptions.NoCredentialsError)
    assert not bedrock.requests


def test_single_sign_on_that_is_missing_says_so(files, environment_without_aws, monkeypatch, bedrock):
    monkeypatch.setenv("HOME", str(environment_without_aws))
    files(
        "[profile sso]\nsso_session = mine\nsso_account_id = 1\nsso_role_name = r\n"
        "[sso-session mine]\nsso_region = us-east-1\nsso_start_url = https://mine.awsapps.com/start\n"
    )
    error = refused(**HERE, profile_name="sso", endpoint_url=bedrock.url)
    assert isinstance(error, exceptions.SSOTokenLoadError)
    assert "failed to load the cached SSO token" in str(error)


def test_a_role_that_may_not_be_assumed_says_why(bedrock, monkeypatch):
    """The role's name has the letters of single sign-on, which it is not."""
    why = f"User: arn:aws:iam::1:user/a is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
    page = f"<ErrorResponse><Error><Code>AccessDenied</Code><Message>{why}</Message></Error></ErrorResponse>"
    with Server(Answer(403, {"Content-Type": "text/xml"}, page.encode())) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        error = refused(**KEYS, role_arn=ROLE, endpoint_url=bedrock.url)
    assert isinstance(error, exceptions.CredentialRetrievalError)
    assert why in str(error)
    assert not bedrock.requests


def test_a_process_that_fails_says_so(bedrock, files):
    files("[profile process]\ncredential_process = /bin/false\n")
    error = refused(**HERE, profile_name="process", endpoint_url=bedrock.url)
    assert isinstance(error, exceptions.CredentialRetrievalError)
    assert "external process exited with code exit status: 1" in str(error)


def test_a_metadata_service_that_stalls_is_given_up_soon(bedrock, monkeypatch):
    """The SDK gives it a second, since it may be nobody; the hour that a model may take is not for it."""
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    with Handled(nothing) as server:
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", f"http://127.0.0.1:{server.port}")
        begun = time.monotonic()
        assert isinstance(refused(**HERE, endpoint_url=bedrock.url), exceptions.NoCredentialsError)
        assert time.monotonic() - begun < PATIENCE
    assert not bedrock.requests
