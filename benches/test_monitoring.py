"""Reading a log export, against json.loads line by line; and what telemetry adds to a call."""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys

import pytest

from outcrop import _native

MEGABYTES = 64
#: A prompt of two thousand words and an answer of five hundred: a middling call of a chain with documents.
PROMPT, ANSWER = "some words of a document that was looked up " * 250, "an answer with \\" + '"quotes" ' * 60


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
        separators=(",", ":"),
    )


@pytest.fixture(scope="session")
def export(tmp_path_factory):
    """Files of a log export: plain and compressed."""
    folder = tmp_path_factory.mktemp("export")
    text = "".join(f"{line(number)}\n" for number in range(500))
    times = MEGABYTES * 1024 * 1024 // len(text)
    plain, compressed = folder / "log.json", folder / "log.json.gz"
    with plain.open("w") as file:
        for _ in range(times):
            file.write(text)
    with gzip.open(compressed, "wt", compresslevel=6) as file:
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
    with path.open("w") as file:
        for _ in range(1024 * 1024 * 1024 // len(text) + 1):
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


@pytest.mark.benchmark(group="telemetry: CPU of one call", timer=cpu, min_rounds=5)
@pytest.mark.parametrize("telemetry", ["off", "on"])
def test_telemetry_of_a_call(benchmark, telemetry):
    """Two thousand calls a round; `on` is the SDK with a processor that drops the spans, and a reader of metrics."""
    sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="needs opentelemetry-sdk")
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader

    from outcrop import telemetry as switch
    from outcrop.emulator import Emulator

    request = {
        "modelId": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "messages": [{"role": "user", "content": [{"text": "Hello"}]}],
    }
    with Emulator(verify_signatures=False) as bedrock:
        runtime = bedrock.client("bedrock-runtime")
        if telemetry == "on":
            provider = sdk.TracerProvider()
            provider.add_span_processor(sdk.SpanProcessor())
            switch.instrument(tracer_provider=provider, meter_provider=MeterProvider([InMemoryMetricReader()]))
        try:

            def calls():
                for _ in range(2000):
                    runtime.converse(**request)

            benchmark.pedantic(calls, rounds=5, warmup_rounds=1)
        finally:
            switch.uninstrument()
    benchmark.extra_info["microseconds_a_call"] = round(benchmark.stats.stats.min / 2000 * 1e6, 1)
