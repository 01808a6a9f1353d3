"""capo, whose members have Python's names."""

import os

import asked
from capo_bedrock_runtime import BedrockRuntimeClient
from capo_bedrock_runtime.errors import ValidationException

client = BedrockRuntimeClient(region=os.environ["AWS_REGION"], endpoint=os.environ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"])
specification = {"name": "hardness", "description": "Look up a hardness.", "input_schema": {"json": asked.SCHEMA}}
tools = {"tools": [{"toolSpec": specification}]}


def of(answer, kind):
    """The first block of a kind in an answer."""
    return next(block[kind] for block in answer["output"]["message"]["content"] if kind in block)


called = client.converse(asked.MODEL, messages=asked.TOOL_MESSAGES, tool_config=tools)
call = of(called, "toolUse")
result = {"tool_use_id": call["tool_use_id"], "content": [{"json": {"hardness": 7}}]}
turns = [*asked.TOOL_MESSAGES, called["output"]["message"], {"role": "user", "content": [{"toolResult": result}]}]
thought = client.converse(
    asked.MODEL,
    messages=asked.MESSAGES,
    inference_config={"max_tokens": 4096},
    additional_model_request_fields=asked.THINKING,
)
streamed = ""
with client.converse_stream(asked.MODEL, messages=asked.MESSAGES) as answer:
    for event in answer["stream"]:
        if "contentBlockDelta" in event:
            streamed += event["contentBlockDelta"]["delta"]["text"]
try:
    client.converse(asked.NOBODY, messages=asked.MESSAGES)
except ValidationException as error:
    refused = type(error).__name__

asked.tell(
    {
        "whole": of(client.converse(asked.MODEL, messages=asked.MESSAGES), "text"),
        "streamed": streamed,
        "called": call["input"],
        "concluded": of(client.converse(asked.MODEL, messages=turns, tool_config=tools), "text"),
        "thought": of(thought, "reasoningContent")["reasoningText"]["text"],
        "refused": refused,
    }
)
