"""With logging configured, every call yields a record in Bedrock's schema, whatever came of it."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

PROFILE = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
DESTINATION = {"logGroupName": "/bedrock/invocations", "roleArn": "arn:aws:iam::123456789012:role/logging"}
# What is sent past botocore's own checks, so that the service has to refuse it.
UNCHECKED = Config(parameter_validation=False, retries={"total_max_attempts": 1})


@pytest.fixture
def logged(emulator, witness):
    witness("bedrock").put_model_invocation_logging_configuration(loggingConfig={"cloudWatchConfig": DESTINATION})
    return emulator.invocation_log


@pytest.fixture
def client(emulator):
    made = boto3.session.Session().client("bedrock-runtime", config=UNCHECKED, **emulator.connection)
    yield made
    made.close()


def body(**changes):
    return json.dumps({"messages": MESSAGES, **changes})


REFUSED = {
    "unknown model": ("converse", {"modelId": "us.example.model", "messages": MESSAGES}, "ValidationException"),
    "no messages": ("converse", {"modelId": PROFILE, "messages": []}, "ValidationException"),
    "wrong shape": (
        "converse_stream",
        {"modelId": PROFILE, "messages": MESSAGES, "inferenceConfig": {"maxTokens": 0}},
        "ValidationException",
    ),
    "no JSON": ("invoke_model", {"modelId": PROFILE, "body": b"{"}, "ValidationException"),
    "profile only": (
        "invoke_model_with_response_stream",
        {"modelId": "amazon.nova-2-lite-v1:0", "body": body()},
        "ValidationException",
    ),
    "no guardrail": (
        "invoke_model",
        {"modelId": PROFILE, "body": body(), "guardrailIdentifier": "abcdefghijkl", "guardrailVersion": "1"},
        "ValidationException",
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_refused_call_is_recorded(logged, emulator, client, why):
    method, arguments, code = REFUSED[why]
    with pytest.raises(ClientError) as caught:
        getattr(client, method)(**arguments)
    assert caught.value.response["Error"]["Code"] == code
    [record] = logged
    entry = emulator.journal[-1]
    assert (record["status"], record["errorCode"]) == ("failed", code)
    assert (record["operation"], record["modelId"]) == (entry.operation, arguments["modelId"])
    assert (record["requestId"], record["region"]) == (entry.request_id, "us-east-1")
    assert record["identity"]["arn"].endswith(emulator.access_key_id)
    assert not {"input", "output", "inferenceRegion"} & set(record)


def test_a_refused_call_keeps_its_metadata(logged, client):
    metadata = {"team": "geology"}
    with pytest.raises(ClientError):
        client.converse(modelId="us.example.model", messages=MESSAGES, requestMetadata=metadata)
    with pytest.raises(ClientError):
        client.invoke_model(modelId="us.example.model", body=body(), requestMetadata=json.dumps(metadata))
    assert [record["requestMetadata"] for record in logged] == [metadata, metadata]


def test_an_outage_and_a_fault_are_recorded(logged, emulator, client):
    with emulator.fault("error", code="ModelTimeoutException", times=1), pytest.raises(ClientError):
        client.converse(modelId=PROFILE, messages=MESSAGES)
    emulator.regions["us-east-1"].health = "unavailable"
    with pytest.raises(ClientError):
        client.converse(modelId=PROFILE, messages=MESSAGES)
    assert [record["errorCode"] for record in logged] == ["ModelTimeoutException", "ServiceUnavailableException"]


def test_what_is_no_call_of_a_model_is_not_recorded(logged, emulator, client, witness):
    client.count_tokens(modelId="amazon.nova-lite-v1:0", input={"converse": {"messages": MESSAGES}})
    witness("bedrock").list_inference_profiles()
    stranger = witness(aws_secret_access_key="wrong")
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        stranger.converse(modelId=PROFILE, messages=MESSAGES)
    emulator.regions["us-east-1"].health = "unreachable"
    with pytest.raises(ConnectionClosedError):
        client.converse(modelId=PROFILE, messages=MESSAGES)
    assert list(logged) == []
