"""Several models: which answers when the first has no room anywhere, what goes along, and who says so."""

from __future__ import annotations

import asyncio
import contextvars
import io
import json
import pickle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import outcrop
import outcrop.boto3
from outcrop import _models, _native, exceptions
from outcrop.cross_region import HeldClock
from outcrop.emulator import Emulator
from outcrop.langchain import ChatBedrock, ChatBedrockConverse

from .conftest import CLAUDE_BODY, MODEL, ask
from .sides import Side, regions, route

HOME, SECOND = "us-east-1", "us-west-2"
NOVA = "amazon.nova-lite-v1:0"
NEWER = "anthropic.claude-opus-4-8"
SIGNED = {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "abc"}}}
TOOL = {"toolSpec": {"name": "look", "inputSchema": {"json": {"type": "object", "properties": {}}}}}


class Local(Side):
    """A router of two models before the emulator, whose first is throttled everywhere."""

    def __init__(self, kind, bedrock, *models, **options):
        self.bedrock = bedrock
        connection = {name: value for name, value in bedrock.connection.items() if name != "region_name"}
        super().__init__(kind, list(models or (MODEL, NOVA)), **{"sources": [HOME, SECOND], **connection, **options})

    def throttle(self, model=MODEL):
        return self.bedrock.fault("throttling", model=f"us.{model}")

    def sent(self):
        """What was asked of models, in order: the source Region and the model id."""
        entries = [entry for entry in self.bedrock.journal if entry.service == "bedrock-runtime"]
        return [(entry.region, entry.model_id) for entry in entries]


@pytest.fixture(params=["blocking", "asynchronous"])
def side_of(request, emulator):
    return lambda *models, **options: Local(request.param, emulator, *models, **options)


@pytest.fixture
def side(side_of):
    return side_of()


def models(record):
    return [(attempt["Target"]["ModelId"], attempt["Error"]) for attempt in record["Attempts"]]


@pytest.mark.parametrize("operation", ["converse", "converse_stream"])
def test_the_next_model_answers_when_the_first_has_no_room_anywhere(side, operation):
    side.throttle()
    answer = side.call(operation)
    record = route(answer)
    assert record["Model"] == NOVA
    assert record["Target"] == {"SourceRegion": HOME, "ModelId": f"us.{NOVA}"}
    assert side.sent() == [(HOME, f"us.{MODEL}"), (SECOND, f"us.{MODEL}"), (HOME, f"us.{NOVA}")]
    assert [error for _, error in models(record)] == ["ThrottlingException", "ThrottlingException", None]
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2


def test_the_first_model_gets_everything_while_it_is_well(side):
    for _ in range(3):
        assert route(side.call())["Model"] == MODEL
    assert side.sent() == [(HOME, f"us.{MODEL}")] * 3


@pytest.mark.parametrize(
    ("code", "message", "moves"),
    [
        ("ServiceUnavailableException", "", True),
        ("ThrottlingException", "Too many tokens per day, please wait before trying again.", True),
        ("AccessDeniedException", "You don't have access to the model with the specified model ID.", True),
        ("ResourceNotFoundException", "This Model is marked by provider as Legacy", True),
        ("ValidationException", "Input is too long for requested model.", False),
        ("ValidationException", "The provided model identifier is invalid.", False),
        ("ExpiredTokenException", "The security token included in the request is expired", False),
    ],
)
def test_only_an_error_that_another_model_cures_leads_to_it(side_of, code, message, moves):
    side = side_of(sources=[HOME])
    side.bedrock.fault("error", model=f"us.{MODEL}", code=code, message=message)
    if moves:
        assert route(side.call())["Model"] == NOVA
        return
    with pytest.raises(exceptions.ClientError) as caught:
        side.call()
    assert caught.value.code == code
    assert "PassedOver" not in caught.value.cross_region
    assert side.sent() == [(HOME, f"us.{MODEL}")]


def test_what_was_paid_for_is_not_asked_of_another_model(side):
    side.bedrock.regions[HOME].health = "unreachable"
    with pytest.raises(exceptions.ConnectionClosedError, match="probably paid for"):
        side.call()


