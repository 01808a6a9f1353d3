"""What a call sends: fields, call-time parameters, and the rules between them."""

from __future__ import annotations

import warnings

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

from outcrop.langchain import ChatBedrockConverse
from tests.langchain.fakes import HAIKU, NOVA, SONNET, answer, scripted

HI = answer({"text": "hi"})
THINKING = {"thinking": {"type": "enabled", "budget_tokens": 2000}}


def request_of(*, call=None, prompt="x", **fields):
    llm, script = scripted(ChatBedrockConverse, HI, **fields)
    llm.invoke(prompt, **(call or {}))
    return script.request


async def test_fields_are_the_defaults_of_every_call(side):
    fields = {
        "system": ["be brief"],
        "max_tokens": 9,
        "temperature": 0,
        "top_p": 0.5,
        "stop": ["END"],
        "guardrails": {"guardrail_identifier": "g", "guardrailVersion": "1", "trace": "enabled"},
        "additional_model_request_fields": {"top_k": 3, "some_key": {"a_b": 1}},
        "additional_model_response_field_paths": ["/usage"],
        "performance_config": {"latency": "optimized"},
        "service_tier": "flex",
        "request_metadata": {"my_key": "v"},
        "prompt_variables": {"my_name": "Ada", "other": {"text": "t"}},
    }
    llm, script = scripted(ChatBedrockConverse, HI, **fields)
    assert (await side.invoke(llm, "x")).content == "hi"
    assert script.request == {
        "messages": [{"role": "user", "content": [{"text": "x"}]}],
        "system": [{"text": "be brief"}],
        "modelId": HAIKU,
        "inferenceConfig": {"maxTokens": 9, "temperature": 0, "topP": 0.5, "stopSequences": ["END"]},
        "guardrailConfig": {"guardrailIdentifier": "g", "guardrailVersion": "1", "trace": "enabled"},
        "additionalModelRequestFields": {"top_k": 3, "some_key": {"a_b": 1}},
        "additionalModelResponseFieldPaths": ["/usage"],
        "performanceConfig": {"latency": "optimized"},
        "serviceTier": {"type": "flex"},
        "requestMetadata": {"my_key": "v"},
        "promptVariables": {"my_name": {"text": "Ada"}, "other": {"text": "t"}},
    }


async def test_what_a_call_says_wins(side):
    fields = {
        "max_tokens": 9,
        "temperature": 0.1,
        "additional_model_request_fields": {"a_b": 1, "c": 2},
        "model": HAIKU,
    }
    call = {
        "stop": ["NOW"],
        "max_tokens": 5,
        "temperature": 0,
        "topP": 0.25,
        "additional_model_request_fields": {"c": 3},
        "request_metadata": {"my_key": "v"},
        "service_tier": "priority",
        "system": "be kind",
    }
    llm, script = scripted(ChatBedrockConverse, HI, **fields)
    await side.invoke(llm, "x", **call)
    sent = script.request
    assert sent["inferenceConfig"] == {"maxTokens": 5, "temperature": 0, "topP": 0.25, "stopSequences": ["NOW"]}
    assert sent["additionalModelRequestFields"] == {"a_b": 1, "c": 3}
    assert sent["requestMetadata"] == {"my_key": "v"}
    assert sent["serviceTier"] == {"type": "priority"}
    assert sent["system"] == [{"text": "be kind"}]


@pytest.mark.parametrize("name", ["model", "model_id", "modelId"])
async def test_a_call_may_go_to_another_model(side, name):
    llm, script = scripted(ChatBedrockConverse, HI)
    message = await side.invoke(llm, "x", **{name: NOVA})
    assert script.request["modelId"] == NOVA
    assert message.response_metadata["model_name"] == NOVA
    assert llm._get_ls_params(model=NOVA)["ls_model_name"] == NOVA


def test_a_parameter_that_converse_lacks_says_where_it_belongs():
    with pytest.raises(
        TypeError, match=r"'top_k' is not a parameter of a Converse call.*additional_model_request_fields"
    ):
        request_of(call={"top_k": 3})


def test_arguments_that_are_no_fields_are_the_models():
    with pytest.warns(UserWarning, match="top_k"):
        assert ChatBedrockConverse(model=HAIKU, top_k=3).additional_model_request_fields == {"top_k": 3}
    with pytest.warns(UserWarning, match="additional_model_request_fields"):
        llm = ChatBedrockConverse(model=HAIKU, model_kwargs={"a": 1}, additional_model_request_fields={"b": 2})
    assert llm.additional_model_request_fields == {"a": 1, "b": 2}


