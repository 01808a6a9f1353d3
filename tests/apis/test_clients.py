"""What is built on the official clients, through a router over a local Bedrock whose first Region fails."""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
from contextlib import aclosing
from typing import Any

import httpx2
import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

import outcrop
import outcrop.httpx2
from outcrop.emulator import Emulator
from tests.apis.wire import CLAUDE, GPT

SOURCES = ["us-east-1", "us-east-2", "us-west-2"]
pytestmark = pytest.mark.usefixtures("closed_loop")
QUESTION, WEATHER = "Is basalt igneous?", "What is the weather in Oslo?"
URL = "https://bedrock.example"
OPERATIONS = {"ChatCompletions", "CreateResponse", "Messages"}
# GPT takes no tools on Chat Completions while it reasons.
MODELS = {"chat": "us.xai.grok-4.6", "responses": GPT, "messages": CLAUDE}


@tool
def get_weather(city: str) -> str:
    """Gets the weather of a city."""
    return f"Rain in {city}"


class LangChain:
    """A chat model of langchain-openai or langchain-anthropic over the transports."""

    def __init__(self, router: Any, api: str) -> None:
        other = router._twin()
        sync, asynchronous = (router, other) if isinstance(router, outcrop.CrossRegion) else (other, router)
        if api == "messages":
            self.model: Any = ChatAnthropic(model=MODELS[api], api_key="none", max_tokens=200)
            # They take no client of their own.
            self.model.__dict__["_client"] = outcrop.httpx2.anthropic(sync)
            self.model.__dict__["_async_client"] = outcrop.httpx2.async_anthropic(asynchronous)
            return
        self.model = ChatOpenAI(
            model=MODELS[api],
            base_url=f"{URL}/openai/v1",
            api_key="none",
            use_responses_api=api == "responses",
            http_client=httpx2.Client(transport=outcrop.httpx2.Transport(sync)),
            http_async_client=httpx2.AsyncClient(transport=outcrop.httpx2.AsyncTransport(asynchronous)),
            max_retries=2,
        )

    def whole(self) -> Any:
        return self.model.invoke(QUESTION).text

    async def awhole(self) -> Any:
        return (await self.model.ainvoke(QUESTION)).text

    def stream(self) -> Any:
        return [chunk.text for chunk in self.model.stream(QUESTION)]

    async def astream(self) -> Any:
        return [chunk.text async for chunk in self.model.astream(QUESTION)]

    def tools(self) -> Any:
        bound = self.model.bind_tools([get_weather])
        said: list[Any] = [HumanMessage(WEATHER), asked := bound.invoke(WEATHER)]
        results = [ToolMessage(get_weather.invoke(call["args"]), tool_call_id=call["id"]) for call in asked.tool_calls]
        assert results
        return bound.invoke([*said, *results]).text

    async def atools(self) -> Any:
        bound = self.model.bind_tools([get_weather])
        said: list[Any] = [HumanMessage(WEATHER), asked := await bound.ainvoke(WEATHER)]
        results = [ToolMessage(get_weather.invoke(call["args"]), tool_call_id=call["id"]) for call in asked.tool_calls]
        assert results
        return (await bound.ainvoke([*said, *results])).text


