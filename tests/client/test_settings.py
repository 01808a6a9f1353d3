"""Connection arguments: each mistake is named with its value and the way out, and no secret is ever shown."""

from __future__ import annotations

import copy
import os
import pickle
import re

import pytest

import outcrop
from outcrop import exceptions
from tests.support.server import Server, json_answer
from tests.support.sides import KEYS

SECRETS = {
    "aws_access_key_id": "AKIDEXAMPLE",
    "aws_secret_access_key": "a-very-secret-key",
    "aws_session_token": "a-very-secret-token",
    "proxy": "http://user:a-very-secret-password@127.0.0.1:3128",
    "default_headers": {"x-api-key": "a-very-secret-header"},
}


@pytest.mark.parametrize("make", [outcrop.client, outcrop.async_client], ids=["blocking", "async"])
@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        (
            {"regoin": "x"},
            TypeError,
            r"unknown connection argument 'regoin' \(did you mean region_name\?\); there are: region_name",
        ),
        ({"timeouts": {"read": 3}}, ValueError, "unknown key of timeouts 'read'; there are: connect, first_byte, idle"),
        ({"timeouts": {"connect": -3}}, ValueError, r"timeouts\[\"connect\"\] must be more than 0 seconds, not -3"),
        ({"timeouts": {"connect": "3"}}, TypeError, "must be a number of seconds or None, not str"),
        ({"timeouts": 3}, TypeError, "timeouts must be a dict such as"),
        ({"retries": {"mode": "legacy"}}, ValueError, "must be one of standard, adaptive, not 'legacy'"),
        ({"retries": {"max_attempts": 0}}, ValueError, "max_attempts must be 1 or more, not 0"),
        ({"retries": {"total": 1}}, ValueError, "unknown key of retries 'total'.*; there are: mode, max_attempts"),
        ({"bearer_token": "t"}, ValueError, "bearer_token and keys exclude each other"),
        ({"role_session_name": "x"}, ValueError, "role_session_name goes with role_arn"),
        ({"proxy": "socks5://x"}, ValueError, "proxy must be a URL that begins with http://"),
        ({"proxy": 3}, TypeError, "proxy must be a URL, or False to use none"),
        ({"http_version": "3"}, ValueError, "http_version must be one of 1.1, 2, auto, not '3'"),
        ({"ca_bundle": "/nope.pem"}, ValueError, 'ca_bundle must be a PEM file .* "/nope.pem" cannot be read'),
        ({"max_pool_connections": 0}, ValueError, "max_pool_connections must be 1 or more, not 0"),
        ({"max_response_bytes": 0}, ValueError, "max_response_bytes must be 1 or more, not 0"),
        ({"max_connections": 0}, ValueError, "max_connections must be 1 or more, not 0"),
        ({"endpoint_url": "nonsense"}, ValueError, "Invalid endpoint: nonsense"),
        ({"profile_name": "nope"}, exceptions.ProfileNotFound, r"The config profile \(nope\) could not be found"),
        ({"region_name": "us east"}, exceptions.InvalidRegionError, "'us east' doesn't match a supported format"),
    ],
)
def test_a_mistake_is_named(make, settings, error, text):
    with pytest.raises(error, match=text):
        make("bedrock-runtime", **{**KEYS, **settings})


@pytest.mark.parametrize(
    ("variable", "value", "text"),
    [
        (
            "AWS_RETRY_MODE",
            "fast",
            'AWS_RETRY_MODE, or the profile\'s retry_mode, must be standard or adaptive, not "fast"',
        ),
        ("AWS_MAX_ATTEMPTS", "many", 'AWS_MAX_ATTEMPTS, or .*, must be a whole number of 1 or more, not "many"'),
        ("AWS_MAX_ATTEMPTS", "0", 'must be a whole number of 1 or more, not "0"'),
    ],
)
def test_a_mistake_of_the_environment_is_named(monkeypatch, environment_without_aws, variable, value, text):
    config = environment_without_aws / "config"
    config.write_text(f"[default]\n{variable.removeprefix('AWS_').lower()} = {value}\n")
    with pytest.raises(ValueError, match=text):
        outcrop.client("bedrock-runtime", **KEYS)
    config.unlink()
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValueError, match=text):
        outcrop.client("bedrock-runtime", **KEYS)


