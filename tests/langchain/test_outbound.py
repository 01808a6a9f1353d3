from __future__ import annotations

import base64
import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import (
    AIMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)

from outcrop.langchain.messages.outbound import conversation

PNG = base64.b64encode(b"png").decode()
CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0"


def sent(*messages, **options):
    return conversation(list(messages), **{"model_id": CLAUDE, "provider": "anthropic", **options})


def blocks(content, **options):
    return sent(HumanMessage(content), **options)[0][0]["content"]


@pytest.mark.parametrize(
    ("block", "made"),
    [
        ("text", {"text": "text"}),
        ({"type": "text", "text": "a"}, {"text": "a"}),
        ({"text": "native"}, {"text": "native"}),
        ({"type": "text", "text": "  "}, {"text": "  "}),
        ({"cachePoint": {"type": "default"}}, {"cachePoint": {"type": "default"}}),
        ({"cache_point": {"type": "default"}}, {"cachePoint": {"type": "default"}}),
        (
            {"type": "image", "base64": PNG, "mime_type": "image/png"},
            {"image": {"format": "png", "source": {"bytes": b"png"}}},
        ),
        (
            {"type": "image", "source_type": "base64", "data": PNG, "mime_type": "image/jpeg"},
            {"image": {"format": "jpeg", "source": {"bytes": b"png"}}},
        ),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/webp", "data": PNG}},
            {"image": {"format": "webp", "source": {"bytes": b"png"}}},
        ),
        (
            {"type": "image", "image": {"format": "png", "source": {"s3_location": {"uri": "s3://b/k"}}}},
            {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://b/k"}}}},
        ),
        (
            {"type": "image", "url": "s3://bucket/a.jpg"},
            {"image": {"format": "jpeg", "source": {"s3Location": {"uri": "s3://bucket/a.jpg"}}}},
        ),
        (
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
            {"image": {"format": "png", "source": {"bytes": b"png"}}},
        ),
        (
            {"type": "video_url", "video_url": {"url": f"data:video/mp4;base64,{PNG}"}},
            {"video": {"format": "mp4", "source": {"bytes": b"png"}}},
        ),
        (
            {"type": "video", "source": {"type": "s3Location", "media_type": "video/mp4", "data": {"uri": "s3://b/v"}}},
            {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://b/v"}}}},
        ),
        (
            {"type": "audio", "base64": PNG, "mime_type": "audio/wav"},
            {"audio": {"format": "wav", "source": {"bytes": b"png"}}},
        ),
        (
            {"type": "input_audio", "input_audio": {"data": PNG, "format": "wav"}},
            {"audio": {"format": "wav", "source": {"bytes": b"png"}}},
        ),
        (
            {"type": "file", "base64": PNG, "mime_type": "application/pdf", "name": "paper"},
            {"document": {"format": "pdf", "name": "paper", "source": {"bytes": b"png"}}},
        ),
        (
            {"type": "file", "base64": PNG, "mime_type": "text/x-python", "extras": {"filename": "code"}},
            {"document": {"format": "txt", "name": "code", "source": {"bytes": b"png"}}},
        ),
        (
            {"type": "text-plain", "text": "words", "title": "notes.txt", "citations": {"enabled": True}},
            {
                "document": {
                    "format": "txt",
                    "name": "notes-txt",
                    "source": {"text": "words"},
                    "citations": {"enabled": True},
                }
            },
        ),
        (
            {"type": "document", "document": {"format": "pdf", "name": "n", "source": {"bytes": b"x"}}},
            {"document": {"format": "pdf", "name": "n", "source": {"bytes": b"x"}}},
        ),
        (
            {"type": "search_result", "source": "s", "title": "t", "content": [{"type": "text", "text": "c"}]},
            {"searchResult": {"source": "s", "title": "t", "content": [{"text": "c"}]}},
        ),
        ({"type": "guard_content", "text": "g"}, {"guardContent": {"text": {"text": "g"}}}),
        ({"guard_content": {"text": {"text": "g"}}}, {"guardContent": {"text": {"text": "g"}}}),
        (
            {"type": "non_standard", "value": {"cachePoint": {"type": "default"}}},
            {"cachePoint": {"type": "default"}},
        ),
        ({"json": {"my_key": {"URLPath": 1}}}, {"json": {"my_key": {"URLPath": 1}}}),
    ],
)
def test_a_block_becomes_converses(block, made):
    assert blocks([block]) == [made]


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ({"type": "image", "url": "https://x/y.png"}, "image data is only supported inline or on S3"),
        ({"type": "file", "file_id": "f"}, "file data is only supported inline or on S3"),
        ({"type": "image", "base64": PNG}, "mime_type key is required"),
        ({"type": "image", "base64": PNG, "mime_type": "image/tiff"}, "unsupported MIME type 'image/tiff'"),
        ({"type": "image", "base64": PNG, "mime_type": "png"}, "invalid MIME type 'png'"),
        ({"type": "image", "base64": "not base64!", "mime_type": "image/png"}, "not valid base64"),
        ({"type": "image"}, "needs 'image'"),
        ({"type": "search_result", "title": "t", "content": []}, "requires 'source'"),
        ({"type": "search_result", "source": "s", "title": "t", "content": ["x"]}, "must be text blocks"),
        ({"type": "surprise"}, "unsupported content block type 'surprise'"),
        ({"type": "non_standard"}, "without a 'value'"),
        ({"type": 3}, "its 'type' is a int and no text"),
    ],
)
def test_a_block_that_cannot_be_sent_says_why(block, says):
    with pytest.raises(ValueError, match=says):
        blocks([block])


