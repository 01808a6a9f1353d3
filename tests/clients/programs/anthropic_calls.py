"""Anthropic's own client."""

import os

import anthropic
import asked

client = anthropic.AnthropicBedrock(base_url=os.environ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"])
tools = [{"name": "hardness", "description": "Look up a hardness.", "input_schema": asked.SCHEMA}]
messages = [{"role": "user", "content": asked.QUESTION}]
model = {"model": asked.MODEL, "max_tokens": 4096}

whole = client.messages.create(messages=messages, **model)
with client.messages.stream(messages=messages, **model) as stream:
    streamed = "".join(stream.text_stream)
asking = [{"role": "user", "content": asked.TOOL_QUESTION}]
called = client.messages.create(messages=asking, tools=tools, **model)
call = next(block for block in called.content if block.type == "tool_use")
result = {"type": "tool_result", "tool_use_id": call.id, "content": '{"hardness": 7}'}
answered = [*asking, {"role": "assistant", "content": called.content}, {"role": "user", "content": [result]}]
thought = client.messages.create(messages=messages, thinking={"type": "enabled", "budget_tokens": 1024}, **model)
try:
    client.messages.create(model=asked.NOBODY, max_tokens=10, messages=messages)
except anthropic.BadRequestError as error:
    refused = error.response.headers["x-amzn-errortype"].split(":")[0]

asked.tell(
    {
        "whole": whole.content[0].text,
        "streamed": streamed,
        "called": call.input,
        "concluded": client.messages.create(messages=answered, tools=tools, **model).content[0].text,
        "thought": thought.content[0].thinking,
        "refused": refused,
    }
)
