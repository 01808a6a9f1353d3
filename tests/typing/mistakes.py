"""A first script, with twelve slips. Nothing here runs: type checkers read it, and mark each slip and nothing else."""

# ruff: noqa: T201, TC001
from __future__ import annotations

import outcrop
from outcrop.types import ConverseStreamRequest, Message

outcrop.clinet("bedrock-runtime")  # slip: a name of the module
outcrop.client("bedrock_runtime")  # slip: a service
outcrop.client("bedrock-runtime", region="us-east-1")  # slip: a connection argument
session = outcrop.Session(region_name="us-east-1", timeouts={"read": 3})  # slip: a clock
runtime = session.client("bedrock-runtime", retries={"max_attempts": 2})

answer = runtime.converse(
    modelId="amazon.nova-lite-v1:0",
    messages=[{"role": "user", "content": [{"text": "Name three kinds of rock."}]}],
    inferenceConfig={"maxTokens": 200, "temperature": 0.2},
)
print(answer["output"]["message"]["content"][0]["text"], answer["usage"]["outputTokens"])
print(answer["outputs"])  # slip: a member of the answer
print(answer["usage"]["output_tokens"])  # slip: a member further in

runtime.converse(modelId="m", messages=[{"rol": "user", "content": [{"text": "hello"}]}])  # slip: a message
runtime.converse(modelId="m", messages=[], inferenceConfig={"max_tokens": 3})  # slip: an option of the call
runtime.converse(model="m", messages=[])  # slip: an argument
runtime.converse(modelId="m", messages=[{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": "cat.png"}}}]}])  # fmt: skip # noqa: E501 # slip: a path in place of bytes

history: list[Message] = [{"role": "user", "content": [{"text": "How does granite form?"}]}]
request: ConverseStreamRequest = {"modelId": "m", "messages": history}
with runtime.converse_stream(**request)["stream"] as stream:
    for event in stream:
        if "contentBlockDelta" in event:
            print(event["contentBlockDelta"]["delta"]["text"], end="")
        elif "metadata" in event:
            print(event["metadata"]["usage"]["totalTokens"])
            print(event["metadata"]["usages"])  # slip: a member of an event

router = outcrop.CrossRegion("m", sources=["us-east-1"], geographies=["us"], residency="us", region_name="us-east-1")
print(router.converse(messages=history)["ResponseMetadata"]["CrossRegion"]["Target"]["SourceRegion"])
outcrop.CrossRegion("m", source="us-east-1")  # slip: an argument of the router
