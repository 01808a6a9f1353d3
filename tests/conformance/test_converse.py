"""Converse and ConverseStream as boto3 sees them."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

MODEL = "amazon.nova-lite-v1:0"
PROFILE = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
WEATHER = {
    "name": "weather",
    "description": "Tells the weather.",
    "inputSchema": {
        "json": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city", "days"],
        }
    },
}


def refusal(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response


@pytest.mark.parametrize("model", [MODEL, PROFILE])
def test_an_answer_has_every_required_member(runtime, model):
    answer = runtime.converse(modelId=model, system=[{"text": "Be brief."}], messages=MESSAGES)
    message = answer["output"]["message"]
    assert message["role"] == "assistant"
    assert message["content"][0]["text"]
    assert answer["stopReason"] == "end_turn"
    usage = answer["usage"]
    assert usage["inputTokens"] > 0
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]
    assert answer["metrics"]["latencyMs"] >= 0


def test_a_profile_is_called_by_its_arn(server, runtime):
    arn = f"arn:aws:bedrock:us-east-1:{server.account}:inference-profile/{PROFILE}"
    assert runtime.converse(modelId=arn, messages=MESSAGES)["stopReason"] == "end_turn"


def test_the_answer_has_a_request_id(runtime):
    first, second = (runtime.converse(modelId=MODEL, messages=MESSAGES)["ResponseMetadata"] for _ in range(2))
    assert first["HTTPStatusCode"] == 200
    assert first["RequestId"] == first["HTTPHeaders"]["x-amzn-requestid"]
    assert first["RequestId"] != second["RequestId"]


def test_a_stream_is_a_message_in_pieces(runtime):
    events = list(runtime.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"])
    kinds = [next(iter(event)) for event in events]
    assert kinds[0] == "messageStart"
    assert kinds[-2:] == ["messageStop", "metadata"]
    assert events[0]["messageStart"] == {"role": "assistant"}
    assert events[-2]["messageStop"]["stopReason"] == "end_turn"
    usage = events[-1]["metadata"]["usage"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]
    deltas = [event["contentBlockDelta"] for event in events if "contentBlockDelta" in event]
    assert {delta["contentBlockIndex"] for delta in deltas} == {0}
    assert "".join(delta["delta"]["text"] for delta in deltas)
    assert kinds.count("contentBlockStop") == 1


def test_a_stream_says_what_converse_says(runtime):
    whole = runtime.converse(modelId=MODEL, messages=MESSAGES)["output"]["message"]["content"][0]["text"]
    events = runtime.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"]
    assert "".join(event.get("contentBlockDelta", {}).get("delta", {}).get("text", "") for event in events) == whole


def test_an_answer_keeps_to_max_tokens(runtime):
    messages = [{"role": "user", "content": [{"text": "Tell me all about granite, in as many words as you can."}]}]
    answer = runtime.converse(modelId=MODEL, messages=messages, inferenceConfig={"maxTokens": 5})
    assert answer["stopReason"] == "max_tokens"
    assert answer["usage"]["outputTokens"] <= 5


@pytest.mark.parametrize(
    "choice", [{"auto": {}}, {"any": {}}, {"tool": {"name": "weather"}}], ids=["auto", "any", "tool"]
)
def test_a_tool_is_called_with_arguments_that_fit(runtime, choice):
    messages = [{"role": "user", "content": [{"text": "What is the weather in Oslo for 3 days?"}]}]
    tools = {"tools": [{"toolSpec": WEATHER}], "toolChoice": choice}
    answer = runtime.converse(modelId=MODEL, messages=messages, toolConfig=tools)
    assert answer["stopReason"] == "tool_use"
    use = next(block["toolUse"] for block in answer["output"]["message"]["content"] if "toolUse" in block)
    assert use["name"] == "weather"
    assert use["toolUseId"]
    assert isinstance(use["input"]["city"], str)
    assert isinstance(use["input"]["days"], int)
    result = {"toolUseId": use["toolUseId"], "content": [{"text": "Sunny, 21 degrees."}]}
    messages += [answer["output"]["message"], {"role": "user", "content": [{"toolResult": result}]}]
    answer = runtime.converse(modelId=MODEL, messages=messages, toolConfig={"tools": [{"toolSpec": WEATHER}]})
    assert answer["stopReason"] == "end_turn"
    assert "21" in answer["output"]["message"]["content"][0]["text"]


def test_an_unknown_model_is_refused(runtime):
    refused = refusal(runtime.converse, modelId="nobody.knows-v1:0", messages=MESSAGES)
    assert refused["Error"]["Code"] == "ValidationException"
    assert refused["Error"]["Message"] == "The provided model identifier is invalid."
    assert refused["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_profile_only_model_called_directly_is_refused(runtime):
    model = "anthropic.claude-sonnet-4-5-20250929-v1:0"
    refused = refusal(runtime.converse, modelId=model, messages=MESSAGES)
    assert refused["Error"]["Message"] == (
        f"Invocation of model ID {model} with on-demand throughput isn’t supported. Retry your request with the ID or "  # noqa: RUF001  -- Bedrock writes it so
        "ARN of an inference profile that contains this model."
    )


def test_a_profile_called_from_a_region_that_is_no_source_is_refused(server):
    runtime = server.client("bedrock-runtime", "eu-west-1")
    refused = refusal(runtime.converse, modelId=PROFILE, messages=MESSAGES)
    assert refused["Error"]["Message"] == "The provided model identifier is invalid."


def test_a_global_profile_is_served(runtime):
    model = "global.anthropic.claude-sonnet-4-5-20250929-v1:0"
    assert runtime.converse(modelId=model, messages=MESSAGES)["stopReason"] == "end_turn"


def test_a_conversation_starts_with_the_user(runtime):
    messages = [{"role": "assistant", "content": [{"text": "Hello."}]}]
    refused = refusal(runtime.converse, modelId=MODEL, messages=messages)
    assert refused["Error"]["Code"] == "ValidationException"
    assert "user message" in refused["Error"]["Message"]


def test_a_missing_tool_result_is_refused(runtime):
    use = {"toolUseId": "tooluse_1", "name": "weather", "input": {"city": "Oslo", "days": 1}}
    messages = [
        *MESSAGES,
        {"role": "assistant", "content": [{"toolUse": use}]},
        {"role": "user", "content": [{"text": "And?"}]},
    ]
    refused = refusal(runtime.converse, modelId=MODEL, messages=messages, toolConfig={"tools": [{"toolSpec": WEATHER}]})
    assert refused["Error"]["Code"] == "ValidationException"


def test_tokens_are_counted_as_they_are_charged(runtime):
    counted = runtime.count_tokens(modelId=MODEL, input={"converse": {"messages": MESSAGES}})["inputTokens"]
    assert counted == runtime.converse(modelId=MODEL, messages=MESSAGES)["usage"]["inputTokens"]
