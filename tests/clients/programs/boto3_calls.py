"""boto3."""

import json

import asked
import boto3
from botocore.exceptions import ClientError

runtime = boto3.client("bedrock-runtime")
model = {"modelId": asked.MODEL}
called = runtime.converse(messages=asked.TOOL_MESSAGES, toolConfig=asked.TOOLS, **model)
thinking = {"inferenceConfig": asked.LIMIT, "additionalModelRequestFields": asked.THINKING}
try:
    runtime.converse(modelId=asked.NOBODY, messages=asked.MESSAGES)
except ClientError as error:
    refused = error.response["Error"]["Code"]

asked.tell(
    {
        "whole": asked.text_of(runtime.converse(messages=asked.MESSAGES, **model)),
        "streamed": asked.joined(runtime.converse_stream(messages=asked.MESSAGES, **model)["stream"]),
        "own": json.loads(runtime.invoke_model(body=asked.BODY, **model)["body"].read())["content"][0]["text"],
        "called": asked.call_of(called)["input"],
        "concluded": asked.text_of(
            runtime.converse(messages=asked.with_result(called), toolConfig=asked.TOOLS, **model)
        ),
        "thought": asked.thought_of(runtime.converse(messages=asked.MESSAGES, **thinking, **model))["text"],
        "refused": refused,
    }
)