def test_no_other_model_is_asked_after_the_first_delta(side):
    side.bedrock.fault("exception", model=f"us.{MODEL}", after_events=3, code="ThrottlingException")
    with pytest.raises(exceptions.ClientError) as caught:
        side.call("converse_stream")
    assert regions(caught.value.cross_region) == [(HOME, None)]
    assert side.sent() == [(HOME, f"us.{MODEL}")]


def test_residency_holds_for_each_model(side_of):
    """The profiles of the first are inside, the only one of the next is not."""
    side = side_of(MODEL, NOVA, sources=["ca-central-1"], geographies=["us"], residency={"ca-central-1", "us-east-1"})
    with pytest.raises(exceptions.NoTargetError) as caught:
        side.call()
    assert f"us.{NOVA} from ca-central-1" in str(caught.value)
    assert side.sent() == []
    side = side_of(residency={HOME, SECOND, "us-east-2"})
    allowed = [target for target in plan_of(side) if target.allowed]
    assert [target.model for target in allowed] == [MODEL, MODEL, NOVA, NOVA]


def plan_of(side):
    plan = side.router.plan()
    return asyncio.run(plan) if asyncio.iscoroutine(plan) else plan


@pytest.mark.parametrize(
    ("next_model", "carried", "request_"),
    [
        (NEWER, "temperature", {**ask(), "inferenceConfig": {"temperature": 0.5}}),
        (NEWER, "top_p", {**ask(), "inferenceConfig": {"topP": 0.5}}),
        (
            NEWER,
            "prefill",
            {"messages": [*ask()["messages"], {"role": "assistant", "content": [{"text": "An outcrop is"}]}]},
        ),
        ("mistral.mistral-7b-instruct-v0:2", "tools", {**ask(), "toolConfig": {"tools": [TOOL]}}),
        (
            NEWER,
            "signatures of reasoning",
            {
                "messages": [
                    *ask()["messages"],
                    {"role": "assistant", "content": [SIGNED, {"text": "ok"}]},
                    *ask()["messages"],
                ]
            },
        ),
        (NEWER, "additionalModelRequestFields", {**ask(), "additionalModelRequestFields": {"top_k": 5}}),
    ],
)
def test_a_request_that_carries_what_the_next_refuses_passes_it_over(side_of, next_model, carried, request_):
    geographies = ["us", "direct"]
    side = side_of(MODEL, next_model, sources=[HOME], geographies=geographies, residency=None)
    side.throttle()
    with pytest.raises(exceptions.ThrottlingException) as caught:
        side.call(**request_)
    passed_over = caught.value.cross_region["PassedOver"]
    assert {row["Target"]["ModelId"].endswith(next_model) for row in passed_over} == {True}
    expected = "top_k" if carried.startswith("additional") else carried
    assert all(f"the request carries {expected}" in row["Reason"] for row in passed_over)
    assert "was passed over: the request carries" in str(caught.value)
    assert {model for _, model in side.sent()} == {f"us.{MODEL}"}
    assert pickle.loads(pickle.dumps(caught.value)).cross_region == caught.value.cross_region


def test_a_function_writes_the_request_for_the_next_model_on_the_callers_side(side_of):
    whose = contextvars.ContextVar("whose", default="nobody")
    asked = []

    def adapt(request, model):
        asked.append((model, request["modelId"], whose.get()))
        request["inferenceConfig"].pop("temperature")
        request["messages"][0]["content"][0]["text"] = "for the next"
        return request

    side = side_of(MODEL, NEWER, adapt=adapt)
    own = {**ask("for the first"), "inferenceConfig": {"temperature": 0.5, "maxTokens": 20}}
    before = json.dumps(own)
    side.throttle()
    token = whose.set("me")
    answer = side.call(**own)
    whose.reset(token)
    assert route(answer)["Model"] == NEWER
    assert asked == [(NEWER, NEWER, "me")]
    assert json.dumps(own) == before
    entries = [entry for entry in side.bedrock.journal if entry.service == "bedrock-runtime"]
    bodies = [entry.request for entry in entries]
    assert [body["messages"][0]["content"][0]["text"] for body in bodies] == ["for the first"] * 2 + ["for the next"]
    assert [body["inferenceConfig"] for body in bodies] == [own["inferenceConfig"]] * 2 + [{"maxTokens": 20}]


