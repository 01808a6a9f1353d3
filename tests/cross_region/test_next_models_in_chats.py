"""LangChain's models on routers of several models: whoever answers is read in its own words, and named."""

from __future__ import annotations

import asyncio
import copy
import json

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from pydantic import BaseModel, Field

import outcrop
from outcrop import exceptions
from outcrop.cross_region import HeldClock
from outcrop.langchain import ChatBedrock, ChatBedrockConverse

from .accounts import ONE, PRIMARY, TWO, Accounts
from .conftest import MODEL
from .sides import route

HOME = "us-east-1"
NOVA = "amazon.nova-lite-v1:0"
OPUS = "anthropic.claude-opus-4-8"
FAMILIES = {
    MODEL: {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 30,
        "messages": [{"role": "user", "content": "hi"}],
    },
    NOVA: {"messages": [{"role": "user", "content": [{"text": "hi"}]}], "inferenceConfig": {"maxTokens": 30}},
    "meta.llama3-1-8b-instruct-v1:0": {"prompt": "hi", "max_gen_len": 30},
    "mistral.mistral-7b-instruct-v0:2": {"prompt": "<s>[INST] hi [/INST]", "max_tokens": 30},
    "openai.gpt-oss-120b-1:0": {"messages": [{"role": "user", "content": "hi"}], "max_completion_tokens": 30},
    "deepseek.r1-v1:0": {"prompt": "hi", "max_tokens": 30},
}
WAYS = ["invoke", "ainvoke", "stream", "astream"]


@tool
def look(place: str) -> str:
    """Looks at a place."""
    return f"{place} is dry"


class Odd(BaseModel):
    """A rock."""

    rock_name: str = Field(alias="rock/name")


def router_of(bedrock, *models, **options):
    connection = {name: value for name, value in bedrock.connection.items() if name != "region_name"}
    usual = {"sources": [HOME], "geographies": ["us", "direct"], "catalogue": "snapshot", "clock": HeldClock()}
    return outcrop.CrossRegion(list(models), **{**usual, **connection, **options})


def without_room(bedrock, model):
    for name in (model, f"us.{model}"):
        bedrock.fault("throttling", model=name)


def said(model, way, asked="hi"):
    """The whole message, by each of LangChain's ways."""

    async def streamed():
        whole = None
        async for chunk in model.astream(asked):
            whole = chunk if whole is None else whole + chunk
        return whole

    if way == "invoke":
        return model.invoke(asked)
    if way == "ainvoke":
        return asyncio.run(model.ainvoke(asked))
    if way == "astream":
        return asyncio.run(streamed())
    whole = None
    for chunk in model.stream(asked):
        whole = chunk if whole is None else whole + chunk
    return whole


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("second", [name for name in FAMILIES if name != MODEL])
@pytest.mark.parametrize("turned", [False, True], ids=["from Claude", "to Claude"])
def test_a_body_of_another_family_is_answered_in_that_family_s_words(emulator, way, second, turned):
    """`adapt=` writes the body; the answer is read by the format of the model that gave it."""
    models = (second, MODEL) if turned else (MODEL, second)
    options = {"adapt": lambda request, model: {**request, "body": json.dumps(FAMILIES[model])}}
    chat = ChatBedrock(
        model=models[0], client=router_of(emulator, *models, **options), max_tokens=20, beta_use_converse_api=False
    )
    emulator.script(model="*", reply="An outcrop is bedrock in the sun.")
    without_room(emulator, models[0])
    message = said(chat, way)
    assert message.text == "An outcrop is bedrock in the sun."
    assert message.response_metadata["model_name"] == models[1]
    assert message.response_metadata["stop_reason"]
    assert message.usage_metadata["output_tokens"] > 0


def nova_of(request, model):
    """Claude's body in Nova's words, as a program would write it."""
    body = json.loads(request["body"])
    tools = [
        {"toolSpec": {"name": it["name"], "description": "a tool", "inputSchema": {"json": it["input_schema"]}}}
        for it in body.get("tools", ())
    ]
    adapted = {
        "messages": [{"role": "user", "content": [{"text": "Where is it dry?"}]}],
        "inferenceConfig": {"maxTokens": 30},
        **({"toolConfig": {"tools": tools}} if tools else {}),
    }
    return {**request, "body": json.dumps(adapted)}


@pytest.mark.parametrize("way", WAYS)
def test_calls_of_tools_are_found_in_the_next_family_s_answers(emulator, way):
    use = {"toolUse": {"toolUseId": "t1", "name": "look", "input": {"place": "Bodie"}}}
    emulator.script(model=f"us.{NOVA}", reply=[{"text": "I look."}, use])
    chat = ChatBedrock(model=MODEL, client=router_of(emulator, MODEL, NOVA, adapt=nova_of), max_tokens=20)
    without_room(emulator, MODEL)
    message = said(chat.bind_tools([look]), way)
    assert message.text == "I look."
    assert [(call["name"], call["args"], call["id"]) for call in message.tool_calls] == [
        ("look", {"place": "Bodie"}, "t1")
    ]
    assert message.response_metadata["model_name"] == NOVA


