"""Conversations stay where their prompt cache is, for as long as it is there, and never where a call may not go."""

from __future__ import annotations

import asyncio
import contextvars
import copy
import json
import pickle

import httpx2
import pytest
from langchain_core.runnables.config import ensure_config

import outcrop
import outcrop.boto3
import outcrop.httpx2
from outcrop.langchain import ChatBedrockConverse
from tests.support.forking import forking, in_child

from .accounts import ONE, PRIMARY, SECOND, THIRD, TWO, key_of
from .conftest import MODEL
from .sides import Side, route
from .world import Version, World

PLACES = ((ONE, PRIMARY), (TWO, SECOND), (ONE, THIRD))
POINT = {"cachePoint": {"type": "default"}}
HOUR = {"cachePoint": {"type": "default", "ttl": "1h"}}
WHOSE: contextvars.ContextVar[str | None] = contextvars.ContextVar("whose", default=None)
OPENAI = "openai.gpt-5.5"


def whose(method, arguments):
    """A function that any pickle finds again."""
    return WHOSE.get()


@pytest.fixture(params=["blocking", "async"])
def side(request, accounts):
    """A router of three Regions, two of one account's."""

    def made(*places, **options):
        usual = {"sources": accounts.sources(*places or PLACES), "affinity": "prefix", "shared": False}
        return Side(request.param, **{**usual, "breaker": {"consecutive_failures": 1}, **options})

    return made


def turn(text="What is an outcrop?", *later, point=None):
    """A turn of the conversation that begins so; its cache point stands at its end."""
    texts = [text, *(it for said in later for it in ("A rock.", said))]
    roles = ["user", "assistant"] * len(texts)
    messages = [{"role": role, "content": [{"text": it}]} for role, it in zip(roles, texts, strict=False)]
    messages[-1]["content"].append(point or POINT)
    return {"system": [{"text": "Be brief."}], "messages": messages}


def became(answer):
    return route(answer)["Affinity"]["State"]


def where(answer):
    target = route(answer)["Target"]
    return target["Account"], target["SourceRegion"]


def moved(side, accounts, said):
    """Moves a conversation to the second source, and lets the first recover."""
    assert (where(side.call(**said)), became(side.call(**said))) == (PLACES[0], "kept")
    accounts[ONE].fault("error", code="ServiceUnavailableException", region=PRIMARY, times=1)
    answer = side.call(**said)
    side.clock.advance(60)
    return answer


def test_a_conversation_stays_when_the_first_has_recovered(side, accounts):
    side = side()
    answer = moved(side, accounts, turn())
    assert route(answer)["Affinity"] == {
        "State": "moved",
        "From": {"SourceRegion": PRIMARY, "Account": ONE, "ModelId": f"us.{MODEL}"},
        "Reason": "it answered with ServiceUnavailableException",
    }
    assert where(answer) == (TWO, SECOND)
    for later in (["and now?"], ["and now?", "and then?"]):
        side.clock.advance(200)
        answer = side.call(**turn("What is an outcrop?", *later))
        assert (where(answer), route(answer)["Affinity"]) == ((TWO, SECOND), {"State": "kept"})
    other = side.call(**turn("What is a fault?"))
    assert (where(other), became(other)) == ((ONE, PRIMARY), "new")


@pytest.mark.parametrize(("point", "minutes"), [(POINT, 5), (HOUR, 60)], ids=["5m", "1h"])
def test_it_stays_for_as_long_as_the_prompt_cache_keeps_it(side, accounts, point, minutes):
    side, said = side(), turn(point=point)
    moved(side, accounts, said)
    side.clock.advance(60 * minutes - 61)
    assert (where(side.call(**said)), became(side.call(**said))) == ((TWO, SECOND), "kept")
    side.clock.advance(60 * minutes)
    answer = side.call(**said)
    assert (where(answer), became(answer)) == ((ONE, PRIMARY), "new")


