"""Ids that nobody should send, by every way there is to name a model: nothing leaves a residency by them."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import outcrop
from outcrop import exceptions
from outcrop.cli import main
from outcrop.cross_region import HeldClock
from outcrop.langchain import BedrockEmbeddings, ChatBedrock, ChatBedrockConverse

from .conftest import CLAUDE_BODY, MODEL, ask
from .world import Version, World

HOME, ABROAD = "us-east-1", "eu-west-1"
US, GLOBAL, EU = (f"{geography}.{MODEL}" for geography in ("us", "global", "eu"))
INSIDE = ["us-east-1", "us-east-2", "us-west-2"]
LISTED = Version(
    {
        HOME: {US: tuple(INSIDE), GLOBAL: ("", HOME), EU: (ABROAD,)},
        ABROAD: {US: (*INSIDE, ABROAD), GLOBAL: ("", ABROAD), EU: (ABROAD,)},
    }
)
ACCOUNT, STRANGER = "123456789012", "210987654321"
ODD = [
    # Other models and profiles, by forms that a reader takes for the one or the other.
    GLOBAL,
    EU,
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:inference-profile/{GLOBAL}",
    f"arn:aws:bedrock:{HOME}:{STRANGER}:inference-profile/{GLOBAL}",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:inference-profile/{EU}",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:application-inference-profile/abcdefgh1234",
    f"arn:aws:bedrock:{HOME}:{STRANGER}:application-inference-profile/abcdefgh1234",
    f"arn:aws:bedrock:{ABROAD}:{ACCOUNT}:application-inference-profile/abcdefgh1234",
    f"arn:aws:bedrock:{ABROAD}::foundation-model/{MODEL}",
    # What is not routed at all.
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:provisioned-model/abcdefgh1234",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:imported-model/abcdefgh1234",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:custom-model-deployment/abcdefgh1234",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:default-prompt-router/anthropic.claude:1",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:prompt/ABCDEFGHIJ:1",
    f"arn:aws:sagemaker:{HOME}:{ACCOUNT}:endpoint/mine",
    f"arn:aws:s3:::{MODEL}",
    "arn:aws:iam::123456789012:role/admin",
    # Other partitions.
    f"arn:aws-cn:bedrock:cn-north-1:{ACCOUNT}:inference-profile/{US}",
    f"arn:aws-us-gov:bedrock:us-gov-west-1:{ACCOUNT}:inference-profile/us-gov.{MODEL}",
    f"arn:aws-us-gov:bedrock:{HOME}:{ACCOUNT}:inference-profile/us-gov.{MODEL}",
    # ARNs that are none.
    "arn:",
    "arn:aws:bedrock",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:inference-profile/",
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:inference-profile/../{GLOBAL}",
    f"ARN:AWS:BEDROCK:{HOME}:{ACCOUNT}:INFERENCE-PROFILE/{US}",
    f"arn:aws:bedrock:{HOME}@{ABROAD}:{ACCOUNT}:inference-profile/{US}",
    # What a URL would make something else of.
    f"../{MODEL}",
    f"../../model/{GLOBAL}",
    f"{US}/../{GLOBAL}",
    f"{US}%2f..%2f{GLOBAL}",
    f"us%2E{MODEL}",
    f"{US}?x=1",
    f"{US}#",
    f"{US}@{ABROAD}",
    f"//bedrock-runtime.{ABROAD}.amazonaws.com/{US}",
    "http://169.254.169.254/latest",
    # Letters that look like others, blanks, and what is no letter.
    f"us.\u0430nthropic{MODEL.removeprefix('anthropic')}",
    f"\uff55\uff53.{MODEL}",
    US.upper(),
    f"US.{MODEL}",
    f" {US}",
    f"{US} ",
    f"{US}\n",
    f"\t{US}",
    f"{US}\r\nHost: elsewhere",
    f"{US}\0",
    f"us.\u200b{MODEL}",
    f"us.\u202e{MODEL}",
    "",
    " ",
    ".",
    "..",
    "x" * 5000,
    f"us.us.{MODEL}",
    f"us..{MODEL}",
    f".{MODEL}",
    f"{US}:0",
]
SAME = [
    US,
    f"arn:aws:bedrock:{HOME}:{ACCOUNT}:inference-profile/{US}",
    f"arn:aws:bedrock:{HOME}:{STRANGER}:inference-profile/{US}",
    f"arn:aws:bedrock:{ABROAD}:{ACCOUNT}:inference-profile/{US}",
    f"arn:aws:bedrock:::inference-profile/{US}",
]
"""Other names of the very profile that may be called from one of the sources, and of no other."""
REFUSALS = (exceptions.ClientError, exceptions.OutcropError, LookupError, ValueError, TypeError)


@pytest.fixture(scope="module")
def world():
    with World([HOME, ABROAD], LISTED) as servers:
        yield servers


def connection(world, *sources):
    return {"residency": "us", "clock": HeldClock(), **world.connection(*(sources or (HOME, ABROAD)))}


def run(answer):
    """Waits for an answer of either kind, and reads a stream to its end."""

    async def awaited():
        found = await answer
        if "stream" in found:
            async for _ in found["stream"]:
                pass

    if asyncio.iscoroutine(answer):
        asyncio.run(awaited())
    else:
        list(answer.get("stream", ()))


def drained(batch):
    async def awaited():
        return [result async for _, result in batch]

    return asyncio.run(awaited()) if hasattr(batch, "__aiter__") else [result for _, result in batch]


def by_router(kind, operation):
    def call(world, name):
        for sources in ((HOME, ABROAD), (HOME,), (ABROAD,)):
            with contextlib.suppress(*REFUSALS):
                router = kind(name, **connection(world, *sources))
                run(getattr(router, operation)(**({"body": CLAUDE_BODY} if "invoke" in operation else ask())))

    return call


def by_argument(kind):
    """A router of a model that may be called is told another in a call, or in a request of a batch."""

    def call(world, name):
        router = kind(MODEL, geographies=["us"], **connection(world))
        with contextlib.suppress(*REFUSALS):
            run(router.converse(modelId=name, **ask()))
        with contextlib.suppress(*REFUSALS):
            for result in drained(router.batch("converse", [{"modelId": name, **ask()}])):
                assert isinstance(result, REFUSALS)

    return call


def by_cache(world, name):
    """What is known of one id answers for no other."""
    with outcrop.CrossRegion(MODEL, geographies=["us"], cache=outcrop.Cache(), **connection(world)) as router:
        router.converse(**ask())
        assert len(world.take()) == 1
        for _ in range(2):
            with contextlib.suppress(*REFUSALS):
                answer = router.converse(modelId=name, **ask())
                assert name in (US, MODEL), answer


def by_chat_model(make, *, awaited):
    def call(world, name):
        told = {k: v for k, v in connection(world).items() if k in ("sources", "residency", "endpoint_urls", "shared")}
        keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
        with contextlib.suppress(*REFUSALS):
            model = make(
                model=name,
                cross_region=told,
                region_name=HOME,
                endpoint_url=world.connection(HOME)["endpoint_url"],
                **keys,
                **({} if make is BedrockEmbeddings else {"provider": "anthropic"}),
            )
            if make is BedrockEmbeddings:
                asyncio.run(model.aembed_query("hello")) if awaited else model.embed_query("hello")
            else:
                asyncio.run(model.ainvoke("hello")) if awaited else model.invoke("hello")

    return call


WAYS = {
    **{
        f"{kind.__name__}.{operation}": by_router(kind, operation)
        for kind in (outcrop.CrossRegion, outcrop.AsyncCrossRegion)
        for operation in ("converse", "converse_stream", "invoke_model")
    },
    "an argument": by_argument(outcrop.CrossRegion),
    "an argument, awaited": by_argument(outcrop.AsyncCrossRegion),
    "a cache": by_cache,
    **{
        f"{make.__name__}{', awaited' if awaited else ''}": by_chat_model(make, awaited=awaited)
        for make in (ChatBedrockConverse, ChatBedrock, BedrockEmbeddings)
        for awaited in (False, True)
    },
}


@pytest.mark.filterwarnings("ignore:the base model behind")
@pytest.mark.parametrize("way", WAYS)
def test_nothing_leaves_by_an_odd_id(world, way):
    for name in ODD:
        WAYS[way](world, name)
        assert world.take() == [], name


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("a cache", "an argument", "an argument, awaited")])
def test_another_name_of_a_profile_leads_no_further(world, way):
    for name in SAME:
        WAYS[way](world, name)
        sent = world.take()
        assert {(it.region, it.model_id) for it in sent} <= {(HOME, US)}, name
        assert sent or name != US


@given(st.text(max_size=60) | st.tuples(st.sampled_from(ODD), st.text(max_size=5)).map("".join))
def test_whatever_is_given_for_an_id(world, name):
    for way in ("CrossRegion.converse", "an argument"):
        WAYS[way](world, name)
    if name not in (*SAME, MODEL):
        assert world.take() == []


def ended(arguments):
    try:
        return main(arguments)
    except SystemExit as end:
        return end.code


def test_the_command_line_says_yes_to_none(capsys):
    for name in ODD:
        arguments = ["plan", "--source", HOME, "--residency", "us", "--catalogue", "snapshot", "--", name]
        assert ended(arguments) != 0, name
        said = capsys.readouterr()
        assert " yes" not in said.out, name
        assert "Traceback" not in said.out + said.err
        # A terminal must not be told by an id what to do.
        assert not {"\0", "\r", "\x1b"} & set(said.out + said.err)


def test_a_router_writes_to_no_bucket(world):
    """An id of a bucket does not tell its Region, so what reads or writes there is not routed."""
    for kind in (outcrop.CrossRegion, outcrop.AsyncCrossRegion):
        router = kind(MODEL, geographies=["us"], **connection(world))
        for name in ("start_async_invoke", "create_model_invocation_job", "list_async_invokes"):
            with pytest.raises(AttributeError):
                getattr(router, name)
        with pytest.raises(ValueError, match="batch"):
            router.batch("start_async_invoke", [{"modelId": US, "modelInput": {}}])
    assert world.take() == []
