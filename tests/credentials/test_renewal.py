"""Credentials that change under a client: expired ones are fetched anew, and tokens are asked for."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs

import boto3
import botocore.exceptions
import pytest

import outcrop
from outcrop import exceptions
from tests.support.server import Answer, Server, json_answer
from tests.support.sides import Side

from .conftest import ANSWER, KEYS, LATER, ROLE, token_service

HERE = {"region_name": "us-east-1"}
FILE = "[default]\naws_access_key_id = {key}\naws_secret_access_key = s\n"
EXPIRED = json_answer(
    b'{"message":"The security token included in the request is expired"}',
    403,
    **{"x-amzn-ErrorType": "ExpiredTokenException"},
)


def key(request):
    return request.header("authorization").partition("Credential=")[2].split("/")[0]


@pytest.fixture(params=["blocking", "async"])
def side(request):
    """`side(**settings)`: a client of one of the two kinds, with no keys of its own."""

    def make(**settings):
        made = object.__new__(Side)
        made.kind = request.param
        client = outcrop.client if request.param == "blocking" else outcrop.async_client
        made.client = client("bedrock-runtime", **HERE, **settings)
        return made

    return make


@pytest.fixture
def only_new():
    """Bedrock, to which every key but AKIDNEW has expired."""
    answer = json_answer(ANSWER)
    with Server(answer=lambda request: answer if key(request) in ("AKIDNEW", "ASIAROLE") else EXPIRED) as server:
        yield server


def test_a_file_that_was_rewritten_is_read_again(side, only_new, environment_without_aws):
    file = environment_without_aws / "credentials"
    file.write_text(FILE.format(key="AKIDOLD"))
    client = side(endpoint_url=only_new.url)
    file.write_text(FILE.format(key="AKIDNEW"))
    client.call("converse", modelId="m")
    client.call("converse", modelId="m")
    # The first is signed with what the file had when the client was made or when it was first read.
    assert [key(request) for request in only_new.requests][-2:] == ["AKIDNEW", "AKIDNEW"]
    assert len(only_new.requests) <= 3


def test_a_file_that_is_the_same_is_read_once_more_and_no_request_is_sent(side, only_new, environment_without_aws):
    (environment_without_aws / "credentials").write_text(FILE.format(key="AKIDOLD"))
    client = side(endpoint_url=only_new.url, retries={"max_attempts": 1})
    with pytest.raises(exceptions.ClientError) as caught:
        client.call("converse", modelId="m")
    assert caught.value.code == "ExpiredTokenException"
    assert [key(request) for request in only_new.requests] == ["AKIDOLD"]


def test_keys_given_by_hand_are_the_callers_affair(side, only_new):
    keys = {name: value for name, value in KEYS.items() if name not in HERE}
    client = side(endpoint_url=only_new.url, **keys)
    with pytest.raises(exceptions.ClientError, match="expired"):
        client.call("converse", modelId="m")
    assert len(only_new.requests) == 1


def test_a_process_is_asked_again_before_its_keys_expire(side, files, tmp_path, bedrock):
    program = tmp_path / "program"
    asked = tmp_path / "asked"
    program.write_text(
        f'echo asked >> {asked}\nprintf \'{{"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "s", '
        '"Expiration": "%s"}\' "$(date -u -d "+2 seconds" +%Y-%m-%dT%H:%M:%SZ)"\n'
    )
    files(f"[profile p]\ncredential_process = /bin/sh {program}\n")
    client = side(endpoint_url=bedrock.url, profile_name="p")
    client.call("converse", modelId="m")
    while len(asked.read_text().splitlines()) < 2:
        client.call("converse", modelId="m")
    assert {key(request) for request in bedrock.requests} == {"AKIDPROCESS"}


def test_keys_that_come_expired_are_an_error(side, files, bedrock):
    told = {"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "s", "Expiration": "2020-01-01T00:00:00Z"}
    files(f"[profile p]\ncredential_process = /bin/echo '{json.dumps(told)}'\n")
    with pytest.raises(exceptions.CredentialRetrievalError, match="the refreshed credentials are still expired"):
        side(endpoint_url=bedrock.url, profile_name="p").call("converse", modelId="m")
    assert not bedrock.requests


def test_a_refusal_of_sts_is_a_client_error_too(side, bedrock, monkeypatch):
    page = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>"
    keys = {name: value for name, value in KEYS.items() if name not in HERE}
    with Server(Answer(403, {"Content-Type": "text/xml"}, page)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        with pytest.raises(
            exceptions.CredentialServiceError, match=r"AccessDenied.* calling the AssumeRole operation: not you"
        ) as caught:
            side(endpoint_url=bedrock.url, role_arn=ROLE, **keys).call("converse", modelId="m")
    assert caught.value.operation_name == "AssumeRole"
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    assert isinstance(caught.value, botocore.exceptions.ClientError)
    assert isinstance(caught.value, botocore.exceptions.CredentialRetrievalError)


def test_a_role_is_assumed_anew_after_its_keys_have_expired(side, monkeypatch):
    seen = []

    def answer(request):
        seen.append(key(request))
        return EXPIRED if len(seen) == 1 else json_answer(ANSWER)

    keys = {name: value for name, value in KEYS.items() if name not in HERE}
    names = iter(("ASIAFIRST", "ASIASECOND"))

    def sts(request):
        told = token_service(request)
        return Answer(200, told.headers, told.body.replace(b"ASIAROLE", next(names).encode()))

    with Server(answer=answer) as bedrock, Server(answer=sts) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        side(endpoint_url=bedrock.url, role_arn=ROLE, **keys).call("converse", modelId="m")
    assert seen == ["ASIAFIRST", "ASIASECOND"]


def test_a_function_gives_bearer_tokens(side, bedrock):
    tokens = iter(("one", "two"))
    client = side(endpoint_url=bedrock.url, bearer_token=lambda: next(tokens))
    client.call("converse", modelId="m")
    client.call("converse", modelId="m")
    assert [request.header("authorization") for request in bedrock.requests] == ["Bearer one", "Bearer two"]


def test_a_function_of_bearer_tokens_may_be_awaited(bedrock):
    async def token():
        await asyncio.sleep(0)
        return "awaited"

    async def called():
        client = outcrop.async_client("bedrock-runtime", **HERE, endpoint_url=bedrock.url, bearer_token=token)
        await client.converse(modelId="m")

    asyncio.run(called())
    assert bedrock.take().header("authorization") == "Bearer awaited"


@pytest.mark.parametrize(
    ("token", "error", "text"),
    [
        (lambda: None, exceptions.NoCredentialsError, "Unable to locate credentials"),
        (lambda: "", exceptions.NoCredentialsError, "Unable to locate credentials"),
        (lambda: 3, TypeError, "bearer_token must give a str, not int"),
        (lambda: "hidden\n", exceptions.CredentialRetrievalError, "bearer token has a line end"),
    ],
)
def test_what_it_gives_wrong_is_the_callers_error(side, bedrock, token, error, text):
    with pytest.raises(error, match=text) as caught:
        side(endpoint_url=bedrock.url, bearer_token=token).call("converse", modelId="m")
    assert "hidden" not in str(caught.value)
    assert not bedrock.requests


def test_a_token_of_a_function_does_not_leave_the_machine_in_the_clear(side):
    client = side(endpoint_url="http://bedrock.example", bearer_token=lambda: "token")
    with pytest.raises(exceptions.InvalidEndpointConfigurationError, match="requires an HTTPS endpoint"):
        client.call("converse", modelId="m")


def test_an_empty_bearer_token_is_none(side, bedrock, monkeypatch):
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    side(endpoint_url=bedrock.url).call("converse", modelId="m")
    assert key(bedrock.take()) == "AKIDENV"


def test_a_projected_token_that_was_rotated_is_read_anew(side, tmp_path, monkeypatch):
    """Kubernetes writes a new folder and points `..data` at it; the path of the token stays."""
    for name in ("first", "second"):
        (tmp_path / f"..{name}").mkdir()
        (tmp_path / f"..{name}" / "token").write_text(f"{name}-token\n")
    (tmp_path / "..data").symlink_to("..first")
    (tmp_path / "token").symlink_to("..data/token")
    tokens, seen = [], []

    def sts(request):
        tokens.append(parse_qs(request.body.decode())["WebIdentityToken"][0])
        told = token_service(request)
        return Answer(200, told.headers, told.body.replace(b"ASIAROLE", b"ASIA%d" % len(tokens)))

    def answer(request):
        seen.append(key(request))
        if len(seen) > 1:
            return json_answer(ANSWER)
        (tmp_path / "..new").symlink_to("..second")
        (tmp_path / "..new").replace(tmp_path / "..data")
        return EXPIRED

    with Server(answer=answer) as bedrock, Server(answer=sts) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(tmp_path / "token"))
        monkeypatch.setenv("AWS_ROLE_ARN", ROLE)
        side(endpoint_url=bedrock.url).call("converse", modelId="m")
    assert (seen, tokens) == (["ASIA1", "ASIA2"], ["first-token\n", "second-token\n"])


def lives(answer, when):
    """What a service said, with keys that hold until then."""
    return Answer(200, answer.headers, answer.body.replace(LATER.encode(), when.encode()))


CHAIN = (
    f"[profile r]\nrole_arn = {ROLE}\nsource_profile = q\n"
    f"[profile q]\nrole_arn = {ROLE.replace('Professor', 'Student')}\nsource_profile = p\n"
    "[profile p]\naws_access_key_id = AKIDFILE\naws_secret_access_key = s\n"
)


def of_the_role(of, bedrock):
    """A client of either library whose session has the role's profile."""
    session = (boto3 if of == "boto3" else outcrop).Session(profile_name="r", **HERE)
    return session.client("bedrock-runtime", endpoint_url=bedrock.url)


