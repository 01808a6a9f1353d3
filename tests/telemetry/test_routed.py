"""Spans of routers and batches."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

import outcrop
from outcrop import _native, telemetry
from outcrop.cross_region import _store
from tests.telemetry.test_metrics import PROFILE, REQUEST, session
from tests.telemetry.test_spans import Watched, watched

__all__ = ["watched"]

MODEL = PROFILE.partition(".")[2]
PRIMARY, SECOND = "us-east-1", "us-west-2"
MESSAGES = {"messages": REQUEST["messages"]}


@pytest.fixture(params=["blocking", "asynchronous"])
def make_side(request: pytest.FixtureRequest, emulator: Any) -> Any:
    _store.forget()
    _native.forget_targets()
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    blocking = request.param == "blocking"
    kind = outcrop.CrossRegion if blocking else outcrop.AsyncCrossRegion

    def make(**options: Any) -> Any:
        router: Any = kind(MODEL, sources=[PRIMARY, SECOND], geographies=["us"], shared=False, **connection, **options)

        async def awaited(operation: str, arguments: dict[str, Any]) -> Any:
            answer = await getattr(router, operation)(**arguments)
            return [event async for event in answer["stream"]] if "stream" in answer else answer

        def call(operation: str, **arguments: Any) -> Any:
            if not blocking:
                return asyncio.run(awaited(operation, arguments))
            answer = getattr(router, operation)(**arguments)
            return list(answer["stream"]) if "stream" in answer else answer

        call.router = router  # type: ignore[attr-defined]
        return call

    return make


@pytest.fixture
def side(make_side: Any) -> Any:
    return make_side()


@pytest.mark.parametrize("operation", ["converse", "converse_stream"])
def test_a_span_tells_whether_its_conversation_is_where_it_was(
    watched: Watched, make_side: Any, emulator: Any, operation: str
) -> None:
    side = make_side(affinity="prefix")
    for state in ("new", "kept"):
        side(operation, **MESSAGES)
        assert watched.span.attributes["outcrop.affinity"] == state
        watched.exporter.clear()
    emulator.fault("throttling", region=PRIMARY, times=1)
    side(operation, **MESSAGES)
    assert watched.span.attributes["outcrop.affinity"] == "moved"


@pytest.mark.parametrize("operation", ["converse", "converse_stream"])
def test_attempts_of_a_router_are_events(watched: Watched, side: Any, emulator: Any, operation: str) -> None:
    name = {"converse": "Converse", "converse_stream": "ConverseStream"}[operation]
    emulator.fault("throttling", region=PRIMARY, operation=name, times=1)
    side(operation, **MESSAGES)
    span = watched.span
    assert (span.name, span.status.status_code) == (f"chat {MODEL}", StatusCode.UNSET)
    assert span.attributes["cloud.region"] == SECOND
    assert span.attributes["outcrop.target.model"] == PROFILE
    assert "server.address" not in span.attributes
    assert span.attributes["gen_ai.usage.output_tokens"] > 0
    entries = [entry for entry in emulator.journal if entry.service == "bedrock-runtime"]
    assert len(span.events) == len(entries) == 2
    for number, (event, entry) in enumerate(zip(span.events, entries, strict=True), 1):
        assert event.name == "attempt"
        told = dict(event.attributes)
        assert told.pop("outcrop.attempt.duration") > 0
        assert told.pop("outcrop.attempt.back_off") >= 0
        assert told == {
            "outcrop.attempt.number": number,
            "cloud.region": entry.region,
            "gen_ai.request.model": PROFILE,
            "aws.request_id": entry.request_id,
            **({"error.type": "ThrottlingException"} if number == 1 else {}),
        }
        assert entry.headers["traceparent"].split("-")[2] == f"{span.context.span_id:016x}"
    [duration] = watched.metric("gen_ai.client.operation.duration")
    assert duration.attributes["cloud.region"] == SECOND


def test_a_call_that_all_targets_refuse(watched: Watched, side: Any, emulator: Any) -> None:
    emulator.fault("throttling", operation="Converse")
    with pytest.raises(outcrop.exceptions.ThrottlingException) as raised:
        side("converse", **MESSAGES)
    route = raised.value.response["ResponseMetadata"]["CrossRegion"]["Attempts"]
    attempts = [event for event in watched.span.events if event.name == "attempt"]
    assert [event.attributes["cloud.region"] for event in attempts] == [it["Target"]["SourceRegion"] for it in route]
    assert [event.attributes["outcrop.attempt.back_off"] for event in attempts] == [it["BackOff"] for it in route]
    assert watched.span.attributes["error.type"] == "ThrottlingException"


def test_a_router_that_has_no_target_ends_its_span(watched: Watched, side: Any) -> None:
    for region in (PRIMARY, SECOND):
        side.router.force(region, None)
    with pytest.raises(outcrop.exceptions.ParamValidationError):
        side("converse", modelId="another.model-v1:0", **MESSAGES)
    assert watched.span.attributes["error.type"] == "ParamValidationError"
    assert not [event for event in watched.span.events if event.name == "attempt"]


def test_off_puts_the_router_s_methods_back(emulator: Any) -> None:
    plain = outcrop.CrossRegion.converse
    on = Watched()
    assert outcrop.CrossRegion.converse is not plain
    assert outcrop.CrossRegion.converse.__doc__ == plain.__doc__
    on.close()
    assert outcrop.CrossRegion.converse is plain


def test_content_of_a_router_s_stream_on_request(side: Any) -> None:
    watched = Watched(capture_content=True)
    try:
        events = side("converse_stream", **MESSAGES)
    finally:
        watched.close()
    assert watched.span.attributes["gen_ai.output.messages"].count("contentBlockDelta") == sum(
        "contentBlockDelta" in event for event in events
    )


def test_each_call_of_a_batch_is_a_span(watched: Watched, emulator: Any) -> None:
    client = session(emulator).client("bedrock-runtime")
    refused = {**REQUEST, "modelId": "us.no.such-model-v1:0"}
    wrong = {"modelId": PROFILE, "messages": "hello"}
    results = dict(client.batch("converse", [REQUEST, refused, REQUEST, wrong]))
    assert len(results) == 4
    errors = [span.attributes.get("error.type") for span in watched.exporter.get_finished_spans()]
    assert sorted(errors, key=str) == [None, None, "ParamValidationError", "ValidationException"]
    ids = {span.context.span_id for span in watched.exporter.get_finished_spans()}
    sent = {int(entry.headers["traceparent"].split("-")[2], 16) for entry in emulator.journal}
    assert len(sent) == 3
    assert sent < ids


def test_what_a_batch_leaves_ends_its_spans(watched: Watched, emulator: Any) -> None:
    emulator.fault("latency", operation="Converse", text="wait", seconds=60)
    client = session(emulator).client("bedrock-runtime")
    waits = {"modelId": PROFILE, "messages": [{"role": "user", "content": [{"text": "wait"}]}]}
    with client.batch("converse", [waits, REQUEST, waits]) as batch:
        assert next(batch)[0] == 1
    errors = [span.attributes.get("error.type") for span in watched.exporter.get_finished_spans()]
    assert errors == [None, "Cancelled", "Cancelled"]


async def test_an_asynchronous_batch_has_spans_too(watched: Watched, emulator: Any) -> None:
    client = session(emulator).async_client("bedrock-runtime")
    assert len([each async for each in client.batch("converse", [REQUEST] * 3)]) == 3
    assert len(watched.exporter.get_finished_spans()) == 3


def test_a_second_instrument_with_the_same_meters_goes_on_counting(emulator: Any) -> None:
    watched = Watched()
    try:
        client = session(emulator).client("bedrock-runtime")
        client.converse(**REQUEST)
        telemetry.instrument(tracer_provider=watched.provider, meter_provider=watched.meters)
        client.converse(**REQUEST)
        [duration] = watched.metric("gen_ai.client.operation.duration")
        assert duration.count == 2
    finally:
        watched.close()
