"""Pydantic AI's models for OpenAI's and Anthropic's APIs, over a router of three Regions of which the first fails."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("pydantic_ai", reason="make test-apis makes the environment that has it")

from pydantic import BaseModel
from pydantic_ai import Agent, ModelHTTPError, ToolOutput
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

import outcrop
import outcrop.httpx2

SOURCES = ["us-east-1", "us-east-2", "us-west-2"]
GPT, GROK, CLAUDE = "us.openai.gpt-6-sol", "us.xai.grok-4.6", "us.anthropic.claude-sonnet-5"


class City(BaseModel):
    """What an answer must fit."""

    name: str


def chat(router: Any) -> Any:
    return OpenAIChatModel(GROK, provider=OpenAIProvider(openai_client=outcrop.httpx2.async_openai(router)))


def responses(router: Any) -> Any:
    return OpenAIResponsesModel(GPT, provider=OpenAIProvider(openai_client=outcrop.httpx2.async_openai(router)))


def messages(router: Any) -> Any:
    client = outcrop.httpx2.async_anthropic(router)
    return AnthropicModel(CLAUDE, provider=AnthropicProvider(anthropic_client=client))


MODELS = {chat: GROK, responses: GPT, messages: CLAUDE}


@pytest.fixture(params=MODELS, ids=lambda make: make.__name__)
def model(request, emulator) -> Any:
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    rules = {"sources": SOURCES, "residency": "us", "shared": False}
    router = outcrop.AsyncCrossRegion(MODELS[request.param], **rules, **connection)
    emulator.regions["us-east-1"].health = "unavailable"
    return request.param(router)


def asked_of(bedrock: Any) -> list[str]:
    """The Regions that were asked for answers, in order."""
    return [entry.region for entry in bedrock.journal if entry.service == "bedrock-runtime"]


def weather(city: str) -> str:
    """Get the weather."""
    return f"rain in {city}"


def test_an_agent_answers_whole_and_in_pieces(emulator, model):
    agent: Any = Agent(model)

    async def asked() -> tuple[Any, list[str]]:
        whole = await agent.run("Is basalt igneous?")
        async with agent.run_stream("Is basalt igneous?") as streamed:
            return whole, [piece async for piece in streamed.stream_text(delta=True, debounce_by=None)]

    whole, pieces = asyncio.run(asked())
    assert whole.output.startswith("You asked: Is basalt igneous")
    assert (len(pieces) > 10, "".join(pieces)) == (True, whole.output)
    assert whole.usage.output_tokens > 0
    assert asked_of(emulator)[:2] == SOURCES[:2]
    assert "us-west-2" not in asked_of(emulator)


def test_an_agent_calls_tools_and_gives_what_fits(model):
    agent: Any = Agent(model, tools=[weather])
    assert "rain in Oslo" in asyncio.run(agent.run("What is the weather in Oslo?")).output
    # Of Claude by a tool: this path of Bedrock refuses a format.
    typed: Any = Agent(model, output_type=ToolOutput(City) if isinstance(model, AnthropicModel) else City)
    assert isinstance(asyncio.run(typed.run("Name a city by final_result.")).output, City)


def test_a_refusal_is_an_error_and_sent_once(emulator, model):
    emulator.fault("error", region="us-east-2", code="ValidationException", message="no such rock")
    with pytest.raises(ModelHTTPError, match="no such rock") as caught:
        asyncio.run(Agent(model).run("Is basalt igneous?"))
    assert caught.value.status_code == 400
    assert asked_of(emulator) == SOURCES[:2]
