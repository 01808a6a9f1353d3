"""What messages show, in whatever style: by its bytes, where it lies, and what a model or a format does not read."""

from __future__ import annotations

import base64
import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

import outcrop
from outcrop.emulator import Emulator
from outcrop.langchain import ChatBedrock, ChatBedrockConverse
from tests.langchain.fakes import NOVA, SONNET, answer, scripted
from tests.langchain.sent import call

PNG = b"\x89PNG\r\n\x1a\n and more of it"
BYTES = {"png": PNG, "jpeg": b"\xff\xd8\xff and more", "gif": b"GIF89a and more", "webp": b"RIFF1234WEBP and more"}
TEXT = {"type": "text", "text": "word0"}
GO = HumanMessage("word9")


def base(data: bytes) -> str:
    return base64.b64encode(data).decode()


def formats(sent: Any, turn: int = 0) -> list[str]:
    if sent.on_converse:
        return [block["image"]["format"] for block in sent.turns[turn]["content"] if "image" in block]
    content = sent.turns[turn]["content"]
    return [block["source"]["media_type"].partition("/")[2] for block in content if block["type"] == "image"]


@pytest.mark.parametrize("name", BYTES)
@pytest.mark.parametrize("given", ["image/png", "image/jpeg", "application/octet-stream", None])
async def test_a_picture_is_what_its_bytes_are(sent, name, given):
    data = base(BYTES[name])
    said = {"mime_type": given} if given else {}
    image = {"type": "image", "base64": data, **said}
    parts = [TEXT, {"type": "image_url", "image_url": {"url": f"data:{given or 'image/png'};base64,{data}"}}]
    if given:  # without a type, langchain-core refuses it before anybody is asked
        parts.append(image)
    if given and given.startswith("image/"):
        source = {"type": "base64", "media_type": given, "data": data}
        parts.append({"type": "image", "source": source})
    history = [HumanMessage(parts)]
    before = copy.deepcopy(history)
    await sent.ask(history)
    assert formats(sent) == [name] * (len(parts) - 1)
    assert history == before


@pytest.mark.parametrize("mime", ["image/png", "application/pdf", "audio/mp3", "video/mp4"])
@pytest.mark.parametrize("source", [{"data": base(PNG)}, {"data": PNG}, {"file_uri": "https://example.com/a"}])
@pytest.mark.filterwarnings("ignore:a document has no name")
async def test_what_googles_users_show(sent, mime, source):
    """Google's own blocks, in an earlier turn, where whatever Bedrock does not read is named."""
    block = {"type": "media", "mime_type": mime, **source}
    await sent.ask([HumanMessage([TEXT, block]), AIMessage("word1"), GO])
    assert sent.texts(0)[0] == "word0"
    if mime == "image/png" and "data" in source:
        assert formats(sent) == ["png"]
        await sent.ask([HumanMessage([TEXT, block])])
        assert formats(sent) == ["png"]


async def test_a_picture_that_another_model_made_needs_no_type(sent):
    made = [{"type": "image_generation_call", "id": "i", "status": "completed", "result": base(PNG)}, TEXT]
    await sent.ask([HumanMessage("q"), AIMessage(made, response_metadata={"model_provider": "openai"}), GO])
    assert "word0" in sent.texts(1)


@pytest.mark.parametrize("text", [42, 1.5, True, ["a"], {"b": 1}, None])
async def test_texts_that_are_none_are_written_as_one(sent, text):
    part = {"type": "text", "text": text}
    history = [HumanMessage([part, TEXT]), AIMessage("", tool_calls=[call()]), ToolMessage([part], tool_call_id="t1")]
    await sent.ask([*history, GO])
    assert sent.texts(0)[-1] == "word0"
    if text is not None:
        assert any("no" in note and "text" in note for note in sent.repaired)


@pytest.mark.parametrize(
    "part", [{"text": "word1", "score": 3}, {"type": None, "a": "word1"}, {"type": 7, "a": "word1"}, {"a": "word1"}]
)
async def test_objects_that_only_look_like_blocks_are_a_tools_own(sent, part):
    await sent.ask([HumanMessage("q"), AIMessage("", tool_calls=[call()]), ToolMessage([part], tool_call_id="t1"), GO])
    assert "word1" in str(sent.turns[2])