@pytest.mark.parametrize(
    ("environment", "settings", "attempts"),
    [
        ({}, {}, 3),
        ({"AWS_MAX_ATTEMPTS": "2"}, {}, 2),
        ({"AWS_MAX_ATTEMPTS": "2"}, {"retries": {"max_attempts": 1}}, 1),
        ({"AWS_RETRY_MODE": "legacy"}, {}, 3),
        ({"AWS_RETRY_MODE": "adaptive"}, {}, 3),
        ({"AWS_PROFILE": "patient"}, {}, 4),
    ],
)
def test_attempts_are_those_of_argument_environment_and_profile(
    monkeypatch, environment_without_aws, environment, settings, attempts
):
    (environment_without_aws / "config").write_text("[profile patient]\nmax_attempts = 4\nretry_mode = standard\n")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with Server(json_answer(b"{}", 503)) as server:
        client = outcrop.client("bedrock-runtime", endpoint_url=server.url, **KEYS, **settings)
        with pytest.raises(exceptions.ClientError):
            client.converse(modelId="m")
        assert len(server.requests) == attempts


def test_a_file_that_cannot_be_read_is_named(environment_without_aws):
    (environment_without_aws / "config").write_text("[profile broken\n")
    with pytest.raises(exceptions.ConfigParseError, match="config: line 1 stands before the first section"):
        outcrop.client("bedrock-runtime", **KEYS)


def test_half_a_key_is_a_mistake():
    with pytest.raises(exceptions.PartialCredentialsError, match="missing: aws_secret_access_key"):
        outcrop.client("bedrock-runtime", region_name="us-east-1", aws_access_key_id="AKID")


def test_without_a_region_nothing_is_guessed():
    with pytest.raises(exceptions.NoRegionError, match="You must specify a region") as refused:
        outcrop.client("bedrock-runtime")
    of_variables, of_files = refused.value.__notes__
    assert of_variables == "looked for a Region in environment: neither AWS_DEFAULT_REGION nor AWS_REGION names one"
    assert re.fullmatch(
        r'looked for a Region in profile "default" of \S+ and \S+: (there is no such profile|it names no region)',
        of_files,
    )


def test_no_secret_is_shown():
    session = outcrop.Session(region_name="us-east-1", **SECRETS)
    shown = repr(session) + repr(session.client("bedrock")) + repr(session.async_client("bedrock-runtime"))
    assert "a-very-secret" not in shown
    assert "aws_secret_access_key=***" in shown
    assert "tok" not in repr(outcrop.Session(region_name="us-east-1", bearer_token="tok-en")).replace(
        "bearer_token", ""
    )


def test_no_secret_goes_into_a_pickle():
    client = outcrop.Session(**KEYS).client("bedrock-runtime")
    with pytest.raises(TypeError, match="secrets do not go into pickles, so name a profile or a role"):
        pickle.dumps(client)
    # A copy stays in the process, and so may the secret.
    assert repr(copy.deepcopy(client)) == repr(client)


def test_a_session_of_the_environment_travels(emulator, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_access_key)
    session = outcrop.Session(region_name="us-west-2", endpoint_url=emulator.endpoint_url, timeouts={"connect": 2})
    for twin in (pickle.loads(pickle.dumps(session)), copy.deepcopy(session)):
        assert repr(twin) == repr(session)
    client = pickle.loads(pickle.dumps(session.client("bedrock")))
    assert type(pickle.loads(pickle.dumps(session.async_client("bedrock")))).__name__ == "AsyncBedrockClient"
    assert client.meta.region_name == "us-west-2"
    assert client.list_inference_profiles(maxResults=1)["inferenceProfileSummaries"]


def test_nothing_is_written_to_the_environment(emulator):
    before = dict(os.environ)
    messages = [{"role": "user", "content": [{"text": "x"}]}]
    emulator.client("bedrock-runtime").converse(modelId="us.amazon.nova-lite-v1:0", messages=messages)
    assert dict(os.environ) == before
