"""Whatever a conversation holds, Bedrock takes what chat models send of it, and nothing that was said is lost."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import outcrop
from outcrop.langchain import ChatBedrock, ChatBedrockConverse
from tests.langchain.fakes import HAIKU, NOVA, SONNET, answer, scripted
from tests.langchain.histories import NAMES, histories
from tests.langchain.rules import body_refusals, refusals

MODELS = [
    SONNET, HAIKU, NOVA, "us.anthropic.claude-opus-4-8", "us.amazon.nova-2-lite-v1:0", "openai.gpt-oss-120b-1:0",
    "us.meta.llama3-3-70b-instruct-v1:0", "mistral.mistral-large-2407-v1:0", "us.deepseek.r1-v1:0", "xx.newco.one-1",
]  # fmt: skip
CLAUDES = [SONNET, HAIKU, "us.anthropic.claude-opus-4-8"]
TOOLS = [{"name": name, "description": "d", "parameters": {"type": "object", "properties": {}}} for name in NAMES[:3]]
DONE = {"content": [{"type": "text", "text": "hi"}]}

pytestmark = [pytest.mark.filterwarnings("ignore::UserWarning"), pytest.mark.filterwarnings("ignore::RuntimeWarning")]


def unread(request: dict[str, Any]) -> str | None:
    """What Bedrock says when it is asked about an image now, by a model that reads none."""
    last = [kind for block in request["messages"][-1]["content"] for kind in block]
    image = (
        "This model doesn't support the image content block that you provided. Update the content block and try again."
    )
    return image if "image" in last and "toolResult" not in last else None


def text_of(value: Any) -> str:
    return json.dumps(value, default=lambda data: data.decode("latin-1"), ensure_ascii=False)


@given(histories(), st.sampled_from(MODELS), st.booleans(), st.sampled_from([None, "5m", "1h"]))
def test_converse_takes_any_conversation(strict, history, model, with_tools, ttl):
    messages, words = history
    before = copy.deepcopy(messages)
    llm, script = scripted(ChatBedrockConverse, answer({"text": "hi"}), model=model, temperature=0)
    call = {"cache_control": {"ttl": ttl}} if ttl else {}
    with_tools = with_tools and "deepseek.r1" not in model  # which has none
    llm.invoke(messages, **({"tools": TOOLS} if with_tools else {}), **call)
    assert refusals(script.request) == []
    assert strict.refusal(script.request) in (None, unread(script.request))
    sent = text_of(script.request)
    assert [word for word in words if word not in sent] == []
    assert messages == before


@given(histories(), st.sampled_from(CLAUDES), st.booleans())
def test_claude_takes_any_conversation_through_invoke_model(strict, history, model, with_tools):
    messages, words = history
    before = copy.deepcopy(messages)
    llm, script = scripted(ChatBedrock, DONE, model=model, temperature=0)
    llm.invoke(messages, **({"tools": TOOLS} if with_tools else {}))
    body = json.loads(script.request["body"])
    assert body_refusals(model, body) == []
    assert strict.refusal(script.request, "invoke_model") is None
    assert [word for word in words if word not in text_of(body)] == []
    assert messages == before


@given(histories(), st.sampled_from(["us.openai.gpt-6-astra", "qwen.qwen3-32b-v1:0"]))
def test_openais_format_has_an_answer_for_each_call(history, model):
    messages, _ = history
    done = {"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}]}
    llm, script = scripted(ChatBedrock, done, model=model)
    plain = [m for m in messages if not any(word in repr(m.content) for word in ("image", "'file'", "plain", "cache"))]
    llm.invoke(plain, tools=TOOLS)
    body = json.loads(script.request["body"])
    asked: list[str] = []
    for message in body["messages"]:
        if message["role"] == "tool":
            assert message["tool_call_id"] in asked
            asked.remove(message["tool_call_id"])
        else:
            assert not asked
            asked = [call["id"] for call in message.get("tool_calls", ())]
            assert all(json.loads(call["function"]["arguments"]) is not None for call in message.get("tool_calls", ()))
    assert not asked


@given(histories(), st.sampled_from(MODELS))
def test_a_repaired_conversation_needs_no_repair(history, model):
    messages, _ = history
    llm, script = scripted(ChatBedrockConverse, answer({"text": "hi"}), model=model)
    llm.invoke(messages, tools=TOOLS)
    again = outcrop.repair(script.request["messages"], model=model)
    assert again == script.request["messages"]
    assert again.repairs == ()


@given(histories(), st.sampled_from(MODELS))
def test_what_is_repaired_is_said_or_refused(history, model):
    messages, _ = history
    llm, script = scripted(ChatBedrockConverse, answer({"text": "hi"}), model=model)
    told = llm.invoke(messages, tools=TOOLS).response_metadata.get("outcrop", {}).get("repaired", [])
    assert not any("word" in note for note in told)
    strict, asked = scripted(ChatBedrockConverse, answer({"text": "hi"}), model=model, strict_history=True)
    if not told:
        strict.invoke(messages, tools=TOOLS)
        assert asked.request == script.request
        return
    with pytest.raises(ValueError, match="the conversation needs repairs") as caught:
        strict.invoke(messages, tools=TOOLS)
    assert not asked.requests
    assert "word" not in str(caught.value)