def test_a_breaker_that_is_open_moves_it(side):
    side = side()
    side.call(**turn())
    side.router.force(PRIMARY, "open")
    assert route(side.call(**turn()))["Affinity"]["Reason"] == "its breaker is open"
    side.router.force(PRIMARY, None)
    assert where(side.call(**turn())) == (TWO, SECOND)
    series = side.router.metrics().to_prometheus()
    for state, calls in (("new", 1), ("kept", 1), ("moved", 1)):
        assert f'outcrop_conversations_total{{state="{state}"}} {calls}' in series


def test_residency_comes_before_affinity(side, accounts):
    permitted = {PRIMARY, SECOND, THIRD, "us-west-1"}
    side = side(
        residency=lambda region: region in permitted, geographies=["direct", "us"], model="amazon.nova-lite-v1:0"
    )
    answer = moved(side, accounts, turn())
    assert where(answer) == (TWO, SECOND)
    permitted -= {SECOND, "us-west-1"}
    accounts[TWO].journal.clear()
    answer = side.call(**turn())
    assert (where(answer), became(answer)) == ((ONE, PRIMARY), "moved")
    assert route(answer)["Affinity"]["Reason"] == "it may be served in us-west-2, outside the residency"
    assert accounts.sent().count((TWO, SECOND)) == 0


def test_tenants_who_name_conversations_alike_do_not_meet():
    """Neither goes where the other's is, and nothing is signed with the other's keys."""
    profile = {f"us.{MODEL}": (PRIMARY, SECOND)}
    with World([PRIMARY, SECOND], Version({PRIMARY: profile, SECOND: profile})) as world:
        connection = world.connection(PRIMARY, SECOND)
        for name in ("aws_access_key_id", "aws_secret_access_key", "shared"):
            del connection[name]
        router = outcrop.CrossRegion(
            MODEL,
            geographies=["us"],
            credentials=lambda: outcrop.Credentials(key_of(WHOSE.get() or ONE), "secret", None),
            affinity=lambda method, arguments: "mine",
            **connection,
        )

        def call(name):
            WHOSE.set(name)
            answer = router.converse(**turn())
            return (*where(answer), became(answer))

        router.plan()
        router.force(PRIMARY, "open")
        assert call(ONE) == (ONE, SECOND, "new")
        router.force(PRIMARY, None)
        assert [call(ONE), call(TWO), call(ONE), call(TWO)] == [
            (ONE, SECOND, "kept"),
            (TWO, PRIMARY, "new"),
            (ONE, SECOND, "kept"),
            (TWO, PRIMARY, "kept"),
        ]
        assert {(it.key, it.region) for it in world.take()} == {(key_of(ONE), SECOND), (key_of(TWO), PRIMARY)}
        WHOSE.set(None)


def test_a_function_names_conversations_and_is_asked_by_the_caller(side, accounts):
    seen = []

    def key(method, arguments):
        seen.append((method, sorted(arguments), WHOSE.get()))
        return WHOSE.get()

    side = side(affinity=key)
    WHOSE.set("one")
    answer = moved(side, accounts, turn("a"))
    assert (where(answer), became(answer)) == ((TWO, SECOND), "moved")
    # Whatever it is about, it is the same conversation.
    assert (where(side.call(**turn("b"))), became(side.call(**turn("c")))) == ((TWO, SECOND), "kept")
    WHOSE.set("two")
    assert (where(side.call(**turn("a"))), became(side.call(**turn("a")))) == (PLACES[0], "kept")
    for none in (None, ""):
        WHOSE.set(none)
        answer = side.call(**turn("a"))
        assert (where(answer), "Affinity" in route(answer)) == (PLACES[0], False)
    side.call("converse_stream", **turn("a"))
    side.call("count_tokens", input={"converse": turn("a")})
    assert {it[0] for it in seen} == {"converse", "converse_stream", "count_tokens"}
    assert seen[0][1:] == (["messages", "modelId", "system"], "one")
    WHOSE.set(None)


