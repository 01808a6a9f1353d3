"""Streams: chunks, content-block events, and what happens when they break off."""

from __future__ import annotations

import asyncio

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_tests.utils.stream_lifecycle import assert_valid_event_stream

from outcrop.langchain import ChatBedrock, ChatBedrockConverse
from tests.langchain.fakes import (
    HAIKU,
    METADATA,
    START,
    AsyncStream,
    answer,
    block_start,
    block_stop,
    delta,
    end,
    merged,
    scripted,
    text_events,
)
from tests.support.waiting import PATIENCE

RICH = [
    START,
    delta(0, reasoningContent={"text": "hm"}),
    delta(0, reasoningContent={"signature": "sig"}),
    block_stop(0),
    delta(1, text="It is "),
    delta(1, text="so."),
    delta(1, citation={"title": "T", "sourceContent": [{"text": "c"}], "location": {"documentPage": {"start": 1}}}),
    block_stop(1),
    block_start(2, toolUse={"toolUseId": "t1", "name": "f"}),
    delta(2, toolUse={"input": '{"camelCase"'}),
    delta(2, toolUse={"input": ": 1}"}),
    block_stop(2),
    block_start(3, image={"format": "webp"}),
    delta(3, image={"source": {"bytes": b"png"}}),
    block_stop(3),
    *end("tool_use", additionalModelResponseFields={"usage": {"output_tokens_details": {"thinking_tokens": 3}}}),
]
ODD = [START, {"hologram": {"x": 1}}, delta(0, hologram={"y": 2}), block_start(1, hologram={"z": 3}), *end()]


async def test_text_arrives_part_by_part_and_usage_once(side):
    llm, script = scripted(ChatBedrockConverse, text_events("a", "b"))
    chunks = await side.stream(llm, "x")
    assert [c.content for c in chunks if c.content] == [
        [{"type": "text", "text": "a", "index": 0}],
        [{"type": "text", "text": "b", "index": 0}],
    ]
    assert [bool(c.usage_metadata) for c in chunks].count(True) == 1
    assert chunks[-1].chunk_position == "last"
    assert all(c.response_metadata.get("model_provider") == "bedrock_converse" for c in chunks[:-1])
    whole = merged(chunks)
    assert whole.text == "ab"
    assert whole.response_metadata == {
        "model_provider": "bedrock_converse",
        "model_name": HAIKU,
        "stopReason": "end_turn",
        "metrics": {"latencyMs": 9},
        "ResponseMetadata": METADATA,
    }
    assert script.operations == ["converse_stream"]
    assert script.streams[0].closed


async def test_everything_that_a_stream_may_hold(side):
    llm, _ = scripted(ChatBedrockConverse, RICH)
    whole = merged(await side.stream(llm, "x"))
    assert [block["type"] for block in whole.content] == ["reasoning_content", "text", "tool_use", "image"]
    assert whole.content[0]["reasoning_content"] == {"text": "hm", "signature": "sig"}
    assert whole.content[1]["citations"][0]["source_content"] == [{"text": "c"}]
    assert whole.content[3]["source"] == {"media_type": "image/webp", "type": "base64", "data": "cG5n"}
    assert whole.tool_calls == [{"name": "f", "args": {"camelCase": 1}, "id": "t1", "type": "tool_call"}]
    assert whole.usage_metadata["output_token_details"] == {"reasoning": 3}


async def test_a_tool_that_bedrock_runs_itself_is_no_call(side):
    use = {"toolUseId": "t1", "name": "nova_grounding", "type": "server_tool_use"}
    given = {"toolUseId": "t1", "type": "nova_grounding_result", "status": "success"}
    events = [
        START,
        block_start(0, toolUse=use),
        delta(0, toolUse={"input": '{"query": "ro'}),
        delta(0, toolUse={"input": 'cks"}'}),
        block_stop(0),
        block_start(1, toolResult=given),
        delta(1, toolResult=[{"text": "found"}]),
        block_stop(1),
        delta(2, text="So."),
        *end(),
    ]
    llm, script = scripted(ChatBedrockConverse, events, answer({"text": "hi"}), model="us.amazon.nova-2-lite-v1:0")
    whole = merged(await side.stream(llm, "x"))
    assert (whole.tool_calls, whole.invalid_tool_calls, whole.text) == ([], [], "So.")
    assert [block["type"] for block in whole.content] == ["server_tool_use", "tool_result", "text"]
    assert whole.content[0]["input"] == '{"query": "rocks"}'
    await side.invoke(llm, ["x", whole, "y"], tools=[{"name": "f", "input_schema": {"type": "object"}}])
    sent, got, _ = script.request["messages"][1]["content"]
    assert sent["toolUse"] == {"toolUseId": "t1", "name": "nova_grounding", "input": {"query": "rocks"}}
    assert got["toolResult"]["toolUseId"] == "t1"