class PydanticAI:
    """A model of pydantic-ai's, which is asynchronous inside."""

    def __init__(self, router: Any, api: str) -> None:
        router = router if isinstance(router, outcrop.AsyncCrossRegion) else router._twin()
        model = MODELS[api]
        if api == "messages":
            provider: Any = AnthropicProvider(anthropic_client=outcrop.httpx2.async_anthropic(router))
            made: Any = AnthropicModel(model, provider=provider)
        else:
            web = httpx2.AsyncClient(transport=outcrop.httpx2.AsyncTransport(router))
            provider = OpenAIProvider(base_url=f"{URL}/openai/v1", api_key="none", http_client=web)
            made = (OpenAIResponsesModel if api == "responses" else OpenAIChatModel)(model, provider=provider)
        self.agent = Agent(made)

        @self.agent.tool_plain
        def get_weather(city: str) -> str:
            """Gets the weather of a city."""
            self.asked.append(city)
            return f"Rain in {city}"

        self.asked: list[str] = []

    def whole(self) -> Any:
        return self.agent.run_sync(QUESTION).output

    async def awhole(self) -> Any:
        return (await self.agent.run(QUESTION)).output

    def stream(self) -> Any:
        return asyncio.run(self.astream())

    async def astream(self) -> Any:
        async with self.agent.run_stream(QUESTION) as result:
            return [text async for text in result.stream_text(delta=True, debounce_by=None)]

    def tools(self) -> Any:
        said = self.agent.run_sync(WEATHER).output
        assert self.asked
        return said

    async def atools(self) -> Any:
        said = (await self.agent.run(WEATHER)).output
        assert self.asked
        return said


class Official:
    """The makers' own clients."""

    def __init__(self, router: Any, api: str) -> None:
        self.api = api
        other = router._twin()
        sync, asynchronous = (router, other) if isinstance(router, outcrop.CrossRegion) else (other, router)
        if api == "messages":
            self.client: Any = outcrop.httpx2.anthropic(sync)
            self.aclient: Any = outcrop.httpx2.async_anthropic(asynchronous)
        else:
            self.client, self.aclient = outcrop.httpx2.openai(sync), outcrop.httpx2.async_openai(asynchronous)

    def said(self, text: str, **more: Any) -> dict[str, Any]:
        """A request: the question, and the tool if it needs one."""
        said: dict[str, Any] = {"model": MODELS[self.api]}
        schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
        function = {"name": "get_weather", "description": "Gets the weather of a city."}
        if self.api == "responses":
            said |= {"input": text, "tools": [{"type": "function", "parameters": schema, **function}]}
        elif self.api == "chat":
            said |= {"messages": [{"role": "user", "content": text}]}
            said["tools"] = [{"type": "function", "function": {"parameters": schema, **function}}]
        else:
            said |= {"messages": [{"role": "user", "content": text}], "max_tokens": 200}
            said["tools"] = [{"input_schema": schema, **function}]
        if text == QUESTION:
            del said["tools"]
        return {**said, **more}

    def method(self, client: Any) -> Any:
        if self.api == "chat":
            return client.chat.completions.create
        return client.responses.create if self.api == "responses" else client.messages.create

    def text(self, answer: Any) -> str:
        if self.api == "chat":
            return answer.choices[0].message.content
        return answer.output_text if self.api == "responses" else answer.content[-1].text

    def delta(self, event: Any) -> str:
        if self.api == "chat":
            return (event.choices[0].delta.content or "") if event.choices else ""
        if self.api == "responses":
            return event.delta if event.type == "response.output_text.delta" else ""
        return getattr(event.delta, "text", "") if event.type == "content_block_delta" else ""

    def with_results(self, answer: Any) -> dict[str, Any]:
        """The next turn: what the model asked for, with the results."""
        said = self.said(WEATHER)
        if self.api == "chat":
            message = answer.choices[0].message
            results = [
                {
                    "role": "tool",
                    "tool_call_id": call.id,
                    "content": get_weather.invoke(json.loads(call.function.arguments)),
                }
                for call in message.tool_calls
            ]
            return {**said, "messages": [*said["messages"], message.to_dict(), *results]}
        if self.api == "responses":
            results = [
                {
                    "type": "function_call_output",
                    "call_id": call.call_id,
                    "output": get_weather.invoke(json.loads(call.arguments)),
                }
                for call in answer.output
                if call.type == "function_call"
            ]
            return {**said, "input": results, "previous_response_id": answer.id}
        results = [
            {"type": "tool_result", "tool_use_id": call.id, "content": get_weather.invoke(call.input)}
            for call in answer.content
            if call.type == "tool_use"
        ]
        blocks = [block.to_dict() for block in answer.content]
        turns = [{"role": "assistant", "content": blocks}, {"role": "user", "content": results}]
        return {**said, "messages": [*said["messages"], *turns]}

    def whole(self) -> Any:
        return self.text(self.method(self.client)(**self.said(QUESTION)))

    async def awhole(self) -> Any:
        return self.text(await self.method(self.aclient)(**self.said(QUESTION)))

    def stream(self) -> Any:
        return [self.delta(event) for event in self.method(self.client)(**self.said(QUESTION, stream=True))]

    async def astream(self) -> Any:
        return [
            self.delta(event) async for event in await self.method(self.aclient)(**self.said(QUESTION, stream=True))
        ]

    def tools(self) -> Any:
        asked = self.method(self.client)(**self.said(WEATHER))
        return self.text(self.method(self.client)(**self.with_results(asked)))

    async def atools(self) -> Any:
        asked = await self.method(self.aclient)(**self.said(WEATHER))
        return self.text(await self.method(self.aclient)(**self.with_results(asked)))