async def test_a_standard_answer_of_anthropics_goes_back_with_what_is_anthropics_own(sent):
    content = [
        {"type": "reasoning", "reasoning": "word1", "extras": {"signature": "c2ln"}},
        {"type": "non_standard", "value": {"type": "redacted_thinking", "data": "QUJD"}},
        {"type": "non_standard", "value": {"type": "web_search_tool_result", "tool_use_id": "s", "content": []}},
        {"type": "non_standard", "value": {"type": "hologram", "a": 1}},
        {"type": "text", "text": "word2"},
    ]
    about = {"model_provider": "anthropic", "output_version": "v1"}
    await sent.ask([HumanMessage("q"), AIMessage(content, response_metadata=about), GO])
    said = str(sent.turns[1])
    assert "word1" in said
    assert "word2" in said
    assert "QUJD" in said or "ABC" in said
    assert "web_search" not in said


async def test_a_new_kind_of_block_is_left_to_bedrock_while_it_is_asked_about_alone(side, strict):
    hi = {"content": [{"type": "text", "text": "hi"}]}
    llm, script = scripted(ChatBedrock, hi, model=SONNET)
    await side.invoke(llm, [HumanMessage([TEXT, {"type": "hologram", "a": 1}])])
    assert "hologram" in script.request["body"]
    await side.invoke(llm, [HumanMessage([TEXT, {"type": "hologram", "a": 1}]), AIMessage("k"), GO])
    assert strict.refusal(script.request, "invoke_model") is None


# --- what is left out of a request before it is refused ---------------------------------------------------------------


@pytest.mark.parametrize("stops", [[""], [" "], ["\n", "word"], ["", "word"]])
@pytest.mark.filterwarnings("ignore:a stop sequence that is empty or blank")
async def test_blank_stop_sequences_are_not_sent(sent, stops):
    kept = [stop for stop in stops if stop.strip()]
    await sent.ask([GO], bind={"stop": stops})
    given = sent.body["inferenceConfig"].get("stopSequences") if sent.on_converse else sent.body.get("stop_sequences")
    assert (given or []) == kept
    await sent.ask([GO], tools=(), stop_sequences=stops)
    given = sent.body["inferenceConfig"].get("stopSequences") if sent.on_converse else sent.body.get("stop_sequences")
    assert (given or []) == kept


def test_white_space_stops_models_that_take_it():
    llm, script = scripted(ChatBedrockConverse, answer({"text": "hi"}), model=NOVA)
    llm.invoke("q", stop=["\n"])
    assert script.request["inferenceConfig"]["stopSequences"] == ["\n"]


async def test_cache_points_among_tools_go_through_both(sent):
    point = {"cachePoint": {"type": "default", "ttl": "1h"}}
    tool = {"name": "f", "description": "d", "parameters": {"type": "object", "properties": {}}}
    await sent.ask([GO], tools=[point, tool, point, dict(point)])
    if sent.on_converse:
        assert [next(iter(entry)) for entry in sent.body["toolConfig"]["tools"]] == ["toolSpec", "cachePoint"]
        assert len(sent.repaired) == 1
    else:
        assert [entry["cache_control"] for entry in sent.body["tools"]] == [{"type": "ephemeral", "ttl": "1h"}]


# --- every model ------------------------------------------------------------------------------------------------------

SPOILT = [
    SystemMessage([{"type": "text", "text": "word0"}, {"cachePoint": {"type": "default"}}]),
    HumanMessage(
        [
            {"type": "text", "text": "word1"},
            {"type": "image", "base64": base(PNG), "mime_type": "image/png"},
            {"type": "image", "url": "s3://minerals/a.png", "mime_type": "image/png"},
            {"type": "file", "url": "s3://minerals/a.pdf", "mime_type": "application/pdf", "name": "a.b"},
            {"type": "video", "base64": base(b"film"), "mime_type": "video/mp4"},
            {"type": "audio", "base64": base(b"sound"), "mime_type": "audio/mp3"},
            {"cachePoint": {"type": "default"}},
        ]
    ),
    AIMessage(
        [
            {"type": "reasoning_content", "reasoning_content": {"text": "hm", "signature": "c2ln"}},
            {"type": "text", "text": "word2"},
        ],
        tool_calls=[{"id": "t.1:a", "name": "f.g", "args": {}}],
        response_metadata={"model_provider": "bedrock_converse", "model_name": SONNET},
    ),
    ToolMessage(
        [
            {"type": "text", "text": "word3"},
            {"type": "image", "base64": base(PNG), "mime_type": "image/png"},
            {"type": "file", "url": "s3://minerals/a.pdf", "mime_type": "application/pdf", "name": "a.b"},
            {"type": "video", "base64": base(b"film"), "mime_type": "video/mp4"},
        ],
        tool_call_id="t.1:a",
    ),
    AIMessage("word4"),
]
TOOL = {"name": "f.g", "description": "d", "parameters": {"type": "object", "properties": {}}}