def test_requests_of_a_batch_have_keys_of_their_own(side, accounts):
    side = side(affinity=lambda method, arguments: arguments["requestMetadata"]["thread"])
    named = {name: {**turn(name), "requestMetadata": {"thread": name}} for name in ("one", "two")}
    moved(side, accounts, named["one"])
    requests = [named[name] for name in ("one", "two", "one")]
    if side.kind == "blocking":
        found = dict(side.router.batch("converse", requests, concurrency=1))
    else:

        async def all_of_them():
            return {number: it async for number, it in side.router.batch("converse", requests, concurrency=1)}

        found = asyncio.run(all_of_them())
    assert [(where(found[it]), became(found[it])) for it in range(3)] == [
        ((TWO, SECOND), "kept"),
        ((ONE, PRIMARY), "new"),
        ((TWO, SECOND), "kept"),
    ]


@pytest.mark.parametrize("operation", ["converse_stream", "invoke_model", "invoke_model_with_response_stream"])
def test_it_is_so_for_every_way_to_call(side, accounts, operation):
    side = side()
    said = turn()
    if operation != "converse_stream":
        message = {"role": "user", "content": "hi"}
        body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 20, "system": "s", "messages": [message]}
        said = {"body": json.dumps(body)}
    assert became(side.call(operation, **said)) == "new"
    accounts[ONE].fault("error", code="ServiceUnavailableException", times=1)
    assert became(side.call(operation, **said)) == "moved"
    if operation != "converse_stream":
        # A cache point is put to a text by making it a block.
        block = {"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}}
        message["content"] = [block]
        said = {"body": json.dumps(body)}
    answer = side.call(operation, **said)
    assert (where(answer), became(answer)) == ((TWO, SECOND), "kept")


def posted(side, path, body):
    """An answer of the runtime's other APIs, through a transport."""
    url = f"https://bedrock{path}"
    if side.kind == "blocking":
        with httpx2.Client(transport=outcrop.httpx2.Transport(side.router)) as client:
            answer = client.post(url, json=body)
    else:

        async def post():
            async with httpx2.AsyncClient(transport=outcrop.httpx2.AsyncTransport(side.router)) as client:
                return await client.post(url, json=body)

        answer = asyncio.run(post())
    assert answer.status_code == 200, answer.text
    return {"ResponseMetadata": answer.extensions["outcrop"]}


@pytest.mark.parametrize("affinity", ["prefix", whose], ids=["prefix", "function"])
def test_a_prompt_cache_key_is_a_key(side, accounts, affinity):
    side = side(model=OPENAI, affinity=affinity)
    said = {"model": OPENAI, "input": "hi", "prompt_cache_key": "mine"}
    assert became(posted(side, "/openai/v1/responses", said)) == "new"
    side.router.force(PRIMARY, "open")
    assert became(posted(side, "/openai/v1/responses", {**said, "input": "ho"})) == "moved"
    side.router.force(PRIMARY, None)
    answer = posted(side, "/openai/v1/responses", said)
    assert (where(answer), became(answer)) == ((TWO, SECOND), "kept")
    # Responses keeps a prefix for half an hour at least.
    side.clock.advance(29 * 60)
    assert became(posted(side, "/openai/v1/responses", said)) == "kept"
    answer = posted(side, "/openai/v1/responses", {**said, "prompt_cache_key": "other"})
    assert (where(answer), became(answer)) == ((ONE, PRIMARY), "new")


def test_a_function_sees_what_the_other_apis_are_asked(side):
    seen = []

    def key(method, arguments):
        seen.append((method, arguments.get("metadata")))
        return arguments["metadata"]["thread"]

    side = side(model=OPENAI, affinity=key)
    said = {"model": OPENAI, "input": "hi", "metadata": {"thread": "t"}, "prompt_cache_key": "mine"}
    assert became(posted(side, "/openai/v1/responses", said)) == "new"
    # Its word comes before what the request says.
    assert became(posted(side, "/openai/v1/responses", {**said, "prompt_cache_key": "other"})) == "kept"
    assert seen == [("create_response", {"thread": "t"})] * 2


def test_messages_of_anthropic_s_api_go_by_their_beginning(side):
    model = "anthropic.claude-opus-4-8"
    side = side(model=model)
    said = {"model": model, "max_tokens": 20, "system": "s", "messages": [{"role": "user", "content": "hi"}]}
    assert became(posted(side, "/anthropic/v1/messages", said)) == "new"
    side.router.force(PRIMARY, "open")
    assert became(posted(side, "/anthropic/v1/messages", said)) == "moved"
    side.router.force(PRIMARY, None)
    later = [*said["messages"], {"role": "assistant", "content": "a"}, {"role": "user", "content": "b"}]
    assert became(posted(side, "/anthropic/v1/messages", {**said, "messages": later})) == "kept"


def test_without_affinity_nothing_stays_and_nothing_is_told(side, accounts):
    side = side(affinity=None)
    side.call(**turn())
    accounts[ONE].fault("error", code="ServiceUnavailableException", times=1)
    assert where(side.call(**turn())) == (TWO, SECOND)
    side.clock.advance(60)
    answer = side.call(**turn())
    assert (where(answer), "Affinity" in route(answer)) == ((ONE, PRIMARY), False)
    assert "conversations_total" not in side.router.metrics().to_prometheus()


def test_copies_and_the_twin_know_where_conversations_are_and_so_does_the_next_router(accounts):
    options = {
        "sources": accounts.sources(*PLACES),
        "geographies": ["us"],
        "catalogue": "snapshot",
        "affinity": "prefix",
    }
    here = outcrop.CrossRegion(MODEL, **options)
    here.force(PRIMARY, "open")
    assert where(here.converse(**turn())) == (TWO, SECOND)
    here.force(PRIMARY, None)
    again = outcrop.CrossRegion(MODEL, **options)
    others = [copy.copy(here), copy.deepcopy(here), again]
    assert [became(it.converse(**turn())) for it in others] == ["kept"] * 3
    assert became(asyncio.run(here._twin().converse(**turn()))) == "kept"
    alone = outcrop.CrossRegion(MODEL, **options, shared=False)
    fewer = outcrop.CrossRegion(MODEL, **{**options, "sources": options["sources"][:2]})
    assert [became(it.converse(**turn())) for it in (alone, fewer)] == ["new"] * 2


def test_a_pickle_keeps_what_was_said_and_nothing_that_was_learnt(monkeypatch, emulator):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_access_key)
    given = {"sources": [PRIMARY, SECOND], "geographies": ["us"], "catalogue": "snapshot", "shared": False}
    for affinity in ("prefix", whose):
        here = outcrop.CrossRegion(MODEL, **given, affinity=affinity, endpoint_url=emulator.endpoint_url)
        WHOSE.set("mine")
        here.converse(**turn())
        there = pickle.loads(pickle.dumps(here))
        assert [became(there.converse(**turn())) for _ in range(2)] == ["new", "kept"]
        WHOSE.set(None)


