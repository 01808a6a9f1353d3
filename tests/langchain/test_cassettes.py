"""Recorded Bedrock traffic through both libraries: equal messages, and equal requests when they are sent back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, ToolMessage

from outcrop.langchain import ChatBedrockConverse
from tests.langchain.fakes import merged
from tests.support.cassettes import recordings
from tests.support.server import Answer, Server
from tests.support.sides import KEYS

MODEL = "us.anthropic.claude-sonnet-5"
RECORDINGS = pytest.mark.parametrize("recording", recordings(), ids=lambda recording: recording.name)
EMPTY = {"type": "object", "properties": {}}
WHOLE = json.dumps(
    {
        "output": {"message": {"role": "assistant", "content": [{"text": "ok"}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
    }
).encode()


@pytest.fixture(scope="module")
def server():
    with Server(Answer()) as server:
        yield server


@pytest.fixture(scope="module", params=["v0", "v1"])
def models(request, server) -> tuple[Any, Any]:
    """The same model of langchain-aws, whose making takes its time, and of outcrop."""
    theirs = pytest.importorskip("langchain_aws").ChatBedrockConverse
    fields = {"model": MODEL, "endpoint_url": server.url, "output_version": request.param, **KEYS}
    return theirs(**fields), ChatBedrockConverse(**fields)


async def asked(side, llm, recording, **settings):
    """What the model makes of a recording, through the side of its kind."""
    if recording.method == "converse_stream":
        return merged(await side.stream(llm, "x", **settings))
    return await side.invoke(llm, "x", **settings)


def plain(message):
    """A message without what differs between any two calls: ids, and the headers of the answer."""
    dumped = message.model_dump(exclude={"id"})
    dumped["response_metadata"].pop("ResponseMetadata", None)
    return dumped


@RECORDINGS
async def test_the_messages_are_equal(side, server, models, recording):
    server.play(recording.answer)
    theirs, ours = [await asked(side, llm, recording) for llm in models]
    assert plain(ours) == plain(theirs)
    assert ours.content_blocks == theirs.content_blocks


@RECORDINGS
async def test_the_requests_that_send_them_back_are_equal(side, server, models, recording):
    server.play(recording.answer)
    message = await asked(side, models[0], recording)
    results = [ToolMessage("12", tool_call_id=call["id"]) for call in message.tool_calls]
    turns = [HumanMessage("x"), message, *(results or [HumanMessage("y")])]
    tools = [
        {"name": name, "description": "d", "parameters": EMPTY} for name in {c["name"] for c in message.tool_calls}
    ]
    server.play(Answer(200, {"Content-Type": "application/json"}, WHOLE))
    server.requests.clear()
    for llm in models:
        await side.invoke(llm.bind_tools(tools) if tools else llm, turns)
    theirs, ours = [json.loads(request.body) for request in server.requests]
    for turn in (*theirs["messages"], *ours["messages"]):
        # langchain-aws puts a placeholder where a text beside others is blank, which an answer's last "." looks like.
        turn["content"] = [block for block in turn["content"] if block != {"text": "."}]
    assert ours == theirs
