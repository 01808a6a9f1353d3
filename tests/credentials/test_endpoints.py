"""Which endpoint is called: argument, environment, files, in AWS's order."""

from __future__ import annotations

import botocore.session
import pytest

import outcrop

from .conftest import KEYS

FILE = """
[profile both]
services = mine
endpoint_url = http://127.0.0.1:7000
[profile one]
services = one
[services mine]
bedrock_runtime =
  endpoint_url = http://127.0.0.1:7001
bedrock =
  endpoint_url = http://127.0.0.1:7002
[services one]
bedrock_runtime =
  endpoint_url = http://127.0.0.1:7003
[profile plain]
endpoint_url = http://127.0.0.1:7004
"""


def urls(**settings):
    return tuple(outcrop.client(service, **settings).meta.endpoint_url for service in ("bedrock-runtime", "bedrock"))


def botocores(region="us-east-1"):
    session = botocore.session.Session()
    services = ("bedrock-runtime", "bedrock")
    return tuple(session.create_client(service, region_name=region).meta.endpoint_url for service in services)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"AWS_PROFILE": "both"},
        {"AWS_PROFILE": "one"},
        {"AWS_PROFILE": "plain"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:7100"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:7100", "AWS_PROFILE": "both"},
        {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://127.0.0.1:7101", "AWS_ENDPOINT_URL": "http://127.0.0.1:7100"},
        {"AWS_ENDPOINT_URL_BEDROCK": "http://127.0.0.1:7102"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:7100", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        {"AWS_PROFILE": "both", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        {"AWS_USE_FIPS_ENDPOINT": "true"},
        {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
    ],
    ids=lambda environment: "+".join(f"{name}={value}" for name, value in environment.items()) or "nothing",
)
def test_the_endpoint_is_botocores(files, monkeypatch, environment):
    files(FILE)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert urls(region_name="us-east-1") == botocores()


def test_an_argument_wins(files, monkeypatch):
    files(FILE)
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:7101")
    assert set(urls(profile_name="both", endpoint_url="http://127.0.0.1:7200", **KEYS)) == {"http://127.0.0.1:7200"}


@pytest.mark.parametrize("region", ["us-gov-west-1", "cn-north-1", "eusc-de-east-1", "us-iso-east-1"])
def test_each_partition_has_its_own_names(region):
    assert urls(region_name=region) == botocores(region)
