"""`ChatBedrockOpenAI` and `ChatBedrockAnthropic`: LangChain's classes for these APIs, on Bedrock through outcrop."""

from __future__ import annotations

import asyncio
import copy
import doctest
import pickle
import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("langchain_openai", reason="make test-apis makes the environment that has it")
pytest.importorskip("langchain_anthropic", reason="as above")

from langchain_core.load import dumpd, load
from langchain_core.messages import HumanMessage, ToolMessage

import outcrop
from outcrop.langchain import ChatBedrockAnthropic, ChatBedrockOpenAI
from tests.support.waiting import PATIENCE

GPT, GROK, CLAUDE = "us.openai.gpt-6-sol", "us.xai.grok-4.6", "us.anthropic.claude-sonnet-5"
MODELS = [(ChatBedrockOpenAI, GPT), (ChatBedrockOpenAI, GROK), (ChatBedrockAnthropic, CLAUDE)]
OPERATIONS = {GPT: "CreateResponse", GROK: "ChatCompletions", CLAUDE: "Messages"}
KEYS = {"aws_access_key_id": "AKIDWHO", "aws_secret_access_key": "a-very-secret-one", "region_name": "us-east-1"}


def get_weather(city: str) -> str:
    """Get the weather.

    Args:
        city: Where.
    """
    return f"rain in {city}"


@pytest.fixture(params=MODELS, ids=OPERATIONS.values())
def model(request, emulator) -> Any:
    kind, name = request.param
    return kind(model=name, max_tokens=2000, **emulator.connection)


@pytest.fixture(params=["sync", "async"])
def ask(request) -> Any:
    """Both ways to ask, whole and streamed."""

    def asked(runnable: Any, question: Any, *, streamed: bool = False) -> Any:
        async def gathered() -> Any:
            if streamed:
                return [chunk async for chunk in runnable.astream(question)]
            return await runnable.ainvoke(question)

        if request.param == "async":
            return asyncio.run(gathered())
        return list(runnable.stream(question)) if streamed else runnable.invoke(question)

    return asked


def asked_of(bedrock: Any) -> list[str]:
    """The Regions that were asked for answers, in order."""
    return [entry.region for entry in bedrock.journal if entry.service == "bedrock-runtime"]


def whole(chunks: list[Any]) -> Any:
    first, *others = chunks
    return sum(others, first)


def test_a_question_is_answered_whole_and_in_pieces(emulator, model, ask):
    said = ask(model, "Is basalt igneous?")
    assert said.text.startswith("You asked: Is basalt igneous")
    assert said.usage_metadata["total_tokens"] > said.usage_metadata["output_tokens"] > 0
    streamed = ask(model, "Is basalt igneous?", streamed=True)
    assert (len(streamed) > 10, whole(streamed).text) == (True, said.text)
    assert whole(streamed).usage_metadata["output_tokens"] == said.usage_metadata["output_tokens"]
    assert {entry.operation for entry in emulator.journal} == {OPERATIONS[emulator.journal[0].model_id]}


def test_tools_are_called_and_their_results_read(model, ask):
    bound = model.bind_tools([get_weather])
    question = HumanMessage("What is the weather in Oslo?")
    called = ask(bound, [question])
    [call] = called.tool_calls
    assert (call["name"], call["args"]) == ("get_weather", {"city": "Oslo"})
    streamed = whole(ask(bound, [question], streamed=True))
    assert streamed.tool_calls[0]["args"] == {"city": "Oslo"}
    result = ToolMessage(get_weather(**call["args"]), tool_call_id=call["id"])
    assert "rain in Oslo" in ask(bound, [question, called, result]).text


def test_three_regions_of_which_the_first_fails(emulator, ask):
    sources = ["us-east-1", "us-east-2", "us-west-2"]
    emulator.regions["us-east-1"].health = "unavailable"
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    for kind, name in MODELS:
        rules = {"sources": sources, "residency": "us"}
        routed = kind(model=name, max_tokens=2000, cross_region=rules, **connection)
        assert ask(routed, "Is basalt igneous?").text
        assert asked_of(emulator)[-2:] == sources[:2]


