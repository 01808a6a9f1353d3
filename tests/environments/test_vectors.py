"""The endpoint of each Region, with and without FIPS and dual stack, for each service: by botocore's own rules.

What botocore calls is asked, not `meta.endpoint_url`, which is of an older list. botocore's own vectors are made of the
same rules.
"""

from __future__ import annotations

import botocore.exceptions
import botocore.session
import pytest
from botocore.config import Config

import outcrop

PARTITIONS = botocore.session.get_session().get_data("partitions")["partitions"]
# Each Region that has a name, and two that no list knows.
REGIONS = sorted({name for each in PARTITIONS for name in each["regions"]} | {"us-north-9", "moon"})
KEYS = {"aws_access_key_id": "AKID", "aws_secret_access_key": "s"}
OPERATIONS = {"bedrock-runtime": "Converse", "bedrock": "ListInferenceProfiles"}
OLDER = {"eu-isoe-west-1", "us-isof-east-1", "us-isof-south-1"}
"""Regions whose dual stack botocore refuses by its older list, though its rules have it."""


def outcome(make):
    """The host that is called, or the error's class."""
    try:
        return make()
    except (botocore.exceptions.BotoCoreError, ValueError) as error:
        return type(error).__name__


@pytest.fixture(scope="module")
def session():
    return botocore.session.Session()


@pytest.mark.parametrize("service", OPERATIONS)
@pytest.mark.parametrize("dual_stack", [False, True])
@pytest.mark.parametrize("fips", [False, True])
def test_the_endpoint_is_botocores(session, monkeypatch, service, fips, dual_stack):
    config = Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack)

    def theirs(region):
        client = session.create_client(service, region_name=region, config=config, **KEYS)
        operation = client.meta.service_model.operation_model(OPERATIONS[service])
        return client._ruleset_resolver.construct_endpoint(operation, {}, {}).url

    def ours(region):
        return outcrop.client(service, region_name=region, **KEYS).meta.endpoint_url

    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", str(fips))
    monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", str(dual_stack))
    both = {region: (outcome(lambda: theirs(region)), outcome(lambda: ours(region))) for region in REGIONS}  # noqa: B023
    different = {region: pair for region, pair in both.items() if pair[0] != pair[1]}
    assert different.keys() == (OLDER if dual_stack else set())
    assert {pair[0] for pair in different.values()} <= {"EndpointVariantError"}
