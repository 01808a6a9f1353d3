"""What a type checker knows of the routers. Nothing here runs: pyright reads it, and judges the assertions."""

from __future__ import annotations

from typing_extensions import assert_type

import outcrop
from outcrop.cross_region import Breaker, Hedge, Limits, Plan
from outcrop.types import ConverseResponse, Message

MESSAGES: list[Message] = [{"role": "user", "content": [{"text": "hello"}]}]

router = outcrop.CrossRegion(
    "m",
    sources=["us-east-1"],
    geographies="us",
    residency=lambda region: region.startswith("us-"),
    breaker=Breaker(open_for=1),
    hedge=Hedge(after=2.0),
    limits=Limits(concurrency="adaptive"),
)
assert_type(router.plan(), Plan)
assert_type(router.converse(messages=MESSAGES), ConverseResponse)
router.converse(modelId="m", messages=MESSAGES, inferenceConfig={"maxTokens": 1})
router.converse_stream(messages=MESSAGES)
router.invoke_model(body=b"{}", contentType="application/json")
router.invoke_model_with_response_stream(body="{}")
router.count_tokens(input={})
outcrop.CrossRegion("m", regions=["us-east-1"])  # pyright: ignore[reportCallIssue]
router.count_tokens()  # pyright: ignore[reportCallIssue]
router.converse(MESSAGES)  # pyright: ignore[reportCallIssue]
router.converse(message=MESSAGES)  # pyright: ignore[reportCallIssue]
router.converse(modelId=1)  # pyright: ignore[reportArgumentType]
router.start_async_invoke()  # pyright: ignore[reportAttributeAccessIssue]
router.force("us-east-1", "shut")  # pyright: ignore[reportArgumentType]
outcrop.CrossRegion("m", breaker={"windows": 1})  # pyright: ignore[reportArgumentType]
for number, answer in router.batch("converse", [{"messages": MESSAGES}], concurrency=4):
    assert_type(number, int)
    del answer


async def awaited() -> None:
    async with outcrop.AsyncCrossRegion("m", sources=["us-east-1"]) as client:
        assert_type(client, outcrop.AsyncCrossRegion)
        assert_type(await client.plan(), Plan)
        assert_type(await client.converse(messages=MESSAGES), ConverseResponse)
        await client.converse_stream(system=[{"text": "be brief"}], messages=MESSAGES)
        await client.converse(prompt="hello")  # pyright: ignore[reportCallIssue]
        await outcrop.async_profiles("m", sourcess=["us-east-1"])  # pyright: ignore[reportCallIssue]
        await outcrop.async_resolve("m", sources=["us-east-1"])  # pyright: ignore[reportCallIssue]
        async for number, _ in client.batch("converse", [{"messages": MESSAGES}]):
            assert_type(number, int)
