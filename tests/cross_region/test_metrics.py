"""What a router counts, held against the emulator's journal, through both sides."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

import outcrop
from outcrop import exceptions
from outcrop._metrics import Metrics

from .conftest import MODEL, ask

PRIMARY, SECOND = "us-east-1", "us-west-2"
PROFILE = f"us.{MODEL}"


@pytest.fixture
def options(emulator):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    return {"sources": [PRIMARY, SECOND], "geographies": ["us"], "shared": False, **connection}


@pytest.fixture(params=["blocking", "asynchronous"])
def side(request, options):
    """`side(operation, **arguments)` reads the whole answer; `side.router` is the router."""
    blocking = request.param == "blocking"
    router = (outcrop.CrossRegion if blocking else outcrop.AsyncCrossRegion)(MODEL, **options)

    async def awaited(operation, arguments):
        answer = await getattr(router, operation)(**arguments)
        return [event async for event in answer["stream"]] if "stream" in answer else answer

    def call(operation, **arguments):
        if not blocking:
            return asyncio.run(awaited(operation, arguments))
        answer = getattr(router, operation)(**arguments)
        return list(answer["stream"]) if "stream" in answer else answer

    call.router = router
    return call


def counted(several):
    return {tuple(it.labels[name] for name in ("region", "operation", "outcome")): it.calls for it in several}


def test_calls_go_to_the_target_that_answered_and_attempts_to_each(side, emulator):
    emulator.fault("throttling", region=PRIMARY, operation="Converse", times=2)
    for _ in range(3):
        side("converse", **ask())
    events = side("converse_stream", **ask())
    metrics = side.router.metrics()
    assert counted(metrics) == {
        (SECOND, "Converse", "ok"): 2,
        (PRIMARY, "Converse", "ok"): 1,
        (PRIMARY, "ConverseStream", "ok"): 1,
    }
    journal = Counter(
        (entry.region, entry.operation, entry.error_code or "ok")
        for entry in emulator.journal
        if entry.service == "bedrock-runtime"
    )
    assert counted(metrics.attempts) == journal
    assert {it.labels["target"] for it in (*metrics, *metrics.attempts)} == {PROFILE}
    by_call = {(it.labels["region"], it.labels["operation"]): it for it in metrics}
    assert by_call[SECOND, "Converse"].retries == 2
    for (region, operation), series in by_call.items():
        answered = [it for it in emulator.journal.where(operation=operation, region=region) if it.error_code is None]
        assert series.input_tokens == sum(it.input_tokens for it in answered)
        assert series.output_tokens == sum(it.output_tokens for it in answered)
    stream = by_call[PRIMARY, "ConverseStream"]
    assert (stream.events, stream.first_event.count) == (len(events), 1)
    assert 0 < stream.first_event.sum <= stream.latency.sum
    # A call waits for its attempts and for what lies between them.
    attempts = sum(it.latency.sum for it in metrics.attempts)
    assert sum(it.latency.sum for it in metrics) >= attempts
    assert [count for _, count in (*metrics.in_flight, *metrics.attempts_in_flight)] == [0, 0, 0]


def test_a_session_s_clients_do_not_count_a_router_s_calls(emulator):
    session = outcrop.Session(**emulator.connection)
    outcrop.CrossRegion(MODEL, geographies=["us"], session=session, shared=False).converse(**ask())
    assert session.client("bedrock-runtime").metrics().calls == 0


def test_what_is_sent_nowhere_is_counted_without_a_target(side):
    with pytest.raises(exceptions.ParamValidationError):
        side("converse", modelId="another.model-v1:0", **ask())
    assert counted(side.router.metrics()) == {("", "Converse", "invalid"): 1}
    strict = type(side.router)(MODEL, geographies=["us"], residency={"us-east-1"}, sources=[PRIMARY], shared=False)
    assert strict.metrics().calls == 0


def test_errors_of_the_last_target_and_of_a_stream_that_breaks_off(side, emulator):
    emulator.fault("throttling", operation="Converse")
    with pytest.raises(exceptions.ThrottlingException):
        side("converse", **ask())
    emulator.clear_rules()
    emulator.fault("exception", operation="ConverseStream", after_events=4)
    with pytest.raises(exceptions.ClientError):
        side("converse_stream", **ask())
    metrics = side.router.metrics()
    outcomes = Counter(it.labels["outcome"] for it in metrics)
    assert outcomes["ThrottlingException"] == 1
    [stream] = [it for it in metrics if it.labels["operation"] == "ConverseStream"]
    assert stream.labels["outcome"] != "ok"
    assert stream.events > 0
    throttled = [it for it in metrics.attempts if it.labels["outcome"] == "ThrottlingException"]
    assert sum(it.calls for it in throttled) == metrics.series[0].retries + 1


def test_a_stream_under_way_is_in_flight_and_one_that_is_left_is_abandoned(options):
    router = outcrop.CrossRegion(MODEL, **options)
    with router.converse_stream(**ask())["stream"] as stream:
        next(iter(stream))
        metrics = router.metrics()
        assert [count for _, count in metrics.in_flight] == [1]
        assert {labels["region"]: count for labels, count in metrics.attempts_in_flight} == {PRIMARY: 1}
    metrics = router.metrics()
    assert counted(metrics) == counted(metrics.attempts) == {(PRIMARY, "ConverseStream", "abandoned"): 1}
    assert [count for _, count in metrics.in_flight] == [0]


def test_breakers_budget_and_text_for_prometheus(options):
    router = outcrop.CrossRegion(MODEL, **options)
    router.converse(**ask())
    router.force(PRIMARY, "open")
    metrics = router.metrics()
    states = {
        it.labels["region"]: it.labels["state"] for it in metrics.samples if it.name == "breaker_state" and it.value
    }
    assert states == {PRIMARY: "open", SECOND: "closed"}
    text = metrics.to_prometheus()
    lines = text.splitlines()
    target = f'region="{PRIMARY}",target="{PROFILE}"'
    assert f'outcrop_attempts_total{{service="bedrock-runtime",{target},operation="Converse",outcome="ok"}} 1' in lines
    assert f'outcrop_breaker_state{{{target},state="open"}} 1' in lines
    assert f'outcrop_breaker_state{{{target},state="closed"}} 0' in lines
    assert "outcrop_retry_budget_tokens 500" in lines
    assert "outcrop_hedges_total 0" in lines
    types = Counter(line.split()[2] for line in lines if line.startswith("# TYPE"))
    assert set(types.values()) == {1}
    html = metrics._repr_html_()
    assert "Attempts" in html
    assert "0 attempts under way" in html
    [row] = metrics.to_dicts()
    assert (row["region"], row["target"], row["calls"]) == (PRIMARY, PROFILE, 1)
    both = Metrics.together([metrics, outcrop.CrossRegion(MODEL, **options).metrics()])
    assert both.calls == 1
    assert len(both.attempts) == 1


def test_both_sides_of_one_router_share_their_counters(options):
    router = outcrop.CrossRegion(MODEL, **options)
    router.converse(**ask())
    assert router._twin().metrics().calls == 1
