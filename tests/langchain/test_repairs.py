"""Conversations, tools and parameters that somebody met in production, and what is sent of them now."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage, FunctionMessage, HumanMessage, SystemMessage, ToolMessage
from pydantic import BaseModel, Field

from outcrop.langchain import ChatBedrockConverse
from tests.langchain.fakes import (
    HAIKU,
    SONNET,
    START,
    answer,
    block_start,
    block_stop,
    end,
    merged,
    scripted,
)
from tests.langchain.sent import TOOL, Sent, call

OPUS = "us.anthropic.claude-opus-5"
PDF = base64.b64encode(b"hi").decode()
POINT = {"cachePoint": {"type": "default"}}


# --- histories --------------------------------------------------------------------------------------------------------


async def test_a_tool_name_that_the_model_invented_does_not_spoil_the_thread(sent):
    history = [
        HumanMessage("q"),
        AIMessage("", tool_calls=[call(name="browser.navigate")]),
        ToolMessage("no such tool", tool_call_id="t1", status="error"),
    ]
    await sent.ask(history)
    assert sent.calls(1) == [("browser_navigate", "t1")]
    assert any("browser_navigate" in note for note in sent.repaired)
    assert history[1].tool_calls[0]["name"] == "browser.navigate"


async def test_text_before_a_result_goes_behind_it(sent):
    history = [
        HumanMessage("q"),
        AIMessage("", tool_calls=[call()]),
        HumanMessage("hurry"),
        ToolMessage("r", tool_call_id="t1"),
    ]
    turns = await sent.ask(history)
    assert sent.results(2) == [("t1", False)]
    assert "hurry" in str(turns[2]["content"][1])


async def test_a_result_that_came_late_goes_to_its_call(sent):
    history = [
        HumanMessage("q"),
        AIMessage("", tool_calls=[call()]),
        HumanMessage("hurry"),
        AIMessage("wait"),
        ToolMessage("r", tool_call_id="t1"),
    ]
    await sent.ask(history)
    assert sent.results(2) == [("t1", False)]


async def test_calls_that_somebody_took_out_are_not_sent(sent):
    content = [{"type": "tool_use", "id": f"t{n}", "name": "f", "input": {}} for n in (1, 2)]
    about = {"model_provider": "bedrock_converse" if sent.on_converse else "bedrock"}
    history = [
        HumanMessage("q"),
        AIMessage(content, tool_calls=[call()], response_metadata=about),
        ToolMessage("r", tool_call_id="t1"),
    ]
    await sent.ask(history)
    assert sent.calls(1) == [("f", "t1")]
    assert sent.repaired


async def test_a_call_that_was_cut_off_is_answered_by_an_error(sent):
    cut = '{"a": tru'
    broken = {"type": "invalid_tool_call", "id": "t1", "name": "f", "args": cut, "error": None}
    content = [{"type": "tool_use", "id": "t1", "name": "f", "input": cut}]
    history = [HumanMessage("q"), AIMessage(content, invalid_tool_calls=[broken]), HumanMessage("go on")]
    turns = await sent.ask(history)
    assert sent.calls(1) == [("f", "t1")]
    assert sent.results(2) == [("t1", True)]
    assert json.dumps(cut) in json.dumps(turns[1])
    assert "go on" in str(turns[2])


async def test_a_call_without_an_answer_is_answered_by_an_error_and_two_answers_become_one(sent):
    history = [
        HumanMessage("q"),
        AIMessage("", tool_calls=[call("t1"), call("t2")]),
        ToolMessage("one", tool_call_id="t1"),
        ToolMessage("two", tool_call_id="t1"),
    ]
    turns = await sent.ask(history)
    assert sent.results(2) == [("t1", False), ("t2", True)]
    assert "one" in str(turns[2])
    assert "two" in str(turns[2])


async def test_an_answer_without_a_call_is_sent_as_text(sent):
    turns = await sent.ask([ToolMessage("42", tool_call_id="t0"), HumanMessage("so?")])
    assert sent.results(0) == []
    assert "[Tool output: 42]" in str(turns[0])


async def test_an_id_for_several_calls_becomes_several_ids(sent):
    history = [HumanMessage("q")]
    for word in ("one", "two"):
        history += [AIMessage("", tool_calls=[call("functions.f:0")]), ToolMessage(word, tool_call_id="functions.f:0")]
    turns = await sent.ask(history)
    (first,), (second,) = sent.calls(1), sent.calls(3)
    assert first != second
    assert sent.results(2) == [(first[1], False)]
    assert sent.results(4) == [(second[1], False)]
    assert "two" in str(turns[4])


async def test_calls_and_results_are_text_where_a_request_has_no_tools(sent):
    history = [HumanMessage("q"), AIMessage("", tool_calls=[call(x=1)]), ToolMessage("r", tool_call_id="t1")]
    if sent.on_converse:
        with pytest.warns(RuntimeWarning, match="without toolConfig"):
            turns = await sent.ask(history, tools=())
    else:
        turns = await sent.ask(history, tools=())
    assert '[Called f with parameters: {"x": 1}]' in turns[1]["content"][0]["text"]
    assert sent.repaired


@pytest.mark.parametrize("model", [OPUS, "us.anthropic.claude-opus-4-8"])
async def test_a_model_that_continues_no_answer_gets_a_user_turn_last(sent, model):
    turns = await sent.ask([HumanMessage("q"), AIMessage("so")], model=model)
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    turns = await sent.ask([HumanMessage("q"), AIMessage("so ")], model=HAIKU)
    assert turns[-1]["content"][0]["text"] == "so"


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
async def test_blank_parts_are_left_out_wherever_they_stand(sent, blank):
    part = {"type": "text", "text": blank}
    history = [
        HumanMessage([part, {"type": "text", "text": "q"}]),
        AIMessage([part, {"type": "text", "text": "x"}], tool_calls=[call()]),
        ToolMessage([part], tool_call_id="t1"),
        AIMessage(blank),
        HumanMessage([part]),
    ]
    turns = await sent.ask(history)
    assert "q" in str(turns[0]["content"])
    assert len(turns[0]["content"]) == 1


@pytest.mark.parametrize("elsewhere", ["bedrock", "anthropic"])
async def test_redacted_thoughts_go_back_through_both_apis(sent, elsewhere):
    secret = base64.b64encode(b"\xff\x00secret").decode()
    content = [{"type": "redacted_thinking", "data": secret}, {"type": "text", "text": "x"}]
    turns = await sent.ask(
        [HumanMessage("q"), AIMessage(content, response_metadata={"model_provider": elsewhere}), HumanMessage("z")]
    )
    given = [
        {"type": "reasoning_content", "reasoning_content": {"redacted_content": secret}},
        {"type": "text", "text": "x"},
    ]
    about = {"model_provider": "bedrock_converse", "model_name": SONNET}
    from_converse = await sent.ask([HumanMessage("q"), AIMessage(given, response_metadata=about), HumanMessage("z")])
    assert turns == from_converse
    expected = {"reasoningContent": {"redactedContent": b"\xff\x00secret"}} if sent.on_converse else content[0]
    assert turns[1]["content"][0] == expected


@pytest.mark.parametrize(("given", "status"), [('{"a": 1}', False), ('{"a": ', False)])
async def test_functions_of_openai_are_calls_and_results_of_tools(sent, given, status):
    asked = AIMessage("", additional_kwargs={"function_call": {"name": "f", "arguments": given}})
    history = [HumanMessage("q"), asked, FunctionMessage(name="f", content="r"), asked, HumanMessage("z")]
    await sent.ask(history)
    [(name, first)], [(_, second)] = sent.calls(1), sent.calls(3)
    assert (name, first) == ("f", "function_f")
    assert sent.results(2) == [(first, status)]
    assert sent.results(4) == [(second, True)]  # the last call was not answered
    assert second != first
    assert asked.tool_calls == []


async def test_objects_of_a_tools_result_are_said(sent):
    asked = AIMessage("", tool_calls=[call()])
    turns = await sent.ask([HumanMessage("q"), asked, ToolMessage([{"a": 1}, {"b": "é"}], tool_call_id="t1")])
    result = turns[2]["content"][0]
    if sent.on_converse:
        assert result["toolResult"]["content"] == [{"json": {"a": 1}}, {"json": {"b": "é"}}]
    else:
        assert [block["text"] for block in result["content"]] == ['{"a": 1}', '{"b": "é"}']


@pytest.mark.parametrize(
    "part",
    [
        {"type": "file", "base64": PDF, "mime_type": "application/octet-stream"},
        {"type": "file", "file_id": "file-1"},
        {"type": "nobody-knows", "x": 1},
    ],
)
async def test_what_a_tool_gave_and_bedrock_does_not_take_is_named(sent, part):
    asked = AIMessage("", tool_calls=[call()])
    turns = await sent.ask([HumanMessage("q"), asked, ToolMessage([part], tool_call_id="t1")])
    result = turns[2]["content"][0]
    content = result["toolResult"]["content"] if sent.on_converse else result["content"]
    assert len(content) == 1
    assert content[0]["text"].startswith(f"[{part['type']}")
    assert content[0]["text"].endswith("which cannot be shown here]")
    assert any("named in a text" in note for note in sent.repaired)


async def test_a_half_of_a_character_is_replaced(sent):
    asked = AIMessage("cut \ud83d", tool_calls=[call()])
    history = [HumanMessage("whole \ud83d\ude00"), asked, ToolMessage("cut \ud83d", tool_call_id="t1")]
    turns = await sent.ask(history)
    said = json.dumps(turns, ensure_ascii=False)
    assert "whole \U0001f600" in said
    assert said.count("cut \ufffd") == 2
    assert any("half of a character" in note for note in sent.repaired)


@pytest.mark.parametrize(
    "model", ["us.deepseek.r1-v1:0", "mistral.mistral-large-2407-v1:0", "us.amazon.nova-micro-v1:0"]
)
async def test_images_that_a_model_does_not_read_are_named(side, strict, model):
    image = {"type": "image", "base64": PDF, "mime_type": "image/png"}
    asked = AIMessage("", tool_calls=[call()])
    history = [HumanMessage([{"type": "text", "text": "x"}, image]), asked, ToolMessage([image], tool_call_id="t1")]
    sent = Sent(ChatBedrockConverse, side, strict)
    if "deepseek" in model:  # which has no tools
        with pytest.warns(RuntimeWarning, match="Tool messages were passed without toolConfig"):
            turns = await sent.ask(history, model=model, tools=())
    else:
        turns = await sent.ask(history, model=model)
    assert json.dumps(turns).count("[image, which this model does not read]") == 2
    assert any("images that this model does not read" in note for note in sent.repaired)


async def test_a_cache_point_behind_a_short_lived_one_is_no_longer_one(side, strict):
    sent = Sent(ChatBedrockConverse, side, strict)
    long = {"cachePoint": {"type": "default", "ttl": "1h"}}
    system = SystemMessage([{"type": "text", "text": "s"}, POINT])
    turns = await sent.ask([system, HumanMessage([{"type": "text", "text": "x"}, long])])
    assert turns[0]["content"][1] == POINT
    turns = await sent.ask([HumanMessage([{"type": "text", "text": "x"}, long])])
    assert turns[0]["content"][1] == long


async def test_strict_history_refuses_and_says_why_without_a_word_of_it(sent):
    history = [HumanMessage("secret"), AIMessage("", tool_calls=[call(name="a.b", secret="secret")]), HumanMessage("z")]
    with pytest.raises(ValueError, match=r"needs repairs, which were not wanted .*leave strict_history out") as caught:
        await sent.ask(history, strict_history=True)
    assert "secret" not in str(caught.value)
    await sent.ask([HumanMessage("q")], strict_history=True)
    assert sent.repaired == []


# --- documents and files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "made"),
    [
        (["draft_v1.2.pdf"], ["draft_v1-2-pdf"]),
        (["John's report.pdf"], ["John-s report-pdf"]),
        (["a\u3000b"], ["a b"]),
        (["a  b"], ["a b"]),
        (["résumé"], ["resume"]),
        (["a.pdf", "a.pdf", "A.pdf"], ["a-pdf", "a-pdf-2", "A-pdf-3"]),
        (["x" * 300], ["x" * 200]),
        (["notes [1] (x)_-"], ["notes [1] (x)_-"]),
    ],
)
async def test_documents_are_named_as_bedrock_takes_them_and_none_twice(side, strict, names, made):
    sent = Sent(ChatBedrockConverse, side, strict)
    files = [{"type": "file", "base64": PDF, "mime_type": "application/pdf", "name": name} for name in names]
    turns = await sent.ask([HumanMessage([{"type": "text", "text": "x"}, *files])])
    first = [block["document"]["name"] for block in turns[0]["content"][1:]]
    assert first == made
    grown = [HumanMessage([{"type": "text", "text": "x"}, *files]), AIMessage("y"), HumanMessage([*files, "z"])]
    turns = await sent.ask(grown)
    assert [block["document"]["name"] for block in turns[0]["content"][1:]] == made  # or no prompt cache would hold


async def test_a_document_gets_a_text_beside_it_before_a_cache_point(side, strict):
    sent = Sent(ChatBedrockConverse, side, strict)
    document = {"type": "file", "base64": PDF, "mime_type": "application/pdf", "name": "a"}
    turns = await sent.ask([HumanMessage([document, POINT])])
    assert [next(iter(block)) for block in turns[0]["content"]] == ["text", "document", "cachePoint"]


async def test_a_cache_point_goes_before_a_document_that_is_no_pdf(side, strict):
    sent = Sent(ChatBedrockConverse, side, strict)
    note = {"type": "text-plain", "text": "# hi", "title": "n", "mime_type": "text/markdown"}
    history = [HumanMessage([{"type": "text", "text": "Read"}, note])]
    turns = await sent.ask(history, bind={"cache_control": {"type": "ephemeral", "ttl": "5m"}})
    assert [next(iter(block)) for block in turns[0]["content"]] == ["text", "cachePoint", "document"]


@pytest.mark.parametrize(
    "mime", ["application/json", "application/yaml", "application/javascript", "text/x-python", "application/ld+json"]
)
async def test_files_that_are_texts_are_sent_as_such(sent, mime):
    file = {"type": "file", "base64": PDF, "mime_type": mime, "name": "n"}
    turns = await sent.ask([HumanMessage([{"type": "text", "text": "x"}, file])])
    block = turns[0]["content"][1]
    if sent.on_converse:
        assert block["document"] == {"format": "txt", "name": "n", "source": {"bytes": b"hi"}}
    else:
        assert block["source"] == {"type": "text", "media_type": "text/plain", "data": "hi"}


async def test_a_link_in_a_tools_result_is_text_and_no_error(sent):
    link = {"type": "file", "url": "https://example.com/a.pdf", "mime_type": "application/pdf"}
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    history = [HumanMessage("q"), AIMessage("", tool_calls=[call()]), ToolMessage([link, picture], tool_call_id="t1")]
    turns = await sent.ask(history)
    assert "[file: https://example.com/a.pdf (application/pdf)]" in str(turns[2])
    assert "[image: https://example.com/a.png]" in str(turns[2])


# --- tools and schemas ------------------------------------------------------------------------------------------------


async def test_names_of_tools_are_mapped_there_and_back(sent):
    tools = [{**TOOL, "name": name} for name in ("srv.tool", "srv_tool", "日本語", "x" * 70)]
    await sent.ask([HumanMessage("q")], tools=tools, bind={"tool_choice": "srv.tool"})
    entries = sent.body["toolConfig"]["tools"] if sent.on_converse else sent.body["tools"]
    names = [entry["toolSpec"]["name"] if sent.on_converse else entry["name"] for entry in entries]
    choice = sent.body["toolConfig"]["toolChoice"]["tool"] if sent.on_converse else sent.body["tool_choice"]
    assert choice["name"] == names[0]
    assert names[1] == "srv_tool"
    use = {"toolUse": {"toolUseId": "t", "name": names[0], "input": {}}}
    body = {"content": [{"type": "tool_use", "id": "t", "name": names[0], "input": {}}], "stop_reason": "tool_use"}
    llm, _ = scripted(sent.kind, answer(use) if sent.on_converse else body, model=SONNET)
    message = await sent.side.invoke(llm.bind_tools(tools), "q")
    assert message.tool_calls[0]["name"] == "srv.tool"
    events = [START, block_start(0, toolUse={"toolUseId": "t", "name": names[0]}), block_stop(0), *end("tool_use")]
    chunks = [
        {"type": "message_start", "message": {}},
        {"type": "content_block_start", "index": 0, "content_block": body["content"][0]},
        {"type": "message_stop"},
    ]
    llm, _ = scripted(sent.kind, events if sent.on_converse else chunks, model=SONNET)
    assert merged(await sent.side.stream(llm.bind_tools(tools), "q")).tool_calls[0]["name"] == "srv.tool"


async def test_two_tools_of_one_name_are_one_if_they_are_the_same(sent):
    await sent.ask([HumanMessage("q")], tools=[TOOL, TOOL])
    with pytest.raises(ValueError, match="two tools are named 'f': Bedrock takes each name once"):
        await sent.ask([HumanMessage("q")], tools=[TOOL, {**TOOL, "description": "other"}])


UNION = {
    "anyOf": [
        {"type": "object", "properties": {"a": {"type": "string"}, "k": {"const": "a"}}, "required": ["a", "k"]},
        {"$ref": "#/$defs/B"},
    ],
    "$defs": {
        "B": {"type": "object", "properties": {"b": {"type": "integer"}, "k": {"const": "b"}}, "required": ["k"]}
    },
}


@pytest.mark.parametrize(
    ("schema", "keys"),
    [
        ({}, []),
        (None, []),
        ({"properties": []}, []),
        ({"type": "object", "properties": []}, []),
        ({"type": ["object", "null"], "properties": {"a": {}}}, ["a"]),
        (UNION, ["a", "k", "b"]),
        ({"$ref": "#/$defs/B", "$defs": UNION["$defs"]}, ["b", "k"]),
    ],
)
async def test_the_schema_of_a_tool_has_an_object_at_its_root(sent, schema, keys):
    await sent.ask([HumanMessage("q")], tools=[{"name": "f", "description": "d", "input_schema": schema}])
    entry = (
        sent.body["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]
        if sent.on_converse
        else sent.body["tools"][0]["input_schema"]
    )
    assert list(entry["properties"]) == keys
    assert entry.get("required", []) == (["k"] if schema is UNION or "$ref" in (schema or {}) else [])


async def test_a_tool_that_takes_no_object_is_refused_before_it_is_sent(sent):
    with pytest.raises(ValueError, match="the schema of tool 'f' is of type array, and Bedrock takes objects only"):
        await sent.ask(
            [HumanMessage("q")], tools=[{"name": "f", "description": "d", "input_schema": {"type": "array"}}]
        )


class Review(BaseModel):
    """A review."""

    stars: int = Field(ge=1, le=5, description="how good")
    tags: list[str] = Field(min_length=1, max_length=3)
    pair: tuple[int, str]
    name: str = Field(min_length=2, pattern="^[a-z]+$")
    half: float = Field(multiple_of=0.5)


class Open(BaseModel):
    """With a map."""

    extra: dict[str, str] = {}


class Node(BaseModel):
    """Holds itself."""

    children: list[Node] = []


def native(schema: Any) -> Any:
    llm, script = scripted(ChatBedrockConverse, answer({"text": "{}"}), model=SONNET)
    llm.with_structured_output(schema, method="json_schema", include_raw=True).invoke("x")
    return json.loads(script.request["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"])


def keywords(node: Any) -> set[str]:
    if isinstance(node, list):
        return {key for item in node for key in keywords(item)}
    if not isinstance(node, dict):
        return set()
    inner = {
        key
        for name, value in node.items()
        for key in (keywords(list(value.values())) if name == "properties" else keywords(value))
    }
    return {*node, *inner}


def test_limits_of_a_native_schema_are_said_in_words():
    made = native(Review)
    limits = {"minimum", "maximum", "maxItems", "prefixItems", "minLength", "pattern", "multipleOf"}
    assert not keywords(made) & limits
    assert made["properties"]["stars"]["description"] == "how good (maximum: 5, minimum: 1)"
    assert made["properties"]["tags"]["minItems"] == 1
    assert made["properties"]["pair"]["items"] == {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    with pytest.raises(ValueError, match="less than or equal to 5"):
        Review(stars=9, tags=["a"], pair=(1, "a"), name="ab", half=1)


@pytest.mark.parametrize(("schema", "says"), [(Open, "'extra' is a map"), (Node, "the schema holds itself")])
def test_what_a_native_schema_cannot_hold_is_refused(schema, says):
    with pytest.raises(ValueError, match=says) as caught:
        native(schema)
    assert "method='function_calling'" in str(caught.value)


def test_a_strict_tool_has_the_schema_of_native_output():
    llm, script = scripted(ChatBedrockConverse, answer({"text": "x"}), model=SONNET)
    llm.bind_tools([Review], strict=True).invoke("x")
    spec = script.request["toolConfig"]["tools"][0]["toolSpec"]
    assert "maximum" not in keywords(spec["inputSchema"]["json"])
    assert spec["inputSchema"]["json"]["additionalProperties"] is False
    with pytest.raises(ValueError, match=r"'extra' is a map.*leave strict= out"):
        llm.bind_tools([Open], strict=True).invoke("x")


# --- parameters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [OPUS, "us.anthropic.claude-opus-4-7"])
async def test_sampling_parameters_are_not_sent_to_models_that_refuse_them(sent, model):
    own = (
        {"additional_model_request_fields": {"top_k": 5}}
        if sent.on_converse
        else {"model_kwargs": {"top_k": 5, "top_p": 0.5}}
    )
    with pytest.warns(UserWarning, match="does not support"):
        await sent.ask([HumanMessage("q")], model=model, temperature=0, **own)
    assert not {"temperature", "top_p", "top_k", "topP"} & {
        *sent.body,
        *sent.body.get("inferenceConfig", {}),
        *sent.body.get("additionalModelRequestFields", {}),
    }


async def test_a_thinking_claude_is_sent_no_temperature(sent):
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 2000}}
    own = {"additional_model_request_fields": thinking} if sent.on_converse else {"model_kwargs": thinking}
    with pytest.warns(UserWarning, match="does not support temperature while it thinks"):
        await sent.ask([HumanMessage("q")], temperature=0, max_tokens=4096, **own)
    assert "temperature" not in {**sent.body, **sent.body.get("inferenceConfig", {})}


@pytest.mark.parametrize("model", ["openai.gpt-oss-120b-1:0", "qwen.qwen3-32b-v1:0", "moonshotai.kimi-k2.5"])
@pytest.mark.parametrize("choice", ["any", "f"])
def test_forced_tools_are_bedrocks_to_decide_where_nobody_has_seen_a_refusal(model, choice):
    llm, script = scripted(ChatBedrockConverse, answer({"text": "x"}), model=model)
    llm.bind_tools([TOOL], tool_choice=choice).invoke("x")
    assert script.request["toolConfig"]["toolChoice"] in ({"any": {}}, {"tool": {"name": "f"}})
