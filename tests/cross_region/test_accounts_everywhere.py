"""Three Regions of two accounts: whatever makes the call, it goes through them in order, each with its own keys."""

from __future__ import annotations

import asyncio

import httpx2
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
import outcrop.boto3
import outcrop.httpx2
from outcrop import exceptions
from outcrop.cross_region import HeldClock, _store
from outcrop.langchain import ChatBedrock, ChatBedrockConverse

from .accounts import ONE, PRIMARY, SECOND, THIRD, TWO, Accounts, key_of
from .conftest import CLAUDE_BODY, MODEL, ask
from .sides import route

PLACES = [(account, region) for region in (PRIMARY, SECOND, THIRD) for account in (ONE, TWO)]
SPEAKS_CHAT = "openai.gpt-6-sol"
CHAT = {"model": f"us.{SPEAKS_CHAT}", "messages": [{"role": "user", "content": "hi"}]}


def _drained(answer, member):
    return [*answer[member]] if hasattr(answer[member], "__iter__") else answer[member].read()


async def _adrained(answer, member):
    if hasattr(answer[member], "__aiter__"):
        return [event async for event in answer[member]]
    return await answer[member].read()


def _blocking(operation, member=None, **arguments):
    def call(router):
        answer = getattr(router, operation)(**arguments)
        if member:
            _drained(answer, member)
        return route(answer)

    return call


def _awaited(operation, member=None, **arguments):
    async def call(router):
        answer = await getattr(router, operation)(**arguments)
        if member:
            await _adrained(answer, member)
        return route(answer)

    return lambda router: asyncio.run(call(router._twin()))


def _batched(router):
    ((_, answer),) = router.batch("converse", [ask()])
    return _answered(answer)


def _abatched(router):
    async def call():
        return [answer async for _, answer in router._twin().batch("converse", [ask()])]

    (answer,) = asyncio.run(call())
    return _answered(answer)


def _answered(answer):
    if isinstance(answer, Exception):
        raise answer
    return route(answer)


def _carried(streams):
    def call(router):
        # A client of boto3's, whose own keys are neither account's.
        client = outcrop.boto3.client(
            "bedrock-runtime", PRIMARY, aws_access_key_id="AKIDNOBODY", aws_secret_access_key="no", router=router
        )
        answer = (client.converse_stream if streams else client.converse)(modelId=MODEL, **ask())
        if streams:
            list(answer["stream"])
        return route(answer)

    return call


def _chatting(make, how):
    def call(router):
        model = make(model=MODEL, client=router, max_tokens=20)

        async def streamed():
            return [chunk async for chunk in model.astream("hi")]

        if how == "invoke":
            model.invoke("hi")
        elif how == "ainvoke":
            asyncio.run(model.ainvoke("hi"))
        elif how == "stream":
            list(model.stream("hi"))
        else:
            asyncio.run(streamed())
        # Whoever answers, the router has counted.

    return call


def _posted(kind):
    def call(router):
        url = "https://any.example/openai/v1/chat/completions"

        async def posted():
            async with httpx2.AsyncClient(transport=outcrop.httpx2.AsyncTransport(router)) as web:
                return await web.post(url, json=CHAT)

        if kind == "blocking":
            with httpx2.Client(transport=outcrop.httpx2.Transport(router)) as web:
                answer = web.post(url, json=CHAT)
        else:
            answer = asyncio.run(posted())
        if answer.status_code != 200:
            raise exceptions.ClientError({"Error": {"Code": str(answer.status_code), "Message": answer.text}}, "chat")

    return call


BODY = {"body": CLAUDE_BODY}
WAYS = {
    "converse": _blocking("converse", **ask()),
    "converse, awaited": _awaited("converse", **ask()),
    "converse_stream": _blocking("converse_stream", "stream", **ask()),
    "converse_stream, awaited": _awaited("converse_stream", "stream", **ask()),
    "invoke_model": _blocking("invoke_model", "body", **BODY),
    "invoke_model, awaited": _awaited("invoke_model", "body", **BODY),
    "invoke_model_with_response_stream": _blocking("invoke_model_with_response_stream", "body", **BODY),
    "invoke_model_with_response_stream, awaited": _awaited("invoke_model_with_response_stream", "body", **BODY),
    "count_tokens": _blocking("count_tokens", input={"converse": ask()}),
    "batch": _batched,
    "batch, awaited": _abatched,
    "boto3's client": _carried(streams=False),
    "boto3's client, streaming": _carried(streams=True),
    "a client of httpx2": _posted("blocking"),
    "a client of httpx2, awaited": _posted("awaited"),
    **{
        f"{make.__name__}.{how}": _chatting(make, how)
        for make in (ChatBedrock, ChatBedrockConverse)
        for how in ("invoke", "ainvoke", "stream", "astream")
    },
}