@forking
def test_a_child_begins_anew(emulator):
    connection = {**emulator.connection, "geographies": ["us"], "catalogue": "snapshot"}
    del connection["region_name"]
    router = outcrop.CrossRegion(MODEL, sources=[PRIMARY, SECOND], affinity="prefix", **connection)
    router.converse(**turn())
    assert in_child(lambda: [became(router.converse(**turn())) for _ in range(2)] == ["new", "kept"])
    assert became(router.converse(**turn())) == "kept"


def test_a_chat_model_tells_and_a_client_of_boto3_s_carries_it(accounts):
    router = outcrop.CrossRegion(
        MODEL, sources=accounts.sources(*PLACES), geographies=["us"], catalogue="snapshot", affinity="prefix"
    )
    model = ChatBedrockConverse(model=MODEL, client=router, region_name=PRIMARY)
    states = [model.invoke("hello").response_metadata["ResponseMetadata"] for _ in range(2)]
    assert [it["CrossRegion"]["Affinity"]["State"] for it in states] == ["new", "kept"]
    made = outcrop.boto3.client("bedrock-runtime", **accounts[ONE].connection, router=router)
    assert [became(made.converse(modelId=MODEL, **turn())) for _ in range(2)] == ["new", "kept"]


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_function_may_go_by_the_thread_of_a_chain(accounts, asynchronous):
    seen = []

    def thread(method, arguments):
        seen.append(ensure_config().get("configurable", {}).get("thread_id"))
        return seen[-1]

    sources = accounts.sources(*PLACES)
    router = outcrop.CrossRegion(MODEL, sources=sources, geographies=["us"], catalogue="snapshot", affinity=thread)
    chain = ChatBedrockConverse(model=MODEL, client=router, region_name=PRIMARY) | (lambda it: it.response_metadata)

    def call(name):
        config = {"configurable": {"thread_id": name}}
        found = asyncio.run(chain.ainvoke("hi", config)) if asynchronous else chain.invoke("hi", config)
        return became(found)

    assert [call(name) for name in ("one", "two", "one")] == ["new", "new", "kept"]
    assert seen == ["one", "two", "one"]


