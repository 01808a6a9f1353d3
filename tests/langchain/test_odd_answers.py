"""Odd answers that somebody met in production: encrypted thoughts in pieces, and calls whose input is text."""

from __future__ import annotations

import base64
import json

import pytest
from langchain_core.load import dumps, loads
from langchain_core.messages import HumanMessage

from outcrop.langchain import ChatBedrockConverse
from tests.langchain.fakes import (
    START,
    answer,
    block_stop,
    delta,
    end,
    merged,
    scripted,
)

ENCRYPTED = [
    START,
    delta(0, reasoningContent={"redactedContent": b"rsn_1"}),
    delta(0, reasoningContent={"redactedContent": b"_bb\xff"}),
    block_stop(0),
    delta(1, text="hi"),
    block_stop(1),
    *end(),
]


@pytest.mark.filterwarnings("ignore:.*beta.*")
async def test_encrypted_reasoning_in_several_deltas_is_one_block_that_goes_back(side):
    llm, script = scripted(ChatBedrockConverse, ENCRYPTED, answer({"text": "x"}), model="us.xai.grok-4.6")
    whole = merged(await side.stream(llm, "x"))
    joined = base64.b64encode(b"rsn_1_bb\xff").decode()
    assert whole.content[0]["reasoning_content"] == {"redacted_content": joined}
    assert loads(dumps(whole), allowed_objects="all").content == whole.content
    assert json.loads(whole.model_dump_json())["content"][0]["reasoning_content"]["redacted_content"] == joined
    await side.invoke(llm, [HumanMessage("x"), whole, HumanMessage("y")])
    assert script.request["messages"][1]["content"][0] == {"reasoningContent": {"redactedContent": b"rsn_1_bb\xff"}}


async def test_encrypted_reasoning_when_invoke_streams(side):
    llm, _ = scripted(ChatBedrockConverse, ENCRYPTED, model="us.xai.grok-4.6", streaming=True)
    message = await side.invoke(llm, "x")
    assert message.content[0]["reasoning_content"]["redacted_content"] == base64.b64encode(b"rsn_1_bb\xff").decode()


async def test_the_input_of_a_call_may_be_text_or_absent(side):
    uses = [
        {"toolUse": {"toolUseId": "1", "name": "f", "input": '{"a":1}'}},
        {"toolUse": {"toolUseId": "2", "name": "f"}},
        {"toolUse": {"toolUseId": "3", "name": "f", "input": '{"a":'}},
    ]
    llm, _ = scripted(ChatBedrockConverse, answer(*uses, stop="tool_use"))
    message = await side.invoke(llm, "x")
    assert [made["args"] for made in message.tool_calls] == [{"a": 1}, {}]
    assert message.invalid_tool_calls[0]["args"] == '{"a":'
