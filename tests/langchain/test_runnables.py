"""What LangChain does around a model: rate limits, caches, callbacks, events and traces."""

from __future__ import annotations

import json
import pickle
import warnings

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.callbacks import AsyncCallbackHandler, BaseCallbackHandler
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.rate_limiters import BaseRateLimiter
from langchain_core.runnables import ConfigurableField
from langchain_core.tracers import BaseTracer
from langchain_tests.utils.stream_lifecycle import assert_valid_event_stream
from pydantic import SecretStr

from outcrop.langchain import ChatBedrock, ChatBedrockConverse
from tests.langchain.fakes import NOVA

CLAUDE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
KINDS = {
    "converse": (ChatBedrockConverse, {}),
    "invoke": (ChatBedrock, {}),
    "invoke as converse": (ChatBedrock, {"beta_use_converse_api": True}),
}


@pytest.fixture(params=KINDS)
def make(request, emulator):
    kind, settings = KINDS[request.param]
    return lambda **more: kind(model=CLAUDE, **settings, **emulator.connection, **more)


class Gate(BaseRateLimiter):
    """Lets everything through and counts."""

    def __init__(self):
        self.passed = []

    def acquire(self, *, blocking=True):
        self.passed.append("sync")
        return True

    async def aacquire(self, *, blocking=True):
        self.passed.append("async")
        return True


async def test_fields_that_a_call_configures(side, make, emulator):
    llm = make(max_tokens=9, metadata={"team": "rocks"})
    named = {"model_id": ConfigurableField(id="model"), "temperature": ConfigurableField(id="warmth")}
    configured = llm.configurable_fields(**named)
    warm = {"configurable": {"warmth": 0.3}}
    await side.invoke(configured, "Hello", warm)
    await side.invoke(configured, "Hello", {"configurable": {"model": NOVA}})
    first, second = emulator.journal
    assert (b"0.3" in first.body, first.model_id, second.model_id) == (True, CLAUDE, NOVA)
    prepared, _ = configured.prepare(warm)
    assert (prepared.max_tokens, prepared.metadata["team"]) == (9, "rocks")
    assert prepared._made is llm._made, "no connection of its own"


def test_what_a_trace_is_to_say_is_bound_along(make):
    bound = make(metadata={"team": "rocks"}, tags=["t"]).bind_tools([{"name": "f", "input_schema": {"type": "object"}}])
    assert (bound.bound.metadata["team"], bound.bound.tags) == ("rocks", ["t"])


def test_nothing_of_one_model_is_taken_for_another_that_a_call_configures(make):
    llm = make()
    llm.client  # noqa: B018  -- made, as after a call
    configured = llm.configurable_fields(
        model_id=ConfigurableField(id="model"), region_name=ConfigurableField(id="region")
    )
    other, fresh = configured.prepare({"configurable": {"model": NOVA}})[0], make().model_copy()
    alike = type(llm)(model=NOVA, region_name="us-east-1")
    assert other.profile == alike.profile != llm.profile
    assert other.provider == alike.provider
    if isinstance(other, ChatBedrockConverse):
        assert other.supports_tool_choice_values == alike.supports_tool_choice_values
    elsewhere, _ = configured.prepare({"configurable": {"region": "us-west-2"}})
    assert elsewhere.client.meta.region_name == "us-west-2"
    assert llm.client.meta.region_name == fresh.client.meta.region_name == "us-east-1"


async def test_a_rate_limiter_is_asked_before_every_call(side, make):
    gate = Gate()
    llm = make(rate_limiter=gate)
    await side.invoke(llm, "Hello")
    await side.stream(llm, "Hello")
    assert gate.passed == ["async" if side.is_async else "sync"] * 2


async def test_a_cached_answer_is_not_asked_for_again(side, make, emulator):
    llm = make(cache=InMemoryCache())
    first, again = await side.invoke(llm, "Hello"), await side.invoke(llm, "Hello")
    assert len(emulator.journal) == 1
    assert again.content == first.content
    await side.invoke(llm, "Hello", max_tokens=3)
    assert len(emulator.journal) == 2, "a call with other settings is another call"
    await side.invoke(make(cache=llm.cache, temperature=0.5), "Hello")
    assert len(emulator.journal) == 3, "and so is that of another model"


class Seen(BaseCallbackHandler):
    def __init__(self):
        self.events = []
        self.tokens = []

    def on_chat_model_start(self, serialized, messages, **about):
        self.events.append("start")
        self.metadata = about["metadata"]
        self.parameters = about["invocation_params"]

    def on_llm_new_token(self, token, *, chunk, **about):
        self.tokens.append(chunk.text)  # `token` is the content: a list of blocks on Converse

    def on_llm_end(self, response, **about):
        self.events.append("end")

    def on_llm_error(self, error, **about):
        self.events.append(type(error).__name__)


class AsyncSeen(AsyncCallbackHandler):
    def __init__(self):
        self.inner = Seen()

    async def on_chat_model_start(self, *given, **about):
        self.inner.on_chat_model_start(*given, **about)

    async def on_llm_new_token(self, token, **about):
        self.inner.on_llm_new_token(token, **about)

    async def on_llm_end(self, response, **about):
        self.inner.on_llm_end(response)


