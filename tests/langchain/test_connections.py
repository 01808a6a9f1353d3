"""How a model reaches Bedrock: clients of any make, settings, application profiles, errors."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from langchain_core import exceptions as core

import outcrop
from outcrop import _settings
from outcrop.langchain import BedrockContextOverflowError, ChatBedrock, ChatBedrockConverse, resolution
from outcrop.langchain.client_options import client_options
from tests.langchain.fakes import AsyncClient, Script, application_profile, until
from tests.support.hostile import answer
from tests.support.stalling import Handled, read_request

CLAUDE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
BASE = "anthropic.claude-haiku-4-5-20251001-v1:0"
ROUTED = {"sources": ["us-east-1", "us-west-2"], "residency": {"us-east-1", "us-east-2", "us-west-2"}}
KINDS = pytest.mark.parametrize("kind", [ChatBedrockConverse, ChatBedrock])


def given_clients(bedrock):
    routed = {**ROUTED, **{key: value for key, value in bedrock.connection.items() if key != "region_name"}}
    return {
        "outcrop": bedrock.client("bedrock-runtime"),
        "outcrop, async": bedrock.async_client("bedrock-runtime"),
        "boto3": boto3.client("bedrock-runtime", **bedrock.connection),
        "router": outcrop.CrossRegion(CLAUDE, **routed),
        "router, async": outcrop.AsyncCrossRegion(CLAUDE, **routed),
    }


def calls_of(bedrock):
    """Requests that reached a model; routers ask for profiles before."""
    return [entry for entry in bedrock.journal if entry.operation.startswith(("Converse", "InvokeModel"))]


@KINDS
@pytest.mark.parametrize("make", ["outcrop", "outcrop, async", "boto3", "router", "router, async"])
async def test_any_client_serves_both_sides(side, emulator, kind, make):
    llm = kind(model=CLAUDE, client=given_clients(emulator)[make])
    assert (await side.invoke(llm, "Hello")).text
    assert len(await side.stream(llm, "Hello")) > 5


@KINDS
async def test_options_of_a_router_make_calls_survive_a_region(side, emulator, kind):
    connected = {key: value for key, value in emulator.connection.items() if key != "region_name"}
    llm = kind(model=BASE, cross_region={**ROUTED, "geographies": ["us"]}, **connected)
    emulator.fault("throttling", region="us-east-1")
    message = await side.invoke(llm, "Hello")
    assert (emulator.journal[-1].region, emulator.journal[-1].model_id) == ("us-west-2", CLAUDE)
    assert message.text
    assert len(await side.stream(llm, "Hello")) > 5
    assert {entry.model_id for entry in calls_of(emulator)} == {CLAUDE}, "no other model, and no other geography"


@KINDS
def test_an_option_that_no_router_has_is_refused_when_the_model_is_made(kind):
    with pytest.raises(ValueError, match=r"unknown option of cross_region 'source' \(did you mean sources\?\)"):
        kind(model=CLAUDE, cross_region={"source": "us-east-1"})


@KINDS
def test_a_router_is_given_or_made_but_not_both(emulator, kind):
    with pytest.raises(ValueError, match="cross_region= and client= exclude each other"):
        kind(model=BASE, cross_region=ROUTED, client=emulator.client("bedrock-runtime"))


@KINDS
async def test_a_router_calls_no_model_but_its_own(side, emulator, kind):
    llm = kind(model=CLAUDE, client=given_clients(emulator)["router"])
    with pytest.raises(outcrop.exceptions.ParamValidationError, match="make a router for that model"):
        await side.invoke(llm, "Hello", model="us.anthropic.claude-sonnet-4-5-20250929-v1:0")
    assert not calls_of(emulator)


@KINDS
async def test_no_thread_waits_for_a_call(emulator, kind):
    llm = kind(model=CLAUDE, **emulator.connection)
    await llm.ainvoke("Hello")
    before = set(threading.enumerate())
    emulator.fault("stall")
    tasks = [asyncio.create_task(llm.ainvoke("Hello")) for _ in range(50)]
    await until(lambda: len(emulator.journal) == 51)
    assert not set(threading.enumerate()) - before
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@KINDS
async def test_an_application_profile_is_asked_about_once(side, emulator, kind):
    arn = application_profile(emulator, CLAUDE)
    made = [kind(model=arn, **emulator.connection) for _ in range(3)]
    assert "GetInferenceProfile" not in [entry.operation for entry in emulator.journal], "not when it is made"
    for llm in made:
        message = await side.invoke(llm, "Hello")
        assert message.text
    operations = [entry.operation for entry in emulator.journal]
    assert operations.count("GetInferenceProfile") == 1


@KINDS
async def test_asking_about_a_profile_stops_no_loop(emulator, kind):
    arn = application_profile(emulator, CLAUDE)
    emulator.fault("stall", operation="GetInferenceProfile")
    llm = kind(model=arn, **emulator.connection)
    before = threading.active_count()
    tasks = [asyncio.create_task(llm.ainvoke("Hello")) for _ in range(3)]
    await until(lambda: emulator.journal[-1].operation == "GetInferenceProfile")  # only a loop that runs comes here
    assert threading.active_count() <= before + 1, "outcrop's own thread, and none that waits"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [entry.operation for entry in emulator.journal].count("GetInferenceProfile") == 1


@KINDS
async def test_what_an_application_profile_can_do_is_known_once_it_was_called(side, emulator, kind):
    arn = application_profile(emulator, "us.amazon.nova-2-lite-v1:0")
    settings = {"reasoning_effort": "low"} if kind is ChatBedrockConverse else {}
    llm = kind(model=arn, **settings, **emulator.connection)
    assert not llm.profile
    message = await side.invoke(llm, "Hello")
    assert emulator.journal[-1].operation == "Converse", "as Nova is called, also by ChatBedrock"
    assert message.response_metadata["model_name"] == llm.base_model_id == "amazon.nova-2-lite-v1:0"
    assert message.response_metadata["inference_profile_id"] == arn
    assert llm.profile["max_input_tokens"]
    assert llm._get_ls_params()["ls_model_name"] == "amazon.nova-2-lite-v1:0"
    if kind is ChatBedrockConverse:
        assert b"maxReasoningEffort" in emulator.journal[-1].body
        assert llm.supports_tool_choice_values == ("auto", "any", "tool")


async def test_what_a_profile_turns_out_to_refuse_is_refused_at_every_call(side, emulator):
    arn = application_profile(emulator, "us.amazon.nova-2-lite-v1:0")
    llm = ChatBedrockConverse(model=arn, reasoning_effort="max", **emulator.connection)
    for _ in range(2):
        with pytest.raises(ValueError, match="reasoning_effort='max' is not supported"):
            await side.invoke(llm, "Hello")


@KINDS
async def test_an_application_profile_that_may_not_be_asked_about_still_works(side, emulator, kind):
    arn = f"arn:aws:bedrock:us-east-1:{emulator.account_id}:application-inference-profile/nobodyknows"
    emulator.fault("error", operation="GetInferenceProfile", code="AccessDeniedException")
    llm = kind(model=arn, **emulator.connection)
    expected = outcrop.exceptions.ClientError if kind is ChatBedrockConverse else ValueError
    with pytest.warns(UserWarning, match="base_model_id="), pytest.raises(expected):
        await side.invoke(llm, "Hello")


@KINDS
@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ThrottlingException", "ModelRateLimitError"),
        ("AccessDeniedException", "ModelPermissionDeniedError"),
        ("ServiceUnavailableException", "ModelAPIError"),
        ("ValidationException", "ModelInvalidRequestError"),
    ],
)
async def test_an_error_is_everybodys(side, emulator, kind, code, name):
    emulator.fault("error", code=code)
    llm = kind(model=CLAUDE, max_retries=0, **emulator.connection)
    with pytest.raises(ClientError) as caught:
        await side.invoke(llm, "Hello")
    assert isinstance(caught.value, getattr(outcrop.exceptions, code))
    assert isinstance(caught.value, llm.client.exceptions.from_code(code))
    assert caught.value.response["Error"]["Code"] == code
    if family := getattr(core, name, None):
        assert isinstance(caught.value, family)


@KINDS
async def test_a_prompt_that_is_too_long_is_an_overflow(side, emulator, kind):
    emulator.fault("error", code="ValidationException", message="prompt is too long: 200001 tokens > 200000 maximum")
    llm = kind(model=CLAUDE, **emulator.connection)
    with pytest.raises(core.ContextOverflowError) as caught:
        await side.invoke(llm, "Hello")
    assert isinstance(caught.value, BedrockContextOverflowError)
    assert isinstance(caught.value, ClientError)


@KINDS
async def test_a_stream_that_breaks_is_an_error(side, emulator, kind):
    emulator.fault("exception", code="throttlingException", after_events=3)
    llm = kind(model=CLAUDE, **emulator.connection)
    with pytest.raises(ClientError):
        await side.stream(llm, "Hello")


async def test_headers_and_keys_are_sent(side, emulator):
    llm = ChatBedrockConverse(
        model=CLAUDE,
        api_key=emulator.bearer_token,
        endpoint_url=emulator.endpoint_url,
        region_name="us-west-2",
        default_headers={"x-team": "granite"},
    )
    await side.invoke(llm, "Hello")
    entry = emulator.journal[-1]
    assert (entry.principal, entry.headers["x-team"]) == ("bearer", "granite")


@KINDS
async def test_headers_are_sent_by_a_boto3_client_as_well(side, emulator, kind):
    client = boto3.client("bedrock-runtime", **emulator.connection)
    for _ in range(2):
        llm = kind(model=CLAUDE, client=client, default_headers={"x-team": "granite"})
        await side.invoke(llm, "Hello")
        await side.stream(llm, "Hello")
    assert {entry.headers["x-team"] for entry in emulator.journal} == {"granite"}
    with pytest.raises(ValueError, match="default_headers= and a client of outcrop's exclude each other"):
        kind(model=CLAUDE, client=emulator.client("bedrock-runtime"), default_headers={"x-team": "granite"})


def test_a_model_is_made_without_asking_or_opening_anything(emulator):
    llm = ChatBedrockConverse(model=CLAUDE, **emulator.connection)
    assert not llm._made
    assert not emulator.journal


@KINDS
@pytest.mark.parametrize("make", ["outcrop, async", "router, async"])
async def test_no_call_goes_past_the_client_that_was_given(side, emulator, kind, make):
    """An async client alone answers blocking calls as well: by its twin, with its residency."""
    llm = kind(model=CLAUDE, async_client=given_clients(emulator)[make], region_name="us-west-2")
    message = await side.invoke(llm, "Hello")
    assert (calls_of(emulator)[-1].region, bool(message.text)) == ("us-east-1", True)
    assert len(await side.stream(llm, "Hello")) > 5
    with pytest.raises(ValueError, match="cross_region= and async_client= exclude each other"):
        kind(model=BASE, cross_region=ROUTED, async_client=given_clients(emulator)[make])


def test_an_async_client_of_somebody_else_answers_no_blocking_call():
    llm = ChatBedrockConverse(model=CLAUDE, async_client=AsyncClient(Script({})), region_name="us-east-1")
    with pytest.raises(TypeError, match=r"async_client= is AsyncClient, whose calls are awaited.*use ainvoke"):
        llm.invoke("Hello")


@KINDS
@pytest.mark.parametrize("name", ["client", "async_client"])
async def test_a_profile_is_asked_about_where_and_as_whom_the_client_calls(side, emulator, kind, name):
    arn = application_profile(emulator, CLAUDE)
    client = emulator.client("bedrock-runtime") if name == "client" else emulator.async_client("bedrock-runtime")
    llm = kind(model=arn, **{name: client})
    assert (await side.invoke(llm, "Hello")).text
    asked = next(entry for entry in emulator.journal if entry.operation == "GetInferenceProfile")
    assert asked.region == "us-east-1"


async def test_a_control_plane_that_does_not_answer_holds_up_one_call_only(side, emulator, monkeypatch):
    """As in a network whose only way out is the endpoint of bedrock-runtime."""
    monkeypatch.setattr(_settings, "PATIENCE", 0.1)
    arn = application_profile(emulator, CLAUDE)
    emulator.fault("stall", operation="GetInferenceProfile")
    llm = ChatBedrockConverse(model=arn, **emulator.connection)
    with pytest.warns(UserWarning, match=r"the base model behind .* is unknown.*base_model_id="):
        assert (await side.invoke(llm, "Hello")).text
    assert (await side.invoke(llm, "Hello")).text
    asked = [entry.operation for entry in emulator.journal].count("GetInferenceProfile")
    assert asked == 1
    later = resolution.monotonic() + 3600
    monkeypatch.setattr(resolution, "monotonic", lambda: later)
    with pytest.warns(UserWarning, match="is unknown"):
        await side.invoke(llm, "Hello")
    assert [entry.operation for entry in emulator.journal].count("GetInferenceProfile") == 2


def converses(connection):
    """Answers every request."""
    while request := read_request(connection):
        connection.sendall(answer(request))


async def test_max_connections_bounds_how_many_are_open():
    """The calls beyond wait for their turn."""
    with Handled(converses) as server:
        llm = ChatBedrockConverse(
            model=CLAUDE,
            region_name="us-east-1",
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="secret",
            endpoint_url=f"http://127.0.0.1:{server.port}",
            max_connections=1,
        )
        assert [message.text for message in await llm.abatch(["Hello"] * 8)] == ["ok"] * 8
        assert server.connections == 1


@pytest.mark.parametrize("most", [0, -1, "many"])
def test_max_connections_is_a_number_of_connections(most):
    with pytest.raises(ValueError, match="max_connections"):
        ChatBedrockConverse(model=CLAUDE, region_name="us-east-1", max_connections=most)


@pytest.mark.parametrize("make", [Config, SimpleNamespace])
def test_a_config_is_botocores_or_any_object_with_its_attributes(make):
    config = make(
        region_name="eu-west-1",
        connect_timeout=5,
        read_timeout=70,
        retries={"total_max_attempts": 4, "mode": "standard"},
        max_pool_connections=7,
        proxies={"https": "http://proxy:3128"},
    )
    llm = ChatBedrockConverse(model=CLAUDE, config=config, max_connections=9)
    options = client_options(llm)
    assert {name: options[name] for name in options if not name.startswith("aws_")} == {
        "region_name": "eu-west-1",
        "timeouts": {"connect": 5, "first_byte": 70, "idle": 70},
        "retries": {"mode": "standard", "max_attempts": 4},
        "max_pool_connections": 7,
        "max_connections": 9,
        "proxy": "http://proxy:3128",
    }


@pytest.mark.parametrize("make", [ChatBedrockConverse, ChatBedrock])
@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("bearer_token", "name bedrock_api_key="),
        ("proxy", "give a client that has it"),
        ("profile_name", "name credentials_profile_name="),
        ("credentials", "give a client that has it"),
        ("role_arn", "give a client that has it"),
        ("residency", "name it in cross_region="),
        ("sources", "name it in cross_region="),
    ],
)
def test_what_is_a_clients_or_a_routers_is_not_sent_to_the_model(make, name, way_out):
    """A token would stand in a request's body, and a residency would hold nothing back."""
    with pytest.raises(ValueError, match=f"{name} is an .* and no parameter of a model.*{way_out}") as caught:
        make(model="us.amazon.nova-lite-v1:0", region_name="us-east-1", **{name: "hunter2"})
    assert "hunter2" not in str(caught.value)