def test_no_region_outside_the_residency_is_asked(emulator, ask):
    emulator.regions["us-east-1"].health = "unavailable"
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    rules = {"sources": ["us-east-1", "eu-west-1"], "residency": {"us-east-1", "us-east-2", "us-west-2"}}
    for kind, name in MODELS:
        routed = kind(model=name, max_tokens=2000, cross_region=rules, **connection)
        with pytest.raises(Exception) as caught:  # noqa: PT011  -- the error of one client or the other
            ask(routed, "Is basalt igneous?")
        assert getattr(caught.value, "status_code", None) == 503
    assert set(asked_of(emulator)) == {"us-east-1"}


def test_an_error_is_that_of_the_api_and_sent_once(emulator, model, ask):
    emulator.fault("error", code="ValidationException", message="no such rock")
    with pytest.raises(Exception, match="no such rock") as caught:
        ask(model, "Is basalt igneous?")
    assert caught.value.status_code == 400  # type: ignore[attr-defined]
    assert len(emulator.journal) == 1


def test_a_client_or_a_router_carries_a_model(emulator, ask):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    router = outcrop.CrossRegion(GPT, sources=["us-west-2"], residency="us", **connection)
    client = outcrop.async_client("bedrock-runtime", region_name="us-east-2", **connection)
    assert ask(ChatBedrockOpenAI(model=GPT, bedrock_runtime=router), "Is basalt igneous?").text
    assert ask(ChatBedrockAnthropic(model=CLAUDE, bedrock_runtime=client, max_tokens=99), "Is basalt igneous?").text
    assert asked_of(emulator) == ["us-west-2", "us-east-2"]


def test_a_bedrock_key_may_be_the_api_key(emulator):
    said = ChatBedrockOpenAI(
        model=GPT, api_key=emulator.bearer_token, endpoint_url=emulator.endpoint_url, region_name="us-east-1"
    )
    assert said.invoke("Is basalt igneous?").text
    assert emulator.journal[-1].principal == "bearer"


def test_gpt_answers_by_responses_that_are_not_kept_and_others_by_chat(emulator):
    made = ChatBedrockOpenAI(model=GPT, **emulator.connection)
    assert (made.use_responses_api, made.store) == (True, False)
    made.invoke("Is basalt igneous?")
    assert emulator.journal[-1].request["store"] is False
    kept = ChatBedrockOpenAI(model=GPT, use_previous_response_id=True, **emulator.connection)
    first = kept.invoke([HumanMessage("Is basalt igneous?")])
    kept.invoke([HumanMessage("Is basalt igneous?"), first, HumanMessage("And granite?")])
    sent = emulator.journal[-1].request
    assert (sent["previous_response_id"], len(sent["input"])) == (first.response_metadata["id"], 1)
    assert ChatBedrockOpenAI(model=GROK, **emulator.connection).use_responses_api is None


def test_guardrails_go_as_headers_and_not_with_responses(emulator):
    guardrail = emulator.add_guardrail("rocks", words=["basalt"])
    named = {"guardrailIdentifier": guardrail, "guardrailVersion": "1"}
    for kind, name in MODELS:
        said = kind(model=name, guardrails=named, max_tokens=2000, **emulator.connection).invoke("Is basalt igneous?")
        assert said.text == "Sorry, the model cannot answer this question."
    with pytest.raises(ValueError, match="Bedrock takes no notice of a guardrail on responses"):
        ChatBedrockOpenAI(model=GPT, guardrails=named, use_responses_api=True)
    with pytest.raises(ValueError, match="guardrail_config needs guardrailIdentifier and guardrailVersion"):
        ChatBedrockAnthropic(model=CLAUDE, guardrails={"guardrailIdentifier": guardrail})


