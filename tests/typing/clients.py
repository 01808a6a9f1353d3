"""What a type checker knows of the clients. Nothing here runs: pyright reads it, and judges the assertions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from typing_extensions import assert_type

import outcrop
from outcrop import AsyncBedrockClient, AsyncBedrockRuntimeClient, BedrockClient, BedrockRuntimeClient
from outcrop.emulator import Emulator
from outcrop.exceptions import ClientError, ThrottlingException
from outcrop.types import ConverseRequest, ConverseResponse, CountTokensResponse, MessageUnion

assert_type(outcrop.client("bedrock-runtime"), BedrockRuntimeClient)
assert_type(outcrop.client("bedrock", region_name="us-east-1"), BedrockClient)
assert_type(outcrop.async_client("bedrock-runtime"), AsyncBedrockRuntimeClient)
session = outcrop.Session(region_name="us-east-1", timeouts={"connect": 1, "total": None}, retries={"max_attempts": 1})
assert_type(session.client("bedrock"), BedrockClient)
assert_type(session.async_client("bedrock"), AsyncBedrockClient)
outcrop.client("s3")  # pyright: ignore[reportArgumentType, reportCallIssue]

runtime = session.client("bedrock-runtime")
assert_type(
    runtime.converse(modelId="m", messages=[{"role": "user", "content": [{"text": "hello"}]}]), ConverseResponse
)
runtime.invoke_model(modelId="m", body=b"{}")
runtime.invoke_model(modelId="m", body=bytearray())
runtime.converse(messages=[])  # pyright: ignore[reportCallIssue]
runtime.converse("m")  # pyright: ignore[reportCallIssue]
runtime.converse(modelID="m")  # pyright: ignore[reportCallIssue]
runtime.converse(modelId=1)  # pyright: ignore[reportArgumentType]
session.client("bedrock").list_model_invocation_jobs(submitTimeAfter=datetime.now())  # noqa: DTZ005


async def awaited() -> None:
    async with outcrop.async_client("bedrock-runtime") as client:
        assert_type(client, AsyncBedrockRuntimeClient)
        assert_type(await client.count_tokens(modelId="m", input={}), CountTokensResponse)


def refused(error: ClientError) -> None:
    assert_type(error.response["Error"]["Code"], Any)
    assert_type(error.operation_name, str)
    if isinstance(error, ThrottlingException):
        raise error


def local() -> None:
    with Emulator() as bedrock:
        assert_type(bedrock.client("bedrock-runtime"), BedrockRuntimeClient)
        assert_type(bedrock.endpoint_url, str)


def answers(client: BedrockRuntimeClient, control: BedrockClient) -> list[str]:
    conversation: list[MessageUnion] = [{"role": "user", "content": [{"text": "hello"}]}]
    answer = client.converse(modelId="m", messages=conversation)
    # What was received is sent again.
    conversation.append(answer["output"]["message"])
    client.converse(modelId="m", messages=[*conversation, {"role": "user", "content": [{"text": "and?"}]}])
    assert_type(answer["usage"]["outputTokens"], int)
    assert_type(answer["output"]["message"]["content"][0]["text"], str)
    assert_type(answer["ResponseMetadata"]["RequestId"], str)
    assert_type(answer["ResponseMetadata"].get("HTTPHeaders", {}), dict[str, str])
    for block in answer["output"]["message"]["content"]:
        if "text" in block:
            assert_type(block["text"], str)
        elif "toolUse" in block:
            assert_type(block["toolUse"]["name"], str)
            block["toolUse"]["nam"]  # pyright: ignore[reportGeneralTypeIssues]
    for event in client.converse_stream(modelId="m", messages=conversation)["stream"]:
        assert_type(event.get("contentBlockDelta", {}).get("delta", {}).get("text", ""), str)
        if "metadata" in event:
            assert_type(event["metadata"]["usage"]["inputTokens"], int)
        event["contentBlockDelt"]  # pyright: ignore[reportCallIssue, reportArgumentType]
    assert_type(client.invoke_model(modelId="m", body="{}")["body"].read(), bytes)
    pages = control.get_paginator("list_inference_profiles").paginate(typeEquals="SYSTEM_DEFINED")
    control.get_paginator("list_profiles")  # pyright: ignore[reportCallIssue, reportArgumentType]
    requests: list[ConverseRequest] = [{"modelId": "m", "messages": conversation}]
    for number, kept in client.batch("converse", requests, errors="raise"):
        assert_type(number, int)
        assert_type(kept, ConverseResponse)
    for _, either in client.batch("converse", ({"modelId": "m", "messages": conversation} for _ in range(3))):
        assert_type(either, ConverseResponse | Exception)
    client.batch("converse_stream", requests)  # pyright: ignore[reportCallIssue, reportArgumentType]
    return [row["inferenceProfileId"] for row in pages.build_full_result()["inferenceProfileSummaries"]]


async def streamed(client: AsyncBedrockRuntimeClient) -> None:
    async for event in (await client.converse_stream(modelId="m", messages=[]))["stream"]:
        print(event["messageStart"]["role"].upper())  # noqa: T201
    assert_type(await (await client.invoke_model(modelId="m", body=b"{}"))["body"].read(), bytes)
