"""A disk that does not answer holds up no call and no answer: it is a cache that has nothing."""

from __future__ import annotations

import fcntl
import logging
import sqlite3
from contextlib import closing

import pytest

import outcrop

from .conftest import asked, cold, hit


@pytest.fixture
def path(tmp_path):
    return tmp_path / "answers.sqlite"


@pytest.fixture
def warned(caplog):
    caplog.set_level(logging.WARNING, "outcrop")
    return lambda: [record.message for record in caplog.records if record.name == "outcrop.cache"]


def closed_for_a_moment():
    """The file is closed, so that the next call has to open it."""
    outcrop._native.hold_files()
    outcrop._native.release_files(in_child=False)


@pytest.mark.parametrize(("operation", "total"), [("converse", 30), ("converse", None), ("converse_stream", None)])
def test_a_lock_that_is_never_given_back(side_of, emulator, warned, path, operation, total):  # noqa: PLR0917  -- fixtures
    side = side_of(outcrop.Cache(path), timeouts={"total": total})
    closed_for_a_moment()
    with (path.parent / "answers.sqlite.lock").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answers = [side.call(operation, **cold()) for _ in range(4)]
    assert list(map(hit, answers)) == [False] * 4
    assert len(asked(emulator)) == 4
    (message,) = warned()
    assert "answers.sqlite is out of use: it did not answer within 1.0 s; calls go on without it" in message


def test_the_calls_own_time_is_not_used_up_by_it(path, side_of, emulator, warned):
    side = side_of(outcrop.Cache(path), timeouts={"total": 1.5})
    closed_for_a_moment()
    with (path.parent / "answers.sqlite.lock").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert hit(side.call("converse", **cold())) is False
    (message,) = warned()
    assert "it did not answer within 0.7 s" in message or "it did not answer within 0.8 s" in message


def test_a_router_goes_on_too(path, router_of, emulator, warned):
    side = router_of(outcrop.Cache(path))
    closed_for_a_moment()
    request = cold()
    del request["modelId"]
    with (path.parent / "answers.sqlite.lock").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert [hit(side.call("converse", **request)) for _ in range(2)] == [False] * 2
    assert len(warned()) == 1


def test_a_writer_that_never_ends_delays_no_answer(path, side_of, emulator):
    cache = outcrop.Cache(path)
    side = side_of(cache)
    side.call("converse", **cold("first"))
    assert cache.usage().entries == 1
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        answers = [side.call("converse", **cold(f"number {number}")) for number in range(3)]
        other.execute("COMMIT")
    assert list(map(hit, answers)) == [False] * 3
    assert len(asked(emulator)) == 4


def test_whoever_asks_for_the_file_itself_learns_why_not(path):
    outcrop.Cache(path)
    with (path.parent / "answers.sqlite.lock").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(OSError, match=r"another process has held .*\.lock for 5 s: end it, or name another file"):
            outcrop.Cache(path)


def test_what_was_to_be_kept_is_written_before_a_program_ends(path, side_of):
    side_of(outcrop.Cache(path)).call("converse", **cold())
    outcrop._native.flush_caches()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM answers").fetchall() == [(1,)]
