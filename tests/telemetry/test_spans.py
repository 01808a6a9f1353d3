"""Spans and metrics as OpenTelemetry's own SDK sees them, through both sides."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

import outcrop
from outcrop import telemetry
from outcrop._clients import BedrockRuntimeClient
from outcrop.telemetry._recorder import Recorder
from tests.support.server import ANSWER, Server, json_answer
from tests.support.sides import KEYS, call_once
from tests.telemetry.test_metrics import BODY, PROFILE, REQUEST, session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop.emulator import Emulator


class Watched:
    """Telemetry into memory."""

    def __init__(self, **options: Any) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider([self.reader])
        telemetry.instrument(tracer_provider=self.provider, meter_provider=self.meters, **options)

    @property
    def span(self) -> Any:
        [span] = self.exporter.get_finished_spans()
        return span

    def metric(self, name: str) -> list[Any]:
        data = self.reader.get_metrics_data()
        metrics = [] if data is None else data.resource_metrics[0].scope_metrics[0].metrics
        return [point for metric in metrics if metric.name == name for point in metric.data.data_points]

    def close(self) -> None:
        telemetry.uninstrument()
        self.provider.shutdown()
        self.meters.shutdown()


@pytest.fixture
def watched() -> Iterator[Watched]:
    made = Watched()
    yield made
    made.close()


@pytest.fixture(params=["blocking", "asynchronous"])
def side(request: pytest.FixtureRequest, emulator: Emulator) -> Any:
    made = session(emulator, retries={"max_attempts": 2})
    client: Any = (
        made.client("bedrock-runtime") if request.param == "blocking" else made.async_client("bedrock-runtime")
    )

    async def awaited(operation: str, arguments: dict[str, Any]) -> Any:
        answer = await getattr(client, operation)(**arguments)
        member = "stream" if "stream" in answer else "body"
        if operation.endswith("stream"):
            answer[member] = [event async for event in answer[member]]
        return answer

    def call(operation: str, **arguments: Any) -> Any:
        if request.param == "asynchronous":
            return asyncio.run(awaited(operation, arguments))
        answer = getattr(client, operation)(**arguments)
        member = "stream" if "stream" in answer else "body"
        if operation.endswith("stream"):
            answer[member] = list(answer[member])
        return answer

    return call


def test_a_call_is_a_span_of_the_conventions(watched: Watched, side: Any, emulator: Emulator) -> None:
    config = {"maxTokens": 20, "temperature": 0.5, "stopSequences": ["."]}
    answer = side("converse", **REQUEST, inferenceConfig=config)
    span = watched.span
    assert (span.name, span.kind, span.status.status_code) == (f"chat {PROFILE}", SpanKind.CLIENT, StatusCode.UNSET)
    usage = answer["usage"]
    assert dict(span.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "aws.bedrock",
        "gen_ai.request.model": PROFILE,
        "gen_ai.request.max_tokens": 20,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.stop_sequences": (".",),
        "gen_ai.response.finish_reasons": (answer["stopReason"],),
        "gen_ai.usage.input_tokens": usage["inputTokens"],
        "gen_ai.usage.output_tokens": usage["outputTokens"],
        **(
            {"gen_ai.usage.cache_read.input_tokens": usage["cacheReadInputTokens"]}
            if "cacheReadInputTokens" in usage
            else {}
        ),
        **(
            {"gen_ai.usage.cache_creation.input_tokens": usage["cacheWriteInputTokens"]}
            if "cacheWriteInputTokens" in usage
            else {}
        ),
        "aws.request_id": answer["ResponseMetadata"]["RequestId"],
        "cloud.region": "us-east-1",
        "rpc.method": "converse",
        "server.address": "127.0.0.1",
        "server.port": emulator.port,
    }
    [duration] = watched.metric("gen_ai.client.operation.duration")
    assert (duration.count, duration.attributes["gen_ai.operation.name"]) == (1, "chat")
    tokens = {point.attributes["gen_ai.token.type"]: point.sum for point in watched.metric("gen_ai.client.token.usage")}
    assert tokens == {"input": usage["inputTokens"], "output": usage["outputTokens"]}


def test_a_stream_ends_its_span_with_its_last_event(watched: Watched, side: Any) -> None:
    events = side("converse_stream", **REQUEST)["stream"]
    usage = next(event["metadata"]["usage"] for event in events if "metadata" in event)
    attributes = watched.span.attributes
    assert attributes["gen_ai.usage.output_tokens"] == usage["outputTokens"]
    assert attributes["gen_ai.response.finish_reasons"] == ("end_turn",)
    first = attributes["gen_ai.response.time_to_first_chunk"]
    assert 0 < first < (watched.span.end_time - watched.span.start_time) / 1e9
    [point] = watched.metric("gen_ai.client.operation.time_to_first_chunk")
    assert point.count == 1


@pytest.mark.parametrize("operation", ["invoke_model", "invoke_model_with_response_stream"])
def test_invoke_model_tells_its_tokens_too(watched: Watched, side: Any, emulator: Emulator, operation: str) -> None:
    side(operation, modelId=PROFILE, body=BODY)
    [entry] = emulator.journal
    assert watched.span.name == f"text_completion {PROFILE}"
    assert watched.span.attributes["gen_ai.usage.input_tokens"] == entry.input_tokens
    assert watched.span.attributes["gen_ai.usage.output_tokens"] == entry.output_tokens


def test_the_trace_goes_along(watched: Watched, side: Any, emulator: Emulator) -> None:
    with watched.provider.get_tracer("mine").start_as_current_span("mine") as mine:
        side("converse", **REQUEST)
    span = next(each for each in watched.exporter.get_finished_spans() if each.name != "mine")
    assert span.parent is not None
    assert span.parent.span_id == mine.get_span_context().span_id
    trace_id, span_id = span.context.trace_id, span.context.span_id
    # The last two digits are flags: sampled, and perhaps that the id is random.
    assert emulator.journal[0].headers["traceparent"].rpartition("-")[0] == f"00-{trace_id:032x}-{span_id:016x}"


@pytest.mark.parametrize("by", ["blocking", "async"])
def test_a_proxy_on_the_way_may_write_its_own_trace(watched: Watched, by: str) -> None:
    """The header is not signed, so the signature still holds then."""
    with Server(json_answer(ANSWER)) as server:
        call_once(by, endpoint_url=server.url, **KEYS)
        sent = server.take()
    assert sent.header("traceparent")
    signed = sent.header("authorization").partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert "host" in signed
    assert "traceparent" not in signed


def test_nothing_of_a_prompt_is_exported(watched: Watched, side: Any, emulator: Emulator) -> None:
    secret = "the password is plum"
    side("converse_stream", modelId=PROFILE, messages=[{"role": "user", "content": [{"text": secret}]}])
    with pytest.raises(outcrop.exceptions.ClientError):
        side("converse", modelId="no.such", messages=[{"role": "user", "content": [{"text": secret}]}])
    for span in watched.exporter.get_finished_spans():
        assert "plum" not in span.to_json()
    assert "plum" in emulator.journal[0].body.decode()


def test_content_on_request(side: Any) -> None:
    watched = Watched(capture_content=True)
    try:
        answer = side("converse", **REQUEST)
        side("converse_stream", **REQUEST)
        side("invoke_model", modelId=PROFILE, body=BODY)
    finally:
        watched.close()
    whole, streamed, invoked = (each.attributes for each in watched.exporter.get_finished_spans())
    assert json.loads(whole["gen_ai.input.messages"])["messages"] == REQUEST["messages"]
    assert json.loads(whole["gen_ai.output.messages"]) == [answer["output"]]
    assert any("contentBlockDelta" in event for event in json.loads(streamed["gen_ai.output.messages"]))
    assert json.loads(invoked["gen_ai.input.messages"])["body"] == BODY


def test_errors_have_a_type_and_no_text(watched: Watched, side: Any, emulator: Emulator) -> None:
    emulator.fault("throttling", operation="Converse", times=5)
    with pytest.raises(outcrop.exceptions.ThrottlingException):
        side("converse", **REQUEST)
    span = watched.span
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
    assert span.attributes["error.type"] == "ThrottlingException"
    assert [event.name for event in span.events] == ["attempt", "attempt", "exception"]
    [duration] = watched.metric("gen_ai.client.operation.duration")
    assert duration.attributes["error.type"] == "ThrottlingException"


def test_attempts_are_events(watched: Watched, side: Any, emulator: Emulator) -> None:
    emulator.fault("throttling", operation="Converse", times=1)
    side("converse", **REQUEST)
    first, second = watched.span.events
    assert {first.name, second.name} == {"attempt"}
    assert [event.attributes["outcrop.attempt.number"] for event in (first, second)] == [1, 2]
    assert (first.attributes["error.type"], "error.type" in second.attributes) == ("ThrottlingException", False)
    assert first.attributes["outcrop.attempt.back_off"] == 0
    assert second.attributes["outcrop.attempt.back_off"] > 0
    for event, entry in zip((first, second), emulator.journal, strict=True):
        assert event.attributes["aws.request_id"] == entry.request_id
        assert event.attributes["cloud.region"] == "us-east-1"
        assert event.attributes["gen_ai.request.model"] == PROFILE
        assert event.attributes["outcrop.attempt.duration"] > 0
    pause = second.attributes["outcrop.attempt.back_off"] + first.attributes["outcrop.attempt.duration"]
    assert (second.timestamp - first.timestamp) / 1e9 == pytest.approx(pause, abs=1e-3)
    assert watched.span.start_time <= first.timestamp < second.timestamp < watched.span.end_time


def test_a_stream_that_is_left_ends_its_span(watched: Watched, emulator: Emulator) -> None:
    runtime = session(emulator).client("bedrock-runtime")
    with runtime.converse_stream(**REQUEST)["stream"] as stream:
        next(iter(stream))
        assert not watched.exporter.get_finished_spans()
    assert "gen_ai.response.time_to_first_chunk" in watched.span.attributes


def test_what_the_caller_does_to_an_answer_is_not_measured(watched: Watched, side: Any) -> None:
    answer = side("converse", **REQUEST)
    taken = answer["usage"]["inputTokens"]
    answer["usage"]["inputTokens"] = 10**9
    tokens = {point.attributes["gen_ai.token.type"]: point.sum for point in watched.metric("gen_ai.client.token.usage")}
    assert tokens["input"] == watched.span.attributes["gen_ai.usage.input_tokens"] == taken


@pytest.mark.parametrize("said", ["many", -7, None, 1e300])
def test_absurd_counts_of_tokens_are_not_measured(watched: Watched, emulator: Emulator, said: Any) -> None:
    recorder = Recorder(watched.provider, watched.meters, capture_content=False)
    recording = recorder.start(session(emulator).client("bedrock-runtime"), "converse", REQUEST)
    usage = {"inputTokens": said, "outputTokens": 3}
    recording.answered({"ResponseMetadata": {}, "usage": usage}, recording.trace())
    tokens = {point.attributes["gen_ai.token.type"]: point.sum for point in watched.metric("gen_ai.client.token.usage")}
    assert tokens == {"output": 3}


def test_arguments_that_are_refused_fail_their_span(watched: Watched, side: Any, emulator: Emulator) -> None:
    with pytest.raises(outcrop.exceptions.ParamValidationError):
        side("converse", modelId=PROFILE, messages="hello")
    assert watched.span.attributes["error.type"] == "ParamValidationError"
    assert not emulator.journal


def test_off_leaves_the_plain_methods(emulator: Emulator) -> None:
    plain = BedrockRuntimeClient.converse
    watched = Watched()
    assert BedrockRuntimeClient.converse is not plain
    assert BedrockRuntimeClient.converse.__doc__ == plain.__doc__
    watched.close()
    assert BedrockRuntimeClient.converse.__code__ is plain.__code__
    session(emulator).client("bedrock-runtime").converse(**REQUEST)
    assert not watched.exporter.get_finished_spans()
    assert "traceparent" not in emulator.journal[0].headers


def test_the_global_providers_do(emulator: Emulator) -> None:
    telemetry.instrument()
    try:
        session(emulator).client("bedrock-runtime").converse(**REQUEST)
    finally:
        telemetry.uninstrument()
    assert not trace.get_current_span().is_recording()


def test_without_opentelemetry_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("outcrop.telemetry._calls", "outcrop.telemetry._recorder"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(ImportError, match=r"pip install 'outcrop\[otel\]'"):
        telemetry.instrument()