async def test_what_nobody_knows_is_handed_on(side):
    llm, _ = scripted(ChatBedrockConverse, ODD)
    whole = merged(await side.stream(llm, "x"))
    assert [block["value"] for block in whole.content] == [
        {"hologram": {"x": 1}},
        {"hologram": {"y": 2}},
        {"hologram": {"z": 3}},
    ]


@pytest.mark.parametrize("events", [text_events("a")[:-2], [START], []])
async def test_a_cut_stream_is_an_error(side, events):
    llm, script = scripted(ChatBedrockConverse, events)
    with pytest.raises(ConnectionError, match="ended without a messageStop"):
        await side.stream(llm, "x")
    assert script.streams[0].closed


async def test_an_exception_that_arrives_as_an_event_is_an_error(side):
    llm, script = scripted(ChatBedrockConverse, [START, {"throttlingException": {"message": "slow down"}}])
    with pytest.raises(ValueError, match="throttlingException inside the stream: slow down"):
        await side.stream(llm, "x")
    assert script.streams[0].closed


def test_leaving_a_stream_closes_it():
    llm, script = scripted(ChatBedrockConverse, text_events(*"abc"))
    stream = llm.stream("x")
    next(stream)
    stream.close()
    assert script.streams[0].closed


async def test_cancelling_a_task_closes_its_stream():
    waiting = asyncio.Event()

    class Endless(AsyncStream):
        async def __aiter__(self):
            yield START
            waiting.set()
            await asyncio.Event().wait()

    llm, script = scripted(ChatBedrockConverse, [])
    script.stream = lambda kind, events: script.streams.append(Endless(events)) or script.streams[-1]
    task = asyncio.create_task(asyncio.wait_for(_drain(llm), PATIENCE))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert script.streams[0].closed


async def _drain(llm):
    return [chunk async for chunk in llm.astream("x")]


async def events_of(side, llm):
    if side.is_async:
        return [event async for event in await llm.astream_events("x", version="v3")]
    return list(llm.stream_events("x", version="v3"))


@pytest.mark.filterwarnings("ignore:.*beta.*")
@pytest.mark.parametrize("events", [RICH, ODD, text_events("a", "b")], ids=["rich", "odd", "text"])
async def test_content_block_events_are_valid(side, events):
    llm, script = scripted(ChatBedrockConverse, events)
    assert_valid_event_stream(await events_of(side, llm))
    assert script.streams[0].closed


@pytest.mark.filterwarnings("ignore:.*beta.*")
@pytest.mark.parametrize(
    ("kind", "settings"), [(ChatBedrockConverse, {}), (ChatBedrock, {"beta_use_converse_api": True})]
)
async def test_a_block_is_finished_when_it_ends(side, kind, settings):
    llm, _ = scripted(kind, RICH, **settings)
    names = [(e["event"].removeprefix("content-block-"), e.get("index")) for e in await events_of(side, llm)]
    assert names.index(("finish", 0)) < names.index(("start", 1))
    assert names.index(("finish", 2)) < names.index(("start", 3))


@pytest.mark.filterwarnings("ignore:.*beta.*")
async def test_the_events_make_the_message_that_a_call_returns(side):
    llm, _ = scripted(ChatBedrockConverse, RICH)
    if side.is_async:
        message = await (await llm.astream_events("x", version="v3")).output
    else:
        message = llm.stream_events("x", version="v3").output
    assert [block["type"] for block in message.content] == ["reasoning", "text", "tool_call", "image"]
    assert message.content[0]["extras"] == {"signature": "sig"}
    assert message.content[1]["annotations"][0]["cited_text"] == "c"
    assert message.tool_calls[0]["args"] == {"camelCase": 1}
    assert message.usage_metadata["total_tokens"] == 12
    assert message.response_metadata["model_name"] == HAIKU
    assert message.response_metadata["stopReason"] == "tool_use"