@pytest.fixture(scope="module")
def offered():
    """A local Bedrock, and the chat models that it offers."""
    with Emulator() as bedrock:
        control = bedrock.client("bedrock")
        models = [m for m in control.list_foundation_models()["modelSummaries"] if m["outputModalities"] == ["TEXT"]]
        ids = [m["modelId"] for m in models if "ON_DEMAND" in m["inferenceTypesSupported"]]
        profiles = control.get_paginator("list_inference_profiles").paginate().build_full_result()
        named = [profile["inferenceProfileId"] for profile in profiles["inferenceProfileSummaries"]]
        bases = {m["modelId"] for m in models}
        ids += [name for name in named if name.partition(".")[2] in bases and name.startswith(("us.", "global."))]
        chats = [name for name in ids if not any(part in name for part in ("rerank", "twelvelabs", "sonic"))]
        assert len(chats) > 60
        yield bedrock, chats


def _takes_no_tools(error: Exception) -> bool:
    return "This model doesn't support tool use" in str(error)


@pytest.mark.parametrize("last", [GO, None], ids=["question", "answer"])
@pytest.mark.parametrize("tools", [[TOOL, {"cachePoint": {"type": "default"}}], []], ids=["tools", "none"])
@pytest.mark.filterwarnings("ignore:Tool messages were passed without toolConfig")
def test_each_model_of_the_catalogue_takes_a_thread_of_another(offered, last, tools):
    """Whatever a model does not read, take or continue stood in a thread that another one was asked before."""
    bedrock, chats = offered
    runtime = bedrock.client("bedrock-runtime")
    history = [*SPOILT, last] if last else SPOILT
    refused: list[tuple[str, str]] = []
    for name in chats:
        llm = ChatBedrockConverse(model=name, client=runtime, bedrock_client=bedrock.client("bedrock"))
        try:
            (llm.bind_tools(tools) if tools else llm).invoke(history)
        except Exception as error:  # noqa: BLE001  -- all of them are shown at once
            if not (tools and _takes_no_tools(error)):
                refused.append((name, str(error)))
    assert refused == []


@pytest.mark.parametrize("kind", ["image", "document", "video", "audio"])
def test_what_lies_on_s3_is_named_for_models_that_read_nothing_there(kind):
    place = {"s3Location": {"uri": "s3://minerals/a"}}
    shown = {"format": "mp3", "source": place, **({"name": "a"} if kind == "document" else {})}
    turns = [
        {"role": "user", "content": [{"text": "q"}, {kind: shown}]},
        {"role": "assistant", "content": [{"text": "a"}]},
        {"role": "user", "content": [{"text": "z"}]},
    ]
    made = outcrop.repair(turns, model=SONNET)
    unread = kind in ("video", "audio")
    assert made[0]["content"][1] == {"text": "[" + kind + " at s3://minerals/a]"}
    why = "that this model does not read" if unread else "on S3, which this model does not read,"
    assert made.repairs == (f"messages.0: {kind}s {why} are named in a text",)
    assert outcrop.repair(turns[:1], model=SONNET) == turns[:1]  # Bedrock says it of what is asked now
    if not unread:
        assert outcrop.repair(turns, model=NOVA) == turns