def test_an_unnamed_document_is_named_by_its_content_and_never_twice_the_same():
    document = {"type": "file", "base64": PNG, "mime_type": "application/pdf"}
    with pytest.warns(UserWarning, match="a document has no name"):
        first = [b["document"]["name"] for b in blocks([document, document])]
    with pytest.warns(UserWarning, match="a document has no name"):
        again = [b["document"]["name"] for b in blocks([document, document])]
    assert first == again
    assert first[1] == f"{first[0]}-2"
    assert len(first[0]) == 12


def test_a_conversation_keeps_its_order_and_its_system_prompts():
    call = {"name": "f", "args": {"my_key": 1}, "id": "t1", "type": "tool_call"}
    messages, system = sent(
        SystemMessage("one"),
        HumanMessage("a"),
        HumanMessage("b"),
        AIMessage("", tool_calls=[call]),
        ToolMessage([{"type": "text", "text": "out"}, {"cachePoint": {"type": "default"}}], tool_call_id="t1"),
        SystemMessage("two"),
        HumanMessage("c"),
        AIMessage("so "),
        system=["zero", {"cachePoint": {"type": "default"}}],
    )
    assert system == [{"text": "zero"}, {"cachePoint": {"type": "default"}}, {"text": "one"}, {"text": "two"}]
    assert messages == [
        {"role": "user", "content": [{"text": "a\nb"}]},
        {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t1", "input": {"my_key": 1}, "name": "f"}}]},
        {
            "role": "user",
            "content": [
                {"toolResult": {"toolUseId": "t1", "content": [{"text": "out"}], "status": "success"}},
                {"cachePoint": {"type": "default"}},
                {"text": "c"},
            ],
        },
        {"role": "assistant", "content": [{"text": "so"}]},
    ]


@pytest.mark.parametrize(("provider", "inside"), [("anthropic", True), ("mistral", False), (None, True)])
def test_images_leave_a_tool_result_where_the_model_wants_them_outside(provider, inside):
    image = {"type": "image", "base64": PNG, "mime_type": "image/png"}
    call = AIMessage("", tool_calls=[{"name": "f", "args": {}, "id": "t"}])
    (_, _, turn), _ = sent(
        HumanMessage("q"), call, ToolMessage([image], tool_call_id="t", status="error"), provider=provider
    )
    result, *rest = turn["content"]
    made = {"image": {"format": "png", "source": {"bytes": b"png"}}}
    assert result["toolResult"]["status"] == "error"
    assert result["toolResult"]["content"] == ([made] if inside else [])
    assert rest == ([] if inside else [made])


def test_what_says_nothing_is_left_to_the_repair():
    assert sent() == ([], [])
    assert (blocks(""), blocks([])) == ([{"text": ""}], [])


@pytest.mark.parametrize(
    ("model_id", "block", "kept"),
    [
        (CLAUDE, {"type": "thinking", "thinking": "t", "signature": "s"}, True),
        (CLAUDE, {"type": "reasoning_content", "reasoning_content": {"text": "t", "signature": "s"}}, True),
        (CLAUDE, {"type": "reasoning_content", "reasoningContent": {"text": "t", "signature": "s"}}, True),
        (CLAUDE, {"type": "reasoning", "reasoning": "t", "extras": {"signature": "s"}}, True),
        (CLAUDE, {"type": "reasoning_content", "reasoning_content": {"text": "t"}}, False),
        ("openai.gpt-oss-120b-1:0", {"type": "reasoning_content", "reasoning_content": {"text": "t"}}, True),
        ("deepseek.r1-v1:0", {"type": "thinking", "thinking": "t", "signature": "s"}, False),
        ("amazon.nova-pro-v1:0", {"type": "thinking", "thinking": "t", "signature": "s"}, False),
    ],
)
def test_reasoning_goes_back_to_models_that_take_it(model_id, block, kept):
    (turn,), _ = sent(AIMessage([block, {"type": "text", "text": "x"}]), model_id=model_id, provider=None)
    assert ("reasoningContent" in turn["content"][0]) is kept


def test_redacted_reasoning_goes_back_as_it_came():
    block = {"type": "reasoning_content", "reasoning_content": {"redacted_content": b"secret"}}
    (turn,), _ = sent(AIMessage([block]))
    assert turn["content"] == [{"reasoningContent": {"redactedContent": b"secret"}}]


def test_reasoning_of_another_publisher_is_left_out():
    mine = {"type": "reasoning_content", "reasoning_content": {"text": "t", "signature": "s"}}
    metadata = {"model_provider": "bedrock_converse", "model_name": "us.openai.gpt-6"}
    foreign = AIMessage([mine, {"type": "text", "text": "x"}], response_metadata=metadata)
    (turn,), _ = sent(foreign)
    assert turn["content"] == [{"text": "x"}]


@pytest.mark.parametrize(("elsewhere", "kept"), [("google_genai", False), ("openai", False), ("anthropic", True)])
@pytest.mark.parametrize("version", ["v0", "v1"])
def test_reasoning_from_elsewhere_is_sent_only_to_the_publisher_that_signed_it(elsewhere, kept, version):
    thought = {"type": "reasoning", "reasoning": "t", "extras": {"signature": "s"}}
    metadata = {"model_provider": elsewhere, "output_version": version}
    (turn,), _ = sent(AIMessage([thought, {"type": "text", "text": "x"}], response_metadata=metadata))
    assert ("reasoningContent" in turn["content"][0]) is kept
    assert turn["content"][-1] == {"text": "x"}


def test_what_a_foreign_answer_holds_is_dropped_and_not_fatal(caplog):
    metadata = {"model_provider": "elsewhere"}
    foreign = AIMessage([{"type": "hologram", "x": 1}, {"type": "text", "text": "x"}], response_metadata=metadata)
    (turn,), _ = sent(foreign)
    assert turn["content"] == [{"text": "x"}]
    (turn,), _ = sent(AIMessage([{"type": "hologram"}]))
    assert turn["content"] == []
    assert "holds nothing that Bedrock accepts" in caplog.text


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_tools_that_another_service_ran_are_left_out(version):
    """Their uses would ask for results in the next turn, which nobody has."""
    used = {"type": "server_tool_call", "id": "s", "name": "web_search", "args": {}}
    found = {"type": "server_tool_result", "tool_call_id": "s", "status": "success", "output": "found"}
    metadata = {"model_provider": "openai", "output_version": version}
    (turn,), _ = sent(AIMessage([used, found, {"type": "text", "text": "x"}], response_metadata=metadata))
    assert turn["content"] == [{"text": "x"}]


def test_standard_content_goes_back_in_the_shape_it_came_in():
    standard = AIMessage(
        [
            {"type": "reasoning", "reasoning": "r", "extras": {"signature": "s"}},
            {
                "type": "text",
                "text": "cited",
                "annotations": [
                    {
                        "type": "citation",
                        "title": "T",
                        "cited_text": "c",
                        "extras": {"location": {"document_page": {"document_index": 0, "start": 1, "end": 2}}},
                    }
                ],
            },
            {"type": "tool_call", "name": "f", "args": {"a_b": 1}, "id": "t"},
            {"type": "non_standard", "value": {"cachePoint": {"type": "default"}}},
        ],
        response_metadata={"output_version": "v1", "model_provider": "bedrock_converse"},
    )
    (turn,), _ = sent(standard)
    citation = {
        "title": "T",
        "sourceContent": [{"text": "c"}],
        "location": {"documentPage": {"documentIndex": 0, "start": 1, "end": 2}},
    }
    assert turn["content"] == [
        {"reasoningContent": {"reasoningText": {"text": "r", "signature": "s"}}},
        {"citationsContent": {"content": [{"text": "cited"}], "citations": [citation]}},
        {"toolUse": {"toolUseId": "t", "input": {"a_b": 1}, "name": "f"}},
        {"cachePoint": {"type": "default"}},
    ]


def test_citations_of_search_results_cannot_go_back():
    citation = {"source_content": [{"text": "c"}], "location": {"search_result_location": {"start": 0}}}
    (turn,), _ = sent(AIMessage([{"type": "text", "text": "x", "citations": [citation]}]))
    assert turn["content"] == [{"text": "x"}]


def test_roles_of_chat_messages_are_understood():
    messages, system = sent(ChatMessage("s", role="system"), ChatMessage("u", role="user"))
    assert (messages, system) == ([{"role": "user", "content": [{"text": "u"}]}], [{"text": "s"}])
    with pytest.raises(ValueError, match="unsupported message type ChatMessage"):
        sent(ChatMessage("x", role="narrator"))
    messages, _ = sent(FunctionMessage("x", name="f"))
    assert messages[0]["content"][0]["toolResult"]["toolUseId"] == "function_f"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(min_size=1, max_size=8), JSON, min_size=1, max_size=3)