@pytest.mark.filterwarnings("ignore:.*beta.*")
async def test_arguments_that_are_no_json_are_an_invalid_tool_call(side):
    broken = [
        START,
        block_start(0, toolUse={"toolUseId": "t", "name": "f"}),
        delta(0, toolUse={"input": "{"}),
        block_stop(0),
        *end(),
    ]
    llm, _ = scripted(ChatBedrockConverse, broken)
    finish = next(e for e in await events_of(side, llm) if e["event"] == "content-block-finish")
    assert finish["content"]["type"] == "invalid_tool_call"
    assert finish["content"]["args"] == "{"


@pytest.mark.filterwarnings("ignore:.*beta.*")
async def test_a_cut_stream_of_events_is_an_error(side):
    llm, _ = scripted(ChatBedrockConverse, text_events("a")[:-2])
    with pytest.raises(ConnectionError, match="messageStop"):
        await events_of(side, llm)


@pytest.mark.parametrize("version", ["v0", "v1"])
async def test_standard_content_on_request(side, version):
    llm, _ = scripted(ChatBedrockConverse, RICH, output_version=version)
    whole = merged(await side.stream(llm, "x"))
    kinds = [block["type"] for block in whole.content]
    if version == "v0":
        assert kinds == ["reasoning_content", "text", "tool_use", "image"]
    else:
        assert kinds[:2] == ["reasoning", "text"]


async def test_invoke_streams_when_it_is_told_to(side):
    llm, script = scripted(ChatBedrockConverse, text_events("a", "b"), streaming=True)
    assert (await side.invoke(llm, "x")).text == "ab"
    assert script.operations == ["converse_stream"]
    llm, script = scripted(ChatBedrockConverse, answer({"text": "hi"}), streaming=False)
    assert (await side.stream(llm, "x"))[0].content == "hi"
    assert script.operations == ["converse"]


@pytest.mark.parametrize("model", ["xx.newco.brand-new-1", "us.deepseek.r1-v1:0", HAIKU])
async def test_every_model_streams(side, model):
    llm, script = scripted(ChatBedrockConverse, text_events("a"), model=model)
    await side.stream(
        llm.bind_tools([{"name": "f", "description": "d", "parameters": {"type": "object", "properties": {}}}]), "x"
    )
    assert script.operations == ["converse_stream"]


async def test_a_model_that_streams_no_tools_is_asked_for_the_whole(side):
    use = {"toolUse": {"toolUseId": "t", "name": "f", "input": {"a": 1}}}
    llm, script = scripted(ChatBedrockConverse, answer(use, stop="tool_use"), model="us.meta.llama4-x")
    bound = llm.bind_tools([{"name": "f", "description": "d", "parameters": {"type": "object", "properties": {}}}])
    chunks = await side.stream(bound, "x")
    assert script.operations == ["converse"]
    whole = merged(chunks)
    assert whole.tool_calls == [{"name": "f", "args": {"a": 1}, "id": "t", "type": "tool_call"}]
    assert whole.usage_metadata["total_tokens"] == 12
    plain, script = scripted(ChatBedrockConverse, text_events("a"), model="us.meta.llama4-x")
    await side.stream(plain, "x")
    assert script.operations == ["converse_stream"]


async def test_callbacks_see_every_token(side):
    from langchain_core.callbacks import BaseCallbackHandler

    seen = []

    class Handler(BaseCallbackHandler):
        def on_llm_new_token(self, token, *, chunk=None, **kwargs):
            seen.append(chunk.text)

    for kind in (ChatBedrockConverse, ChatBedrock):
        extra = {"beta_use_converse_api": True} if kind is ChatBedrock else {}
        llm, _ = scripted(kind, text_events("a", "b"), **extra)
        await side.stream(llm, "x", config={"callbacks": [Handler()]})
    assert "".join(seen) == "abab"


def test_chunks_are_chunks():
    llm, _ = scripted(ChatBedrockConverse, text_events("a"))
    assert all(isinstance(chunk, AIMessageChunk) for chunk in llm.stream("x"))
