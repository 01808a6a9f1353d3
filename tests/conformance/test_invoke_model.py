"""InvokeModel: each family's body in, the same family's answer out."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

USER = [{"role": "user", "content": "Name a mineral."}]


class Family(NamedTuple):
    """A family of models: one of its models, a body, and where its answer's text stands."""

    model: str
    body: dict[str, Any]
    text: Any


FAMILIES = {
    "anthropic": Family(
        "us.anthropic.claude-3-haiku-20240307-v1:0",
        {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 64, "messages": USER},
        lambda body: body["content"][0]["text"],
    ),
    "nova": Family(
        "amazon.nova-lite-v1:0",
        {"messages": [{"role": "user", "content": [{"text": "Name a mineral."}]}]},
        lambda body: body["output"]["message"]["content"][0]["text"],
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