@given(OBJECTS)
def test_what_a_user_owns_is_never_renamed_or_changed(value):
    call = {"name": "f", "args": value, "id": "t", "type": "tool_call"}
    history = [
        HumanMessage([{"type": "text", "text": "x "}]),
        AIMessage([{"type": "tool_use", "name": "f", "input": value, "id": "t"}], tool_calls=[call]),
        ToolMessage([{"type": "json", "json": value}, {"json": value}], tool_call_id="t"),
        AIMessage([{"type": "text", "text": "trailing  "}]),
    ]
    before = copy.deepcopy(history)
    messages, _ = sent(*history)
    assert history == before
    assert messages[1]["content"][0]["toolUse"]["input"] == value
    assert messages[2]["content"][0]["toolResult"]["content"] == [{"json": value}, {"json": value}]
    json.dumps(messages)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "hologram", "x": "private"},
        {"type": {"private": 1}, "x": 1},
        {"type": "non_standard", "x": "private"},
        {"type": "search_result", "content": "private"},
        {"type": "search_result", "source": "s", "title": "t", "content": ["private"]},
        {"type": "image", "base64": "private"},
        {"type": "image_url", "image_url": {"url": "https://private"}},
    ],
)
def test_a_refusal_says_nothing_of_the_prompt(block):
    with pytest.raises(ValueError, match=r"content|data|base64|requires") as caught:
        blocks([block])
    assert "private" not in str(caught.value)
