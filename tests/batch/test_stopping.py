"""Batches that stop before their end: what was paid for is given back, or kept, or both."""

from __future__ import annotations

import asyncio
import errno
import gc
import io
import itertools
import json
import math
import subprocess
import sys
import threading

import pytest

from outcrop import _line_file, exceptions
from outcrop._batch.journal import Journal
from outcrop._batch.schedule import Schedule
from tests.support.waiting import until, wait_until

from .conftest import MODEL, request_of


def kept(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def failing(count):
    yield from map(request_of, range(count))
    raise LookupError("no more")


def collected(side, requests, **arguments):
    """The results that were given back, and the error that ended it."""
    results = []

    async def awaited():
        client = side.bedrock.async_client("bedrock-runtime", retries={"max_attempts": 1})
        async for number, result in client.batch("converse", requests, **arguments):
            results.append((number, result))

    def blocking():
        client = side.bedrock.client("bedrock-runtime", retries={"max_attempts": 1})
        for number, result in client.batch("converse", requests, **arguments):
            results.append((number, result))

    try:
        blocking() if side.name == "blocking" else asyncio.run(awaited())
    except (LookupError, OSError) as error:
        return results, error
    return results, None


def test_a_source_that_fails_loses_no_call_under_way(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    side.bedrock.fault("latency", seconds=0.1)
    results, error = collected(side, failing(6), journal=journal)
    assert isinstance(error, LookupError)
    assert sorted(number for number, _ in results) == list(range(6))
    assert len(kept(journal)) == len(side.bedrock.journal) == 6


def test_in_order_too(side):
    side.bedrock.fault("latency", seconds=0.1, text="number 0")
    results, error = collected(side, failing(6), in_order=True)
    assert isinstance(error, LookupError)
    assert [number for number, _ in results] == list(range(6))


def test_a_source_that_fails_ends_all_at_once_on_request(side):
    rule = side.bedrock.fault("stall", text="number 1")

    def requests():
        yield request_of(1)
        wait_until(lambda: rule.hits)
        raise LookupError("no more")

    async def awaited():
        yield request_of(1)
        await until(lambda: rule.hits)
        raise LookupError("no more")

    source = requests() if side.name == "blocking" else awaited()
    _, error = collected(side, source, on_stop="cancel")
    assert isinstance(error, LookupError)
    wait_until(lambda: [entry for entry in side.bedrock.journal if entry.outcome == "abandoned"])


def test_what_has_arrived_when_the_caller_leaves_is_kept(side, tmp_path):
    """More answers than were taken had been paid for."""
    journal = tmp_path / "run.jsonl"
    assert len(side.batch("converse", map(request_of, range(8)), concurrency=8, journal=journal, first=1)) == 1
    answered = [entry for entry in side.bedrock.journal if entry.outcome != "abandoned"]
    # One may have been answered in the moment when its request was ended.
    assert 1 <= len(kept(journal)) <= len(answered)


def test_a_caller_who_leaves_can_have_all_of_it_finished(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    side.bedrock.fault("latency", seconds=0.2)
    requests = [request_of(number) for number in range(8)]
    side.batch("converse", requests, concurrency=8, journal=journal, first=1, on_stop="finish")
    assert len(kept(journal)) == len(side.bedrock.journal) == 8


def test_an_error_that_is_raised_can_leave_the_rest_finished(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    side.bedrock.fault("latency", seconds=0.2)
    requests = [request_of(0) | {"modelId": "no.such-model"}, *map(request_of, range(1, 6))]
    with pytest.raises(exceptions.ValidationException):
        side.batch("converse", requests, errors="raise", journal=journal, on_stop="finish")
    assert len(kept(journal)) == 5


class Odd:
    """Something that no request can have."""

    def __repr__(self):
        raise ValueError("not even shown")


@pytest.mark.parametrize("odd", [{1, 2}, object(), Odd(), float("nan"), {"deep": Odd()}])
def test_a_request_that_cannot_be_hashed_is_its_own_error(side, tmp_path, odd):
    requests = [request_of(0), {"modelId": MODEL, "messages": odd}, request_of(2)]
    results = dict(side.batch("converse", requests, journal=tmp_path / "run.jsonl"))
    assert isinstance(results.pop(1), Exception)
    assert all(isinstance(answer, dict) for answer in results.values())
    assert len(kept(tmp_path / "run.jsonl")) == 2


def test_a_request_that_holds_itself_is_its_own_error(side, tmp_path):
    endless = request_of(1)
    endless["messages"].append(endless)
    results = dict(side.batch("converse", [request_of(0), endless], journal=tmp_path / "run.jsonl"))
    assert isinstance(results[0], dict)
    assert isinstance(results[1], Exception)


class Unreadable:
    def read(self):
        raise OSError("the disk is gone")


def test_a_body_that_cannot_be_read_is_its_own_error(side):
    body = b'{"anthropic_version":"bedrock-2023-05-31","max_tokens":20,"messages":[{"role":"user","content":"hi"}]}'
    requests = [{"modelId": MODEL, "body": Unreadable()}, {"modelId": MODEL, "body": body}]
    results = dict(side.batch("invoke_model", requests))
    assert isinstance(results[0], OSError)
    assert results[1]["body"].content


def test_a_journal_that_cannot_be_written_ends_the_batch_after_what_is_under_way(side, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(Journal, "keep", full)
    requests = (request_of(number) for number in itertools.count())
    results, error = collected(side, requests, concurrency=4, journal=tmp_path / "run.jsonl")
    assert isinstance(error, OSError)
    assert len(results) == len(side.bedrock.journal)
    assert all(isinstance(answer, dict) for _, answer in results)


class FullDisk(io.FileIO):
    """A file on a disk that has room for some lines, as the system has it: part of a line is written."""

    ROOM = 2500

    def write(self, data):
        room = self.ROOM - self.seek(0, io.SEEK_END)
        if room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(bytes(data)[:room])


@pytest.mark.parametrize("on_stop", [None, "finish", "cancel"])
def test_a_disk_that_is_full_takes_no_answer_from_the_caller(side, tmp_path, monkeypatch, on_stop):
    """The file tries once more when it is closed, and the error of that took the others with it."""
    path = tmp_path / "run.jsonl"
    monkeypatch.setattr(_line_file, "_opened", lambda path: io.BufferedRandom(FullDisk(path, "a+")))
    requests = (request_of(number) for number in itertools.count())
    results, error = collected(side, requests, concurrency=4, journal=path, on_stop=on_stop)
    assert isinstance(error, OSError)
    assert error.errno == errno.ENOSPC
    monkeypatch.undo()
    if on_stop != "cancel":
        assert len(results) == len(side.bedrock.journal)
        assert all(isinstance(answer, dict) for _, answer in results)
    assert 0 < path.stat().st_size <= FullDisk.ROOM
    # It goes on with what is there: half a line is asked for again.
    before = len(side.bedrock.journal)
    again = dict(side.batch("converse", map(request_of, range(6)), journal=path))
    assert all(isinstance(answer, dict) for answer in again.values())
    assert len(side.bedrock.journal) - before < 6
    assert len(kept(path)) >= 6


@pytest.mark.parametrize("odd", [{1: 2}, {None: 1}, {"self": 1}, {"operation": 1}, {"trace": 1}, {("a",): 1}])
def test_a_request_with_a_name_that_no_argument_has_is_its_own_error(side, odd):
    """The asynchronous batch waited for it for ever."""
    results = dict(side.batch("converse", [request_of(0), request_of(1) | odd, request_of(2)], concurrency=1))
    assert isinstance(results.pop(1), (TypeError, exceptions.ParamValidationError))
    assert all(isinstance(answer, dict) for answer in results.values())
    with pytest.raises((TypeError, exceptions.ParamValidationError)):
        side.batch("converse", [request_of(1) | odd], errors="raise")


@pytest.mark.parametrize("raised", [KeyboardInterrupt, GeneratorExit, SystemExit])
@pytest.mark.parametrize("on_stop", [None, "finish"])
def test_a_source_that_is_interrupted_keeps_what_was_paid(emulator, tmp_path, raised, on_stop):
    """Ctrl-C while the next request is made."""
    path = tmp_path / "run.jsonl"

    class Interrupted:
        numbers = iter(range(6))

        def __iter__(self):
            return self

        def __next__(self):
            for number in self.numbers:
                return request_of(number)
            raise raised

    emulator.fault("latency", seconds=0.1)
    with pytest.raises(raised):
        list(emulator.client("bedrock-runtime").batch("converse", Interrupted(), journal=path, on_stop=on_stop))
    answered = [entry for entry in emulator.journal if entry.outcome == "answered"]
    if on_stop == "finish":
        assert len(kept(path)) == len(answered) == 6
    else:
        assert len(kept(path)) <= len(answered)


async def test_a_caller_who_is_cancelled_again_and_again_loses_no_answer_that_has_arrived(emulator, tmp_path):
    path = tmp_path / "run.jsonl"
    rule = emulator.fault("stall", text="number 3")
    client = emulator.async_client("bedrock-runtime")
    first = asyncio.Event()

    async def call():
        async with client.batch("converse", map(request_of, range(4)), journal=path, on_stop="finish") as results:
            async for _ in results:
                first.set()
                await asyncio.Event().wait()

    task = asyncio.create_task(call())
    await first.wait()
    await until(lambda: rule.hits)
    await until(lambda: sum(entry.outcome == "answered" for entry in emulator.journal) == 3)
    while not task.done():
        task.cancel()
        await asyncio.sleep(0)
    await until(lambda: len(asyncio.all_tasks()) == 1)
    assert 1 <= len(kept(path)) <= 3
    assert len(dict([each async for each in client.batch("converse", map(request_of, range(3)), journal=path)])) == 3


def test_a_batch_that_nobody_begins_leaves_no_file_open(side, tmp_path):
    path = tmp_path / "run.jsonl"
    make = side.bedrock.client if side.name == "blocking" else side.bedrock.async_client
    batch = make("bedrock-runtime").batch("converse", [request_of(0)], journal=path)
    del batch
    gc.collect()
    assert len(side.batch("converse", [request_of(0)], journal=path)) == 1


def test_two_processes_do_not_share_a_journal(emulator, tmp_path):
    path = tmp_path / "run.jsonl"
    program = (
        "import sys\nfrom outcrop._batch.journal import Journal\nfrom outcrop._streams import StreamingBody\n"
        "held = Journal(sys.argv[1], 'converse', StreamingBody)\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(RuntimeError, match=r"is open in another batch: let it end, or name another file"):
            emulator.client("bedrock-runtime").batch("converse", [request_of(0)], journal=path)
        process.kill()
    assert len(list(emulator.client("bedrock-runtime").batch("converse", [request_of(0)], journal=path))) == 1
    assert len(emulator.journal) == 1


@pytest.mark.parametrize("where", ["no/such/folder/run.jsonl", "."])
def test_a_journal_that_cannot_be_made_is_an_error_before_anything_is_sent(side, tmp_path, where):
    with pytest.raises(OSError, match=r"folder|No such file"):
        side.batch("converse", [request_of(0)], journal=tmp_path / where)
    assert len(side.bedrock.journal) == 0


def test_the_first_result_comes_before_the_requests_have_all_been_read(side, monkeypatch):
    """The source gives its requests slowly, and its last only once the first result is there."""
    monkeypatch.setattr(Schedule, "FILLING", math.inf)
    seen = threading.Event()

    def requests():
        yield request_of(0)
        # More than a window of them: whoever reads on without a look at what is there would never come to an end.
        while not seen.wait(0.02):
            yield request_of(1)

    async def awaited():
        client = side.bedrock.async_client("bedrock-runtime")
        async for _ in client.batch("converse", requests(), concurrency=1_000_000):
            seen.set()

    if side.name == "blocking":
        for _ in side.bedrock.client("bedrock-runtime").batch("converse", requests(), concurrency=1_000_000):
            seen.set()
    else:
        asyncio.run(awaited())


def test_another_region_answers_for_itself(emulator, tmp_path):
    journal = tmp_path / "run.jsonl"
    for region in ("us-east-1", "us-west-2", "us-east-1"):
        client = emulator.client("bedrock-runtime", region_name=region)
        ((_, answer),) = client.batch("converse", [request_of(0)], journal=journal)
        assert isinstance(answer, dict)
    assert [entry.region for entry in emulator.journal] == ["us-east-1", "us-west-2"]


def test_another_endpoint_answers_for_itself(emulator, tmp_path):
    from outcrop.emulator import Emulator

    journal = tmp_path / "run.jsonl"
    with Emulator() as other:
        for bedrock in (emulator, other, emulator):
            list(bedrock.client("bedrock-runtime").batch("converse", [request_of(0)], journal=journal))
        assert (len(emulator.journal), len(other.journal)) == (1, 1)


def test_a_journal_of_the_first_version_is_named(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    journal.write_text(json.dumps({"key": "0" * 64, "operation": "converse", "response": {}}) + "\n")
    with pytest.raises(ValueError, match=r"line 1 of '.*run.jsonl' is of version 1 of the journal, .*name a new file"):
        side.batch("converse", [request_of(0)], journal=journal)
    assert len(side.bedrock.journal) == 0


def test_a_progress_bar_that_cannot_be_shown_costs_nothing(side, monkeypatch):
    def broken(*_, **__):
        raise BrokenPipeError

    import tqdm.auto

    monkeypatch.setattr(tqdm.auto.tqdm, "update", broken)
    assert len(side.batch("converse", map(request_of, range(3)), progress=True)) == 3
