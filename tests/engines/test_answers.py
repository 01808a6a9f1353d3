"""A job that is stopped, killed or run twice pays for no row twice."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections import Counter

import pytest

import outcrop.dask
from outcrop._batch.answers import Answers
from outcrop._engines.columns import ERROR
from outcrop._streams import StreamingBody
from tests.support.waiting import wait_until

from .test_calls import asked, calls_of, frame_of


def test_a_job_goes_on_where_it_was_stopped(here, router, tmp_path):
    calls = outcrop.dask.Converse(router, prompt="q", id="id", journal=tmp_path / "answers")
    with here.fault("error", code="ValidationException", text="number 3"):
        first = calls.run(frame_of(50))
    assert list(first[first[ERROR] != ""].id) == [3, *range(30, 40)]
    # Rows in another order, among more, in another process's callable.
    again = outcrop.dask.Converse(router, prompt="q", id="id", journal=tmp_path / "answers")
    second = again.run(frame_of(60).iloc[::-1])
    assert set(second[ERROR]) == {""}
    assert list(second.id) == list(range(59, -1, -1))
    assert second.from_journal.sum() == 50 - 11
    known = second[second.from_journal].sort_values("id").reset_index(drop=True)
    kept = first[first[ERROR] == ""].reset_index(drop=True)
    assert known.drop(columns="from_journal").equals(kept.drop(columns="from_journal"))
    answered = Counter(asked(entry) for entry in calls_of(here) if entry.status == 200)
    assert set(answered.values()) == {1}


KILLED = """
import sys
import outcrop, outcrop.dask
from tests.engines.conftest import MODEL, SOURCES
from tests.engines.test_calls import frame_of

router = outcrop.CrossRegion(MODEL, sources=SOURCES, geographies=["us"], residency="us", catalogue="snapshot")
outcrop.dask.Converse(router, prompt="q", id="id", journal=sys.argv[1], concurrency=4).run(frame_of(400))
"""


def test_a_killed_process_has_lost_only_what_was_under_way(here, router, tmp_path):
    here.regions["us-east-1"].latency = 0.02
    folder = tmp_path / "answers"
    command = [sys.executable, "-c", KILLED, str(folder)]
    with subprocess.Popen(command, env={**os.environ, **here.environment}) as child:
        wait_until(lambda: len(calls_of(here)) > 60)
        child.send_signal(signal.SIGKILL)
    here.journal.settle()
    paid = len([entry for entry in calls_of(here) if entry.status == 200])
    here.regions["us-east-1"].latency = 0
    done = outcrop.dask.Converse(router, prompt="q", id="id", journal=folder).run(frame_of(400))
    assert set(done[ERROR]) == {""}
    assert done.from_journal.sum() >= paid - 8
    answered = Counter(asked(entry) for entry in calls_of(here) if entry.status == 200)
    assert sum(answered.values()) - 400 <= 8
    assert not list(folder.rglob("*.tmp"))


def test_rows_with_one_id_are_told_apart_by_what_they_ask(here, router, tmp_path):
    calls = outcrop.dask.Converse(router, prompt="q", id="id", journal=tmp_path / "answers")
    frame = frame_of(2).assign(id=1)
    calls.run(frame)
    again = calls.run(frame)
    assert again.from_journal.all()
    assert again.answer[0] != again.answer[1]


def test_a_journal_needs_ids(router, tmp_path):
    with pytest.raises(ValueError, match="journal= needs id="):
        outcrop.dask.Converse(router, prompt="q", journal=tmp_path)


def test_what_is_kept_is_for_nobody_else_and_whole(tmp_path):
    folder = tmp_path / "deep" / "answers"
    answers = Answers(folder, StreamingBody)
    answers.keep("ab" * 32, "invoke_model", {"body": StreamingBody(b"\xff{}"), "n": 1})
    [file] = [path for path in folder.rglob("*") if path.is_file()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    known = Answers(folder, StreamingBody).recall("ab" * 32)
    assert known is not None
    assert (known["body"].read(), known["n"]) == (b"\xff{}", 1)
    assert answers.recall("cd" * 32) is None


def test_a_journal_of_a_batch_takes_the_lines(here, router, tmp_path):
    """Each file is a line of it, under a key that knows the row's id as well."""
    from outcrop._batch.journal import Journal

    folder = tmp_path / "answers"
    Answers(folder, StreamingBody).keep("ab" * 32, "converse", {"n": 1})
    joined = tmp_path / "journal.jsonl"
    joined.write_bytes(b"".join(path.read_bytes() for path in folder.rglob("*.json")))
    journal = Journal(joined, "converse", StreamingBody)
    assert journal.recall("ab" * 32) == {"n": 1}
    journal.close()


def test_folders_that_cannot_be(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(ValueError, match="is a file: many processes keep theirs in a folder"):
        Answers(file, StreamingBody)
    open_folder = tmp_path / "open"
    open_folder.mkdir(mode=0o755)
    with pytest.raises(PermissionError, match="can be read by others: chmod 700 it"):
        Answers(open_folder, StreamingBody)
    answers = Answers(tmp_path / "mine", StreamingBody)
    answers.keep("ab" * 32, "converse", {})
    answers._path("ab" * 32).write_text("{}")
    with pytest.raises(ValueError, match="is no answer of this version of the journal"):
        answers.recall("ab" * 32)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(PermissionError, match="belongs to another user"):
        Answers(tmp_path / "mine", StreamingBody)


def test_a_disk_that_is_full_ends_the_job(here, router, tmp_path, monkeypatch):
    def full(self, key, operation, response):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Answers, "keep", full)
    calls = outcrop.dask.Converse(router, prompt="q", id="id", journal=tmp_path / "answers")
    with pytest.raises(OSError, match="No space left"):
        calls.run(frame_of(50))