def test_a_function_may_say_that_a_request_is_not_for_the_next(side_of):
    side = side_of(adapt=lambda request, model: None)
    side.throttle()
    with pytest.raises(exceptions.ThrottlingException) as caught:
        side.call()
    reasons = {row["Reason"] for row in caught.value.cross_region["PassedOver"]}
    assert reasons == {"adapt= gave no request for it"}


@pytest.mark.parametrize(
    ("adapt", "error", "says"),
    [
        (lambda *_: "no", TypeError, "adapt must answer with a dict"),
        (
            lambda request, _: {**request, "messages": 5},
            exceptions.ParamValidationError,
            f"of what adapt= gave for {NOVA}",
        ),
        (lambda *_: 1 / 0, ZeroDivisionError, "division"),
    ],
)
def test_a_function_that_fails_ends_the_call_before_anything_is_sent(side_of, adapt, error, says):
    side = side_of(adapt=adapt)
    with pytest.raises(error, match=says):
        side.call()
    assert side.sent() == []


def test_a_function_to_be_awaited_is_refused(side):
    async def adapt(request, model):
        return request

    other = Local(side.kind, side.bedrock, adapt=adapt)
    with pytest.raises(TypeError, match="adapt must answer at once"):
        other.call()
    assert side.sent() == []


@pytest.mark.parametrize("model", [MODEL, [MODEL]])
def test_a_function_for_one_model_is_refused(model):
    with pytest.raises(ValueError, match="adapt writes requests for next models"):
        outcrop.CrossRegion(model, sources=[HOME], adapt=lambda request, _: request)


@pytest.mark.parametrize(
    ("model", "error", "says"),
    [
        ([], ValueError, "at least one"),
        ([MODEL, MODEL], ValueError, "twice"),
        ([MODEL, 5], TypeError, "a model must be a str"),
        ([MODEL, "a b"], ValueError, "no model identifier"),
        (5, TypeError, "model must be a str"),
    ],
)
def test_models_are_checked(model, error, says):
    with pytest.raises(error, match=says):
        outcrop.CrossRegion(model, sources=[HOME])


@pytest.mark.parametrize("operation", ["invoke_model", "invoke_model_with_response_stream"])
def test_a_body_goes_to_models_that_read_it(side_of, operation):
    side = side_of(MODEL, NOVA, NEWER)
    side.throttle()
    record = route(side.call(operation, body=CLAUDE_BODY))
    assert record["Model"] == NEWER
    assert {row["Target"]["ModelId"] for row in record["PassedOver"]} == {f"us.{NOVA}"}
    assert all(row["Reason"].startswith(f"the body is one of {MODEL}") for row in record["PassedOver"])
    assert (HOME, f"us.{NOVA}") not in side.sent()


def test_a_function_writes_a_body_and_a_file_is_read_once(side_of):
    def adapt(request, model):
        assert json.loads(request["body"])["max_tokens"] == 20
        return {**request, "body": json.dumps({"messages": [{"role": "user", "content": [{"text": "hi"}]}]})}

    side = side_of(adapt=adapt)
    side.throttle()
    answer = side.call("invoke_model", body=io.BytesIO(CLAUDE_BODY.encode()))
    assert route(answer)["Model"] == NOVA
    entries = [entry for entry in side.bedrock.journal if entry.service == "bedrock-runtime"]
    assert "max_tokens" in entries[0].request
    assert "max_tokens" not in entries[-1].request


def test_tokens_are_counted_by_the_model_that_was_asked(side_of):
    side = side_of(sources=[HOME], geographies=["us", "direct"])
    side.bedrock.fault("throttling", operation="CountTokens")
    with pytest.raises(exceptions.ThrottlingException) as caught:
        side.call("count_tokens", input={"converse": ask()})
    assert {row["Reason"] for row in caught.value.cross_region["PassedOver"]} == {
        "its tokens are counted otherwise than the first model's"
    }
    assert all(NOVA not in str(model) for _, model in side.sent())


def test_a_call_that_names_a_next_model_begins_there(side):
    assert route(side.call(**ask(), modelId=NOVA))["Model"] == NOVA
    assert side.sent() == [(HOME, f"us.{NOVA}")]
    with pytest.raises(exceptions.ParamValidationError, match="but this router is for"):
        side.call(**ask(), modelId=NEWER)


