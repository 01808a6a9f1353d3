"""Calls of an emulator with aiobotocore, to be run where that is installed: the environment says where Bedrock is.

What came back is printed as JSON, for the test that started this.
"""

import asyncio
import json
import sys

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import ClientError

MODEL = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]


async def called():
    """The outcome of each call, by name."""
    session = get_session()
    config = AioConfig(retries={"total_max_attempts": 2, "mode": "standard"})
    async with (
        session.create_client("bedrock-runtime", config=config) as runtime,
        session.create_client("bedrock", region_name="eu-west-1") as control,
    ):
        whole = await runtime.converse(modelId=MODEL, messages=MESSAGES)
        streamed = await runtime.converse_stream(modelId=MODEL, messages=MESSAGES)
        events = [event async for event in streamed["stream"]]
        body = json.dumps({"messages": MESSAGES})
        invoked = await runtime.invoke_model(modelId=MODEL, body=body)
        async with invoked["body"] as stream:
            native = json.loads(await stream.read())
        many = await asyncio.gather(*(runtime.converse(modelId=MODEL, messages=MESSAGES) for _ in range(20)))
        pages = control.get_paginator("list_inference_profiles").paginate(PaginationConfig={"PageSize": 10})
        profiles = [
            profile["inferenceProfileId"] async for page in pages for profile in page["inferenceProfileSummaries"]
        ]
        try:
            await runtime.converse(modelId="us.example.model", messages=MESSAGES)
        except ClientError as error:
            refused = error.response["Error"]["Code"]
    deltas = [event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event]
    return {
        "whole": whole["output"]["message"]["content"][0]["text"],
        "streamed": "".join(deltas),
        "native": native["output"]["message"]["content"][0]["text"],
        "answered": len(many),
        "profiles": profiles,
        "refused": refused,
    }


json.dump(asyncio.run(called()), sys.stdout)