def test_options_of_a_chat_model_are_a_routers(emulator):
    connection = emulator.connection
    model = ChatBedrockConverse(
        model=MODEL,
        cross_region={
            "sources": [PRIMARY, SECOND],
            "geographies": ["us"],
            "affinity": "prefix",
            "catalogue": "snapshot",
        },
        region_name=PRIMARY,
        endpoint_url=emulator.endpoint_url,
        aws_access_key_id=connection["aws_access_key_id"],
        aws_secret_access_key=connection["aws_secret_access_key"],
    )
    answer = model.invoke("hello").response_metadata
    assert answer["ResponseMetadata"]["CrossRegion"]["Affinity"] == {"State": "new"}


async def later(method, arguments):
    return "key"


@pytest.mark.parametrize(
    ("affinity", "kind", "text"),
    [
        (
            "k",
            ValueError,
            'affinity must be "prefix", or a function that is given a method and its arguments and gives a key, not ',
        ),
        (True, TypeError, "gives a key, not bool"),
        (b"prefix", TypeError, "gives a key, not bytes"),
        (later, TypeError, "affinity must answer at once, and a function that is to be awaited does not"),
    ],
)
def test_what_is_no_affinity_is_refused(affinity, kind, text):
    for make in (outcrop.CrossRegion, outcrop.AsyncCrossRegion):
        with pytest.raises(kind, match=text):
            make(MODEL, sources=[PRIMARY], affinity=affinity)


@pytest.mark.parametrize(
    ("gives", "kind", "text"),
    [
        (7, TypeError, "affinity must answer with a str, the key of the conversation, or with None .*, not int"),
        (b"a", TypeError, "not bytes"),
        (later(0, 0), TypeError, "affinity must answer at once, with a str, .* not coroutine"),
        ("\ud800", ValueError, "the key that affinity gave has half a surrogate pair, which is no text"),
    ],
)
def test_what_is_no_key_ends_the_call_and_nothing_is_sent(side, accounts, gives, kind, text):
    side = side(affinity=lambda method, arguments: gives)
    with pytest.raises(kind, match=text):
        side.call(**turn())
    assert accounts.sent() == []


def test_an_error_of_the_function_is_the_caller_s(side, accounts):
    def key(method, arguments):
        raise LookupError("no such thread")

    side = side(affinity=key)
    with pytest.raises(LookupError, match="no such thread"):
        side.call(**turn())
    assert accounts.sent() == []
