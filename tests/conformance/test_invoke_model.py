"""InvokeModel: each family's body in, the same family's answer out."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

USER = [{"role": "user", "content": "Name a mineral."}]


class Family(NamedTuple):
    """A family of models: one of its models, a body, where its answer's text stands, and a piece of it in an event."""

    model: str
    body: dict[str, Any]
    text: Any
    piece: Any
    limit: str


FAMILIES = {
    "anthropic": Family(
        "us.anthropic.claude-3-haiku-20240307-v1:0",
        {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 64, "messages": USER},
        lambda body: body["content"][0]["text"],
        lambda event: event.get("delta", {}).get("text", ""),
        "max_tokens",
    ),
    "nova": Family(
        "amazon.nova-lite-v1:0",
        {"messages": [{"role": "user", "content": [{"text": "Name a mineral."}]}]},
        lambda body: body["output"]["message"]["content"][0]["text"],
        lambda event: event.get("contentBlockDelta", {}).get("delta", {}).get("text", ""),
        "inferenceConfig",
    ),
    "meta": Family(
        "meta.llama3-8b-instruct-v1:0",
        {"prompt": "Name a mineral.", "max_gen_len": 64},
        lambda body: body["generation"],
        lambda event: event["generation"],
        "max_gen_len",
    ),
    "mistral": Family(
        "mistral.mistral-large-2402-v1:0",
        {"prompt": "<s>[INST] Name a mineral. [/INST]", "max_tokens": 64},
        lambda body: body["outputs"][0]["text"],
        lambda event: "".join(output["text"] for output in event["outputs"]),
        "max_tokens",
    ),
    "openai": Family(
        "openai.gpt-oss-20b-1:0",
        {"messages": USER, "max_completion_tokens": 64},
        lambda body: body["choices"][0]["message"]["content"],
        lambda event: "".join(choice["delta"].get("content") or "" for choice in event["choices"]),
        "max_completion_tokens",
    ),
}


@pytest.fixture(params=FAMILIES)
def family(request):
    return FAMILIES[request.param]


def test_an_answer_in_the_familys_form(runtime, family):
    answer = runtime.invoke_model(modelId=family.model, body=json.dumps(family.body))
    assert answer["contentType"] == "application/json"
    assert family.text(json.loads(answer["body"].read()))


def test_a_stream_carries_the_familys_events(runtime, family):
    answer = runtime.invoke_model_with_response_stream(modelId=family.model, body=json.dumps(family.body))
    events = [json.loads(event["chunk"]["bytes"]) for event in answer["body"]]
    assert len(events) > 1
    counts = events[-1]["amazon-bedrock-invocationMetrics"]
    assert counts["inputTokenCount"] > 0
    assert counts["outputTokenCount"] > 0


def test_a_stream_joins_to_the_whole_answer(runtime, family):
    whole = runtime.invoke_model(modelId=family.model, body=json.dumps(family.body))
    streamed = runtime.invoke_model_with_response_stream(modelId=family.model, body=json.dumps(family.body))
    events = [json.loads(event["chunk"]["bytes"]) for event in streamed["body"]]
    assert "".join(map(family.piece, events)) == family.text(json.loads(whole["body"].read()))


def test_an_answer_keeps_to_the_familys_limit(runtime, family):
    limit = {"maxTokens": 3} if family.limit == "inferenceConfig" else 3
    body = json.dumps({**family.body, family.limit: limit})
    headers = runtime.invoke_model(modelId=family.model, body=body)["ResponseMetadata"]["HTTPHeaders"]
    assert int(headers["x-amzn-bedrock-output-token-count"]) == 3
    body = json.dumps({**family.body, family.limit: {"maxTokens": -1} if family.limit == "inferenceConfig" else -1})
    with pytest.raises(ClientError) as caught:
        runtime.invoke_model(modelId=family.model, body=body)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_an_openai_style_model_calls_tools_and_reads_their_results(runtime):
    family = FAMILIES["openai"]
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    tools = [{"type": "function", "function": {"name": "weather", "parameters": schema}}]

    def asked(messages, **more):
        body = json.dumps({"messages": messages, "tools": tools, **more})
        return json.loads(runtime.invoke_model(modelId=family.model, body=body)["body"].read())["choices"][0]

    choice = asked(USER, tool_choice="required")
    [call] = choice["message"]["tool_calls"]
    assert (choice["finish_reason"], call["function"]["name"]) == ("tool_calls", "weather")
    assert isinstance(json.loads(call["function"]["arguments"])["city"], str)
    result = {"role": "tool", "tool_call_id": call["id"], "content": "12 degrees"}
    choice = asked([*USER, choice["message"], result])
    assert choice["finish_reason"] == "stop"
    assert "12 degrees" in choice["message"]["content"]


def test_an_anthropic_stream_has_anthropics_events(runtime):
    family = FAMILIES["anthropic"]
    answer = runtime.invoke_model_with_response_stream(modelId=family.model, body=json.dumps(family.body))
    kinds = [json.loads(event["chunk"]["bytes"])["type"] for event in answer["body"]]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]


def test_a_body_that_is_no_json_is_refused(runtime):
    with pytest.raises(ClientError) as caught:
        runtime.invoke_model(modelId=FAMILIES["anthropic"].model, body=b"{")
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_a_body_without_messages_is_refused(runtime):
    body = {name: value for name, value in FAMILIES["anthropic"].body.items() if name != "messages"}
    with pytest.raises(ClientError) as caught:
        runtime.invoke_model(modelId=FAMILIES["anthropic"].model, body=json.dumps(body))
    assert caught.value.response["Error"]["Code"] == "ValidationException"


EMBEDDINGS = {
    "titan": ("amazon.titan-embed-text-v2:0", {"inputText": "granite"}, 1_024, lambda body: body["embedding"]),
    "titan-short": (
        "amazon.titan-embed-text-v2:0",
        {"inputText": "granite", "dimensions": 256},
        256,
        lambda body: body["embedding"],
    ),
    "titan-v1": ("amazon.titan-embed-text-v1", {"inputText": "granite"}, 1_536, lambda body: body["embedding"]),
    "cohere": (
        "cohere.embed-english-v3",
        {"texts": ["granite", "basalt"], "input_type": "search_document"},
        1_024,
        lambda body: body["embeddings"][1],
    ),
    "nova": (
        "amazon.nova-2-multimodal-embeddings-v1:0",
        {
            "taskType": "SINGLE_EMBEDDING",
            "singleEmbeddingParams": {
                "embeddingPurpose": "GENERIC_INDEX",
                "text": {"truncationMode": "END", "value": "granite"},
            },
        },
        3_072,
        lambda body: body["embeddings"][0]["embedding"],
    ),
}


@pytest.mark.parametrize("kind", EMBEDDINGS)
def test_an_embedding_is_a_vector_of_the_models_length(runtime, kind):
    model, body, length, vector = EMBEDDINGS[kind]
    answer = json.loads(runtime.invoke_model(modelId=model, body=json.dumps(body))["body"].read())
    assert len(vector(answer)) == length
    assert any(vector(answer))
