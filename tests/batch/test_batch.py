"""Many requests through one client, by both sides."""

from __future__ import annotations

import asyncio
import itertools

import pytest

import outcrop
from outcrop import exceptions
from outcrop._batch.concurrency import AutomaticLimit
from tests.support.waiting import until, wait_until

from .conftest import MODEL, request_of


def text(answer):
    return answer["output"]["message"]["content"][0]["text"]


def test_every_request_is_answered_under_its_number(side):
    results = dict(side.batch("converse", (request_of(number) for number in range(200)), concurrency=16))
    assert sorted(results) == list(range(200))
    assert all(f"number {number}." in text(answer) for number, answer in results.items())


def test_results_come_in_order_on_request(side):
    side.bedrock.fault("latency", seconds=0.05, text="number 0")
    results = side.batch("converse", map(request_of, range(40)), concurrency=4, in_order=True)
    assert [number for number, _ in results] == list(range(40))


def test_results_come_as_they_are_ready_otherwise(side):
    side.bedrock.fault("latency", seconds=2, text="number 0")
    numbers = [number for number, _ in side.batch("converse", map(request_of, range(4)), concurrency=4)]
    assert numbers[-1] == 0


def test_no_more_are_under_way_than_allowed(side):
    started, ended = itertools.count(), itertools.count()

    def requests():
        for number in range(50):
            next(started)
            yield request_of(number)

    for seen, _ in enumerate(side.batch("converse", requests(), concurrency=3)):
        next(ended)
        assert seen < 50
    assert next(started) == 50


def test_an_endless_source_is_read_as_needed(side):
    read = 0

    def requests():
        nonlocal read
        for number in itertools.count():
            read += 1
            yield request_of(number)

    assert len(side.batch("converse", requests(), concurrency=8, first=5)) == 5
    assert read <= 5 + 8 + 1


def test_leaving_the_loop_ends_what_is_under_way(emulator, tmp_path):
    """Without a block around it: the batch goes with the loop, and lets go of its journal."""
    rule = emulator.fault("stall", text="number 1")
    client = emulator.client("bedrock-runtime")
    journal = tmp_path / "run.jsonl"
    for _ in client.batch("converse", map(request_of, range(3)), journal=journal):
        wait_until(lambda: rule.hits)
        break
    wait_until(lambda: [entry for entry in emulator.journal if entry.outcome == "abandoned"])
    assert list(client.batch("converse", [], journal=journal)) == []


async def test_leaving_the_asynchronous_loop_ends_it_too(emulator):
    rule = emulator.fault("stall", text="number 1")
    client = emulator.async_client("bedrock-runtime")
    async for _ in client.batch("converse", map(request_of, range(3))):
        await until(lambda: rule.hits)
        break
    await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})
    await until(lambda: [entry for entry in emulator.journal if entry.outcome == "abandoned"])


def test_a_source_that_fails_ends_the_batch(side):
    def requests():
        yield request_of(0)
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        side.batch("converse", requests())


def test_an_error_stands_in_its_answers_place(side):
    requests = [request_of(0), request_of(1) | {"modelId": "no.such-model"}, {"modelId": MODEL, "wrong": 1}]
    results = dict(side.batch("converse", requests))
    assert text(results[0])
    assert isinstance(results[1], exceptions.ValidationException)
    assert isinstance(results[2], exceptions.ParamValidationError)
    assert 'Unknown parameter in input: "wrong"' in str(results[2])


def test_an_error_is_raised_on_request(side):
    requests = [request_of(0) | {"modelId": "no.such-model"}]
    with pytest.raises(exceptions.ValidationException, match="model identifier is invalid"):
        side.batch("converse", requests, errors="raise")


def test_the_body_of_invoke_model_is_read_as_always(side):
    body = b'{"anthropic_version":"bedrock-2023-05-31","max_tokens":20,"messages":[{"role":"user","content":"hi"}]}'
    ((_, answer),) = side.batch("invoke_model", [{"modelId": MODEL, "body": body}])
    assert b"outcrop" not in answer["body"].content[:1]
    assert answer["body"].content.startswith(b"{")


def test_the_limit_adapts_to_throttling(side, monkeypatch):
    """How fast it goes is a matter of simulated time; here its pauses are short, and it does not give up."""
    monkeypatch.setattr(AutomaticLimit, "ROUNDS", 20)
    monkeypatch.setattr(AutomaticLimit, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(AutomaticLimit, "LONGEST_PAUSE", 0.005)
    rule = side.bedrock.fault("throttling", times=12)
    results = side.batch("converse", map(request_of, range(100)), concurrency="auto")
    assert rule.hits == 12
    assert not [result for _, result in results if isinstance(result, Exception)]
    assert len({number for number, _ in results}) == 100


def test_throttling_that_does_not_end_is_given_back(side, monkeypatch):
    monkeypatch.setattr(AutomaticLimit, "FIRST_PAUSE", 0.001)
    side.bedrock.fault("throttling")
    results = side.batch("converse", [request_of(0)], concurrency="auto")
    assert isinstance(results[0][1], exceptions.ThrottlingException)
    assert len(side.bedrock.journal) == 8


@pytest.mark.parametrize(
    ("operation", "arguments", "message"),
    [
        ("converse", {"concurrency": 0}, 'concurrency must be 1 or more, or "auto", not 0'),
        ("converse", {"concurrency": "many"}, "concurrency must be 1 or more, or \"auto\", not 'many'"),
        ("converse", {"errors": "ignore"}, 'errors must be "return" or "raise", not \'ignore\''),
        ("converse_stream", {}, "a batch collects whole answers, and 'converse_stream' streams; it can call "),
        ("chat", {}, "this client has no operation 'chat'; a batch can call apply_guardrail, converse, "),
    ],
)
def test_arguments_that_cannot_be_are_refused_before_anything_is_sent(side, operation, arguments, message):
    with pytest.raises(ValueError, match="^" + message.replace("(", r"\(")):
        side.batch(operation, [request_of(0)], **arguments)
    assert len(side.bedrock.journal) == 0


def test_what_is_no_request_is_named(side):
    with pytest.raises(TypeError, match=r"request 1 must be a dict of keyword arguments, .* not str"):
        side.batch("converse", [request_of(0), "hello"])


async def test_an_asynchronous_source_is_awaited_while_calls_go_on(emulator):
    client = outcrop.async_client("bedrock-runtime", **emulator.connection)
    answered = []

    async def requests():
        yield request_of(0)
        # The next is known only when the first has been answered.
        while not answered:
            await client.converse(**request_of(99))
        yield request_of(1)

    async for number, _ in client.batch("converse", requests(), concurrency=4):
        answered.append(number)
    assert answered == [0, 1]