def test_a_batch_goes_on_to_the_next_model(side_of):
    def adapt(request, model):
        return {**request, "requestMetadata": {"for": model}}

    side = side_of(adapt=adapt)
    side.throttle()
    requests = [ask(str(number)) for number in range(4)]
    if side.kind == "blocking":
        answers = [answer for _, answer in side.router.batch("converse", requests)]
    else:

        async def all_of():
            return [answer async for _, answer in side.router.batch("converse", requests)]

        answers = asyncio.run(all_of())
    assert {route(answer)["Model"] for answer in answers} == {NOVA}
    entries = [entry for entry in side.bedrock.journal if entry.service == "bedrock-runtime"]
    written = [entry.request.get("requestMetadata") for entry in entries if entry.model_id == f"us.{NOVA}"]
    assert written == [{"for": NOVA}] * 4


def test_the_cache_gives_no_answer_of_another_model(side_of):
    cache = outcrop.Cache()
    side = side_of(cache=cache)
    fault = side.throttle()
    own = {**ask(), "inferenceConfig": {"temperature": 0.0}}
    assert route(side.call(**own))["Model"] == NOVA
    fault.remove()
    side.clock.advance(60)
    again = side.call(**own)
    assert (route(again)["Model"], again["ResponseMetadata"]["Cache"]["Hit"]) == (MODEL, False)
    # What was kept of the next model is that model's, for whoever names it.
    named = side.call(**own, modelId=NOVA)
    assert (route(named)["Model"], named["ResponseMetadata"]["Cache"]["Hit"]) == (NOVA, True)


def test_the_cache_keeps_nothing_that_a_function_wrote(side_of):
    side = side_of(cache=outcrop.Cache(), adapt=lambda request, _: request)
    side.throttle()
    own = {**ask(), "inferenceConfig": {"temperature": 0.0}}
    side.call(**own)
    assert side.call(**own, modelId=NOVA)["ResponseMetadata"]["Cache"]["Hit"] is False


def test_one_deadline_one_budget_and_one_count_hold_over_all_models(side_of):
    side = side_of(retries={"max_attempts": 2})
    side.throttle()
    with pytest.raises(exceptions.ThrottlingException, match="all attempts were made"):
        side.call()
    assert len(side.sent()) == 2
    side = side_of(retry_budget=14, shared=False)
    side.bedrock.clear_rules()
    side.bedrock.fault("error", code="ServiceUnavailableException", model=f"us.{MODEL}")
    with pytest.raises(exceptions.ServiceUnavailableException, match="the retry budget is used up"):
        side.call()


def test_copies_twins_and_pickles_keep_the_models(emulator, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_access_key)
    options = {"geographies": ["us"], "residency": "us", "endpoint_url": emulator.endpoint_url}
    router = outcrop.CrossRegion([MODEL, NOVA], sources=[HOME], adapt=same, **options)
    travelled = pickle.loads(pickle.dumps(router))
    emulator.fault("throttling", model=f"us.{MODEL}")
    for other in (router, travelled, router._like(outcrop.CrossRegion)):
        assert other.models == (MODEL, NOVA)
        assert route(other.converse(**ask()))["Model"] == NOVA
    assert repr(router).startswith(f"<CrossRegion {MODEL}, {NOVA} ")
    assert NOVA in router._repr_html_()
    twin = router._twin()
    assert route(asyncio.run(twin.converse(**ask())))["Model"] == NOVA


def same(request, model):
    """A function that a pickle finds."""
    return {**request, "requestMetadata": {"for": model}}


@pytest.mark.parametrize("chat", [ChatBedrockConverse, ChatBedrock])
@pytest.mark.parametrize("streams", [False, True])
def test_langchain_says_which_model_answered(emulator, chat, streams):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    router = outcrop.CrossRegion(
        [MODEL, NEWER], sources=[HOME], geographies=["us"], catalogue="snapshot", clock=HeldClock(), **connection
    )
    model = chat(model=MODEL, client=router, max_tokens=20)

    def said():
        if not streams:
            return model.invoke("hi").response_metadata
        whole = None
        for chunk in model.stream("hi"):
            whole = chunk if whole is None else whole + chunk
        return whole.response_metadata

    assert said()["model_name"] == MODEL
    emulator.fault("throttling", model=f"us.{MODEL}")
    told = said()
    assert told["model_name"] == NEWER
    if chat is ChatBedrockConverse:
        assert told["ResponseMetadata"]["CrossRegion"]["Model"] == NEWER


