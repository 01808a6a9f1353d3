"""What a client's calls add up to, held against the emulator's journal."""

from __future__ import annotations

import asyncio
import math
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

import outcrop
from outcrop._metrics import Metrics, Sample

if TYPE_CHECKING:
    from outcrop.emulator import Emulator

PROFILE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
REQUEST: dict[str, Any] = {"modelId": PROFILE, "messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
BODY = '{"anthropic_version":"bedrock-2023-05-31","max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}'


def session(bedrock: Emulator, **settings: Any) -> outcrop.Session:
    return outcrop.Session(
        region_name="us-east-1",
        endpoint_url=bedrock.endpoint_url,
        aws_access_key_id=bedrock.access_key_id,
        aws_secret_access_key=bedrock.secret_access_key,
        **settings,
    )


@pytest.fixture(params=["blocking", "asynchronous"])
def side(request: pytest.FixtureRequest, emulator: Emulator) -> Any:
    """`side(operation, **arguments)` reads the whole answer; `side.client` is the client."""
    made = session(emulator, retries={"max_attempts": 1})
    blocking = request.param == "blocking"
    client: Any = made.client("bedrock-runtime") if blocking else made.async_client("bedrock-runtime")

    async def awaited(operation: str, arguments: dict[str, Any]) -> Any:
        answer = await getattr(client, operation)(**arguments)
        return [event async for event in answer["stream"]] if "stream" in answer else answer

    def call(operation: str, **arguments: Any) -> Any:
        if not blocking:
            return asyncio.run(awaited(operation, arguments))
        answer = getattr(client, operation)(**arguments)
        return list(answer["stream"]) if "stream" in answer else answer

    call.client = client  # type: ignore[attr-defined]
    return call


def by_outcome(client: Any) -> dict[tuple[str, str], Any]:
    return {(series.labels["operation"], series.labels["outcome"]): series for series in client.metrics()}


def test_counts_tokens_and_latencies_are_those_of_the_journal(side: Any, emulator: Emulator) -> None:
    for _ in range(3):
        side("converse", **REQUEST)
    events = side("converse_stream", **REQUEST)
    side("invoke_model", modelId=PROFILE, body=BODY)
    found = by_outcome(side.client)
    assert {key: series.calls for key, series in found.items()} == {
        ("Converse", "ok"): 3,
        ("ConverseStream", "ok"): 1,
        ("InvokeModel", "ok"): 1,
    }
    for (operation, _), series in found.items():
        entries = emulator.journal.where(operation=operation)
        assert series.input_tokens == sum(entry.input_tokens for entry in entries)
        assert series.output_tokens == sum(entry.output_tokens for entry in entries)
        assert series.latency.count == series.calls
        assert 0 < series.latency.p50 <= series.latency.p99
        assert series.latency.sum > 0
    stream = found["ConverseStream", "ok"]
    assert (stream.events, stream.first_event.count) == (len(events), 1)
    assert stream.first_event.p50 <= stream.latency.p50 * 1.02
    assert found["Converse", "ok"].first_event.p50 is None
    assert [count for _, count in side.client.metrics().in_flight] == [0]


def test_errors_are_counted_by_their_code(side: Any, emulator: Emulator) -> None:
    with pytest.raises(outcrop.exceptions.ValidationException):
        side("converse", modelId="us.no.such-model-v1:0", messages=REQUEST["messages"])
    [entry] = emulator.journal
    assert {key: series.calls for key, series in by_outcome(side.client).items()} == {("Converse", entry.error_code): 1}


def test_retries_are_counted(emulator: Emulator) -> None:
    emulator.fault("throttling", operation="Converse", times=1)
    runtime = session(emulator).client("bedrock-runtime")
    runtime.converse(**REQUEST)
    [series] = runtime.metrics()
    assert (series.calls, series.retries) == (1, 1)


def test_a_connection_that_nobody_takes_is_counted() -> None:
    runtime = outcrop.client(
        "bedrock-runtime",
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        retries={"max_attempts": 1},
    )
    with pytest.raises(outcrop.exceptions.EndpointConnectionError):
        runtime.converse(**REQUEST)
    assert [series.labels["outcome"] for series in runtime.metrics()] == ["connection"]


def test_a_stream_that_is_left_is_abandoned(emulator: Emulator) -> None:
    runtime = session(emulator).client("bedrock-runtime")
    with runtime.converse_stream(**REQUEST)["stream"] as stream:
        next(iter(stream))
        assert [count for _, count in runtime.metrics().in_flight] == [1]
    assert ("ConverseStream", "abandoned") in by_outcome(runtime)
    assert [count for _, count in runtime.metrics().in_flight] == [0]


def test_clients_of_a_session_share_their_counters(emulator: Emulator) -> None:
    both = session(emulator)
    both.client("bedrock-runtime").converse(**REQUEST)
    assert both.async_client("bedrock-runtime").metrics().calls == 1
    assert both.client("bedrock").metrics().calls == 0
    assert session(emulator).client("bedrock-runtime").metrics().calls == 0


def test_text_for_prometheus(emulator: Emulator) -> None:
    runtime = session(emulator).client("bedrock-runtime")
    runtime.converse(**REQUEST)
    state = Sample("breaker_open", "Whether a target rests.", {"target": 'a"b\\c'}, 1)
    hits = Sample("cache_hits_total", "Answers from the cache.", {}, 7)
    text = Metrics.together([runtime.metrics()], [state, hits]).to_prometheus()
    labels = 'service="bedrock-runtime",region="us-east-1",operation="Converse",outcome="ok"'
    lines = text.splitlines()
    assert f"outcrop_calls_total{{{labels}}} 1" in lines
    assert 'outcrop_breaker_open{target="a\\"b\\\\c"} 1' in lines
    assert "outcrop_cache_hits_total 7" in lines
    assert 'outcrop_calls_in_flight{service="bedrock-runtime",region="us-east-1"} 0' in lines
    buckets = [line for line in lines if line.startswith("outcrop_call_duration_seconds_bucket")]
    counts = [int(line.rsplit(" ", 1)[1]) for line in buckets]
    assert counts == sorted(counts)
    assert counts[-1] == 1
    assert 'le="+Inf"' in buckets[-1]
    assert len(counts) > 5


def test_prometheus_reads_what_is_written_for_it(emulator: Emulator) -> None:
    """Prometheus's own client reads the text: each name once, with its type, and every sample below its name."""
    made = session(emulator, retries={"max_attempts": 1})
    runtime = made.client("bedrock-runtime")
    for _ in range(3):
        runtime.converse(**REQUEST)
    list(runtime.converse_stream(**REQUEST)["stream"])
    emulator.fault("throttling", operation="Converse", times=1)
    with pytest.raises(outcrop.exceptions.ThrottlingException):
        runtime.converse(**REQUEST)
    odd = Sample("breaker_open", "Whether a target rests.", {"target": 'a"b\\c\nd'}, 1)
    text = Metrics.together([runtime.metrics()], [odd]).to_prometheus()

    families = {family.name: family for family in text_string_to_metric_families(text)}

    assert len(families) == text.count("# TYPE")
    assert all(family.documentation for family in families.values())
    calls = families["outcrop_calls"]
    assert calls.type == "counter"
    told = {(it.labels["operation"], it.labels["outcome"]): it.value for it in calls.samples}
    assert told == {("Converse", "ok"): 3, ("ConverseStream", "ok"): 1, ("Converse", "ThrottlingException"): 1}
    duration = families["outcrop_call_duration_seconds"]
    assert duration.type == "histogram"
    of_converse = [
        it for it in duration.samples if (it.labels["operation"], it.labels["outcome"]) == ("Converse", "ok")
    ]
    buckets = {float(it.labels["le"]): it.value for it in of_converse if it.name.endswith("_bucket")}
    [(count, total)] = [(next(it.value for it in of_converse if it.name.endswith(end)) for end in ("_count", "_sum"))]
    assert list(buckets) == sorted(buckets)
    assert list(buckets.values()) == sorted(buckets.values())
    assert buckets[math.inf] == count == 3
    assert total > 0
    [breaker] = families["outcrop_breaker_open"].samples
    assert breaker.labels == {"target": 'a"b\\c\nd'}


def test_tables(emulator: Emulator) -> None:
    runtime = session(emulator).client("bedrock-runtime")
    runtime.converse(**REQUEST)
    found = runtime.metrics()
    console = Console(file=StringIO(), width=160)
    console.print(found)
    for text in (console.file.getvalue(), found._repr_html_()):  # type: ignore[attr-defined]
        assert "Converse" in text
        assert "0 calls under way" in text
    [row] = found.to_dicts()
    assert (row["operation"], row["calls"], len(found)) == ("Converse", 1, 1)