def test_raw_blocks_replace_the_conversation_and_stay_as_they_are():
    raw = [{"role": "user", "content": [{"guardContent": {"text": {"text": "g"}}}]}]
    sent = request_of(raw_blocks=raw, system=["unused"], call={"cache_control": {"ttl": "1h"}})
    assert sent["messages"][0]["content"][0] == raw[0]["content"][0]
    assert sent["system"] == []
    assert len(raw[0]["content"]) == 1


def test_only_the_last_turn_is_guarded():
    fields = {"guardrail_config": {"guardrailIdentifier": "g"}, "guard_last_turn_only": True}
    history = [
        HumanMessage("a"),
        AIMessage("b"),
        HumanMessage([{"type": "text", "text": "c"}, {"cachePoint": {"type": "default"}}]),
    ]
    turns = request_of(prompt=history, **fields)["messages"]
    assert turns[0]["content"] == [{"text": "a"}]
    assert turns[2]["content"] == [{"guardContent": {"text": {"text": "c"}}}, {"cachePoint": {"type": "default"}}]
    with pytest.raises(ValueError, match="no `guardrail_config` supplied"):
        ChatBedrockConverse(model=HAIKU, guard_last_turn_only=True)


def test_tool_turns_become_text_where_no_tools_are_bound():
    call = {"name": "f", "args": {"a": 1}, "id": "t", "type": "tool_call"}
    history = [HumanMessage("q"), AIMessage("", tool_calls=[call]), ToolMessage("42", tool_call_id="t")]
    with pytest.warns(RuntimeWarning, match="without toolConfig"):
        turns = request_of(prompt=history)["messages"]
    assert turns[1]["content"] == [{"text": '[Called f with parameters: {"a": 1}]'}]
    assert turns[2]["content"] == [{"text": "[Tool output: 42]"}]


@pytest.mark.parametrize(
    ("model", "effort", "fields"),
    [
        ("us.anthropic.claude-opus-4-8", "max", {"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}}),
        ("us.amazon.nova-2-lite-v1:0", "low", {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}}),
        ("openai.gpt-oss-120b-1:0", "high", {"reasoning_effort": "high"}),
    ],
)
def test_an_effort_is_said_in_each_models_words(model, effort, fields):
    assert request_of(model=model, reasoning_effort=effort)["additionalModelRequestFields"] == fields
    assert request_of(model=model, call={"reasoning_effort": effort})["additionalModelRequestFields"] == fields


def test_an_effort_that_a_model_lacks():
    with pytest.warns(UserWarning, match="reasoning_effort is not supported for model meta.llama4-x"):
        assert "additionalModelRequestFields" not in request_of(model="us.meta.llama4-x", reasoning_effort="low")
    with pytest.raises(ValueError, match=r"reasoning_effort='max' is not supported.*Valid values: \['low'"):
        ChatBedrockConverse(model="amazon.nova-2-lite-v1:0", reasoning_effort="max")
    explicit = request_of(
        model="anthropic.claude-opus-4-8",
        reasoning_effort="low",
        additional_model_request_fields={"thinking": {"type": "disabled"}},
    )
    assert explicit["additionalModelRequestFields"]["thinking"] == {"type": "disabled"}


async def test_an_effort_is_said_in_the_words_of_the_model_that_a_call_names(side):
    fields = {"my_field": 3}
    llm, script = scripted(
        ChatBedrockConverse,
        HI,
        model="us.anthropic.claude-opus-4-8",
        reasoning_effort="low",
        additional_model_request_fields=fields,
    )
    await side.invoke(llm, "x", model="us.amazon.nova-2-lite-v1:0")
    effort = {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}}
    assert script.request["additionalModelRequestFields"] == {**fields, **effort}
    with pytest.warns(UserWarning, match="reasoning_effort is not supported for model meta.llama4-x"):
        await side.invoke(llm, "x", model="us.meta.llama4-x")
    assert script.request["additionalModelRequestFields"] == fields
    await side.invoke(llm, "x")
    assert script.request["additionalModelRequestFields"]["thinking"] == {"type": "adaptive"}