def test_boto3s_client_with_a_router_of_several_models(emulator):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    options = {"geographies": ["us"], "residency": "us", "catalogue": "snapshot"}
    router = outcrop.CrossRegion([MODEL, NOVA], sources=[HOME], **options, **connection)
    client = outcrop.boto3.client("bedrock-runtime", router=router, **emulator.connection)
    emulator.fault("throttling", model=f"us.{MODEL}")
    for named in (MODEL, NOVA):
        answer = client.converse(modelId=named, **ask())
        assert answer["ResponseMetadata"]["CrossRegion"]["Model"] == NOVA


def test_the_plan_and_the_health_show_the_models(side):
    plan = plan_of(side)
    assert [row["model"] for row in plan.to_dicts()] == [MODEL, MODEL, NOVA, NOVA]
    assert f"next model: {NOVA}" in plan.notes
    side.call()
    assert [row.model_id for row in side.router.health()] == [f"us.{MODEL}"] * 2 + [f"us.{NOVA}"] * 2


def test_two_names_of_one_thing_lead_to_it_once(side_of):
    side = side_of(f"us.{MODEL}", MODEL, geographies=["us"])
    assert [target.model_id for target in plan_of(side)] == [f"us.{MODEL}"] * 2


def test_what_requests_are_looked_through_for_is_what_models_are_known_to_refuse():
    assert set(_native.request_features()) <= {rule.what for rule in _models.RULES}


MODELS = [MODEL, NOVA, NEWER, "meta.llama3-1-8b-instruct-v1:0", "mistral.mistral-7b-instruct-v0:2"]
PIECES = {
    "temperature": {"inferenceConfig": {"temperature": 0.5}},
    "tools": {"toolConfig": {"tools": [TOOL]}},
    "forced": {"toolConfig": {"tools": [TOOL], "toolChoice": {"any": {}}}},
    "system": {"system": [{"text": "be brief"}]},
    "points": {"system": [{"text": "be brief"}, {"cachePoint": {"type": "default"}}]},
}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    chain=st.lists(st.sampled_from(MODELS), min_size=2, max_size=3, unique=True),
    pieces=st.sets(st.sampled_from(sorted(PIECES))),
    prefilled=st.booleans(),
    streams=st.booleans(),
)
def test_nothing_is_sent_to_a_next_model_that_would_refuse_it(chain, pieces, prefilled, streams):
    """The local Bedrock, which has rules of its own, refuses no request that came to a next model."""
    request = ask()
    for piece in sorted(pieces):
        request |= PIECES[piece]
    if prefilled:
        request["messages"] = [*request["messages"], {"role": "assistant", "content": [{"text": "An outcrop is"}]}]
    with Emulator() as bedrock:
        connection = {name: value for name, value in bedrock.connection.items() if name != "region_name"}
        router = outcrop.CrossRegion(
            chain,
            sources=[HOME, SECOND],
            geographies=["us", "direct"],
            catalogue="snapshot",
            shared=False,
            clock=HeldClock(),
            **connection,
        )
        for name in (chain[0], f"us.{chain[0]}"):
            bedrock.fault("throttling", model=name)
        try:
            answer = (router.converse_stream if streams else router.converse)(**request)
        except exceptions.ClientError as error:
            code, record = error.code, error.cross_region
        else:
            if streams:
                assert list(answer["stream"])
            code, record = None, route(answer)
            assert record["Model"] in chain[1:]
        # The first model is asked whatever it refuses: that is what the caller named.
        last = record["Attempts"][-1]["Target"]["ModelId"]
        assert code in {None, "ThrottlingException"} or last in {chain[0], f"us.{chain[0]}"}
        sent = [entry for entry in bedrock.journal if entry.service == "bedrock-runtime"]
        # Each attempt is a request that the server saw, none twice and none beside.
        ids = [attempt["RequestId"] for attempt in record["Attempts"]]
        assert ids == [entry.request_id for entry in sent]
        assert len(set(ids)) == len(ids)
        passed_over = {row["Target"]["ModelId"] for row in record.get("PassedOver", ())}
        assert passed_over.isdisjoint({entry.model_id for entry in sent})
