"""litellm."""

import json
import os

import asked
import litellm

litellm.suppress_debug_info = True  # it prints a request for feedback beside each error
endpoint = os.environ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"]
model = {"model": f"bedrock/{asked.MODEL}", "max_tokens": 4096, "aws_bedrock_runtime_endpoint": endpoint}
messages = [{"role": "user", "content": asked.QUESTION}]
tool = {"name": "hardness", "description": "Look up a hardness.", "parameters": asked.SCHEMA}
tools = [{"type": "function", "function": tool}]


def said(answer):
    """The text of an answer."""
    return answer.choices[0].message.content


asking = [{"role": "user", "content": asked.TOOL_QUESTION}]
called = litellm.completion(messages=asking, tools=tools, **model).choices[0].message
call = called.tool_calls[0]
result = {"role": "tool", "tool_call_id": call.id, "content": '{"hardness": 7}'}
thought = litellm.completion(messages=messages, thinking={"type": "enabled", "budget_tokens": 1024}, **model)
chunks = litellm.completion(messages=messages, stream=True, **model)
try:
    litellm.completion(messages=messages, **{**model, "model": f"bedrock/{asked.NOBODY}"})
except litellm.NotFoundError as error:  # what it makes of an id that Bedrock calls invalid
    refused = "ValidationException" if "model identifier is invalid" in str(error) else str(error)

asked.tell(
    {
        "whole": said(litellm.completion(messages=messages, **model)),
        "streamed": "".join(chunk.choices[0].delta.content or "" for chunk in chunks),
        "called": json.loads(call.function.arguments),
        "concluded": said(litellm.completion(messages=[*asking, called.model_dump(), result], tools=tools, **model)),
        "thought": thought.choices[0].message.reasoning_content,
        "refused": refused,
    }
)
