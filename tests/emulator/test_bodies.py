"""Bodies of InvokeModel that a publisher's format does not have, and text completions."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from outcrop.exceptions import ClientError
from tests.emulator.test_refusals import R1

if TYPE_CHECKING:
    from outcrop.emulator import Emulator


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("amazon.titan-embed-text-v2:0", {"inputText": ""}, "expected minLength: 1, actual: 0"),
        ("cohere.embed-english-v3", {"texts": ["a"], "input_type": "x"}, "#/input_type: x is not a valid enum value"),
        (
            "cohere.embed-english-v3",
            {"texts": ["a"], "input_type": "search_query", "truncate": "X"},
            "#/truncate: X is not a valid enum value",
        ),
        (
            "cohere.embed-english-v3",
            {"texts": ["a", "b" * 2049], "input_type": "search_query"},
            "#/texts/1: expected maxLength: 2048, actual: 2049",
        ),
    ],
)
def test_embeddings_that_a_model_refuses(emulator: Emulator, name: str, body: dict[str, Any], says: str) -> None:
    with pytest.raises(ClientError, match=re.escape(says)):
        emulator.client("bedrock-runtime").invoke_model(modelId=name, body=json.dumps(body))


def test_text_completions_of_deepseek(emulator: Emulator) -> None:
    """One prompt in, choices of texts out, as AWS documents; each kind of stream ends with why it does."""
    runtime = emulator.client("bedrock-runtime")
    body = json.dumps({"prompt": 'Reply with exactly "Basalt."', "max_tokens": 400, "stop": ["x"]})
    whole = json.loads(runtime.invoke_model(modelId=R1, body=body)["body"].read())
    assert whole == {"choices": [{"text": "Basalt.", "stop_reason": "stop"}]}
    stream = runtime.invoke_model_with_response_stream(modelId=R1, body=body)["body"]
    chunks = [json.loads(event["chunk"]["bytes"])["choices"][0] for event in stream]
    assert "".join(chunk["text"] for chunk in chunks) == "Basalt."
    assert [chunk["stop_reason"] for chunk in chunks if chunk["stop_reason"]] == ["stop"]
    chat = json.dumps({"messages": [{"role": "user", "content": "hi"}], "max_tokens": 400})
    assert json.loads(runtime.invoke_model(modelId=R1, body=chat)["body"].read())["choices"][0]["message"]["content"]
