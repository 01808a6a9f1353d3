"""Schemas of tools as MCP servers and older libraries write them, as Claude takes them: there and back."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from langchain_core.messages import HumanMessage

from outcrop.langchain import ChatBedrockConverse
from outcrop.langchain.schema_draft import modern
from outcrop.langchain.tool_fields import given_fields, with_sent_fields
from outcrop.langchain.tool_schema import tool_schema
from tests.langchain.fakes import NOVA, SONNET, START, answer, block_start, block_stop, delta, end, merged, scripted

TEXT = {"type": "string"}


def tool(schema: Any) -> dict[str, Any]:
    return {"name": "f", "description": "d", "input_schema": schema}


def of(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


@pytest.mark.parametrize(
    ("schema", "made"),
    [
        (of(a={"type": "integer", "minimum": 0, "exclusiveMinimum": True}),
         of(a={"type": "integer", "exclusiveMinimum": 0})),
        (of(a={"type": "integer", "maximum": 9, "exclusiveMaximum": False}), of(a={"type": "integer", "maximum": 9})),
        (of(a={"type": "string", "required": True}), {**of(a=TEXT), "required": ["a"]}),
        ({**of(a=TEXT), "required": None}, of(a=TEXT)),
        ({**of(a=TEXT), "required": ["a", "a"]}, {**of(a=TEXT), "required": ["a"]}),
        ({**of(), "$schema": "http://json-schema.org/draft-04/schema#", "id": "x", "$id": "y"}, of()),
        (of(a={"type": "array", "items": [TEXT, {}], "additionalItems": False}),
         of(a={"type": "array", "prefixItems": [TEXT, {}], "items": False})),
        ({**of(a={"$ref": "#/definitions/X"}), "definitions": {"X": TEXT}},
         {**of(a={"$ref": "#/definitions/X"}), "definitions": {"X": TEXT}}),
        (of(a={"$ref": "#/definitions/lost", "description": "d"}), of(a={"description": "d"})),
        (of(a={"$ref": "https://example.com/a.json"}), of(a={})),
        (of(a={"$ref": "#"}), of(a={"$ref": "#"})),
        (of(a={"type": "any"}, b={"type": None}, c={"type": "str"}), of(a={}, b={}, c=TEXT)),
        (of(a="string", b=None, c=True), of(a=TEXT, b={}, c=True)),
        ({"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}, of(a=TEXT)),
        (of(a={"type": "number", "default": float("nan"), "minimum": "0", "minLength": -1, "title": None}),
         of(a={"type": "number", "default": "NaN"})),
        (of(a={"const": None}, b={"enum": []}, c={"anyOf": []}, d={"nullable": True}),
         of(a={"const": None}, b={}, c={}, d={"nullable": True})),
        ({"type": "object", "patternProperties": {"^x": TEXT}, "additionalProperties": TEXT},
         {"type": "object", "patternProperties": {"^x": TEXT}, "additionalProperties": TEXT}),
        ({"allOf": [of(a=TEXT), {**of(b=TEXT), "required": ["b"]}]}, {**of(a=TEXT, b=TEXT), "required": ["b"]}),
    ],
)  # fmt: skip
async def test_schemas_of_any_age_are_sent_as_claude_reads_them(sent, schema, made):
    before = copy.deepcopy(schema)
    await sent.ask([HumanMessage("q")], tools=[tool(schema)])
    assert sent.schemas() == [made]
    assert repr(schema) == repr(before)


KEYWORDS = ["type", "items", "required", "minimum", "exclusiveMinimum", "enum", "anyOf", "allOf", "properties", "$ref",
            "minLength", "pattern", "title", "default", "additionalProperties", "definitions", "const", "format",
            "uniqueItems", "prefixItems", "not", "patternProperties", "nullable", "$schema", "multipleOf"]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["string", "#/definitions/a", "any", "("]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYWORDS, "a", "b c"]), inner, max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYWORDS), VALUES, max_size=6))
def test_whatever_is_given_is_a_schema_of_the_draft(schema):
    made = modern(schema)
    Draft202012Validator.check_schema(made)
    assert modern(made) == made


@given(st.dictionaries(st.sampled_from(KEYWORDS), VALUES, max_size=6))
def test_whatever_is_given_as_a_tools_schema_is_one_or_refused(schema):
    try:
        made = tool_schema(schema, "f")
    except ValueError as refused:
        assert "Bedrock takes objects only" in str(refused)  # noqa: PT017
        return
    Draft202012Validator.check_schema(made)
    assert made["type"] == "object"
    assert not {"anyOf", "oneOf", "allOf"} & made.keys()


ODD = {
    "first name": "first_name", "$filter": "_filter", "größe": "gro_e", "a[b]": "a_b_", "": "field",
    "x" * 80: "x" * 64,
}  # fmt: skip


@pytest.mark.parametrize(("name", "made"), ODD.items())
async def test_names_of_arguments_are_mapped_there_and_back(sent, name, made):
    inner = {"type": "array", "items": of(**{name: TEXT})}
    schema = {**of(**{name: TEXT, "plain": TEXT, "inner": inner}), "required": [name]}
    await sent.ask([HumanMessage("q")], tools=[tool(schema)])
    (shown,) = sent.schemas()
    assert list(shown["properties"]) == [made, "plain", "inner"]
    assert shown["required"] == [made]
    assert list(shown["properties"]["inner"]["items"]["properties"]) == [made]
    answered = {made: "1", "plain": "2", "inner": [{made: "3"}]}
    wanted = {name: "1", "plain": "2", "inner": [{name: "3"}]}
    use = {"toolUse": {"toolUseId": "t", "name": "f", "input": answered}}
    block = {"type": "tool_use", "id": "t", "name": "f", "input": answered}
    whole = answer(use, stop="tool_use") if sent.on_converse else {"content": [block], "stop_reason": "tool_use"}
    llm, _ = scripted(sent.kind, whole, model=SONNET)
    message = await sent.side.invoke(llm.bind_tools([tool(schema)]), "q")
    assert message.tool_calls[0]["args"] == wanted
    text = json.dumps(answered)
    events: list[Any] = [START, block_start(0, toolUse={"toolUseId": "t", "name": "f"})]
    events += [delta(0, toolUse={"input": part}) for part in (text[:7], text[7:])]
    chunks: list[Any] = [
        {"type": "message_start", "message": {}},
        {"type": "content_block_start", "index": 0, "content_block": {**block, "input": {}}},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": part}}
            for part in (text[:7], text[7:])
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_stop"},
    ]
    for ends in ([block_stop(0)], []):  # also where nobody says that a block ends
        llm, _ = scripted(sent.kind, [*events, *ends, *end("tool_use")] if sent.on_converse else chunks, model=SONNET)
        streamed = merged(await sent.side.stream(llm.bind_tools([tool(schema)]), "q"))
        assert streamed.tool_calls[0]["args"] == wanted


@pytest.mark.filterwarnings("ignore:.*beta.*")
def test_names_of_arguments_come_back_in_events_too():
    schema = of(**{"first name": TEXT})
    events = [
        START,
        block_start(0, toolUse={"toolUseId": "t", "name": "f"}),
        delta(0, toolUse={"input": '{"first_'}),
        delta(0, toolUse={"input": 'name": "Jo"}'}),
        block_stop(0),
        *end("tool_use"),
    ]
    llm, _ = scripted(ChatBedrockConverse, events, model=SONNET)
    written = llm.bind_tools([tool(schema)]).stream_events("x", version="v3").output
    assert written.tool_calls[0]["args"] == {"first name": "Jo"}


def test_other_models_get_the_names_as_they_are():
    schema = of(**{"first name": TEXT})
    llm, script = scripted(ChatBedrockConverse, answer({"text": "hi"}), model=NOVA)
    llm.bind_tools([tool(schema)]).invoke("x")
    (entry,) = script.request["toolConfig"]["tools"]
    assert entry["toolSpec"]["inputSchema"]["json"] == schema


@given(st.dictionaries(st.text(max_size=70), st.just(TEXT), max_size=6))
def test_every_name_has_its_own_and_comes_back(fields):
    sent, back = with_sent_fields(of(**fields))
    names = list(sent["properties"])
    assert len(names) == len(fields)
    assert all(1 <= len(name) <= 64 and name.isascii() for name in names)
    args = dict.fromkeys(names, "x")
    assert list(given_fields(args, back)) == list(fields)


async def test_a_schema_that_is_none_is_refused_with_a_sentence(sent):
    with pytest.raises(ValueError, match="the schema of tool 'f' must be a dict, not bool"):
        await sent.ask([HumanMessage("q")], tools=[tool(True)])
