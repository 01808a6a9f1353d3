"""Reading a log export, against json.loads line by line; and what telemetry adds to a call."""

from __future__ import annotations

import gzip
import json
import resource
import statistics
import subprocess
import sys
import time

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


#: Calls of one way before the next has its turn.
TURN = 300
TURNS = 25


@pytest.fixture
def served():
    """The connection to an emulator in a process of its own, so that the CPU counted is the client's alone."""
    program = (
        "import json, sys; from outcrop.emulator import Emulator; "
        "bedrock = Emulator(verify_signatures=False, journal_entries=1).start(); "
        "print(json.dumps(bedrock.connection), flush=True); sys.stdin.read()"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe, text=True) as server:
        yield json.loads(server.stdout.readline())
        server.stdin.close()


@pytest.fixture
def sdk():
    """OpenTelemetry's SDK with spans that nobody exports: its tracer and meter providers, and the meters' reader."""
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

    spans, reader = TracerProvider(), InMemoryMetricReader()
    spans.add_span_processor(SpanProcessor())
    return spans, MeterProvider([reader]), reader


def by_hand(spans, meters):
    """`start()` and `end()` of the same span and the same measurements, written straight for OpenTelemetry's API."""
    from opentelemetry import propagate, trace

    tracer, meter = spans.get_tracer("bench"), meters.get_meter("bench")
    seconds, tokens = meter.create_histogram("seconds"), meter.create_histogram("tokens")
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "aws.bedrock",
        "gen_ai.request.model": MODEL,
        "server.address": "127.0.0.1",
        "server.port": 443,
        "cloud.region": "us-east-1",
    }
    of_span = {**attributes, "rpc.method": "converse"}
    of_tokens = [{**attributes, "gen_ai.token.type": kind} for kind in ("input", "output")]

    def start():
        span = tracer.start_span(f"chat {MODEL}", kind=trace.SpanKind.CLIENT, attributes=of_span)
        propagate.inject({}, trace.set_span_in_context(span))
        return span, time.perf_counter()

    def end(started, answer):
        span, begun = started
        usage = answer["usage"]
        seconds.record(time.perf_counter() - begun, attributes)
        tokens.record(usage["inputTokens"], of_tokens[0])
        tokens.record(usage["outputTokens"], of_tokens[1])
        span.set_attributes(
            {
                "aws.request_id": answer["ResponseMetadata"]["RequestId"],
                "gen_ai.response.finish_reasons": (answer["stopReason"],),
                "gen_ai.usage.input_tokens": usage["inputTokens"],
                "gen_ai.usage.output_tokens": usage["outputTokens"],
            }
        )
        span.end()

    return start, end


def ways_of_calling(runtime, spans, reader):
    """A turn of calls: switched off or on as it may be, in a bare span, and recorded by hand."""
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader

    theirs = InMemoryMetricReader()
    bare, (start, end) = spans.get_tracer("bench"), by_hand(spans, MeterProvider([theirs]))

    def plain():
        for _ in range(TURN):
            runtime.converse(modelId=MODEL, messages=MESSAGES)

    def in_a_span():
        for _ in range(TURN):
            span = bare.start_span("chat")
            runtime.converse(modelId=MODEL, messages=MESSAGES)
            span.end()

    def recorded():
        for _ in range(TURN):
            started = start()
            end(started, runtime.converse(modelId=MODEL, messages=MESSAGES))
        theirs.get_metrics_data()

    def switched_on():
        plain()
        reader.get_metrics_data()

    return {"off": plain, "a bare span": in_a_span, "by hand": recorded, "on": switched_on}


@pytest.mark.benchmark(group="telemetry: CPU of a call, with the collection of its metrics", min_rounds=1, max_time=1)
def test_telemetry_of_a_call(benchmark, served, sdk):
    """The ways take turns, a few calls each, so that what else the machine does falls on all of them alike.

    `by hand` is the same span and measurements by OpenTelemetry's API; `a bare span` has neither attribute nor
    measurement. The figure is the median of what a turn took more than the turn of `off` before it.
    """
    from outcrop import telemetry as switch

    spans, meters, reader = sdk
    ways = ways_of_calling(outcrop.client("bedrock-runtime", **served), spans, reader)
    took = {way: [] for way in ways}

    def turns():
        for way, calls in list(ways.items()) * TURNS:
            if way == "on":
                switch.instrument(tracer_provider=spans, meter_provider=meters)
            begun = time.process_time()
            calls()
            took[way].append((time.process_time() - begun) / TURN * 1e6)
            switch.uninstrument()

    benchmark.pedantic(turns, rounds=1, warmup_rounds=1)
    off = took.pop("off")
    more = {
        way: statistics.median(on - plain for on, plain in zip(turns, off, strict=True)) for way, turns in took.items()
    }
    benchmark.extra_info |= {f"{way}, microseconds more": round(it, 1) for way, it in more.items()}
    told = ", ".join(f"{way} {it:+.1f}" for way, it in more.items())
    print(f"\noff {statistics.median(off):.1f} µs a call; {told}")


@pytest.mark.benchmark(group="telemetry: CPU of a stream", timer=cpu)
@pytest.mark.parametrize("telemetry", ["off", "on"])
def test_telemetry_of_a_stream(benchmark, served, sdk, telemetry):
    """Events cost nothing more: they are counted natively."""
    from outcrop import telemetry as switch

    spans, meters, _ = sdk
    runtime = outcrop.client("bedrock-runtime", **served)
    if telemetry == "on":
        switch.instrument(tracer_provider=spans, meter_provider=meters)

    def streams():
        for _ in range(CALLS // 10):
            for _ in runtime.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"]:
                pass

    try:
        benchmark.pedantic(streams, rounds=9, warmup_rounds=1)
    finally:
        switch.uninstrument()
    benchmark.extra_info["microseconds_a_stream"] = round(benchmark.stats.stats.min / (CALLS // 10) * 1e6, 1)


@pytest.mark.benchmark(group="telemetry: what it alone does in a call, with its collection", timer=cpu)
@pytest.mark.parametrize("what", ["outcrop", "by hand", "a bare span"])
def test_telemetry_alone(benchmark, sdk, what):
    """A recording around no call, in a loop that keeps caches warm; and the collection of what it measured."""
    from outcrop.telemetry._recorder import Recorder

    spans, meters, reader = sdk
    recorder = Recorder(spans, meters, capture_content=False)
    client = outcrop.client(
        "bedrock-runtime", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    usage = {"inputTokens": 10, "outputTokens": 20, "totalTokens": 30}
    answer = {"ResponseMetadata": {"RequestId": "id", "RetryAttempts": 0}, "usage": usage, "stopReason": "end_turn"}
    arguments = {"modelId": MODEL, "messages": MESSAGES}
    (start, end), bare = by_hand(spans, meters), spans.get_tracer("bench")

    def recording():
        made = recorder.start(client, "converse", arguments)
        made.answered(answer, made.trace())

    work = {
        "outcrop": recording,
        "by hand": lambda: end(start(), answer),
        "a bare span": lambda: bare.start_span("chat").end(),
    }[what]

    def calls():
        for _ in range(CALLS):
            work()
        reader.get_metrics_data()

    benchmark.pedantic(calls, rounds=9, warmup_rounds=1)
    benchmark.extra_info["microseconds_a_call"] = round(benchmark.stats.stats.median / CALLS * 1e6, 1)
