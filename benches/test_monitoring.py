"""Reading a log export, against json.loads line by line; and what telemetry adds to a call."""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys

import pytest

import outcrop
from outcrop import _native

MEGABYTES = 64
CALLS = 2000
MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Hello"}]}]
#: A prompt of two thousand words in paragraphs, and an answer of some hundred: a call of a chain with documents.
PROMPT = "Some words of a document that was looked up, as people write them; there are umlauts (über) too.\n" * 110
ANSWER = 'An answer that quotes "the document" now and then,\n- with a list\n- in it.\n' * 25


def line(number):
    served = {"inferenceRegion": "us-west-2"} if number % 3 == 0 else {}
    return json.dumps(
        {
            "timestamp": f"2026-04-02T{number % 24:02}:{number % 60:02}:00Z",
            "accountId": "123456789012",
            "region": "us-east-1",
            "requestId": f"{number:032x}",
            "operation": "Converse",
            "modelId": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            "input": {
                "inputBodyJson": {"messages": [{"role": "user", "content": [{"text": PROMPT}]}]},
                "inputTokenCount": 2500,
            },
            "output": {
                "outputBodyJson": {
                    "output": {"message": {"role": "assistant", "content": [{"text": ANSWER}]}},
                    "metrics": {"latencyMs": 400 + number % 1000},
                    "usage": {"inputTokens": 2500, "outputTokens": 600},
                },
                "outputTokenCount": 600,
            },
            **served,
            "schemaType": "ModelInvocationLog",
            "schemaVersion": "1.0",
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


@pytest.fixture(scope="session")
def export(tmp_path_factory):
    """Files of a log export: plain and compressed."""
    folder = tmp_path_factory.mktemp("export")
    text = "".join(f"{line(number)}\n" for number in range(500))
    times = MEGABYTES * 1024 * 1024 // len(text.encode())
    plain, compressed = folder / "log.json", folder / "log.json.gz"
    with plain.open("w", encoding="utf-8") as file:
        for _ in range(times):
            file.write(text)
    with gzip.open(compressed, "wt", compresslevel=6, encoding="utf-8") as file:
        for _ in range(times):
            file.write(text)
    return {"plain": plain, "gzip": compressed}


def with_outcrop(path):
    reader = _native.LogReader(None, None, 300_000)
    reader.read_file(path)
    return reader.records


def with_json(path):
    served = {}
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for each in file:
            record = json.loads(each)
            region = record.get("inferenceRegion") or record["region"]
            served[region] = served.get(region, 0) + 1
    return sum(served.values())


@pytest.mark.benchmark(group=f"log export of {MEGABYTES} MiB", min_rounds=3, max_time=1)
@pytest.mark.parametrize("kind", ["plain", "gzip"])
@pytest.mark.parametrize("reader", [with_outcrop, with_json])
def test_reading_a_log(benchmark, export, reader, kind):
    assert benchmark(reader, export[kind]) > 0


@pytest.mark.benchmark(group="memory of reading 1 GiB", min_rounds=1, max_time=1)
def test_memory_of_a_gibibyte(benchmark, tmp_path):
    """In a process of its own, whose greatest resident size is in the extra info, in MiB."""
    path = tmp_path / "large.json"
    text = "".join(f"{line(number)}\n" for number in range(500))
    with path.open("w", encoding="utf-8") as file:
        for _ in range(1024 * 1024 * 1024 // len(text.encode()) + 1):
            file.write(text)
    program = (
        "import resource, sys; from outcrop import _native; reader = _native.LogReader(None, None, 300000); "
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; reader.read_file(sys.argv[1]); "
        "print(reader.records, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)"
    )

    def run():
        done = subprocess.run([sys.executable, "-c", program, path], check=True, capture_output=True, text=True)
        return done.stdout.split()

    records, mebibytes = benchmark.pedantic(run, rounds=1)
    benchmark.extra_info["more_memory_mebibytes"] = round(float(mebibytes), 1)
    print(f"\n{int(records):,} records, {float(mebibytes):.1f} MiB more memory")
    assert float(mebibytes) < 64


def cpu():
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


@pytest.mark.benchmark(group="telemetry: CPU of a call", timer=cpu)
@pytest.mark.parametrize("telemetry", ["off", "a bare span", "on"])
def test_telemetry_of_a_call(benchmark, telemetry):
    """`on` is the SDK with spans that nobody exports, and histograms that are collected between the rounds.

    A bare span around the call, without an attribute, is the least that the SDK costs there.
    """
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

    from outcrop import telemetry as switch
    from outcrop.emulator import Emulator

    spans, reader = TracerProvider(), InMemoryMetricReader()
    spans.add_span_processor(SpanProcessor())
    meters, tracer = MeterProvider([reader]), spans.get_tracer("bench")
    with Emulator(verify_signatures=False, journal_entries=1) as bedrock:
        runtime = bedrock.client("bedrock-runtime")
        if telemetry == "on":
            switch.instrument(tracer_provider=spans, meter_provider=meters)
        try:

            def calls():
                for _ in range(CALLS):
                    runtime.converse(modelId=MODEL, messages=MESSAGES)

            def calls_in_spans():
                for _ in range(CALLS):
                    span = tracer.start_span("chat")
                    runtime.converse(modelId=MODEL, messages=MESSAGES)
                    span.end()

            work = calls_in_spans if telemetry == "a bare span" else calls
            benchmark.pedantic(work, setup=lambda: reader.get_metrics_data() and None, rounds=9, warmup_rounds=1)
        finally:
            switch.uninstrument()
    benchmark.extra_info["microseconds_a_call"] = round(benchmark.stats.stats.min / CALLS * 1e6, 1)


@pytest.mark.benchmark(group="telemetry: what it alone does in a call", timer=cpu)
@pytest.mark.parametrize("what", ["outcrop", "a bare span"])
def test_telemetry_alone(benchmark, what):
    """A recording around no call, beside the cheapest span that the SDK makes."""
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

    from outcrop.telemetry._recorder import Recorder

    spans, reader = TracerProvider(), InMemoryMetricReader()
    spans.add_span_processor(SpanProcessor())
    recorder = Recorder(spans, MeterProvider([reader]), capture_content=False)
    client = outcrop.client(
        "bedrock-runtime", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    usage = {"inputTokens": 10, "outputTokens": 20, "totalTokens": 30}
    answer = {"ResponseMetadata": {"RequestId": "id", "RetryAttempts": 0}, "usage": usage, "stopReason": "end_turn"}
    arguments = {"modelId": MODEL, "messages": MESSAGES}

    def recordings():
        for _ in range(CALLS):
            recording = recorder.start(client, "converse", arguments)
            recording.headers()
            recording.answered(answer)
            recording.end()

    def bare():
        for _ in range(CALLS):
            recorder.tracer.start_span("chat").end()

    work = recordings if what == "outcrop" else bare
    benchmark.pedantic(work, setup=lambda: reader.get_metrics_data() and None, rounds=9, warmup_rounds=1)
    benchmark.extra_info["microseconds_a_call"] = round(benchmark.stats.stats.min / CALLS * 1e6, 1)
