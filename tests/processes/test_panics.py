"""A bug below ends the call that met it, as an `Exception`, and nothing else."""

from __future__ import annotations

import asyncio
import gc
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
from outcrop import _native
from outcrop.cross_region import HeldClock
from outcrop.emulator import Emulator
from outcrop.exceptions import BotoCoreError, InternalError

MODEL = "us.amazon.nova-lite-v1:0"
MARKER = "tell-nobody-4711"
ASK = {
    "messages": [{"role": "user", "content": [{"text": MARKER}]}],
    "inferenceConfig": {"temperature": 0, "maxTokens": 50},
}


async def gathered(results):
    return [result async for result in results]


async def streamed(client):
    return await gathered((await client.converse_stream(**ASK))["stream"])


CALLS = {
    "call": (lambda client: client.converse(**ASK), lambda client: client.converse(**ASK)),
    "stream": (lambda client: list(client.converse_stream(**ASK)["stream"]), streamed),
    "batch": (
        lambda client: list(client.batch("converse", [ASK], errors="raise")),
        lambda client: gathered(client.batch("converse", [ASK], errors="raise")),
    ),
}


@pytest.fixture(params=["sync", "async"])
def awaited(request):
    return request.param == "async"


@pytest.fixture(params=CALLS)
def call(request, awaited):
    """Makes a call of some kind by a client."""
    function = CALLS[request.param][awaited]
    if not awaited:
        return function
    return lambda client: asyncio.run(_in_a_task(function, client))


async def _in_a_task(function, client):
    return await function(client)


def through_a_cache(emulator, awaited, clock):
    make = emulator.async_client if awaited else emulator.client
    client = make("bedrock-runtime", cache=outcrop.Cache(clock=clock))
    return client, {"modelId": MODEL}


def through_a_router(emulator, awaited, clock):
    make = outcrop.AsyncCrossRegion if awaited else outcrop.CrossRegion
    keys = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    usual = {"sources": ["us-east-1", "us-west-2"], "geographies": ["us"], "residency": "us", "catalogue": "snapshot"}
    return make("amazon.nova-lite-v1:0", clock=clock, **usual, **keys), {}


ODD = [0, -1, 2**63 - 1, 2**64 - 1, 2**64, 1e18, 1.9e19, float("nan"), float("inf"), "", "\0", "\ud800", "us-east-1"]
ODD += ["{}", "[]", "s3://a/b", b"", None, [], ["a"], {}, {"a": ["a"]}, (None, None), (2**64 - 1, 2**64 - 1)]


@given(data=st.data())
@settings(max_examples=400)
def test_the_emulators_own_class_refuses_odd_values_in_words(data):
    """Whatever a number, a text or a rule is: no bug is met, and the emulator goes on."""
    native = Emulator()._native
    names = [name for name in dir(native) if not name.startswith("_") and name not in {"start", "stop"}]
    for _ in range(data.draw(st.integers(1, 4))):
        method = getattr(native, data.draw(st.sampled_from(names)))
        given_arguments = [
            name.partition("=")[0].strip()
            for name in (method.__text_signature__ or "()").strip("()").split(",")
            if name.strip() not in {"", "$self", "/", "*"}
        ]
        drawn = {name: data.draw(st.sampled_from(ODD), label=name) for name in given_arguments}
        if "seconds" in drawn and method.__name__ in {"settle_journal", "flush_logs"}:
            drawn["seconds"] = 0.0
        try:
            method(**drawn)
        except InternalError:
            raise
        except (TypeError, ValueError, OverflowError, RuntimeError, AttributeError):
            pass
    assert native.now() >= 0
    assert native.journal_length() == 0


@pytest.mark.parametrize(
    "moment", [datetime(1969, 12, 31, tzinfo=timezone.utc), datetime.min.replace(tzinfo=timezone.utc)]
)
def test_a_clock_has_a_first_moment_and_a_last(emulator, moment):
    with pytest.raises(ValueError, match="no further back than 1970"):
        emulator.clock.hold(moment)
    with pytest.raises(ValueError, match="no further than the year 9999"):
        emulator.clock.advance(timedelta(days=3_650_000))
    emulator.clock.hold(datetime(9999, 12, 31, tzinfo=timezone.utc))
    assert emulator.clock.now().year == 9999
    assert emulator.client("bedrock").list_inference_profiles()["inferenceProfileSummaries"]


@pytest.mark.parametrize("made", [through_a_cache, through_a_router])
def test_a_panic_ends_one_call(emulator, awaited, call, made, capfd):
    """It comes out of the depth of the core, where a clock is asked."""
    clock = HeldClock()
    client, model = made(emulator, awaited, clock)
    ASK.pop("modelId", None)
    ASK.update(model)
    clock._native.fail_once()
    with pytest.raises(InternalError) as caught:
        call(client)
    assert isinstance(caught.value, BotoCoreError)
    assert str(caught.value) == (
        "a bug in outcrop ended this call: please report it, with the lines on stderr that begin with 'thread'; "
        "the client can be used further"
    )
    assert call(client)
    said = capfd.readouterr()
    assert MARKER not in said.err + said.out + repr(caught.value)
    assert "the clock was told to fail once" in said.err


@pytest.mark.parametrize("events", [0, 1])
def test_a_panic_while_a_stream_is_read_ends_the_stream(emulator, awaited, events, capfd):
    clock = HeldClock()
    router, model = through_a_router(emulator, awaited, clock)
    ASK.pop("modelId", None)
    ASK.update(model)

    def sync():
        stream = iter(router.converse_stream(**ASK)["stream"])
        for _ in range(events):
            next(stream)
        clock._native.fail_once()
        with pytest.raises(InternalError):
            list(stream)
        assert list(stream) == []

    async def asynchronous():
        # What comes is read ahead, so it must not have ended by itself before the clock fails.
        emulator.fault("stall", after_events=3)
        stream = aiter((await router.converse_stream(**ASK))["stream"])
        for _ in range(events):
            await anext(stream)
        clock._native.fail_once()
        emulator.stop()
        with pytest.raises(InternalError):
            await gathered(stream)
        assert await gathered(stream) == []

    asyncio.run(asynchronous()) if awaited else sync()
    assert "told to fail" in capfd.readouterr().err


def test_one_of_many_that_wake_together_does_not_take_the_others_along(emulator, capfd):
    clock = HeldClock()
    client, model = through_a_cache(emulator, awaited=True, clock=clock)

    async def many():
        clock._native.fail_once()
        asks = [
            {**ASK, **model, "messages": [{"role": "user", "content": [{"text": f"{MARKER} {number}"}]}]}
            for number in range(20)
        ]
        return await asyncio.gather(*(client.converse(**ask) for ask in asks), return_exceptions=True)

    results = asyncio.run(many())
    assert sum(isinstance(result, InternalError) for result in results) == 1
    assert sum(isinstance(result, dict) for result in results) == 19
    assert "told to fail" in capfd.readouterr().err


@pytest.mark.parametrize("timeout", [-1.0, -float("inf"), 1e300, float("inf")])
def test_no_number_of_seconds_is_too_odd_to_wait_for(emulator, timeout):
    """A pause comes out of a header of Bedrock's."""
    client = emulator.client("bedrock-runtime")
    calls = _native.Calls(client._native)
    calls.start(3, "Converse", {**ASK, "modelId": MODEL})
    taken = calls.take(timeout)
    while taken is None:
        taken = calls.take(None)
    assert taken[0] == 3
    with pytest.raises(ValueError, match="timeout must be a number of seconds, not nan"):
        calls.take(float("nan"))
    gc.collect()
