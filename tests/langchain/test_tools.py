"""Tools, tool choice and structured output of the Converse model."""

from __future__ import annotations

from typing import Any, Optional

import pytest
from langchain_core.exceptions import OutputParserException
from langchain_core.messages import SystemMessage
from langchain_core.tools import tool
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from outcrop.langchain import ChatBedrockConverse, NovaCodeInterpreterTool, NovaGroundingTool
from tests.langchain.fakes import HAIKU, NOVA, SONNET, answer, scripted


class Joke(BaseModel):
    """A joke."""

    setup: str
    punchline: str
    rating: Optional[int] = Field(default=None, description="from 1 to 10")  # noqa: UP045  -- as people write it


class JokeDict(TypedDict):
    """A joke."""

    setup: str


@tool
def add(a: int, b: int) -> int:
    """Add numbers."""
    return a + b


OPENAI = {
    "type": "function",
    "function": {"name": "f", "description": "d", "parameters": {"type": "object", "properties": {}}},
}
ANTHROPIC = {"name": "f", "description": "d", "input_schema": {"type": "object", "properties": {}}}
CONVERSE = {
    "toolSpec": {"name": "f", "description": "d", "inputSchema": {"json": {"type": "object", "properties": {}}}}
}
USED = answer(
    {"toolUse": {"toolUseId": "t", "name": "Joke", "input": {"setup": "s", "punchline": "p"}}}, stop="tool_use"
)


def config_of(tools: list[Any], model: str = HAIKU, **options: Any) -> dict[str, Any]:
    llm, script = scripted(ChatBedrockConverse, USED, model=model)
    llm.bind_tools(tools, **options).invoke("x")
    return script.request["toolConfig"]


@pytest.mark.parametrize("given", [OPENAI, ANTHROPIC, CONVERSE], ids=["openai", "anthropic", "converse"])
def test_a_dict_in_anybodys_style_is_a_tool(given):
    assert config_of([given])["tools"] == [CONVERSE]


def test_a_function_and_a_class_are_tools_without_unions():
    (first, second, third) = config_of([add, Joke, {"cachePoint": {"type": "default"}}], strict=True)["tools"]
    assert first["toolSpec"]["inputSchema"]["json"]["required"] == ["a", "b"]
    assert first["toolSpec"]["strict"] is True
    rating = second["toolSpec"]["inputSchema"]["json"]["properties"]["rating"]
    assert rating["type"] == "integer"
    assert "anyOf" not in rating
    assert third == {"cachePoint": {"type": "default"}}


def test_a_tool_without_description_is_described_by_its_name():
    spec = config_of([{"name": "f", "parameters": {"type": "object", "properties": {}}}])["tools"][0]["toolSpec"]
    assert spec["description"] == "f"


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("auto", {"auto": {}}),
        ("any", {"any": {}}),
        ("required", {"any": {}}),
        (True, {"any": {}}),
        ("f", {"tool": {"name": "f"}}),
        ({"tool": {"name": "f"}}, {"tool": {"name": "f"}}),
        ({"type": "function", "function": {"name": "f"}}, {"tool": {"name": "f"}}),
        ({"type": "tool", "name": "f"}, {"tool": {"name": "f"}}),
        ({"type": "any"}, {"any": {}}),
        (None, None),
        (False, None),
    ],
)
def test_a_tool_choice_in_anybodys_style(choice, sent):
    assert config_of([OPENAI], tool_choice=choice).get("toolChoice") == sent


def test_a_tool_choice_that_cannot_be():
    with pytest.raises(ValueError, match="unrecognized tool_choice"):
        config_of([OPENAI], tool_choice={"type": "whim"})
    with pytest.raises(
        ValueError, match=r"meta.llama4-x does not currently support tool_choice of type 'any'; supported are: auto"
    ):
        config_of([OPENAI], model="us.meta.llama4-x", tool_choice="any")
    # Nobody has seen that it refuses: Bedrock decides.
    assert config_of([OPENAI], model="cohere.command-x", tool_choice="any")["toolChoice"] == {"any": {}}


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (HAIKU, ("auto", "any", "tool")),
        ("in.anthropic.claude-opus-5-5", ("auto",)),
        ("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.mistral.mistral-large-3", ("auto", "any")),
        ("global.xai.grok-4.7", ("auto", "any", "tool")),
        ("us.openai.gpt-6.1-sol", ("auto", "any", "tool")),
        ("openai.gpt-oss-20b-1:0", ("auto", "any", "tool")),
        ("zai.glm-4.7", ("auto", "any")),
        ("us.meta.llama3-2-90b-instruct-v1:0", ("auto",)),
        ("us.meta.llama3-2-1b-instruct-v1:0", ()),
        ("deepseek.v3-v1:0", ("auto", "any")),
        ("us.deepseek.r1-v1:0", ()),
        ("qwen.qwen3-32b-v1:0", None),
        ("moonshotai.kimi-k2.5", None),
        ("arn:aws:bedrock:us-east-1:1:custom-model/x", None),
    ],
)
def test_what_a_model_takes_follows_from_its_base_model(model, values):
    assert ChatBedrockConverse(model=model).supports_tool_choice_values == values


def test_a_custom_model_is_asked_and_not_judged():
    assert config_of([OPENAI], model="arn:aws:bedrock:us-east-1:1:custom-model/x", tool_choice="any")["toolChoice"] == {
        "any": {}
    }


def test_a_thinking_model_is_asked_instead_of_forced():
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 2000}}
    llm, script = scripted(ChatBedrockConverse, USED, model=SONNET, additional_model_request_fields=thinking)
    with pytest.warns(UserWarning, match="Downgrading to tool_choice='auto'"):
        bound = llm.bind_tools([OPENAI], tool_choice="any")
    bound.invoke("x")
    assert script.request["toolConfig"]["toolChoice"] == {"auto": {}}