@given(st.sampled_from(sorted(BYTES)), st.sampled_from(["png", "PNG", "jpg", "jpeg", "webp", "x", None]), st.booleans())
def test_a_picture_of_converses_is_what_its_bytes_are(name, given_format, known):
    data = BYTES[name] if known else b"?"
    turns = [{"role": "user", "content": [{"image": {"format": given_format, "source": {"bytes": data}}}]}]
    made = outcrop.repair(turns)[0]["content"][0]["image"]
    simple = {"PNG": "png", "jpg": "jpeg"}.get(given_format, given_format)
    assert made == {"format": name if known else simple, "source": {"bytes": data}}
    assert outcrop.repair(outcrop.repair(turns)).repairs == ()


def test_a_prompt_goes_before_the_question_where_a_model_takes_none():
    model = "mistral.mixtral-8x7b-instruct-v0:1"
    llm, script = scripted(ChatBedrockConverse, answer({"text": "hi"}), model=model)
    told = llm.invoke([SystemMessage("word0"), HumanMessage("word1")]).response_metadata["outcrop"]["repaired"]
    assert told == ["system: the prompt is sent before the first question, since this model takes none"]
    assert script.request["system"] == []
    assert script.request["messages"] == [{"role": "user", "content": [{"text": "word0"}, {"text": "word1"}]}]


# --- formats of texts -------------------------------------------------------------------------------------------------

ODD = [
    {"type": "text", "text": 42},
    {"text": "word1", "index": 0},
    {"type": "text-plain", "text": "word1", "mime_type": "text/plain"},
    {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "word1"}},
    {"type": "search_result", "source": "s", "title": "t", "content": [{"type": "text", "text": "word1"}]},
    {"type": "image", "base64": base(PNG), "mime_type": "image/png"},
    {"type": "image_url", "image_url": {"url": "https://example.com/word1.png"}},
    {"type": "video", "base64": base(b"film"), "mime_type": "video/mp4"},
    {"type": "hologram", "a": 1},
    {"cachePoint": {"type": "default"}},
    {"type": "media", "mime_type": "image/png", "data": PNG},
]
TEXTS = ("us.deepseek.r1-v1:0", "us.meta.llama3-3-70b-instruct-v1:0", "mistral.mistral-large-2402-v1:0")
PARTS = ("openai.gpt-oss-120b-1:0", "qwen.qwen3-32b-v1:0")


@pytest.mark.parametrize("part", ODD, ids=lambda part: str(part.get("type")))
@pytest.mark.parametrize("model", [*TEXTS, *PARTS])
@pytest.mark.filterwarnings("ignore:the InvokeModel format of")
def test_threads_of_others_go_on_in_formats_of_texts(offered, model, part):
    bedrock, _ = offered
    llm = ChatBedrock(
        model=model, client=bedrock.client("bedrock-runtime"), bedrock_client=bedrock.client("bedrock")
    ).bind_tools([TOOL])
    history = [
        HumanMessage([TEXT, part]),
        AIMessage([TEXT, part], tool_calls=[{"id": "t1", "name": "f.g", "args": {"a": {1}}}]),
        ToolMessage([part], tool_call_id="t1"),
        GO,
    ]
    before = copy.deepcopy(history)
    assert llm.invoke(history).content
    assert history == before


@pytest.mark.parametrize("model", TEXTS)
def test_calls_are_words_where_a_format_has_none(model):
    llm, script = scripted(ChatBedrock, {"generation": "hi", "outputs": [], "choices": []}, model=model)
    called = AIMessage("word1", tool_calls=[{"id": "t", "name": "f", "args": {"a": 1}}])
    told = llm.invoke([HumanMessage("q"), called, ToolMessage("word2", tool_call_id="t")]).response_metadata
    assert 'word1\\n[Called f with parameters: {\\"a\\": 1}]' in script.request["body"]
    assert "word2" in script.request["body"]
    note = "calls of tools are sent as text, since this model's InvokeModel format has none"
    assert told["outcrop"]["repaired"] == [note]


@pytest.mark.parametrize("model", [*TEXTS, *PARTS])
def test_what_is_asked_about_now_is_refused_in_words_where_a_format_does_not_show_it(model):
    llm, script = scripted(ChatBedrock, {}, model=model)
    with pytest.raises(ValueError, match="use ChatBedrockConverse"):
        llm.invoke([HumanMessage([TEXT, {"type": "video", "base64": base(b"film"), "mime_type": "video/mp4"}])])
    assert not script.requests