# -- what it is made of ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name"), MODELS[1:])
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"base_url": "http://elsewhere.example"}, "these calls go to Bedrock: name endpoint_url="),
        ({"client": object()}, "give a client of outcrop's or a router as bedrock_runtime="),
        ({"bedrock_runtime": object()}, "must be a client of outcrop's or a router, got object"),
        ({"residency": {"us-east-1"}}, "residency is an option of a router and no parameter of a model"),
        ({"cross_region": {"source": []}}, "did you mean sources"),
        ({"bearer_token": "k3y-of-mine"}, "name bedrock_api_key=, or give a client that has it as bedrock_runtime="),
        ({"endpoint_url": "http://user:k3y-of-mine@elsewhere.example"}, "must not hold a user or a password"),
    ],
)
def test_what_would_lead_elsewhere_is_refused_in_a_sentence(kind, name, options, says):
    with pytest.raises(ValueError, match=says) as caught:
        kind(model=name, region_name="us-east-1", **options)
    assert "k3y-of-mine" not in str(caught.value)
    assert "k3y-of-mine" not in repr(caught.value.errors())


@pytest.mark.filterwarnings("ignore:The function `load` is in beta")
@pytest.mark.parametrize(("kind", "name"), MODELS)
def test_keys_are_in_no_repr_dump_or_pickle(kind, name, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-of-somebody")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody")
    rules = {"sources": ["us-east-1", "us-west-2"], "residency": ["us-east-1", "us-west-2"]}
    made = kind(model=name, cross_region=rules, default_headers={"X-Key": "h3ader"}, **KEYS)
    without = kind(model=name, cross_region=rules, **KEYS)
    shown = [repr(made), str(dumpd(made)), str(made.model_dump()), pickle.dumps(without).decode("latin-1")]
    secrets = ["a-very-secret-one", "sk-of-somebody", "org-of-somebody", "h3ader"]
    assert not [secret for secret in secrets for text in shown if secret in text]
    with pytest.raises(TypeError, match="cannot be pickled because it was given default_headers"):
        pickle.dumps(made)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "from-the-environment")
    back = pickle.loads(pickle.dumps(without))
    assert (back.cross_region, back.aws_access_key_id.get_secret_value()) == (rules, "AKIDENV")
    loaded = load(dumpd(without), valid_namespaces=["outcrop"], allowed_objects="all", secrets_from_env=True)
    assert (type(loaded), loaded.cross_region) == (kind, rules)
    assert loaded._id == name


@pytest.mark.parametrize(("kind", "name"), MODELS)
def test_copies_share_the_clients_and_changed_ones_make_their_own(kind, name, emulator):
    made = kind(model=name, max_tokens=99, **emulator.connection)
    made.invoke("Is basalt igneous?")
    official = next(iter(made._official.values()))
    for same in (made.model_copy(), copy.copy(made), copy.deepcopy(made)):
        assert next(iter(same._official.values())) is official
    other = made.model_copy(update={"region_name": "us-west-2"})
    other.invoke("Is basalt igneous?")
    assert [entry.region for entry in emulator.journal] == ["us-east-1", "us-west-2"]
    back = pickle.loads(pickle.dumps(made))
    assert back._official == {}


@pytest.mark.parametrize("kind", [ChatBedrockOpenAI, ChatBedrockAnthropic])
def test_the_example_runs(kind, emulator, monkeypatch):
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    [example] = [test for test in doctest.DocTestFinder().find(kind, kind.__name__) if test.name == kind.__name__]
    written: list[str] = []
    result = doctest.DocTestRunner().run(example, out=written.append)
    assert (result.attempted > 1, result.failed) == (True, 0), "".join(written)


@pytest.mark.parametrize("name", ["openai", "anthropic"])
def test_a_missing_extra_is_named(name):
    program = f"""
import sys
sys.modules["langchain_{name}"] = None
from outcrop.langchain import ChatBedrock{"OpenAI" if name == "openai" else "Anthropic"}
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert f"needs langchain-{name}: pip install 'outcrop[langchain-{name}]'" in done.stderr
