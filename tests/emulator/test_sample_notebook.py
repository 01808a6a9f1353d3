"""Every call of AWS's notebook "Getting started with cross-Region inference", in its order, with boto3 alone."""

from __future__ import annotations

import json

import pytest

from outcrop.emulator import Emulator

MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
PROFILE = "us.anthropic.claude-3-5-sonnet-20240620-v1:0"
SYSTEM = [{"text": "You answer in one sentence."}]
MESSAGES = [{"role": "user", "content": [{"text": "What is the capital of Norway?"}]}]
BODY = {
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 1024,
    "temperature": 0.1,
    "top_p": 0.9,
    "system": "You answer in one sentence.",
    "messages": [{"role": "user", "content": [{"type": "text", "text": "What is the capital of Norway?"}]}],
}


@pytest.fixture
def emulator():
    """When the notebook was written, its model could be called directly in us-east-1, and its profile from there."""
    with Emulator() as bedrock:
        bedrock.add_model(MODEL, regions=["us-east-1"], name="Claude 3 Haiku")
        both = ["us-east-1", "us-west-2"]
        bedrock.add_profile(PROFILE, model=PROFILE.removeprefix("us."), sources=dict.fromkeys(both, both))
        yield bedrock


def test_models_and_profiles_are_listed(witness):
    control = witness("bedrock")
    assert MODEL in {model["modelId"] for model in control.list_foundation_models()["modelSummaries"]}
    summaries = control.list_inference_profiles()["inferenceProfileSummaries"]
    assert PROFILE in {summary["inferenceProfileId"] for summary in summaries}


def test_a_profile_is_described(emulator, witness):
    profile = witness("bedrock").get_inference_profile(inferenceProfileIdentifier=PROFILE)
    account = emulator.account_id
    assert profile["inferenceProfileArn"] == f"arn:aws:bedrock:us-east-1:{account}:inference-profile/{PROFILE}"
    assert {model["modelArn"].split(":")[3] for model in profile["models"]} >= {"us-east-1", "us-west-2"}
    assert (profile["status"], profile["type"]) == ("ACTIVE", "SYSTEM_DEFINED")


@pytest.mark.parametrize("model", [MODEL, PROFILE])
def test_model_and_profile_converse(witness, model):
    answer = witness().converse(modelId=model, system=SYSTEM, messages=MESSAGES)
    assert answer["output"]["message"]["content"][0]["text"]


def test_the_profiles_arn_converses(emulator, witness):
    arn = f"arn:aws:bedrock:us-east-1:{emulator.account_id}:inference-profile/{PROFILE}"
    assert witness().converse(modelId=arn, system=SYSTEM, messages=MESSAGES)["stopReason"] == "end_turn"
    assert emulator.journal[-1].profile == PROFILE


@pytest.mark.parametrize("model", [MODEL, PROFILE])
def test_model_and_profile_are_invoked(witness, model):
    answer = witness().invoke_model(
        modelId=model, body=json.dumps(BODY), accept="application/json", contentType="application/json"
    )
    assert json.loads(answer["body"].read())["content"][0]["text"]


def test_logging_shows_where_calls_were_served(emulator, witness):
    control, runtime = witness("bedrock"), witness()
    control.put_model_invocation_logging_configuration(
        loggingConfig={
            "cloudWatchConfig": {
                "logGroupName": "/aws/bedrock/cross-region",
                "roleArn": f"arn:aws:iam::{emulator.account_id}:role/logging",
            },
            "imageDataDeliveryEnabled": False,
            "embeddingDataDeliveryEnabled": False,
        }
    )
    emulator.regions["us-east-1"].capacity(requests=1)
    for _ in range(2):
        runtime.converse(modelId=PROFILE, messages=MESSAGES)
    first, second = emulator.invocation_log
    assert (first["region"], first["inferenceRegion"]) == ("us-east-1", "us-east-1")
    assert second["region"] == "us-east-1"
    assert second["inferenceRegion"] != "us-east-1"
    assert second["schemaType"] == "ModelInvocationLog"
    assert second["modelId"] == PROFILE
    assert second["operation"] == "Converse"
    assert second["output"]["outputBodyJson"]["usage"]["totalTokens"] > 0
    control.delete_model_invocation_logging_configuration()
    runtime.converse(modelId=PROFILE, messages=MESSAGES)
    assert len(emulator.invocation_log) == 2


def test_langchain_aws_calls_model_profile_and_arn(emulator, witness):
    from langchain_aws import ChatBedrock, ChatBedrockConverse

    arn = f"arn:aws:bedrock:us-east-1:{emulator.account_id}:inference-profile/{PROFILE}"
    runtime, control = witness(), witness("bedrock")
    for model in (PROFILE, arn):
        chat = ChatBedrockConverse(
            model=model, temperature=0, client=runtime, bedrock_client=control, provider="anthropic"
        )
        assert chat.invoke("What is the capital of Norway?").content
        chat = ChatBedrock(
            model_id=model,
            model_kwargs={"temperature": 0.0, "max_tokens": 200},
            beta_use_converse_api=False,
            client=runtime,
            bedrock_client=control,
            provider="anthropic",
            region_name="us-east-1",
        )
        assert chat.invoke("What is the capital of Norway?").content
