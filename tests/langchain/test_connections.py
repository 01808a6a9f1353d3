"""How a model reaches Bedrock: clients of any make, settings, application profiles, errors."""

from __future__ import annotations

import asyncio
import threading

import boto3
import pytest
from botocore.exceptions import ClientError
from langchain_core import exceptions as core

import outcrop
from outcrop.langchain import BedrockContextOverflowError, ChatBedrock, ChatBedrockConverse
from tests.langchain.fakes import until

CLAUDE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
KINDS = pytest.mark.parametrize("kind", [ChatBedrockConverse, ChatBedrock])


def given_clients(bedrock):
    connection = bedrock.connection
    return {
        "outcrop": bedrock.client("bedrock-runtime"),
        "outcrop, async": bedrock.async_client("bedrock-runtime"),
        "boto3": boto3.client("bedrock-runtime", **connection),
    }


def application_profile(bedrock, model_id):
    source = f"arn:aws:bedrock:us-east-1:{bedrock.account_id}:inference-profile/{model_id}"
    made = bedrock.client("bedrock").create_inference_profile(
        inferenceProfileName="minerals", modelSource={"copyFrom": source}
    )
    return made["inferenceProfileArn"]


@KINDS
@pytest.mark.parametrize("make", ["outcrop", "outcrop, async", "boto3"])
async def test_any_client_serves_both_doors(door, emulator, kind, make):
    llm = kind(model=CLAUDE, client=given_clients(emulator)[make])
    assert (await door.invoke(llm, "Hello")).text
    assert len(await door.stream(llm, "Hello")) > 5


@KINDS
async def test_no_thread_waits_for_a_call(emulator, kind):
    llm = kind(model=CLAUDE, **emulator.connection)
    await llm.ainvoke("Hello")
    before = threading.active_count()
    emulator.fault("stall")
    tasks = [asyncio.create_task(llm.ainvoke("Hello")) for _ in range(50)]
    await until(lambda: len(emulator.journal) == 51)
    assert threading.active_count() == before
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@KINDS
async def test_an_application_profile_is_asked_about_once(door, emulator, kind):
    arn = application_profile(emulator, CLAUDE)
    made = [kind(model=arn, **emulator.connection) for _ in range(3)]
    assert "GetInferenceProfile" not in [entry.operation for entry in emulator.journal], "not when it is made"
    for llm in made:
        message = await door.invoke(llm, "Hello")
        assert message.text
    operations = [entry.operation for entry in emulator.journal]
    assert operations.count("GetInferenceProfile") == 1


@KINDS
async def test_what_an_application_profile_can_do_is_known_once_it_was_called(door, emulator, kind):
    arn = application_profile(emulator, "us.amazon.nova-2-lite-v1:0")
    settings = {"reasoning_effort": "low"} if kind is ChatBedrockConverse else {}
    llm = kind(model=arn, **settings, **emulator.connection)
    assert not llm.profile
    message = await door.invoke(llm, "Hello")
    assert emulator.journal[-1].operation == "Converse", "as Nova is called, also by ChatBedrock"
    assert message.response_metadata["model_name"] == llm.base_model_id == "amazon.nova-2-lite-v1:0"
    assert message.response_metadata["inference_profile_id"] == arn
    assert llm.profile["max_input_tokens"]
    assert llm._get_ls_params()["ls_model_name"] == "amazon.nova-2-lite-v1:0"
    if kind is ChatBedrockConverse:
        assert b"maxReasoningEffort" in emulator.journal[-1].body
        assert llm.supports_tool_choice_values == ("auto", "any", "tool")


async def test_what_a_profile_turns_out_to_refuse_is_refused_at_every_call(door, emulator):
    arn = application_profile(emulator, "us.amazon.nova-2-lite-v1:0")
    llm = ChatBedrockConverse(model=arn, reasoning_effort="max", **emulator.connection)
    for _ in range(2):
        with pytest.raises(ValueError, match="reasoning_effort='max' is not supported"):
            await door.invoke(llm, "Hello")


@KINDS
async def test_an_application_profile_that_may_not_be_asked_about_still_works(door, emulator, kind):
    arn = f"arn:aws:bedrock:us-east-1:{emulator.account_id}:application-inference-profile/nobodyknows"
    emulator.fault("error", operation="GetInferenceProfile", code="AccessDeniedException")
    llm = kind(model=arn, **emulator.connection)
    expected = outcrop.exceptions.ClientError if kind is ChatBedrockConverse else ValueError
    with pytest.warns(UserWarning, match="base_model_id="), pytest.raises(expected):
        await door.invoke(llm, "Hello")


@KINDS
@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ThrottlingException", "ModelRateLimitError"),
        ("AccessDeniedException", "ModelPermissionDeniedError"),
        ("ServiceUnavailableException", "ModelAPIError"),
        ("ValidationException", "ModelInvalidRequestError"),
    ],
)
async def test_an_error_is_everybodys(door, emulator, kind, code, name):
    emulator.fault("error", code=code)
    llm = kind(model=CLAUDE, max_retries=0, **emulator.connection)
    with pytest.raises(ClientError) as caught:
        await door.invoke(llm, "Hello")
    assert isinstance(caught.value, getattr(outcrop.exceptions, code))
    assert isinstance(caught.value, llm.client.exceptions.from_code(code))
    assert caught.value.response["Error"]["Code"] == code
    if family := getattr(core, name, None):
        assert isinstance(caught.value, family)


@KINDS
async def test_a_prompt_that_is_too_long_is_an_overflow(door, emulator, kind):
    emulator.fault("error", code="ValidationException", message="prompt is too long: 200001 tokens > 200000 maximum")
    llm = kind(model=CLAUDE, **emulator.connection)
    with pytest.raises(core.ContextOverflowError) as caught:
        await door.invoke(llm, "Hello")
    assert isinstance(caught.value, BedrockContextOverflowError)
    assert isinstance(caught.value, ClientError)


@KINDS
async def test_a_stream_that_breaks_is_an_error(door, emulator, kind):
    emulator.fault("exception", code="throttlingException", after_events=3)
    llm = kind(model=CLAUDE, **emulator.connection)
    with pytest.raises(ClientError):
        await door.stream(llm, "Hello")


async def test_headers_and_keys_are_sent(door, emulator):
    llm = ChatBedrockConverse(
        model=CLAUDE,
        api_key=emulator.bearer_token,
        endpoint_url=emulator.endpoint_url,
        region_name="us-west-2",
        default_headers={"x-team": "granite"},
    )
    await door.invoke(llm, "Hello")
    entry = emulator.journal[-1]
    assert (entry.principal, entry.headers["x-team"]) == ("bearer", "granite")


def test_a_model_is_made_without_asking_or_opening_anything(emulator):
    llm = ChatBedrockConverse(model=CLAUDE, **emulator.connection)
    assert not llm._made
    assert not emulator.journal
