"""A router goes wherever a client goes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import pickle
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from langchain_aws import ChatBedrockConverse as TheirConverse

import outcrop
from outcrop import exceptions
from outcrop.langchain import ChatBedrock, ChatBedrockConverse

from .conftest import MODEL, ask
from .sides import Side

PRIMARY, SECOND = "us-east-1", "us-west-2"


@pytest.fixture
def options(emulator):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    return {"sources": [PRIMARY, SECOND], "geographies": ["us"], "residency": "us", "shared": False, **connection}


@pytest.fixture
def router(options):
    with outcrop.CrossRegion(MODEL, **options) as router:
        yield router


def asked(bedrock):
    return [entry.region for entry in bedrock.journal if entry.service == "bedrock-runtime"]


@pytest.mark.parametrize("make", [TheirConverse, ChatBedrockConverse, ChatBedrock], ids=lambda it: it.__module__)
def test_chat_models_take_it_as_their_client(emulator, router, make):
    model = make(model=f"us.{MODEL}", client=router, region_name=PRIMARY)
    emulator.fault("throttling", region=PRIMARY)
    assert model.invoke("hello").content
    assert "".join(str(chunk.content) for chunk in model.stream("hello"))
    assert asked(emulator) == [PRIMARY, SECOND] * 2


async def test_our_chat_models_take_it_in_async_chains(emulator, router):
    model = ChatBedrockConverse(model=f"us.{MODEL}", client=router, region_name=PRIMARY)
    emulator.fault("throttling", region=PRIMARY)
    answers = await model.abatch(["one", "two"])
    assert len(answers) == 2
    assert SECOND in asked(emulator)


async def test_our_chat_models_make_their_own_by_cross_region(emulator, options):
    connection = {name: options.pop(name) for name in ("endpoint_url", "aws_access_key_id", "aws_secret_access_key")}
    model = ChatBedrockConverse(model=f"us.{MODEL}", cross_region=options, region_name=PRIMARY, **connection)
    emulator.fault("throttling", region=PRIMARY, operation="Converse")
    assert (await model.ainvoke("hello")).content
    assert model.invoke("hello").content
    assert asked(emulator) == [PRIMARY, SECOND] * 2


def test_it_looks_like_a_client(router):
    assert router.meta.region_name == PRIMARY
    assert router.meta.service_name == "bedrock-runtime"
    assert router.meta.method_to_api_mapping["converse"] == "Converse"
    assert router.exceptions.ThrottlingException is exceptions.ThrottlingException
    assert not router.can_paginate("converse")
    assert repr(router).startswith(f"<CrossRegion {MODEL} sources=['us-east-1', 'us-west-2'] residency='us (us-east-1")
    assert "outcrop/emulator" not in repr(router)
    assert not hasattr(router, "start_async_invoke")


def test_batches_go_through_it(emulator, router):
    emulator.fault("throttling", region=PRIMARY, times=3)
    results = dict(router.batch("converse", (ask(str(number)) for number in range(20)), concurrency=4))
    assert sorted(results) == list(range(20))
    assert not [result for result in results.values() if isinstance(result, Exception)]


def test_a_batch_asks_a_rule_anew_for_each_request(emulator, options):
    closed = set()
    options["residency"] = lambda region: region not in closed

    def requests():
        yield ask("one")
        closed.add(PRIMARY)
        yield ask("two")

    with outcrop.CrossRegion(MODEL, **{**options, "sources": [PRIMARY]}) as router:
        one, two = (result for _, result in router.batch("converse", requests(), concurrency=1))
    assert one["output"]
    assert isinstance(two, exceptions.NoTargetError)
    assert asked(emulator) == [PRIMARY]


def test_methods_take_keywords_and_say_what_they_do(router):
    with pytest.raises(TypeError, match=r"converse\(\) only accepts keyword arguments"):
        router.converse("hello")
    assert outcrop.CrossRegion.converse.__doc__.startswith("Call Bedrock's Converse, through the targets.")
    assert "    modelId (str): Optional." in outcrop.AsyncCrossRegion.count_tokens.__doc__
    assert "NoTargetError" in outcrop.CrossRegion.converse_stream.__doc__


async def test_batches_go_through_the_asynchronous_one(emulator, options):
    async with outcrop.AsyncCrossRegion(MODEL, **options) as router:
        emulator.fault("throttling", region=PRIMARY, times=3)
        results = [number async for number, _ in router.batch("converse", [ask(str(number)) for number in range(20)])]
    assert sorted(results) == list(range(20))


async def test_cancelling_ends_the_request(emulator, options):
    router = outcrop.AsyncCrossRegion(MODEL, **options)
    emulator.fault("stall", operation="Converse")
    task = asyncio.create_task(router.converse(**ask()))
    while not emulator.journal.where(operation="Converse"):  # noqa: ASYNC110  -- the emulator has no event to wait for
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (primary, _) = router.health()
    assert primary.failures == 0


async def test_a_thousand_calls_at_once(emulator, options):
    router = outcrop.AsyncCrossRegion(MODEL, **options)
    emulator.fault("throttling", region=PRIMARY, times=20)
    answers = await asyncio.gather(*(router.converse(**ask(str(number))) for number in range(1000)))
    assert len(answers) == 1000
    assert all(row.under_way == 0 for row in router.health())


def test_an_application_profile_and_what_stands_in_for_it(emulator, options):
    arn = emulator.client("bedrock").create_inference_profile(
        inferenceProfileName="team",
        modelSource={"copyFrom": f"arn:aws:bedrock:{PRIMARY}:123456789012:inference-profile/us.{MODEL}"},
    )["inferenceProfileArn"]
    router = outcrop.CrossRegion(arn, **options)
    router.plan()
    emulator.fault("throttling", region=PRIMARY)
    attempts = router.converse(**ask())["ResponseMetadata"]["CrossRegion"]["Attempts"]
    # The profile, the model's own profile from the same source, and then the other source.
    assert [attempt["Target"]["ModelId"] for attempt in attempts] == [arn, f"us.{MODEL}", f"us.{MODEL}"]
    assert attempts[-1]["Target"]["SourceRegion"] == SECOND


def test_tokens_are_counted_by_the_model_itself(emulator, options):
    model = "anthropic.claude-3-haiku-20240307-v1:0"
    router = outcrop.CrossRegion(model, **{**options, "geographies": ["us"], "residency": None})
    with contextlib.suppress(exceptions.ClientError):
        router.count_tokens(input={"converse": ask()})
    entry = emulator.journal[-1]
    assert (entry.operation, entry.model_id) == ("CountTokens", model)


def test_limits_shed_what_cannot_go_in_time(emulator, options):
    limits = {"tokens_per_minute": 5000, "longest_wait": 1.0}
    router = outcrop.CrossRegion(MODEL, limits=limits, **{**options, "sources": [PRIMARY]})
    answer = router.converse(**ask(), inferenceConfig={"maxTokens": 4900})
    used = answer["usage"]["inputTokens"] + 5 * answer["usage"]["outputTokens"]
    (row,) = router.health()
    # Settled with what was used, not with what was reserved.
    assert row.tokens_left >= 5000 - used - 1
    # A stream that is not read to its end keeps what it reserved.
    unread = router.converse_stream(**ask(), inferenceConfig={"maxTokens": 4500})
    with pytest.raises(exceptions.OverloadedError, match="there will be no room in time") as caught:
        router.converse(**ask(), inferenceConfig={"maxTokens": 4700})
    unread["stream"].close()
    assert pickle.loads(pickle.dumps(caught.value)).kwargs == caught.value.kwargs


CLAUDE_BODY = json.dumps(
    {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 4900, "messages": [{"role": "user", "content": "hi"}]}
)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("converse", {**ask(), "inferenceConfig": {"maxTokens": 4900}}),
        ("converse_stream", {**ask(), "inferenceConfig": {"maxTokens": 4900}}),
        ("invoke_model", {"body": CLAUDE_BODY}),
        ("invoke_model_with_response_stream", {"body": CLAUDE_BODY}),
    ],
)
@pytest.mark.parametrize("kind", ["blocking", "asynchronous"])
def test_what_was_reserved_is_settled_with_what_the_quota_lost(emulator, options, kind, operation, arguments):
    """A token that Claude 4.5 writes takes five of the quota."""
    limits = {"tokens_per_minute": 5000}
    side = Side(kind, **{**options, "sources": [PRIMARY], "limits": limits})
    side.call(operation, **arguments)
    (entry,) = emulator.journal.where(service="bedrock-runtime")
    used = entry.input_tokens + 5 * entry.output_tokens
    assert 0 < used < 3000
    (row,) = side.router.health()
    assert row.tokens_left == 5000 - used
    assert row.under_way == 0


@pytest.mark.parametrize(
    ("model", "more", "burndown"),
    [
        ("amazon.nova-lite-v1:0", {}, 1),
        ("us.anthropic.claude-opus-4-8", {}, 15),
        ("us.anthropic.claude-sonnet-5", {}, 10),
        (f"us.{MODEL}", {"burndown_rate": 2.5}, 2.5),
    ],
)
def test_the_burndown_rate_is_the_models_or_what_was_said(emulator, options, model, more, burndown):
    limits = {"tokens_per_minute": 50_000, **more}
    side = Side("blocking", **{**options, "model": model, "sources": [PRIMARY], "geographies": None, "limits": limits})
    answer = side.call()
    (row,) = side.router.health()
    assert row.tokens_left == 50_000 - answer["usage"]["inputTokens"] - burndown * answer["usage"]["outputTokens"]


def test_routers_that_share_limits_share_the_line_before_them(emulator, options):
    """Room that one router gives back goes to a call that waits in another."""
    options = {**options, "shared": True, "sources": [PRIMARY], "limits": {"concurrency": 1, "longest_wait": 30}}
    one, other = outcrop.CrossRegion(MODEL, **options), outcrop.CrossRegion(MODEL, timeouts={"total": 60}, **options)
    held = one.converse_stream(**ask())
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(other.converse, **ask())
        assert wait([waiting], 1).not_done
        held["stream"].close()
        record = waiting.result(60)["ResponseMetadata"]["CrossRegion"]
    assert record["Waited"] > 0
    assert asked(emulator) == [PRIMARY, PRIMARY]


async def test_throttling_narrows_what_is_under_way(emulator, options):
    router = outcrop.AsyncCrossRegion(MODEL, limits={"concurrency": "adaptive"}, **{**options, "sources": [PRIMARY]})
    assert router.health()[0].concurrency_limit == 20
    emulator.fault("throttling", operation="Converse", times=1)
    await router.converse(**ask())
    assert router.health()[0].concurrency_limit == pytest.approx(14)
    await asyncio.gather(*(router.converse(**ask(str(number))) for number in range(50)))
    assert 14 < router.health()[0].concurrency_limit < 20


async def test_only_streams_are_hedged(emulator, options):
    """A whole answer has no first token to be late."""
    emulator.fault("latency", region=PRIMARY, operation="Converse", seconds=0.3)
    emulator.fault("latency", region=PRIMARY, operation="ConverseStream", seconds=60)
    router = outcrop.AsyncCrossRegion(MODEL, hedge={"after": 0.05, "share": 1.0}, **options)
    whole = await router.converse(**ask())
    assert not whole["ResponseMetadata"]["CrossRegion"]["Hedged"]
    assert asked(emulator) == [PRIMARY]
    streamed = await router.converse_stream(**ask())
    assert streamed["ResponseMetadata"]["CrossRegion"]["Hedged"]
    assert asked(emulator) == [PRIMARY, PRIMARY, SECOND]
    streamed["stream"].close()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"breaker": {"windows": 1}},
            ValueError,
            r"unknown key of breaker 'windows' \(did you mean window\?\); there are: window",
        ),
        ({"breaker": {"probes": 1.5}}, TypeError, r'breaker\["probes"\] must be an int, not float'),
        ({"breaker": {"error_rate": 2}}, ValueError, "is a share of calls, so at most 1, not 2"),
        ({"hedge": {"after": 1, "whole": True}}, ValueError, "unknown key of hedge 'whole'; there are: after, share"),
        ({"hedge": {"share": 0.1}}, ValueError, 'hedge needs "after"'),
        ({"limits": {"burndown_rate": 0}}, ValueError, r'limits\["burndown_rate"\] must be more than 0, not 0'),
        ({"limits": {"concurrency": 0}}, ValueError, r'limits\["concurrency"\] must be 1 or more, not 0'),
        ({"endpoint_urls": {"eu-west-1": "http://x"}}, ValueError, "'eu-west-1', which is not among the sources"),
        ({"catalogue": "none"}, ValueError, "catalogue must be one of auto, live, snapshot, not 'none'"),
        ({"sources": []}, ValueError, "sources must name at least one"),
        ({"colour": "red"}, TypeError, "unknown argument 'colour'; there are: sources, geographies, residency"),
        ({"regions": []}, TypeError, r"unknown argument 'regions' \(did you mean sources\?\); there are: sources, geo"),
        ({"region": "eu-west-1"}, TypeError, r"unknown argument 'region' \(did you mean region_name\?\); there are"),
        ({"residence": "eu"}, TypeError, r"unknown argument 'residence' \(did you mean residency\?\); there are"),
    ],
)
def test_arguments_that_cannot_be_are_refused(options, arguments, error, message):
    with pytest.raises(error, match=message):
        outcrop.CrossRegion(MODEL, **{**options, **arguments})


def test_a_router_without_a_model_is_told_so_by_its_own_name():
    with pytest.raises(TypeError, match=r"^CrossRegion\(\) missing 1 required positional argument: 'model'$"):
        outcrop.CrossRegion(modelId="us.amazon.nova-lite-v1:0")