def router_of(accounts, way, **options):
    model = SPEAKS_CHAT if "httpx2" in way else MODEL
    usual = {"geographies": ["us"], "catalogue": "snapshot", "clock": HeldClock(), "shared": False}
    return outcrop.CrossRegion(model, sources=accounts.sources(*PLACES), **{**usual, **options})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceUnavailableException"])
def test_the_next_account_answers_then_the_next_region(way, code):
    """Records, metrics, breakers and the servers' journals agree."""
    with Accounts() as accounts:
        router = router_of(accounts, way, breaker={"consecutive_failures": 1, "throttle_rate": 0.1, "minimum_calls": 1})
        for account, region in PLACES[:3]:
            accounts[account].fault("error", region=region, code=code)
        record = WAYS[way](router)
        # An account has a count of its own, so that the order within one is looked at.
        sent = accounts.sent()
        assert [it for it in sent if it[0] == ONE] == [(ONE, PRIMARY), (ONE, SECOND)]
        assert [it for it in sent if it[0] == TWO] == [(TWO, PRIMARY), (TWO, SECOND)]
        if record is not None:
            attempts = [
                (it["Target"]["Account"], it["Target"]["SourceRegion"], it["Error"]) for it in record["Attempts"]
            ]
            assert attempts == [*((*place, code) for place in PLACES[:3]), (*PLACES[3], None)]
            assert record["Target"]["Account"] == TWO
        counted = router.metrics()
        assert [(it.labels["account"], it.labels["region"], it.calls) for it in counted.series] == [(TWO, SECOND, 1)]
        attempted = {(it.labels["account"], it.labels["region"]): 0 for it in counted.attempts}
        for it in counted.attempts:
            attempted[it.labels["account"], it.labels["region"]] += it.calls
        assert attempted == dict.fromkeys(PLACES[:4], 1)
        states = {(row.account, row.source_region): row.state for row in router.health()}
        assert states == {place: "open" if place in PLACES[:3] else "closed" for place in PLACES}
        # Who is left alone is, and the others get what comes.
        WAYS[way](router)
        assert len(accounts.sent()) == 5


@pytest.mark.parametrize("way", WAYS)
def test_when_all_fail_the_error_names_each_account_and_no_key(way):
    with Accounts() as accounts:
        router = router_of(accounts, way)
        for account in (ONE, TWO):
            accounts[account].fault("throttling")
        with pytest.raises((exceptions.OutcropError, exceptions.ClientError, ClientError)) as raised:
            WAYS[way](router)
        text = f"{raised.value} {raised.value!r} {router!r} {router.health()} {router.metrics().to_prometheus()}"
        assert len(accounts.sent()) == len(PLACES)
        for account in (ONE, TWO):
            assert account in text
            assert key_of(account) not in text
            assert f"secret-of-{account}" not in text
        if "boto3" in way:
            attempts = raised.value.response["ResponseMetadata"]["CrossRegion"]["Attempts"]
            assert [(it["Target"]["Account"], it["Target"]["SourceRegion"]) for it in attempts] == PLACES
        elif "httpx2" not in way:
            for account, region in PLACES:
                assert f"from {region}, account {account}" in str(raised.value)


@settings(max_examples=40)
@given(
    way=st.sampled_from(sorted(WAYS)),
    order=st.permutations(PLACES).flatmap(lambda all_: st.integers(1, 6).map(lambda count: all_[:count])),
    failing=st.sets(st.sampled_from(PLACES)),
    capacity=st.sets(st.sampled_from(PLACES), max_size=2),
)
def test_no_account_gets_what_is_not_its_own(way, order, failing, capacity):
    """The first place that is well answers; before it each that is not was asked once, and nobody behind."""
    _store.forget()
    with Accounts() as accounts:
        sources = accounts.sources(*order)
        model = SPEAKS_CHAT if "httpx2" in way else MODEL
        router = outcrop.CrossRegion(
            model, sources=sources, geographies=["us"], catalogue="snapshot", clock=HeldClock(), shared=False
        )
        for account, region in failing:
            accounts[account].fault("error", region=region, code="ServiceUnavailableException")
        spent = {place for place in capacity if place not in failing}
        for account, region in spent:
            accounts[account].regions[region].quota(requests=1)
            runtime = accounts[account].client("bedrock-runtime", region_name=region)
            runtime.converse(modelId=f"us.{model}", **ask())
        before = len(accounts.sent())
        ill = failing | spent
        answering = next((at for at, place in enumerate(order) if place not in ill), None)
        if answering is None:
            # Three attempts, or one for each target where there are more.
            with pytest.raises((exceptions.OutcropError, exceptions.ClientError, ClientError)):
                WAYS[way](router)
            got = accounts.sent()
            assert len(got) - before == max(3, len(order))
            assert {it for it in got if it not in capacity} <= set(order)
            return
        WAYS[way](router)
        sent = accounts.sent()
        assert len(sent) - before == answering + 1
        expected = order[: answering + 1]
        assert all(sent.count(place) >= 1 for place in expected)
        assert set(sent) <= {*expected, *capacity}
