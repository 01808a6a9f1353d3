"""Fourteen things that go wrong in langchain-aws 1.9.1 and right here, one test each."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from outcrop.langchain import ChatBedrock, ChatBedrockConverse
from tests.langchain.fakes import HAIKU, NOVA, START, answer, block_start, block_stop, delta, end, scripted, until
from tests.support.sides import KEYS

ACCOUNT = "arn:aws:bedrock:us-east-1:123456789012"
OK = answer({"text": "ok"})


@pytest.mark.parametrize("geography", ["in", "ca", "mars"])
async def test_1_any_geography_is_one(side, geography):
    llm, _ = scripted(
        ChatBedrockConverse, [START, delta(0, text="a"), block_stop(0), *end()], model=f"{geography}.{BASE}"
    )
    assert llm.provider == "anthropic"
    assert llm.profile["tool_calling"]
    assert llm.bind_tools([TOOL], tool_choice="any")
    assert len(await side.stream(llm, "x")) > 2


BASE = "anthropic.claude-haiku-4-5-20251001-v1:0"
TOOL = {"name": "look", "description": "Look.", "parameters": {"type": "object", "properties": {}}}


@pytest.mark.parametrize("kind", [ChatBedrockConverse, ChatBedrock])
async def test_2_a_call_may_name_another_model(side, emulator, kind):
    llm = kind(model=f"us.{BASE}", **emulator.connection)
    other = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    message = await side.invoke(llm, "x", model=other)
    assert emulator.journal[-1].model_id == other
    assert message.response_metadata["model_name"] == other


async def test_3_keys_of_request_metadata_are_the_users(side):
    llm, script = scripted(ChatBedrockConverse, OK)
    await side.invoke(llm, "x", request_metadata={"my_key": "1"})
    assert script.request["requestMetadata"] == {"my_key": "1"}


async def test_4_keys_of_results_and_inputs_are_the_users(side):
    llm, script = scripted(ChatBedrockConverse, OK)
    used = {"type": "server_tool_use", "id": "s1", "name": "search", "input": {"my_query": 1}}
    call = {"name": "look", "args": {"my_arg": 1}, "id": "t1"}
    turns = [
        HumanMessage("x"),
        AIMessage(content=[used], tool_calls=[call]),
        ToolMessage(content=[{"json": {"my_key": {"inner_key": 1}}}], tool_call_id="t1"),
    ]
    await side.invoke(llm.bind_tools([TOOL]), turns)
    server, client = script.request["messages"][1]["content"]
    assert server["toolUse"]["input"] == {"my_query": 1}
    assert client["toolUse"]["input"] == {"my_arg": 1}
    assert script.request["messages"][2]["content"][-1]["toolResult"]["content"] == [
        {"json": {"my_key": {"inner_key": 1}}}
    ]


async def test_5_keys_of_received_results_are_the_tools(side):
    result = {"toolUseId": "t1", "content": [{"json": {"URLPath": 1, "camelCase": 2}}], "status": "success"}
    llm, _ = scripted(ChatBedrockConverse, answer({"toolResult": result}))
    (block,) = (await side.invoke(llm, "x")).content
    assert block["content"][0]["json"] == {"URLPath": 1, "camelCase": 2}


async def test_6_the_callers_messages_stay_as_they_are(side):
    llm, _ = scripted(ChatBedrockConverse, OK)
    turns = [HumanMessage("x"), AIMessage("prefill  "), HumanMessage([{"type": "text", "text": "y"}]), AIMessage("z ")]
    before = copy.deepcopy(turns)
    await side.invoke(llm, turns)
    assert turns == before


async def test_7_nothing_is_formatted_that_nobody_logs(side):
    class Heavy(str):
        __slots__ = ()

        def __repr__(self) -> str:
            raise AssertionError("a text of the prompt was formatted")

        __str__ = __format__ = __repr__

    llm, script = scripted(ChatBedrockConverse, OK)
    await llm._agenerate([HumanMessage(Heavy("x"))]) if side.is_async else llm._generate([HumanMessage(Heavy("x"))])
    assert script.operations == ["converse"]


async def test_8_what_a_stream_holds_beside_text_is_handed_on(side):
    events = [
        START,
        block_start(0, image={"format": "png"}),
        delta(0, image={"source": {"bytes": b"png"}}),
        block_stop(0),
        delta(1, audio={"format": "mp3"}),
        {"tomorrow": {"x": 1}},
        *end(),
    ]
    llm, _ = scripted(ChatBedrockConverse, events)
    blocks = [block for chunk in await side.stream(llm, "x") for block in chunk.content]
    assert [block["type"] for block in blocks] == ["image", "non_standard", "non_standard"]


async def test_9_a_streaming_model_answers_whole(side, emulator):
    llm = ChatBedrock(model=f"us.{BASE}", streaming=True, **emulator.connection)
    messages = [HumanMessage("x")]
    made = await llm._agenerate(messages) if side.is_async else llm._generate(messages)
    assert made.generations[0].message.text


async def test_10_prompt_variables_are_sent(side):
    llm, script = scripted(ChatBedrockConverse, OK, model=f"{ACCOUNT}:prompt/ABCDEFGHIJ:1")
    await side.invoke(llm, "x", prompt_variables={"my_name": "granite"})
    assert script.request["promptVariables"] == {"my_name": {"text": "granite"}}


async def test_11_the_arn_of_a_system_profile_is_read(side, emulator):
    llm = ChatBedrockConverse(model=f"{ACCOUNT}:inference-profile/us.{BASE}", **emulator.connection)
    assert llm.provider == "anthropic"
    assert llm.profile["max_input_tokens"] == 200_000
    await side.invoke(llm, "x")
    assert [entry.operation for entry in emulator.journal] == ["Converse"], "nobody had to be asked"


async def test_12_one_client_for_all_calls(side, monkeypatch, emulator):
    import outcrop

    made: list[Any] = []
    for name in ("client", "async_client"):
        make = getattr(outcrop, name)
        monkeypatch.setattr(outcrop, name, lambda *a, make=make, **k: made.append(a) or make(*a, **k))
    llm = ChatBedrock(model=f"us.{BASE}", beta_use_converse_api=True, **emulator.connection)
    for _ in range(3):
        await side.invoke(llm, "x")
    assert made == [("bedrock-runtime",)]


async def test_13_a_cancelled_task_ends_its_request(emulator):
    emulator.fault("stall")
    llm = ChatBedrockConverse(model=f"us.{BASE}", **emulator.connection)
    task = asyncio.create_task(llm.ainvoke("x"))
    await until(lambda: emulator.journal)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: emulator.journal[-1].outcome == "abandoned")


def test_14_a_timeout_may_be_a_fraction():
    llm = ChatBedrockConverse(model=NOVA, timeout=2.5, **KEYS)
    assert llm.timeout == 2.5
    assert llm.client._session._given["timeouts"]["connect"] == 2.5
    assert ChatBedrock(model=HAIKU, timeout=2.5, **KEYS).timeout == 2.5
