from __future__ import annotations

import copy

import pytest
from hypothesis import given

from outcrop.langchain.messages.inbound import answer, content_from, split_inline_reasoning
from tests.langchain.fakes import METADATA
from tests.langchain.fakes import answer as response
from tests.langchain.test_outbound import OBJECTS


def test_an_answer_of_one_text_is_a_text_with_everything_else_as_metadata():
    given = response({"text": "hi"}, trace={"guardrail": {}}, additionalModelResponseFields={"a_b": 1})
    before = copy.deepcopy(given)
    message = answer(given)
    assert given == before
    assert message.content == "hi"
    assert message.additional_kwargs == {}
    assert message.response_metadata == {
        "ResponseMetadata": METADATA,
        "stopReason": "end_turn",
        "metrics": {"latencyMs": [9]},
        "trace": {"guardrail": {}},
        "additionalModelResponseFields": {"a_b": 1},
        "model_provider": "bedrock_converse",
    }
    assert message.usage_metadata == {
        "input_tokens": 5,
        "output_tokens": 7,
        "total_tokens": 12,
        "input_token_details": {"cache_read": 0, "cache_creation": 0},
    }


def test_cached_tokens_are_part_of_the_input_and_told_by_lifetime():
    usage = {
        "inputTokens": 1,
        "outputTokens": 2,
        "totalTokens": 63,
        "cacheReadInputTokens": 10,
        "cacheWriteInputTokens": 50,
        "cacheDetails": [{"ttl": "5m", "inputTokens": 20}, {"ttl": "1h", "inputTokens": 30}],
    }
    fields = {"usage": {"output_tokens_details": {"thinking_tokens": 2}}}
    counted = answer(response({"text": "x"}, usage=usage, additionalModelResponseFields=fields)).usage_metadata
    assert counted == {
        "input_tokens": 61,
        "output_tokens": 2,
        "total_tokens": 63,
        "input_token_details": {
            "cache_read": 10,
            "cache_creation": 0,
            "ephemeral_5m_input_tokens": 20,
            "ephemeral_1h_input_tokens": 30,
        },
        "output_token_details": {"reasoning": 2},
    }


@pytest.mark.parametrize(
    ("block", "made"),
    [
        (
            {"toolUse": {"toolUseId": "t", "name": "f", "input": {"camelCase": {"URLPath": 1}}}},
            {"type": "tool_use", "id": "t", "name": "f", "input": {"camelCase": {"URLPath": 1}}},
        ),
        (
            {"toolUse": {"toolUseId": "t", "name": "nova_grounding", "input": {}, "type": "server_tool_use"}},
            {"type": "server_tool_use", "id": "t", "name": "nova_grounding", "input": {}},
        ),
        (
            {"toolResult": {"toolUseId": "t", "status": "error", "content": [{"json": {"URLPath": 1}}]}},
            {
                "type": "tool_result",
                "tool_use_id": "t",
                "is_error": True,
                "content": [{"type": "json", "json": {"URLPath": 1}}],
            },
        ),
        (
            {"image": {"format": "png", "source": {"bytes": b"png"}}},
            {"type": "image", "source": {"media_type": "image/png", "type": "base64", "data": "cG5n"}},
        ),
        (
            {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://b/k"}}}},
            {"type": "image", "source": {"media_type": "image/png", "type": "s3Location", "data": {"uri": "s3://b/k"}}},
        ),
        (
            {"video": {"format": "mp4", "source": {"bytes": b"png"}}},
            {"type": "video", "source": {"media_type": "video/mp4", "type": "base64", "data": "cG5n"}},
        ),
        (
            {"audio": {"format": "wav", "source": {"bytes": b"png"}}},
            {"type": "audio", "base64": "cG5n", "mime_type": "audio/wav"},
        ),
        (
            {"document": {"format": "txt", "name": "n", "source": {"s3Location": {"uri": "u", "bucketOwner": "o"}}}},
            {
                "type": "document",
                "document": {
                    "format": "txt",
                    "name": "n",
                    "source": {"s3_location": {"uri": "u", "bucket_owner": "o"}},
                },
            },
        ),
        (
            {"guardContent": {"text": {"text": "g"}}},
            {"type": "guard_content", "guard_content": {"type": "text", "text": "g"}},
        ),
        (
            {"reasoningContent": {"reasoningText": {"text": "r", "signature": "s"}}},
            {"type": "reasoning_content", "reasoning_content": {"text": "r", "signature": "s"}},
        ),
        (
            {"reasoningContent": {"redactedContent": b"x"}},
            {"type": "reasoning_content", "reasoning_content": {"redacted_content": "eA=="}},
        ),
        (
            {"citationsContent": {"content": [{"text": "t"}], "citations": [{"sourceContent": [{"text": "c"}]}]}},
            {"type": "text", "text": "t", "citations": [{"source_content": [{"text": "c"}]}]},
        ),
        ({"hologram": {"a": 1}}, {"type": "non_standard", "value": {"hologram": {"a": 1}}}),
    ],
)
def test_a_block_becomes_langchains(block, made):
    assert content_from([block]) == [made]


@given(OBJECTS)
def test_what_models_and_users_wrote_is_never_renamed(value):
    use = {"toolUse": {"toolUseId": "t", "name": "f", "input": value}}
    message = answer(response(use, {"json": value}, {"hologram": value}, additionalModelResponseFields=value))
    assert message.tool_calls[0]["args"] == value
    assert message.content[1]["json"] == value
    assert message.content[2]["value"] == {"hologram": value}
    assert message.response_metadata["additionalModelResponseFields"] == value


def test_inline_reasoning_is_told_from_the_text():
    block = {"type": "text", "text": "<thinking> why </thinking>because<thinking></thinking> so"}
    assert split_inline_reasoning(block, "<thinking>", "</thinking>") == [
        {"type": "reasoning_content", "reasoning_content": {"text": "why"}},
        {"type": "text", "text": "because"},
        {"type": "text", "text": " so"},
    ]
    for unchanged in ({"type": "text", "text": "<thinking> open"}, {"type": "json", "json": {}}):
        assert split_inline_reasoning(unchanged, "<thinking>", "</thinking>") == [unchanged]


def test_a_response_of_something_else_says_what_to_check():
    with pytest.raises(ValueError, match=r"no 'output'.*endpoint_url"):
        answer({"message": "hello"})