CLIENTS = {"official": Official, "langchain": LangChain, "pydantic-ai": PydanticAI}


@pytest.fixture
def bedrock():
    with Emulator() as bedrock:
        bedrock.regions["us-east-1"].health = "unavailable"
        yield bedrock


def sent(bedrock):
    """What reached a model, or its Region."""
    return [entry for entry in bedrock.journal if entry.operation in OPERATIONS]


def made(bedrock, kind, client, api):
    router = (outcrop.CrossRegion if kind == "sync" else outcrop.AsyncCrossRegion)(
        MODELS[api], sources=SOURCES, residency="us", shared=False, **bedrock.connection
    )
    return router, CLIENTS[client](router, api)


def done(found):
    async def awaited():
        return await found

    return asyncio.run(awaited()) if inspect.isawaitable(found) else found


EACH = [
    pytest.mark.parametrize("kind", ["sync", "async"]),
    pytest.mark.parametrize("client", CLIENTS),
    pytest.mark.parametrize("api", ["chat", "responses", "messages"]),
]


def each(test):
    for mark in EACH:
        test = mark(test)
    return test


@each
@pytest.mark.parametrize("what", ["whole", "stream", "tools"])
def test_it_answers_though_the_first_region_fails(bedrock, kind, client, api, what):
    router, model = made(bedrock, kind, client, api)
    said = done(getattr(model, f"a{what}" if kind == "async" else what)())
    assert "".join(said)
    if what == "stream":
        assert len([text for text in said if text]) > 1
    where = {entry.region for entry in sent(bedrock) if entry.status == 200}
    assert where == {"us-east-2"}
    calls = sum(series.calls for series in router.metrics())
    assert calls == (2 if what == "tools" else 1)


@each
def test_an_error_is_told_once(bedrock, kind, client, api):
    router, model = made(bedrock, kind, client, api)
    for region in SOURCES:
        bedrock.regions[region].health = "unavailable"
    with pytest.raises(Exception, match=r"503|unavailable|Unavailable|not process"):
        done(model.awhole() if kind == "async" else model.whole())
    assert len(sent(bedrock)) == 3
    assert sum(series.calls for series in router.metrics()) == 1


@pytest.mark.parametrize("client", ["langchain", "pydantic-ai"])
@pytest.mark.parametrize("api", ["chat", "responses", "messages"])
def test_leaving_a_stream_ends_its_request(bedrock, client, api):
    bedrock.answer_with(reply_tokens=4000, tokens_per_second=20)
    router, model = made(bedrock, "async", client, api)

    async def left():
        if client == "langchain":
            async with aclosing(model.model.astream(QUESTION)) as stream:
                async for chunk in stream:
                    if chunk.text:
                        return
        else:
            async with model.agent.run_stream(QUESTION) as result, aclosing(result.stream_text(delta=True)) as stream:
                await anext(stream)

    asyncio.run(left())
    gc.collect()
    assert [series.labels["outcome"] for series in router.metrics()] == ["abandoned"]
