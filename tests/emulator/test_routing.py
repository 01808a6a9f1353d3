"""Where calls are served: the source Region while it has room, then its destinations one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

PROFILE = "us.amazon.nova-lite-v1:0"
DIRECT = "amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
ONCE = {"total_max_attempts": 1}
DESTINATION = {"logGroupName": "/bedrock/invocations", "roleArn": "arn:aws:iam::123456789012:role/logging"}


@pytest.fixture
def client(emulator, witness):
    return witness(retries=ONCE)


def served(client, calls, model=PROFILE):
    """The outcome of each call in turn: `None`, or the error's code."""

    def outcome():
        try:
            client.converse(modelId=model, messages=MESSAGES)
        except ClientError as error:
            return error.response["Error"]["Code"]
        return None

    return [outcome() for _ in range(calls)]


def test_forty_calls_to_three_regions_of_ten_ten_and_five(emulator, witness, client):
    witness("bedrock").put_model_invocation_logging_configuration(loggingConfig={"cloudWatchConfig": DESTINATION})
    emulator.clock.hold(dt.datetime(2026, 11, 24, 12, tzinfo=dt.timezone.utc))
    for region, requests in {"us-east-1": 10, "us-east-2": 10, "us-west-2": 5}.items():
        emulator.regions[region].capacity(requests=requests)
    outcomes = served(client, 40)
    assert outcomes == [None] * 25 + ["ThrottlingException"] * 15

    calls = emulator.journal.where(operation="Converse")
    expected = ["us-east-1"] * 10 + ["us-east-2"] * 10 + ["us-west-2"] * 5 + [None] * 15
    assert [entry.serving_region for entry in calls] == expected
    assert [entry.status for entry in calls] == [200] * 25 + [429] * 15
    assert len(emulator.journal.where(rerouted=True)) == 15

    records = emulator.invocation_log
    assert [record.get("inferenceRegion") for record in records] == expected
    assert [record.get("errorCode") for record in records] == outcomes
    assert [record["requestId"] for record in records] == [entry.request_id for entry in calls]
    assert {record["region"] for record in records} == {"us-east-1"}

    [metric] = emulator.metrics()
    assert (metric.region, metric.model_id) == ("us-east-1", PROFILE)
    assert (metric.invocations, metric.invocation_throttles) == (25, 15)
    assert metric.input_token_count == sum(entry.input_tokens for entry in calls)
    assert metric.output_token_count == sum(entry.output_tokens for entry in calls)

    emulator.clock.advance(60)
    assert served(client, 1) == [None]
    assert emulator.journal[-1].serving_region == "us-east-1"


def test_a_direct_call_stays_where_it_is(emulator, client):
    emulator.regions["us-east-1"].capacity(requests=1)
    assert served(client, 2, DIRECT) == [None, "ThrottlingException"]
    assert {entry.serving_region for entry in emulator.journal} == {"us-east-1", None}


def test_a_global_profile_goes_anywhere(emulator, client):
    emulator.regions["us-east-1"].health = "throttled"
    profile = "global.anthropic.claude-sonnet-4-5-20250929-v1:0"
    assert served(client, 1, profile) == [None]
    assert emulator.journal[-1].serving_region not in {None, "us-east-1"}


def test_tokens_are_reserved_and_settled(emulator, client):
    emulator.regions["us-east-1"].capacity(tokens=5_000)
    emulator.regions["us-east-2"].health = emulator.regions["us-west-2"].health = "throttled"
    # 4,096 are reserved when maxTokens is left out, and what was not used is given back.
    assert served(client, 3) == [None] * 3
    with pytest.raises(ClientError, match="Too many tokens, please wait"):
        client.converse(modelId=PROFILE, messages=MESSAGES, inferenceConfig={"maxTokens": 5_000})


def test_one_model_can_have_its_own_capacity(emulator, client):
    emulator.regions["us-east-1"].capacity(requests=1, model=DIRECT)
    assert served(client, 2, DIRECT) == [None, "ThrottlingException"]
    assert served(client, 2, "amazon.nova-micro-v1:0") == [None] * 2


def test_a_quota_is_the_sources_wherever_calls_are_served(emulator, witness, client):
    emulator.regions["us-east-1"].quota(requests=2)
    assert served(client, 3) == [None, None, "ThrottlingException"]
    assert served(witness(region_name="us-west-2", retries=ONCE), 3) == [None] * 3


def test_health(emulator, witness, client):
    region = emulator.regions["us-east-1"]
    region.health = "throttled"
    assert served(client, 1) == [None]
    assert emulator.journal[-1].serving_region == "us-east-2"
    assert served(client, 1, DIRECT) == ["ThrottlingException"]
    region.health = "unavailable"
    assert served(client, 1) == ["ServiceUnavailableException"]
    assert served(witness(region_name="us-west-2", retries=ONCE), 1) == [None]
    region.health = "unreachable"
    with pytest.raises(ConnectionClosedError):
        client.converse(modelId=PROFILE, messages=MESSAGES)
    region.health = "healthy"
    assert served(client, 1) == [None]
    assert emulator.journal[-1].serving_region == "us-east-1"


def test_latency_belongs_to_the_region_that_serves(emulator, client):
    emulator.regions["us-east-2"].latency = 0.25
    assert client.converse(modelId=PROFILE, messages=MESSAGES)["metrics"]["latencyMs"] < 250
    emulator.regions["us-east-1"].health = "throttled"
    assert client.converse(modelId=PROFILE, messages=MESSAGES)["metrics"]["latencyMs"] == 250


def test_regions_say_what_is_set_and_what_can_be(emulator):
    region = emulator.regions["us-east-1"]
    region.capacity(requests=10, tokens=1_000)
    assert region.limits == (10, 1_000)
    assert "us-east-1 healthy latency=0s" in repr(region)
    with pytest.raises(KeyError, match="the emulator has no Region 'mars-north-1': it has "):
        emulator.regions["mars-north-1"]
    with pytest.raises(ValueError, match="health must be one of healthy, throttled, unavailable, unreachable"):
        region.health = "ill"
    with pytest.raises(ValueError, match="latency must be a number of seconds that is not negative, got -1"):
        region.latency = -1
    with pytest.raises(ValueError, match="unknown setting 'colour' for us-east-1: use health, latency"):
        emulator.regions.apply({"us-east-1": {"colour": "red"}})


def test_a_model_and_a_profile_of_ones_own(emulator, client):
    emulator.add_model("example.rock-v1:0", regions=["us-east-1"])
    emulator.add_profile(
        "us.example.rock-v1:0", model="example.rock-v1:0", sources={"us-east-1": ["us-west-2", "us-east-1"]}
    )
    assert served(client, 1, "us.example.rock-v1:0") == [None]
    assert served(client, 1, "example.rock-v1:0") == [None]
