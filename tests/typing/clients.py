"""What a type checker knows of the clients. Nothing here runs: pyright reads it, and judges the assertions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from typing_extensions import assert_type

import outcrop
from outcrop._clients import AsyncBedrockClient, AsyncBedrockRuntimeClient, BedrockClient, BedrockRuntimeClient
from outcrop.emulator import Emulator
from outcrop.exceptions import ClientError, ThrottlingException

assert_type(outcrop.client("bedrock-runtime"), BedrockRuntimeClient)
assert_type(outcrop.client("bedrock", region_name="us-east-1"), BedrockClient)
assert_type(outcrop.async_client("bedrock-runtime"), AsyncBedrockRuntimeClient)
session = outcrop.Session(region_name="us-east-1", timeouts={"connect": 1, "total": None}, retries={"max_attempts": 1})
assert_type(session.client("bedrock"), BedrockClient)
assert_type(session.async_client("bedrock"), AsyncBedrockClient)
outcrop.client("s3")  # pyright: ignore[reportArgumentType, reportCallIssue]

runtime = session.client("bedrock-runtime")
assert_type(runtime.converse(modelId="m", messages=[{"role": "user", "content": [{"text": "hello"}]}]), dict[str, Any])
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
        assert_type(await client.count_tokens(modelId="m", input={}), dict[str, Any])


def refused(error: ClientError) -> None:
    assert_type(error.response["Error"]["Code"], Any)
    assert_type(error.operation_name, str)
    if isinstance(error, ThrottlingException):
        raise error


def local() -> None:
    with Emulator() as bedrock:
        assert_type(bedrock.client("bedrock-runtime"), BedrockRuntimeClient)
        assert_type(bedrock.endpoint_url, str)