async def test_callbacks_are_told_of_everything(side, make, emulator):
    seen = Seen()
    llm = make(callbacks=[seen], max_tokens=200)
    await side.invoke(llm, "Hello")
    chunks = await side.stream(llm, "Hello")
    assert seen.events == ["start", "end"] * 2
    assert "".join(seen.tokens) == "".join(chunk.text for chunk in chunks)
    emulator.fault("throttling")
    with pytest.raises(Exception, match="ThrottlingException"):
        await side.invoke(make(callbacks=[seen], max_retries=0), "Hello")
    assert seen.events[4:] == ["start", "ThrottlingException"]


async def test_callbacks_may_be_awaited(make):
    seen = AsyncSeen()
    chunks = [chunk async for chunk in make().astream("Hello", config={"callbacks": [seen]})]
    assert seen.inner.events == ["start", "end"]
    assert "".join(seen.inner.tokens) == "".join(chunk.text for chunk in chunks)


async def test_traces_name_the_provider_and_the_model(side, make):
    seen = Seen()
    llm = make(callbacks=[seen], temperature=0.5, max_tokens=9, stop_sequences=["x"])
    await side.invoke(llm, "Hello", stop=["y"])
    told = {key: value for key, value in seen.metadata.items() if key.startswith("ls_")}
    told.pop("ls_integration", None)
    where = told.pop("ls_invocation_params", {})
    assert told == {
        "ls_provider": "amazon_bedrock",
        "ls_model_name": CLAUDE,
        "ls_model_type": "chat",
        "ls_temperature": 0.5,
        "ls_max_tokens": 9,
        "ls_stop": ["y"],
    }
    if isinstance(llm, ChatBedrockConverse):
        assert where == {"provider": "anthropic", "region_name": "us-east-1"}
    assert seen.parameters["model"] == CLAUDE
    assert (seen.parameters["_type"], seen.parameters["stop"]) == (llm._llm_type, ["y"])
    await side.invoke(llm, "Hello", model=NOVA)
    assert seen.metadata["ls_model_name"] == NOVA


async def test_a_call_leaves_the_warning_filters_of_the_process_alone(side, make, monkeypatch):
    """They are everybody's: swapped during a call, another thread's warnings are lost or come back again."""
    swaps = []
    original = warnings.catch_warnings.__enter__
    monkeypatch.setattr(warnings.catch_warnings, "__enter__", lambda it: swaps.append(it) or original(it))
    await side.invoke(make(), "Hello")
    await side.stream(make(), "Hello")
    assert not swaps


class Runs(BaseTracer):
    """Keeps what LangSmith would be sent."""

    def __init__(self):
        super().__init__()
        self.kept = []

    def _persist_run(self, run):
        self.kept.append(run)


async def test_a_trace_holds_the_usage_and_no_secret(side, make, emulator):
    runs = Runs()
    llm = make()
    await side.invoke(ChatPromptTemplate.from_template("Say {word}.") | llm, {"word": "granite"}, {"callbacks": [runs]})
    (run,) = runs.kept
    model = next(child for child in run.child_runs if child.run_type == "llm")
    message = model.outputs["generations"][0][0]["message"]["kwargs"]
    assert message["usage_metadata"]["output_tokens"] > 0
    assert emulator.secret_access_key not in str(run.child_runs) + str(model.serialized) + str(model.extra)


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.filterwarnings("ignore:astream_events version='v1' is deprecated")
async def test_events_of_a_chain(make, version):
    chain = ChatPromptTemplate.from_template("Say {word}.") | make().with_config(run_name="geologist")
    events = [event async for event in chain.astream_events({"word": "granite"}, version=version)]
    ours = [event for event in events if event["name"] == "geologist"]
    kinds = [event["event"] for event in ours]
    assert kinds[0] == "on_chat_model_start"
    assert kinds[-1] == "on_chat_model_end"
    assert kinds.count("on_chat_model_stream") > 5
    text = "".join(event["data"]["chunk"].text for event in ours if event["event"] == "on_chat_model_stream")
    whole = ours[-1]["data"]["output"]
    message = whole["generations"][0][0]["message"] if version == "v1" else whole
    assert message.text == text
    assert "granite" in text
    assert message.usage_metadata["output_tokens"] > 0


@pytest.mark.filterwarnings("ignore:.*beta.*")
async def test_content_block_events(side, make):
    llm = make()
    if side.is_async:
        stream = await llm.astream_events("Hello", version="v3")
        events = [event async for event in stream]
        message = await stream.output
    else:
        stream = llm.stream_events("Hello", version="v3")
        events = list(stream)
        message = stream.output
    assert_valid_event_stream(events)
    deltas = [event["delta"]["text"] for event in events if event["event"] == "content-block-delta"]
    assert len(deltas) > 5
    assert message.text == "".join(deltas)
    assert message.usage_metadata["output_tokens"] > 0


def test_fields_that_change_count_from_the_next_call_on(make, emulator):
    llm = make(max_tokens=7, temperature=0.0)
    for max_tokens, temperature in ((7, 0.0), (7, 0.0), (9, 0.0), (9, 1.0)):
        llm.max_tokens, llm.temperature = max_tokens, temperature
        llm.invoke("hello")
        body = json.loads(emulator.journal[-1].body)
        sent = body.get("inferenceConfig", body)
        assert (sent.get("maxTokens", sent.get("max_tokens")), sent["temperature"]) == (max_tokens, temperature)
        llm = pickle.loads(pickle.dumps(llm))
        vars(llm).update({name: value for name, value in emulator_keys(emulator).items() if name in vars(llm)})


def emulator_keys(emulator):
    """The keys, which pickles leave out."""
    return {name: SecretStr(value) for name, value in emulator.connection.items() if name.startswith("aws_")}