def test_tools_that_bedrock_runs_itself():
    config = config_of([NovaGroundingTool(), add, "nova_code_interpreter"], model="us.amazon.nova-2-lite-v1:0")
    assert [next(iter(entry)) for entry in config["tools"]] == ["toolSpec", "systemTool", "systemTool"]
    with pytest.warns(UserWarning, match="only systemTools"):
        config = config_of([NovaCodeInterpreterTool()], model="us.amazon.nova-2-lite-v1:0", tool_choice="any")
    assert config == {"tools": [{"systemTool": {"name": "nova_code_interpreter"}}], "toolChoice": {"auto": {}}}
    assert "runs inside Bedrock" in NovaGroundingTool().invoke({})


@pytest.mark.parametrize("schema", [Joke, JokeDict, Joke.model_json_schema()], ids=["pydantic", "typeddict", "json"])
async def test_structured_output_by_a_forced_tool(side, schema):
    llm, script = scripted(ChatBedrockConverse, USED)
    made = await side.invoke(llm.with_structured_output(schema), "x")
    assert script.request["toolConfig"]["toolChoice"]["tool"]["name"] in ("Joke", "JokeDict")
    if schema is Joke:
        assert made == Joke(setup="s", punchline="p")
    elif schema is not JokeDict:
        assert made == {"setup": "s", "punchline": "p"}


async def test_the_raw_answer_beside_the_parsed_one(side):
    bad = answer({"toolUse": {"toolUseId": "t", "name": "Joke", "input": {}}}, stop="tool_use")
    llm, _ = scripted(ChatBedrockConverse, USED, bad)
    structured = llm.with_structured_output(Joke, include_raw=True)
    made = await side.invoke(structured, "x")
    assert made["parsed"] == Joke(setup="s", punchline="p")
    assert made["parsing_error"] is None
    assert made["raw"].tool_calls
    made = await side.invoke(structured, "x")
    assert made["parsed"] is None
    assert made["parsing_error"] is not None


def test_lists_that_a_model_wrote_as_text_are_repaired():
    class Cart(BaseModel):
        """A cart."""

        items: list[int]
        labels: dict[str, int]
        note: str

    given = {"items": '{"items": [1, 2]}', "labels": '{"a": 1}', "note": "[1]"}
    llm, _ = scripted(ChatBedrockConverse, answer({"toolUse": {"toolUseId": "t", "name": "Cart", "input": given}}))
    assert llm.with_structured_output(Cart).invoke("x") == Cart(items=[1, 2], labels={"a": 1}, note="[1]")


def test_a_thinking_model_that_calls_no_tool_is_an_error():
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 2000}}
    llm, script = scripted(
        ChatBedrockConverse, answer({"text": "no"}), model=SONNET, additional_model_request_fields=thinking
    )
    with pytest.warns(UserWarning, match="needs a forced tool call"):
        structured = llm.with_structured_output(Joke)
    with pytest.raises(OutputParserException, match="needs a forced tool call"):
        structured.invoke("x")
    assert "toolChoice" not in script.request["toolConfig"]


@pytest.mark.parametrize("schema", [Joke, Joke.model_json_schema()], ids=["pydantic", "json"])
async def test_structured_output_by_a_native_schema(side, schema):
    llm, script = scripted(ChatBedrockConverse, answer({"text": '{"setup": "s", "punchline": "p"}'}))
    made = await side.invoke(llm.with_structured_output(schema, method="json_schema"), "x")
    assert dict(made)["setup"] == "s"
    described = script.request["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
    assert described["name"] == "Joke"
    assert '"additionalProperties": false' in described["schema"]
    assert "toolConfig" not in script.request


@pytest.mark.parametrize(("method", "prefilled"), [("prompt_prefill", True), ("json_mode", False)])
async def test_structured_output_by_asking_for_json(side, method, prefilled):
    llm, script = scripted(
        ChatBedrockConverse, answer({"text": '```json\n{"setup": "s", "punchline": "p"}\n```'}), model=NOVA, stop=["X"]
    )
    structured = llm.with_structured_output(Joke, method=method)
    assert await side.invoke(structured, "tell") == Joke(setup="s", punchline="p")
    sent = script.request
    assert '"punchline"' in sent["system"][0]["text"]
    assert (sent["messages"][-1] == {"role": "assistant", "content": [{"text": "```json"}]}) is prefilled
    assert sent["inferenceConfig"]["stopSequences"] == (["X", "```"] if prefilled else ["X"])


def test_the_instructions_stand_before_a_cache_point():
    llm, script = scripted(ChatBedrockConverse, answer({"text": '{"setup": "s", "punchline": "p"}'}))
    prompt = [SystemMessage([{"type": "text", "text": "be"}, {"cachePoint": {"type": "default"}}]), ("human", "x")]
    llm.with_structured_output(Joke, method="json_mode").invoke(prompt)
    text, point = script.request["system"]
    assert text["text"].startswith("be\n\nAnswer with one JSON object")
    assert "cachePoint" in point


def test_an_unknown_method_lists_those_there_are():
    llm, _ = scripted(ChatBedrockConverse, USED)
    with pytest.raises(
        ValueError, match=r"unknown method 'magic'.*function_calling, json_schema, json_mode, prompt_prefill"
    ):
        llm.with_structured_output(Joke, method="magic")
    with pytest.raises(ValueError, match="unsupported schema type int"):
        llm.with_structured_output(3, method="json_schema")
    with pytest.warns(UserWarning, match="'strict' parameter only applies"):
        llm.with_structured_output(Joke, method="json_schema", strict=True)
