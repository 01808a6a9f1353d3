"""boto3's `config=`, `verify=`, `use_ssl=` and the Region by position: taken over, or refused with the way out."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

import outcrop
from outcrop import _botocore_config

ASK = {"modelId": "us.amazon.nova-lite-v1:0", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}
REGION = {"region_name": "us-east-1"}


@pytest.fixture(params=[outcrop.client, outcrop.async_client], ids=["sync", "async"])
def make(request):
    return lambda *args, **settings: request.param("bedrock-runtime", *args, **settings)


def given(client):
    return {name: value for name, value in client._session._given.items() if name != "region_name"}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, {}),
        ({"connect_timeout": 2}, {"timeouts": {"connect": 2}}),
        ({"read_timeout": 60}, {"timeouts": {"first_byte": 60, "idle": 60}}),
        ({"retries": {"max_attempts": 0}}, {"retries": {"max_attempts": 1}}),
        ({"retries": {"total_max_attempts": 4}}, {"retries": {"max_attempts": 4}}),
        ({"retries": {"mode": "adaptive"}}, {"retries": {"mode": "adaptive"}}),
        ({"retries": {"mode": "legacy"}}, {"retries": {"mode": "standard"}}),
        ({"max_pool_connections": 50}, {"max_pool_connections": 50}),
        ({"parameter_validation": False}, {"parameter_validation": False}),
        ({"proxies": {"https": "http://p:1", "http": "http://q:2"}}, {"proxy": "http://p:1"}),
        ({"proxies": {"http": "http://q:2"}}, {"proxy": False}),
        ({"user_agent_extra": "a/1", "user_agent_appid": "b"}, {"default_headers": {"User-Agent": "a/1 app/b"}}),
        ({"signature_version": "v4", "tcp_keepalive": True, "inject_host_prefix": False}, {}),
        ({"use_fips_endpoint": False}, {}),
    ],
    ids=repr,
)  # fmt: skip
def test_a_config_is_taken_over(make, config, expected):
    assert given(make(config=Config(**config), **REGION)) == expected


def test_every_option_of_botocores_is_known():
    known = {*_botocore_config._TRANSLATED, *_botocore_config.WAYS_OUT, *_botocore_config.WITHOUT_EFFECT}
    assert set(Config.OPTION_DEFAULTS) <= known


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"config": Config(use_fips_endpoint=True)}, ValueError, "use_fips_endpoint of config= is not supported: set"),
        ({"config": Config(client_cert="x.pem")}, ValueError, "client_cert of config= is not supported: there is none"),
        ({"config": Config(signature_version=UNSIGNED)}, ValueError, "signature_version of config= must be v4"),
        ({"config": Config(retries={"mode": "adaptive"}, read_timeout=-1)}, ValueError, "must be more than 0 seconds"),
        ({"config": {"read_timeout": 3}}, TypeError, "config must be a botocore.config.Config, not dict"),
        ({"verify": False}, ValueError, "verify=False is not supported: name the authority to trust by ca_bundle="),
        ({"verify": 3}, TypeError, "ca_bundle must be a str, not int"),
        ({"use_ssl": False}, ValueError, "use_ssl=False is not supported: name an http endpoint by endpoint_url="),
    ],
    ids=lambda it: repr(it)[:40],
)  # fmt: skip
def test_what_has_no_counterpart_is_refused(make, settings, error, text):
    with pytest.raises(error, match=text):
        make(**settings, **REGION)


def test_arguments_win_over_the_config(make):
    config = Config(region_name="eu-west-1", connect_timeout=1, read_timeout=2, retries={"max_attempts": 7})
    client = make(config=config, timeouts={"idle": 3}, retries={"total_max_attempts": 2}, **REGION)
    assert client.meta.region_name == "us-east-1"
    assert given(client)["timeouts"] == {"connect": 1, "first_byte": 2, "idle": 3}
    assert given(client)["retries"] == {"total_max_attempts": 2}


def test_a_clients_config_wins_over_its_sessions_arguments():
    session = outcrop.Session(timeouts={"connect": 9}, **REGION)
    assert given(session.client("bedrock", config=Config(connect_timeout=1)))["timeouts"] == {"connect": 1}


def test_a_config_names_the_region(make):
    assert make(config=Config(region_name="eu-west-1")).meta.region_name == "eu-west-1"


def test_a_region_by_position(make):
    assert make("eu-west-1").meta.region_name == "eu-west-1"
    assert outcrop.Session(**REGION).client("bedrock", "eu-west-1").meta.region_name == "eu-west-1"
    for args, settings in ((("eu-west-1", "x"), {}), (("eu-west-1",), REGION)):
        with pytest.raises(TypeError, match="a client takes the service's name and one Region, and everything else by"):
            make(*args, **settings)


def test_verify_names_the_authorities(make):
    with pytest.raises(ValueError, match=r'argument ca_bundle must be a PEM file of certificates, but "mine\.pem"'):
        make(verify="mine.pem", **REGION)
    assert "ca_bundle" not in given(make(verify=True, **REGION))


def test_the_same_arguments_do_as_in_boto3(emulator):
    """What the server sees of a call is what it sees of boto3's."""
    config = Config(user_agent_extra="chain/1", retries={"max_attempts": 2}, read_timeout=30)
    emulator.fault("error", code="ServiceUnavailableException", times=8)
    seen = []
    for make in (boto3.client, outcrop.client):
        emulator.journal.clear()
        connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
        client = make("bedrock-runtime", "us-east-1", config=config, use_ssl=True, verify=None, **connection)
        with pytest.raises(client.exceptions.ServiceUnavailableException):
            client.converse(**ASK)
        agents = {"chain/1" in dict(entry.headers)["user-agent"] for entry in emulator.journal}
        seen.append((len(emulator.journal), agents, json.loads(emulator.journal[0].body)))
        client.close()
    assert seen[0] == seen[1]
    assert seen[0][:2] == (3, {True})


@pytest.mark.parametrize("named", ["team-a", "my app/é#1", "a.b!$%&'*+-.^_`|~", ""])
def test_the_name_of_a_program_is_told_as_boto3_tells_it(emulator, monkeypatch, named):
    monkeypatch.setenv("AWS_SDK_UA_APP_ID", named)
    seen = []
    for make in (boto3.client, outcrop.client):
        emulator.journal.clear()
        client = make("bedrock-runtime", **emulator.connection)
        client.converse(**ASK)
        agent = dict(emulator.journal[0].headers)["user-agent"]
        seen.append([word for word in agent.split() if word.startswith("app/")])
        client.close()
    assert seen[0] == seen[1]
