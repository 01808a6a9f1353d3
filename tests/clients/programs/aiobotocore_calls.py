"""aiobotocore."""

import asyncio
import json

import asked
from aiobotocore.session import get_session
from botocore.exceptions import ClientError


async def calls():
    """The outcome of each call, by name."""
    model = {"modelId": asked.MODEL}
    thinking = {"inferenceConfig": asked.LIMIT, "additionalModelRequestFields": asked.THINKING}
    async with get_session().create_client("bedrock-runtime") as runtime:
        streamed = await runtime.converse_stream(messages=asked.MESSAGES, **model)
        invoked = await runtime.invoke_model(body=asked.BODY, **model)
        async with invoked["body"] as body:
            own = json.loads(await body.read())
        called = await runtime.converse(messages=asked.TOOL_MESSAGES, toolConfig=asked.TOOLS, **model)
        concluded = await runtime.converse(messages=asked.with_result(called), toolConfig=asked.TOOLS, **model)
        thought = await runtime.converse(messages=asked.MESSAGES, **thinking, **model)
        try:
            await runtime.converse(modelId=asked.NOBODY, messages=asked.MESSAGES)
        except ClientError as error:
            refused = error.response["Error"]["Code"]
        return {
            "whole": asked.text_of(await runtime.converse(messages=asked.MESSAGES, **model)),
            "streamed": asked.joined([event async for event in streamed["stream"]]),
            "own": own["content"][0]["text"],
            "called": asked.call_of(called)["input"],
            "concluded": asked.text_of(concluded),
            "thought": asked.thought_of(thought)["text"],
            "refused": refused,
        }


asked.tell(asyncio.run(calls()))