@pytest.mark.parametrize("of", ["boto3", "outcrop"])
def test_of_a_chain_of_roles_only_what_is_over_is_asked_for_anew(of, files, bedrock, monkeypatch):
    """A day's role that a code was typed for gives the keys of an hour, again and again."""
    asked = []

    def sts(request):
        asked.append((key(request), parse_qs(request.body.decode())["RoleArn"][0].rpartition("/")[2]))
        if asked[-1][1] == "Student":
            return token_service(request)
        return lives(token_service(request), f"{datetime.now(timezone.utc) + timedelta(seconds=2):%Y-%m-%dT%H:%M:%SZ}")

    files(CHAIN)
    with Server(answer=sts) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        client = of_the_role(of, bedrock)
        while len(asked) < 4:
            client.converse(modelId="m", messages=[])
    assert asked == [("AKIDFILE", "Student")] + 3 * [("ASIAROLE", "Professor")]


@pytest.mark.parametrize("of", ["boto3", "outcrop"])
def test_a_link_that_cannot_be_renewed_yet_is_used_while_it_holds(of, files, bedrock, monkeypatch):
    asked = []

    def sts(request):
        asked.append(parse_qs(request.body.decode())["RoleArn"][0].rpartition("/")[2])
        if asked.count("Student") > 1 and asked[-1] == "Student":
            page = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
            return Answer(403, {"Content-Type": "text/xml"}, page)
        # The first role's keys are to be renewed soon, those of the second always.
        soon = timedelta(minutes=14) if asked[-1] == "Student" else timedelta(seconds=2)
        return lives(token_service(request), f"{datetime.now(timezone.utc) + soon:%Y-%m-%dT%H:%M:%SZ}")

    files(CHAIN)
    with Server(answer=sts) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        client = of_the_role(of, bedrock)
        while asked.count("Student") < 3:
            client.converse(modelId="m", messages=[])
    assert {key(request) for request in bedrock.requests} == {"ASIAROLE"}
