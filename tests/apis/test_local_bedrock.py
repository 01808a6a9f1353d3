"""The official clients' own parsers judge what the local Bedrock answers at their paths."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

anthropic: Any = pytest.importorskip("anthropic", reason="make test-apis makes the environment that has it")
openai: Any = pytest.importorskip("openai", reason="as above")

from pydantic import BaseModel  # noqa: E402  -- where the clients are, it is

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcrop.emulator import Emulator

GPT, GROK, CLAUDE = "us.openai.gpt-6-sol", "us.xai.grok-4.6", "us.anthropic.claude-sonnet-5"
OSS = "openai.gpt-oss-120b-1:0"
SAID = [{"role": "user", "content": "Is basalt igneous?"}]
WEATHER = [{"role": "user", "content": "What is the weather in Oslo?"}]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
FUNCTION = {"name": "get_weather", "description": "Gets the weather.", "parameters": SCHEMA}
CHAT_TOOL = {"type": "function", "function": FUNCTION}
RESPONSE_TOOL = {"type": "function", **FUNCTION}
CLAUDE_TOOL = {"name": "get_weather", "description": "Gets the weather.", "input_schema": SCHEMA}


class City(BaseModel):
    """What an answer must fit."""

    name: str
    inhabitants: int


class Clients:
    """Both kinds of the official clients, and one way to use them."""

    def __init__(self, kind: str, bedrock: Emulator) -> None:
        self.kind = kind
        self.url = bedrock.endpoint_url
        self.key = bedrock.bearer_token

    def openai(self, use: Callable[[Any], Any]) -> Any:
        made = openai.OpenAI if self.kind == "sync" else openai.AsyncOpenAI
        return self._use(lambda: made(base_url=f"{self.url}/openai/v1", api_key=self.key, max_retries=0), use)

    def anthropic(self, use: Callable[[Any], Any]) -> Any:
        made = anthropic.Anthropic if self.kind == "sync" else anthropic.AsyncAnthropic
        return self._use(lambda: made(base_url=f"{self.url}/anthropic", api_key=self.key, max_retries=0), use)

    def _use(self, make: Callable[[], Any], use: Callable[[Any], Any]) -> Any:
        if self.kind == "sync":
            with make() as client:
                found = use(client)
                return list(found) if type(found).__name__ == "Stream" else found

        async def used() -> Any:
            async with make() as client:
                found = await use(client)
                return [event async for event in found] if type(found).__name__ == "AsyncStream" else found

        return asyncio.run(used())


@pytest.fixture(params=["sync", "async"])
def clients(request: pytest.FixtureRequest, emulator: Emulator) -> Clients:
    return Clients(request.param, emulator)


def chat(clients: Clients, **changes: Any) -> Any:
    arguments = {"model": GPT, "messages": SAID, **changes}
    return clients.openai(lambda client: client.chat.completions.create(**arguments))


def respond(clients: Clients, **changes: Any) -> Any:
    arguments = {"model": GPT, "input": "Is basalt igneous?", **changes}
    return clients.openai(lambda client: client.responses.create(**arguments))


def message(clients: Clients, **changes: Any) -> Any:
    arguments = {"model": CLAUDE, "messages": SAID, "max_tokens": 3000, **changes}
    return clients.anthropic(lambda client: client.messages.create(**arguments))


def test_chat_completions_whole_and_streamed(clients):
    whole = chat(clients)
    assert (whole.model, whole.choices[0].finish_reason) == (GPT, "stop")
    assert whole.usage.prompt_tokens + whole.usage.completion_tokens == whole.usage.total_tokens
    chunks = chat(clients, stream=True, stream_options={"include_usage": True})
    said = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(said) == whole.choices[0].message.content
    assert (len(said) > 10, chunks[-1].usage) == (True, whole.usage)


def test_chat_completions_call_tools_and_read_their_results(clients):
    wanted = {"messages": WEATHER, "tools": [CHAT_TOOL], "reasoning_effort": "none"}
    said = chat(clients, **wanted).choices[0]
    [call] = said.message.tool_calls
    assert (said.finish_reason, call.id, call.function.arguments) == ("tool_calls", "call_0", '{"city":"Oslo"}')
    chunks = chat(clients, stream=True, **wanted)
    deltas = [chunk.choices[0].delta.tool_calls[0] for chunk in chunks if chunk.choices[0].delta.tool_calls]
    assert (deltas[0].id, deltas[0].function.name) == ("call_0", "get_weather")
    assert "".join(it.function.arguments for it in deltas) == call.function.arguments
    result = {"role": "tool", "tool_call_id": call.id, "content": "rain"}
    history = [*WEATHER, said.message.to_dict(), result]
    assert "rain" in chat(clients, **{**wanted, "messages": history}).choices[0].message.content


def test_gpt_oss_thinks_aloud_and_a_gpt_does_not(clients):
    text = chat(clients, model=OSS).choices[0].message.content
    assert text.startswith("<reasoning>The user wants to know")
    quiet = chat(clients, reasoning_effort="high")
    assert quiet.usage.completion_tokens_details.reasoning_tokens > 0
    assert "The user wants to know" not in quiet.choices[0].message.content


def test_answers_fit_schemas(clients):
    asked = {"model": GPT, "messages": [{"role": "user", "content": "Name a city."}], "response_format": City}
    said = clients.openai(lambda client: client.chat.completions.parse(**asked))
    assert isinstance(said.choices[0].message.parsed, City)
    parse = {"model": GPT, "input": "Name a city.", "text_format": City}
    assert isinstance(clients.openai(lambda client: client.responses.parse(**parse)).output_parsed, City)


def test_responses_whole_and_streamed(clients):
    whole = respond(clients, instructions="Be brief.")
    assert (whole.status, whole.model, whole.instructions) == ("completed", GPT, "Be brief.")
    events = respond(clients, instructions="Be brief.", stream=True)
    assert [event.type for event in events[:2]] == ["response.created", "response.in_progress"]
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == whole.output_text
    assert events[-1].type == "response.completed"
    assert events[-1].response.usage == whole.usage
    cut = respond(clients, max_output_tokens=16, stream=True)[-1]
    assert (cut.type, cut.response.incomplete_details.reason) == ("response.incomplete", "max_output_tokens")


def test_responses_call_tools_and_go_on(clients):
    called = respond(clients, input="What is the weather in Oslo?", tools=[RESPONSE_TOOL])
    [call] = called.output
    assert (call.type, call.arguments) == ("function_call", '{"city":"Oslo"}')
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "rain"}
    more = respond(clients, input=[result], previous_response_id=called.id, tools=[RESPONSE_TOOL])
    assert "rain" in more.output_text
    plain = {"type": "custom", "name": "get_weather", "description": "Gets the weather."}
    [call] = respond(clients, input="What is the weather in Oslo?", tools=[plain]).output
    assert (call.type, isinstance(call.input, str)) == ("custom_tool_call", True)
    space = {"type": "namespace", "name": "sky", "description": "", "tools": [RESPONSE_TOOL]}
    [call] = respond(clients, input="What is the weather in Oslo?", tools=[space]).output
    assert (call.namespace, call.name) == ("sky", "get_weather")


def test_responses_are_read_and_deleted(clients):
    made = respond(clients)
    assert clients.openai(lambda client: client.responses.retrieve(made.id)) == made
    with pytest.raises(openai.BadRequestError, match="Cannot cancel"):
        clients.openai(lambda client: client.responses.cancel(made.id))
    clients.openai(lambda client: client.responses.delete(made.id))
    with pytest.raises(openai.NotFoundError, match="could not be found"):
        clients.openai(lambda client: client.responses.retrieve(made.id))


def test_sealed_thoughts_go_back(clients):
    made = respond(clients, model=GROK, store=False)
    assert [item.type for item in made.output] == ["reasoning", "message"]
    history = [*SAID, *(item.to_dict() for item in made.output), *SAID]
    assert respond(clients, model=GROK, input=history, store=False).output_text


def test_messages_whole_and_streamed(clients):
    whole = message(clients, thinking={"type": "adaptive"})
    thought, said = whole.content
    assert (whole.model, thought.type, said.type) == ("claude-sonnet-5", "thinking", "text")
    assert whole.usage.output_tokens_details.thinking_tokens > 0
    events = message(clients, thinking={"type": "adaptive"}, stream=True)
    deltas = [event.delta for event in events if event.type == "content_block_delta"]
    assert "".join(it.text for it in deltas if it.type == "text_delta") == said.text
    assert [it.signature for it in deltas if it.type == "signature_delta"] == [thought.signature]
    last = next(event for event in events if event.type == "message_delta")
    assert (last.usage.input_tokens, last.usage.output_tokens) == (whole.usage.input_tokens, whole.usage.output_tokens)


def test_messages_call_tools_and_read_their_results(clients):
    said = message(clients, messages=WEATHER, tools=[CLAUDE_TOOL])
    call = said.content[-1]
    assert (said.stop_reason, call.input) == ("tool_use", {"city": "Oslo"})
    assert call.id.startswith("toolu_bdrk_")
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "rain"}
    blocks = [block.to_dict() for block in said.content]
    history = [*WEATHER, {"role": "assistant", "content": blocks}, {"role": "user", "content": [result]}]
    assert "rain" in message(clients, messages=history, tools=[CLAUDE_TOOL]).content[0].text


def test_prompts_are_cached(clients):
    system = [{"type": "text", "text": "Be brief. " * 1500, "cache_control": {"type": "ephemeral"}}]
    written, read = (message(clients, system=system).usage for _ in range(2))
    assert written.cache_creation_input_tokens == read.cache_read_input_tokens > 1000


ERRORS = [
    ("throttling", {}, "RateLimitError", 429),
    ("error", {"code": "ServiceUnavailableException"}, "InternalServerError", 503),
    ("error", {"code": "InternalServerException"}, "InternalServerError", 500),
    ("error", {"code": "access_denied"}, "AuthenticationError", 401),
    ("error", {"code": "AccessDeniedException"}, "PermissionDeniedError", 403),
]


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("api", [chat, respond, message])
def test_errors_are_those_of_the_clients(emulator, clients, api, error):
    kind, options, name, status = error
    emulator.fault(kind, **options)
    raised = getattr(anthropic if api is message else openai, name)
    with pytest.raises(raised) as caught:
        api(clients)
    assert caught.value.status_code == status


@pytest.mark.parametrize("api", [chat, respond, message])
def test_an_error_inside_a_stream_is_one_for_the_clients(emulator, clients, api):
    emulator.fault("exception", code="ThrottlingException", message="later", after_events=4)
    if api is respond:
        assert (respond(clients, stream=True)[-1].type, respond(clients, stream=True)[-1].message) == ("error", "later")
        return
    raised = anthropic.APIStatusError if api is message else openai.APIError
    with pytest.raises(raised, match="later"):
        api(clients, stream=True)


def test_a_path_that_there_is_not_is_no_error_to_the_clients(clients):
    listed = clients.openai(lambda client: client.models.with_raw_response.list())
    assert "UnknownOperationException" in listed.text
