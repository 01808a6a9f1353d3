"""What people build: agents with memory, and chains."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, ToolMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from pydantic import BaseModel

from outcrop.langchain import BedrockPromptCachingMiddleware, ChatBedrock, ChatBedrockConverse, resolution
from tests.langchain.fakes import application_profile

CLAUDE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"

QUESTION = 'Look up the hardness of "Quartz".'


@tool
def hardness(mineral: str) -> float:
    """Look up a mineral's hardness on Mohs's scale."""
    return {"Quartz": 7.0}.get(mineral, 1.0)


class Mineral(BaseModel):
    """A mineral."""

    name: str
    hardness: float


@pytest.fixture(params=["converse", "invoke"])
def llm(request, emulator):
    kind = ChatBedrockConverse if request.param == "converse" else ChatBedrock
    return kind(model=CLAUDE, **emulator.connection)


def agent_of(llm, **options):
    agents = pytest.importorskip("langchain.agents")
    return agents.create_agent(llm, [hardness], system_prompt="You know minerals.", **options)


async def test_an_agent_calls_its_tools_and_remembers(side, llm):
    from langgraph.checkpoint.memory import InMemorySaver

    agent = agent_of(llm, checkpointer=InMemorySaver())
    thread = {"configurable": {"thread_id": "1"}}
    question = {"messages": [("user", QUESTION)]}
    first = (await side.invoke(agent, question, thread))["messages"]
    assert [message.type for message in first] == ["human", "ai", "tool", "ai"]
    assert first[1].tool_calls[0]["args"] == {"mineral": "Quartz"}
    assert isinstance(first[2], ToolMessage)
    assert first[2].content == "7.0"
    second = (await side.invoke(agent, {"messages": [("user", "Thank you.")]}, thread))["messages"]
    assert second[:4] == first


async def test_an_agents_tokens_are_streamed(side, llm):
    agent = agent_of(llm)
    question = {"messages": [("user", QUESTION)]}
    if side.is_async:
        parts = [part async for part in agent.astream(question, stream_mode="messages")]
    else:
        parts = list(agent.stream(question, stream_mode="messages"))
    tokens = [message for message, about in parts if isinstance(message, AIMessageChunk) and message.text]
    assert len(tokens) > 5, "token by token, and not in one piece"
    assert any(isinstance(message, ToolMessage) for message, _ in parts)


async def test_an_agents_prompts_are_cached_without_a_trace_in_its_messages(side, llm, emulator):
    agent = agent_of(llm, middleware=[BedrockPromptCachingMiddleware()])
    answered = await side.invoke(agent, {"messages": [("user", QUESTION)]})
    assert not any("cache" in str(message.content) for message in answered["messages"])
    assert all(b"cachePoint" in entry.body or b"cache_control" in entry.body for entry in emulator.journal)


@pytest.mark.parametrize("model_id", [CLAUDE, "us.amazon.nova-lite-v1:0"])
@pytest.mark.parametrize("kind", [ChatBedrockConverse, ChatBedrock])
async def test_an_application_profile_has_the_tools_of_its_model(side, emulator, kind, model_id):
    """Bound on a running loop, where nobody can be asked yet what the model is."""
    arn = application_profile(emulator, model_id)
    llm = kind(model=arn, **emulator.connection)
    able = llm.bind_tools([hardness], tool_choice="any")
    (call,) = (await side.invoke(able, QUESTION)).tool_calls
    assert (call["name"], call["args"]) == ("hardness", {"mineral": "Quartz"})
    assert (await side.stream(able, QUESTION))[-1].chunk_position == "last"
    resolution.forget()
    llm = kind(model=arn, **emulator.connection)
    made = await side.invoke(llm.with_structured_output(Mineral), 'The mineral "Quartz" has hardness 7.')
    assert made == Mineral(name="Quartz", hardness=7)


async def test_an_agent_answers_in_a_schemas_shape(side, llm, emulator):
    agent = agent_of(llm, response_format=Mineral)
    state = await side.invoke(agent, {"messages": [("user", 'The mineral "Quartz" has hardness 7.')]})
    assert state["structured_response"] == Mineral(name="Quartz", hardness=7)
    body = emulator.journal[-1].body
    assert b"textFormat" in body or b'"output_config": {"format": {"type": "json_schema"' in body


@pytest.mark.parametrize("kind", [ChatBedrockConverse, ChatBedrock])
async def test_an_application_profiles_prompts_are_cached_from_the_first_call_on(side, emulator, kind):
    arn = application_profile(emulator, CLAUDE)
    llm = kind(model=arn, **emulator.connection)
    agent = agent_of(llm, middleware=[BedrockPromptCachingMiddleware(unsupported_model_behavior="raise")])
    await side.invoke(agent, {"messages": [("user", "Hello")]})
    assert b"cachePoint" in emulator.journal[-1].body or b"cache_control" in emulator.journal[-1].body


async def test_a_chain_answers_in_a_schemas_shape(side, llm):
    prompt = ChatPromptTemplate.from_messages([("system", "You know minerals."), ("user", "{question}")])
    chain = prompt | llm.with_structured_output(Mineral)
    made = await side.invoke(chain, {"question": 'The mineral "Quartz" has hardness 7.'})
    assert made == Mineral(name="Quartz", hardness=7)


async def test_a_chain_streams_text(side, llm):
    chain = ChatPromptTemplate.from_template("Say {word}.") | llm | StrOutputParser()
    parts = await side.stream(chain, {"word": "granite"})
    assert len(parts) > 5
    assert "granite" in "".join(parts)


async def test_a_model_that_is_throttled_is_replaced_by_the_next(side, emulator):
    emulator.fault("throttling", model=CLAUDE)
    first = ChatBedrockConverse(model=CLAUDE, max_retries=0, **emulator.connection)
    second = ChatBedrockConverse(model="us.amazon.nova-lite-v1:0", **emulator.connection)
    answered = await side.invoke(first.with_fallbacks([second]), "Hello")
    assert answered.response_metadata["model_name"] == "us.amazon.nova-lite-v1:0"


async def test_with_retry_asks_again(side, emulator):
    emulator.fault("throttling", times=1)
    llm = ChatBedrockConverse(model=CLAUDE, max_retries=0, **emulator.connection)
    patient = llm.with_retry(stop_after_attempt=2, wait_exponential_jitter=False)
    assert isinstance(await side.invoke(patient, "Hello"), AIMessage)
    assert len(emulator.journal) == 2