@pytest.mark.parametrize("way", WAYS)
def test_fields_that_were_sent_under_other_names_come_back_under_their_own(emulator, way):
    """A name that Bedrock does not take is sent otherwise; the next family's answer has it so, too."""
    chat = ChatBedrock(model=MODEL, client=router_of(emulator, MODEL, NOVA, adapt=nova_of), max_tokens=20)
    without_room(emulator, MODEL)
    sent = chat.bind_tools([Odd])
    emulator.script(model=f"us.{NOVA}", reply="nothing", times=1)
    said(sent, "invoke")
    asked = next(entry.request for entry in reversed(emulator.journal) if entry.model_id == f"us.{NOVA}")
    (given,) = asked["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]["properties"]
    use = {"toolUse": {"toolUseId": "t1", "name": "Odd", "input": {given: "slate"}}}
    emulator.script(model=f"us.{NOVA}", reply=[use])
    assert said(sent, way).tool_calls[0]["args"] == {"rock/name": "slate"}


@pytest.mark.parametrize("chat", [ChatBedrock, ChatBedrockConverse])
@pytest.mark.parametrize("way", ["invoke", "ainvoke"])
def test_structured_answers_come_of_the_next_model(emulator, chat, way):
    class Rock(BaseModel):
        """A rock."""

        name: str

    use = {"toolUse": {"toolUseId": "t1", "name": "Rock", "input": {"name": "slate"}}}
    emulator.script(model=f"us.{NOVA}", reply=[use])
    options = {"adapt": nova_of} if chat is ChatBedrock else {}
    model = chat(model=MODEL, client=router_of(emulator, MODEL, NOVA, **options), max_tokens=20)
    without_room(emulator, MODEL)
    shaped = model.with_structured_output(Rock, include_raw=True)
    found = shaped.invoke("hi") if way == "invoke" else asyncio.run(shaped.ainvoke("hi"))
    assert found["parsed"] == Rock(name="slate")
    assert found["raw"].response_metadata["model_name"] == NOVA


SIGNED = [
    {"type": "reasoning_content", "reasoning_content": {"text": "hm", "signature": "c2lnbmVk"}},
    {"type": "text", "text": "I look."},
    {"type": "tool_use", "id": "t1", "name": "look", "input": {"place": "Bodie"}},
]
LOOP = [
    HumanMessage("Where is it dry?"),
    AIMessage(SIGNED, tool_calls=[{"name": "look", "args": {"place": "Bodie"}, "id": "t1", "type": "tool_call"}]),
    ToolMessage("Bodie is dry", tool_call_id="t1"),
]


def unsigned(request, model):
    """The request without what the first model has signed."""
    for message in request["messages"]:
        message["content"] = [block for block in message["content"] if "reasoningContent" not in block]
    return request


@pytest.mark.parametrize("way", WAYS)
def test_reasoning_that_the_first_has_signed_is_adapted_or_passes_the_next_over(emulator, way):
    """In the middle of a loop over tools, as agents have it."""
    plain = ChatBedrockConverse(model=MODEL, client=router_of(emulator, MODEL, OPUS), max_tokens=20).bind_tools([look])
    adapted = ChatBedrockConverse(
        model=MODEL, client=router_of(emulator, MODEL, OPUS, adapt=unsigned, shared=False), max_tokens=20
    ).bind_tools([look])
    without_room(emulator, MODEL)
    history = copy.deepcopy(LOOP)
    with pytest.raises(exceptions.ClientError, match="was passed over: the request carries signatures of reasoning"):
        said(plain, way, history)
    assert not [entry for entry in emulator.journal if entry.model_id == f"us.{OPUS}"]
    message = said(adapted, way, history)
    assert message.response_metadata["model_name"] == OPUS
    (entry,) = [entry for entry in emulator.journal if entry.model_id == f"us.{OPUS}"]
    assert entry.error_code is None
    assert "signature" not in json.dumps(entry.request)
    assert "toolResult" in json.dumps(entry.request)
    assert history == LOOP


@pytest.mark.parametrize("way", WAYS)
def test_a_loop_over_tools_goes_on_with_the_next_model(emulator, way):
    history = [LOOP[0], AIMessage("I look.", tool_calls=LOOP[1].tool_calls), LOOP[2]]
    chat = ChatBedrockConverse(model=MODEL, client=router_of(emulator, MODEL, NOVA), max_tokens=20).bind_tools([look])
    without_room(emulator, MODEL)
    message = said(chat, way, history)
    assert message.response_metadata["model_name"] == NOVA
    record = route(message.response_metadata)
    assert (record["Model"], record["Target"]["ModelId"]) == (NOVA, f"us.{NOVA}")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chat", [ChatBedrock, ChatBedrockConverse])
def test_an_account_and_a_model_that_answered_are_named(way, chat):
    """The first model has no room in either account; the second has in the second account."""
    with Accounts() as accounts:
        router = outcrop.CrossRegion(
            [MODEL, OPUS],
            sources=accounts.sources((ONE, PRIMARY), (TWO, PRIMARY)),
            geographies=["us"],
            catalogue="snapshot",
            clock=HeldClock(),
        )
        without_room(accounts[TWO], MODEL)
        accounts[ONE].fault("throttling")
        message = said(chat(model=MODEL, client=router, max_tokens=20), way)
        assert message.response_metadata["model_name"] == OPUS
        assert [name for name, _ in accounts.sent()] == [ONE, ONE, TWO, TWO]
        if chat is ChatBedrockConverse:
            assert route(message.response_metadata)["Target"]["Account"] == TWO
