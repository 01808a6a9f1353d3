"""An endpoint whose host names another Region than the source is refused, before anything is sent."""

from __future__ import annotations

import pytest

import outcrop
from outcrop.cross_region import _store

from .conftest import MODEL

HOSTS = [
    "bedrock-runtime.{}.amazonaws.com",
    "bedrock-runtime-fips.{}.amazonaws.com",
    "bedrock-runtime.{}.api.aws",
    "bedrock-runtime.{}.amazonaws.com.cn",
    "vpce-0a1b-c2d.bedrock-runtime.{}.vpce.amazonaws.com",
    "vpce-0a1b-c2d-{}a.bedrock-runtime.{}.vpce.amazonaws.com",
]
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
REFUSED = r"the endpoint \S+ is one of us-east-1, but the source Region is eu-west-1, and a call goes nowhere else: "


@pytest.fixture(params=[outcrop.CrossRegion, outcrop.AsyncCrossRegion])
def kind(request):
    return request.param


@pytest.mark.parametrize("host", HOSTS)
def test_an_endpoint_of_another_region_is_refused(kind, host):
    url = f"https://{host.format('us-east-1', 'us-east-1')}"
    for options in ({"endpoint_urls": {"eu-west-1": url}}, {"endpoint_url": url}):
        with pytest.raises(ValueError, match=REFUSED + "name us-east-1 as the source Region, or"):
            kind(MODEL, sources=["eu-west-1"], residency={"eu-west-1"}, **options, **KEYS)
        kind(MODEL, sources=["us-east-1"], **{**options, "endpoint_urls": {"us-east-1": url}}, **KEYS)


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"])
def test_one_from_the_environment_too(kind, monkeypatch, variable):
    monkeypatch.setenv(variable, "https://bedrock-runtime.us-east-1.amazonaws.com")
    with pytest.raises(ValueError, match=REFUSED):
        kind(MODEL, sources=["us-east-1", "eu-west-1"], **KEYS)


@pytest.mark.parametrize("make", [outcrop.client, outcrop.async_client])
@pytest.mark.parametrize("service", ["bedrock", "bedrock-runtime"])
def test_a_plain_client_keeps_to_its_region_as_well(make, service):
    """With a signature AWS refuses it; with an API key it would be served where nobody meant to go."""
    url = "https://bedrock-runtime.us-east-1.amazonaws.com"
    with pytest.raises(ValueError, match=REFUSED + "name us-east-1 as the source Region, or leave the endpoint out"):
        make(service, region_name="eu-west-1", endpoint_url=url, **KEYS)
    make(service, region_name="us-east-1", endpoint_url=url, **KEYS)


def test_a_proxys_host_is_named_for_its_region(kind):
    """One of another's domain that names a Region stands for all sources only where it is said to."""
    url = "https://bedrock.us-east-1.corp.example"
    with pytest.raises(
        ValueError, match=REFUSED + r"name us-east-1 as the source Region, or name this Region's own un"
    ):
        kind(MODEL, sources=["eu-west-1"], endpoint_url=url, **KEYS)
    kind(MODEL, sources=["eu-west-1"], endpoint_urls={"eu-west-1": url}, **KEYS)
    kind(MODEL, sources=["eu-west-1"], endpoint_url="https://bedrock.corp.example", **KEYS)
    kind(MODEL, sources=["eu-west-1"], endpoint_url="http://us-east-1.localhost:8080", **KEYS)


def test_lists_are_not_asked_of_another_region(monkeypatch):
    """What it says of itself would pass for what is known of the source."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK", "https://bedrock.us-east-1.amazonaws.com")
    _store.forget()
    plan = outcrop.plan(f"eu.{MODEL}", sources=["eu-west-1"], residency={"us-east-1"}, **KEYS)
    note, kept = plan.notes[1:]
    assert "unknown, because it cannot be asked for: the endpoint bedrock.us-east-1.amazonaws.com is one of us-" in kept
    assert "because its lists cannot be asked for: the endpoint bedrock.us-east-1.amazonaws.com is one of us-" in note
    _store.forget()
