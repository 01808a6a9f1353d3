"""Bedrock API keys: by argument or environment, and never in the clear."""

from __future__ import annotations

import botocore.exceptions
import pytest

import outcrop
from outcrop import exceptions
from tests.support.sides import call_once

from .conftest import KEYS

VARIABLE = "AWS_BEARER_TOKEN_BEDROCK"
HERE = {"region_name": "us-east-1"}


@pytest.fixture(params=["blocking", "async"])
def authorization(request, bedrock):
    """`authorization(**settings)`: how a call by either side says who calls."""

    def asked(**settings):
        call_once(request.param, **HERE, endpoint_url=bedrock.url, **settings)
        return bedrock.take().header("authorization")

    return asked


def test_a_token_is_sent_as_it_is(authorization):
    assert authorization(bearer_token="a-token") == "Bearer a-token"


def test_the_environment_has_one_too_and_an_argument_wins(authorization, monkeypatch):
    monkeypatch.setenv(VARIABLE, "of-the-environment")
    assert authorization() == "Bearer of-the-environment"
    assert authorization(bearer_token="an-argument") == "Bearer an-argument"


def test_a_token_of_the_environment_wins_over_keys_as_in_boto3(authorization, monkeypatch):
    monkeypatch.setenv(VARIABLE, "of-the-environment")
    keys = {name: value for name, value in KEYS.items() if name != "region_name"}
    assert authorization(**keys) == "Bearer of-the-environment"


def test_a_function_wins_over_the_environment(authorization, monkeypatch):
    """It is an argument, and is there to decide who calls."""
    monkeypatch.setenv(VARIABLE, "of-the-environment")
    sent = authorization(credentials=lambda: outcrop.Credentials("AKIDFUNCTION", "secret", None))
    assert sent.startswith("AWS4-HMAC-SHA256 Credential=AKIDFUNCTION/")


@pytest.mark.parametrize("given", [True, False])
def test_a_token_does_not_leave_the_machine_in_the_clear(monkeypatch, given):
    settings = HERE | {"endpoint_url": "http://bedrock.example"}
    if given:
        settings["bearer_token"] = "a-token"
    else:
        monkeypatch.setenv(VARIABLE, "a-token")
    with pytest.raises(exceptions.InvalidEndpointConfigurationError, match="requires an HTTPS endpoint") as caught:
        outcrop.client("bedrock-runtime", **settings)
    assert isinstance(caught.value, botocore.exceptions.InvalidEndpointConfigurationError)
    assert "a-token" not in str(caught.value) + repr(caught.value)