async def test_what_is_set_to_nothing_is_not_sent(side):
    llm, script = scripted(
        ChatBedrockConverse,
        HI,
        guardrail_config={"guardrailIdentifier": "g", "guardrailVersion": "1", "trace": None},
        additional_model_request_fields={"top_k": None, "deep": {"a": None, "b": [None]}},
    )
    await side.invoke(llm, "x", inference_config={"max_tokens": 5, "temperature": None})
    assert script.request["guardrailConfig"] == {"guardrailIdentifier": "g", "guardrailVersion": "1"}
    assert script.request["additionalModelRequestFields"] == {"deep": {"b": [None]}}
    assert script.request["inferenceConfig"] == {"maxTokens": 5}


@pytest.mark.parametrize("config", [{}, {"maxReasoningEffort": "huge"}, {"maxReasoningEffort": 3}])
def test_novas_reasoning_config_is_checked(config):
    fields = {"reasoningConfig": {"type": "enabled", **config}}
    with pytest.raises(ValueError, match=r"maxReasoningEffort.*one of: \['low', 'medium', 'high'\]"):
        ChatBedrockConverse(model="us.amazon.nova-2-lite-v1:0", additional_model_request_fields=fields)


def test_nova_takes_no_token_limit_at_high_effort():
    high = {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "high"}}
    sent = request_of(model="us.amazon.nova-2-lite-v1:0", max_tokens=5, additional_model_request_fields=high)
    assert sent["inferenceConfig"] == {}


def test_a_model_without_temperature_is_not_sent_one():
    with pytest.warns(UserWarning, match="does not support temperature or top_p"):
        sent = request_of(model="us.anthropic.claude-opus-4-8", temperature=0.5, top_p=0.5)
    assert sent["inferenceConfig"] == {}


def test_openais_response_format_becomes_an_output_config():
    schema = {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}}}}}
    form = {"type": "json_schema", "json_schema": {"name": "N", "schema": schema}}
    described = request_of(call={"response_format": form})["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
    assert described["name"] == described["description"] == "N"
    assert described["schema"].count('"additionalProperties": false') == 2
    assert "additionalProperties" not in schema
    with pytest.raises(ValueError, match="Unsupported response_format type 'text'"):
        request_of(call={"response_format": {"type": "text"}})


POINT = {"cachePoint": {"type": "default"}}
HOUR = {"cachePoint": {"type": "default", "ttl": "1h"}}
TOOL = {"name": "f", "description": "d", "input_schema": {"type": "object", "properties": {}}}
HISTORY = [SystemMessage("s"), HumanMessage("a"), AIMessage("b"), HumanMessage("c")]


@pytest.mark.parametrize(
    ("model", "ttl", "point", "tools", "before"),
    [(SONNET, "5m", POINT, True, True), (SONNET, "1h", HOUR, True, True), (NOVA, "1h", POINT, False, False)],
)
def test_cache_points_stand_where_each_family_wants_them(model, ttl, point, tools, before):
    llm, script = scripted(ChatBedrockConverse, HI, model=model)
    llm.bind_tools([TOOL]).invoke(HISTORY, cache_control={"ttl": ttl})
    sent = script.request
    assert sent["system"][-1] == point
    assert sent["messages"][-1]["content"][-1] == point
    assert (sent["toolConfig"]["tools"][-1] == point) is tools
    assert (sent["messages"][-2]["content"][-1] == point) is before


def test_cache_points_of_the_user_count():
    manual = [SystemMessage([{"type": "text", "text": "s"}, POINT]), *HISTORY[1:]]
    sent = request_of(model=SONNET, prompt=manual, call={"cache_control": {"ttl": "5m"}})
    assert [block for block in sent["system"] if "cachePoint" in block] == [POINT]
    assert sent["messages"][-1]["content"][-1] == POINT
    assert sent["messages"][-2]["content"] == [{"text": "b"}]
    full = [
        SystemMessage([{"type": "text", "text": "s"}, POINT]),
        HumanMessage([*[{"type": "text", "text": "t"}, POINT] * 3]),
    ]
    assert request_of(model=SONNET, prompt=full, call={"cache_control": {}})["messages"][0]["content"].count(POINT) == 3
    assert ChatBedrockConverse.create_cache_point() == POINT


def test_a_plain_call_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        request_of()
