"""What a model refuses is left out of both APIs, or refused by both: from one table, and of others Bedrock decides."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcrop.langchain import ChatBedrock, ChatBedrockConverse
from tests.langchain.fakes import HAIKU, SONNET, answer, scripted
from tests.langchain.sent import TOOL

CLAUDES = [
    HAIKU, SONNET, "us.anthropic.claude-opus-4-7", "us.anthropic.claude-opus-4-8", "us.anthropic.claude-opus-5",
    "us.anthropic.claude-sonnet-4-6", "us.anthropic.claude-tomorrow-9-v1:0",
]  # fmt: skip
THINKING = {"type": "enabled", "budget_tokens": 1024}


def sent_by(kind: Any, model: str, given: dict[str, Any], thinking: dict[str, Any] | None) -> dict[str, Any]:
    """The sampling parameters that are sent, under Anthropic's names, and the last role."""
    given = dict(given)
    own = {name: given.pop(name) for name in ("top_p", "top_k") if name in given}
    if thinking:
        own["thinking"] = thinking
    fields: dict[str, Any] = {**given, "max_tokens": 4096}
    if kind is ChatBedrockConverse:
        fields |= {"top_p": own.pop("top_p")} if "top_p" in own else {}
        fields |= {"additional_model_request_fields": own} if own else {}
        llm, script = scripted(kind, answer({"text": "hi"}), model=model, **fields)
        llm.invoke([("user", "q"), ("ai", "so")])
        request = script.request
        inference = request.get("inferenceConfig", {})
        made = {**inference, **request.get("additionalModelRequestFields", {})}
        made = {{"topP": "top_p"}.get(name, name): value for name, value in made.items()}
    else:
        fields |= {"model_kwargs": own} if own else {}
        llm, script = scripted(kind, {"content": [{"type": "text", "text": "hi"}]}, model=model, **fields)
        llm.invoke([("user", "q"), ("ai", "so")])
        request = made = json.loads(script.request["body"])
    shown = {name: made[name] for name in ("temperature", "top_p", "top_k") if name in made}
    return {**shown, "last": request["messages"][-1]["role"]}


@given(
    st.sampled_from(CLAUDES),
    st.fixed_dictionaries(
        {}, optional={"temperature": st.sampled_from([0, 0.5, 1]), "top_p": st.just(0.9), "top_k": st.just(5)}
    ),
    st.booleans(),
)  # fmt: skip
def test_both_apis_are_sent_the_same_parameters(model, given_, thinks):
    thinking = THINKING if thinks else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        through_both = [sent_by(kind, model, given_, thinking) for kind in (ChatBedrockConverse, ChatBedrock)]
    assert through_both[0] == through_both[1]
    if "tomorrow" in model and not thinks and not {"temperature", "top_p"} <= given_.keys():
        assert {**given_, "last": "assistant"} == through_both[0]  # nobody has seen it refuse any: Bedrock decides


@pytest.mark.parametrize("kind", [ChatBedrockConverse, ChatBedrock])
@pytest.mark.parametrize("choice", ["any", "f"])
def test_a_model_that_takes_no_forced_tool_is_refused_through_both(kind, choice):
    llm, script = scripted(kind, {}, model="us.anthropic.claude-opus-5-5")
    with pytest.raises(ValueError, match="does not currently support tool_choice of type"):
        llm.bind_tools([TOOL], tool_choice=choice).invoke("x")
    assert not script.requests


@pytest.mark.parametrize("kind", [ChatBedrockConverse, ChatBedrock])
def test_a_model_that_nobody_knows_is_trusted_with_forced_tools(kind):
    hi = answer({"text": "hi"}) if kind is ChatBedrockConverse else {"content": [{"type": "text", "text": "hi"}]}
    llm, script = scripted(kind, hi, model="us.anthropic.claude-tomorrow-9-v1:0")
    llm.bind_tools([TOOL], tool_choice="any").invoke("x")
    if kind is ChatBedrockConverse:
        assert script.request["toolConfig"]["toolChoice"] == {"any": {}}
    else:
        assert json.loads(script.request["body"])["tool_choice"] == {"type": "any"}
