"""A batch that goes on where it was stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcrop._batch import canonical
from outcrop._batch.journal import Journal
from outcrop._streams import StreamingBody

from .conftest import MODEL, request_of


def calls(side):
    return len(side.bedrock.journal)


def test_the_same_call_again_asks_only_for_what_is_missing(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    requests = [request_of(number) for number in range(10)]
    first = dict(side.batch("converse", requests[:6], journal=journal))
    again = dict(side.batch("converse", requests, journal=journal))
    assert calls(side) == 10
    assert {number: again[number] for number in first} == first
    assert dict(side.batch("converse", requests, journal=journal)) == again
    assert calls(side) == 10


@pytest.mark.parametrize("before", [None, 0o644, 0o666, 0o600])
def test_nobody_else_reads_a_journal(side, tmp_path, before):
    journal = tmp_path / "run.jsonl"
    if before is not None:
        journal.touch()
        journal.chmod(before)
    mask = os.umask(0)
    try:
        list(side.batch("converse", [request_of(0)], journal=journal))
    finally:
        os.umask(mask)
    assert journal.stat().st_mode & 0o777 == 0o600
    assert journal.stat().st_size


def test_a_journal_of_another_user_is_refused(tmp_path, monkeypatch):
    journal = tmp_path / "run.jsonl"
    journal.touch()
    monkeypatch.setattr(os, "geteuid", lambda: journal.stat().st_uid + 1)
    with pytest.raises(PermissionError, match="belongs to another user, who could read the answers: name a file"):
        Journal(journal, "converse", StreamingBody)


@pytest.mark.parametrize("text", [b"a note of somebody's", b'{"a": 1}', b"one line\nand half of ano", b"{}", b"\0"])
def test_another_programs_file_is_refused_and_left_as_it_is(tmp_path, text):
    path = tmp_path / "notes.txt"
    path.write_bytes(text)
    with pytest.raises(ValueError, match=r"line 1 of .* is not from the journal of a batch"):
        Journal(path, "converse", StreamingBody)
    assert path.read_bytes() == text


@pytest.mark.parametrize("kind", ["device", "pipe"])
def test_a_journal_is_a_plain_file(tmp_path, kind):
    path = tmp_path / "journal"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path = "/dev/null"
    with pytest.raises(ValueError, match="cannot be read again: name a plain file"):
        Journal(path, "converse", StreamingBody)


def test_a_key_is_its_value():
    class Name(str):
        __slots__ = ()

        def __str__(self):
            return "loud"

    assert canonical.identity("converse", {Name("a"): {True: Name("b")}}) == canonical.identity(
        "converse", {"a": {"true": "b"}}
    )


def test_a_request_is_known_by_its_content(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    side.batch("converse", [request_of(0), request_of(1)], journal=journal)
    reordered = dict(reversed(request_of(1).items()))
    side.batch("converse", [request_of(2), reordered], journal=journal)
    assert calls(side) == 3


def test_equal_requests_are_each_asked_once(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    for _ in range(2):
        assert len(side.batch("converse", [request_of(0)] * 3, journal=journal)) == 3
    assert calls(side) == 3


def test_errors_are_asked_again(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    side.bedrock.fault("throttling", times=1)
    assert isinstance(side.batch("converse", [request_of(0)], journal=journal)[0][1], Exception)
    assert isinstance(side.batch("converse", [request_of(0)], journal=journal)[0][1], dict)
    assert calls(side) == 2


def test_a_half_written_line_loses_only_itself(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    requests = [request_of(number) for number in range(4)]
    side.batch("converse", requests, journal=journal)
    journal.write_bytes(journal.read_bytes()[:-20])
    side.batch("converse", requests, journal=journal)
    assert calls(side) == 5
    assert len([json.loads(line) for line in journal.read_text().splitlines()]) == 4


def test_bodies_are_kept(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    body = b'{"anthropic_version":"bedrock-2023-05-31","max_tokens":20,"messages":[{"role":"user","content":"hi"}]}'
    (((_, first),), ((_, again),)) = (
        side.batch("invoke_model", [{"modelId": MODEL, "body": body}], journal=journal) for _ in range(2)
    )
    assert calls(side) == 1
    assert again["body"].content == first["body"].content
    assert type(again["body"]).__mro__[-3:] == type(first["body"]).__mro__[-3:]


def test_a_file_that_is_no_journal_is_left_alone(side, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("dear diary\n")
    with pytest.raises(ValueError, match=r"line 1 of '.*notes.txt' is not from the journal of a batch"):
        side.batch("converse", [request_of(0)], journal=notes)
    assert notes.read_text() == "dear diary\n"


def test_two_batches_do_not_share_a_journal(side, tmp_path):
    path = tmp_path / "run.jsonl"
    held = Journal(path, "converse", StreamingBody)
    with pytest.raises(RuntimeError, match=r"the journal '.*run.jsonl' is open in another batch"):
        side.batch("converse", [request_of(0)], journal=path)
    held.close()
    assert len(side.batch("converse", [request_of(0)], journal=path)) == 1


PROGRAM = """
import sys, outcrop

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
url, path = sys.argv[1:]
client = outcrop.client("bedrock-runtime", region_name="us-east-1", endpoint_url=url,
                        aws_access_key_id="AKIAOUTCROPEMULATOR1",
                        aws_secret_access_key="outcrop/emulator/not/a/real/secret/key/1")
requests = ({"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": f"number {number}"}]}]}
            for number in range(1000000))
for number, _ in client.batch("converse", requests, concurrency=4, journal=path):
    print(number, flush=True)
"""


def test_what_a_killed_process_was_given_is_there(side, tmp_path):
    journal = tmp_path / "run.jsonl"
    program = [sys.executable, "-c", PROGRAM, side.bedrock.endpoint_url, str(journal)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        given_back = {int(process.stdout.readline()) for _ in range(20)}
        os.kill(process.pid, signal.SIGKILL)
        process.stdout.read()
    asked = {entry.body for entry in side.bedrock.journal}
    side.bedrock.journal.clear()
    results = side.batch("converse", map(request_of, sorted(given_back)), journal=journal)
    assert {number for number, _ in results} == set(range(len(given_back)))
    assert len(asked) >= len(given_back)
    assert calls(side) == 0


plain = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary() | st.datetimes()
)
values = st.recursive(
    plain, lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["$bytes", "$plain"]), inner)
)


@given(values)
def test_whatever_is_kept_comes_back_the_same(value):
    kept = json.loads(json.dumps(canonical.packed(value)))
    assert canonical.unpacked(kept, StreamingBody) == value


def test_what_cannot_be_kept_is_named():
    with pytest.raises(TypeError, match="but not set"):
        canonical.packed({"a": {1}})
