"""A cache on disk: shared by processes, whole after a kill, made anew when it is broken."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap

import pytest

import outcrop

from .conftest import asked, cold, hit

CHILD = """
    import sys
    import outcrop
    from tests.cache.conftest import cold, hit

    endpoint, key, secret, path = sys.argv[1:]
    runtime = outcrop.client(
        "bedrock-runtime", region_name="us-east-1", endpoint_url=endpoint,
        aws_access_key_id=key, aws_secret_access_key=secret, cache=path,
    )
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "answers.sqlite"


@pytest.fixture
def client_of(emulator):
    return lambda path, **options: emulator.client("bedrock-runtime", cache=outcrop.Cache(path, **options))


def warnings_of(caplog):
    """Warnings alone: lines of a lower level, written while another test had switched them on, may still arrive."""
    return [record for record in caplog.records if record.levelno >= logging.WARNING]


def child(emulator, path, code):
    program = textwrap.dedent(CHILD) + textwrap.dedent(code)
    arguments = [emulator.endpoint_url, emulator.access_key_id, emulator.secret_access_key, str(path)]
    return subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True)


def test_processes_share_it(emulator, path, client_of):
    ask = "print([hit(runtime.converse(**cold(f'number {n}'))) for n in range(20)].count(True))"
    assert child(emulator, path, ask).communicate()[0] == "0\n"
    runtime = client_of(path)
    assert all(hit(runtime.converse(**cold(f"number {n}"))) for n in range(20))
    assert len(asked(emulator)) == 20


def test_processes_write_it_at_once(emulator, path, client_of):
    code = """
        for number in range(60):
            runtime.converse(**cold(f"number {number}"))
        list(runtime.converse_stream(**cold())["stream"])
        print("done")
    """
    children = [child(emulator, path, code) for _ in range(3)]
    assert [each.communicate()[0] for each in children] == ["done\n"] * 3
    cache = outcrop.Cache(path)
    assert cache.usage().entries == 61
    runtime = emulator.client("bedrock-runtime", cache=cache)
    assert all(hit(runtime.converse(**cold(f"number {n}"))) for n in range(60))


def test_it_is_whole_after_a_kill(emulator, path, client_of, caplog):
    code = """
        print("ready", flush=True)
        for number in range(100_000):
            runtime.converse(**cold(f"number {number}"))
    """
    killed = child(emulator, path, code)
    assert killed.stdout.readline() == "ready\n"
    for _ in range(3):
        while len(asked(emulator)) < 50:
            assert killed.poll() is None
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        emulator.journal.clear()
        killed = child(emulator, path, code)
        assert killed.stdout.readline() == "ready\n"
    killed.kill()
    killed.communicate()
    caplog.set_level(logging.WARNING, "outcrop")
    runtime = client_of(path)
    assert all(hit(runtime.converse(**cold(f"number {n}"))) for n in range(49))
    assert not warnings_of(caplog)
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


@pytest.mark.parametrize(
    "garbage", [b"garbage" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000], ids=["all", "but-head"]
)
def test_a_broken_file_is_set_aside(garbage, emulator, path, client_of, caplog):
    path.write_bytes(garbage)
    caplog.set_level(logging.WARNING, "outcrop")
    runtime = client_of(path)
    assert [hit(runtime.converse(**cold())) for _ in range(2)] == [False, True]
    [record] = warnings_of(caplog)
    assert record.name == "outcrop.cache"
    assert "cannot be read" in record.message
    assert "is built anew" in record.message
    assert path.with_name("answers.sqlite.corrupt").read_bytes() == garbage


def test_a_file_that_breaks_later_is_set_aside(emulator, path, client_of, caplog):
    runtime = client_of(path)
    for number in range(200):
        runtime.converse(**cold(f"number {number}"))
    # The head stays, so that it still opens; every page behind it is noise.
    second = client_of(path)  # another handle, whose end folds the journal into the file
    outcrop._native.hold_files()
    outcrop._native.release_files(in_child=False)
    del second
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    caplog.set_level(logging.WARNING, "outcrop")
    assert [hit(runtime.converse(**cold("number 7"))) for _ in range(2)] == [False, True]
    assert [record.levelname for record in warnings_of(caplog)] == ["WARNING"]
    assert path.with_name("answers.sqlite.corrupt").stat().st_size == size


def test_an_answer_that_is_damaged_is_asked_for_again(emulator, path, client_of, caplog):
    runtime = client_of(path)
    runtime.converse(**cold())
    outcrop._native.flush_caches()
    with sqlite3.connect(path) as database:
        [(answer,)] = database.execute("SELECT answer FROM answers").fetchall()
        middle = len(answer) // 2
        changed = answer[:middle] + bytes([answer[middle] ^ 1]) + answer[middle + 1 :]
        database.execute("UPDATE answers SET answer = ?", (changed,))
    database.close()
    caplog.set_level(logging.WARNING, "outcrop")
    assert [hit(runtime.converse(**cold())) for _ in range(2)] == [False, True]
    assert "an answer in the cache" in caplog.text


def test_the_database_of_another_program_is_left_alone(path):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE precious (value)")
    database.close()
    before = path.read_bytes()
    with pytest.raises(OSError, match="it is a database of another program: name another file"):
        outcrop.Cache(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_may_use_is_refused(path, mode):
    outcrop.Cache(path)
    path.chmod(mode)
    with pytest.raises(OSError, match=rf"its mode is {mode:04o}\): chmod 600 it, or name another file"):
        outcrop.Cache(path)
    path.chmod(0o600)
    outcrop.Cache(path)


def test_an_empty_file_that_others_may_read_is_refused(path):
    path.touch(0o644)
    with pytest.raises(OSError, match="others than its owner may use it"):
        outcrop.Cache(path)
    assert path.read_bytes() == b""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(path):
    outcrop.Cache(path)
    os.chown(path, 12345, -1)
    with pytest.raises(OSError, match="it belongs to the user 12345, and this process runs as 0: name a file of your"):
        outcrop.Cache(path)


def test_a_file_that_becomes_open_to_others_is_used_no_more(path, client_of, caplog):
    runtime = client_of(path)
    runtime.converse(**cold())
    outcrop._native.hold_files()
    outcrop._native.release_files(in_child=False)
    path.chmod(0o644)
    caplog.set_level(logging.WARNING, "outcrop")
    assert [hit(runtime.converse(**cold())) for _ in range(2)] == [False] * 2
    [record] = warnings_of(caplog)
    assert "is out of use: others than its owner may use it" in record.message


def test_new_files_are_their_owners_alone(path, client_of):
    old = os.umask(0)
    try:
        client_of(path).converse(**cold())
        outcrop._native.flush_caches()
        # The others come and go with open handles.
        files = [path, path.with_name(f"{path.name}.lock")]
        modes = {file.name: file.stat().st_mode & 0o777 for file in files}
    finally:
        os.umask(old)
    assert set(modes.values()) == {0o600}, modes


def test_a_file_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "answers.sqlite").mkdir()
    with pytest.raises(OSError, match="cannot be used: it is a folder: name a file in it"):
        outcrop.Cache(tmp_path / "answers.sqlite")
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"exists|directory"):
        outcrop.Cache(tmp_path / "file" / "answers.sqlite")


def test_it_keeps_within_its_bytes(emulator, path):
    cache = outcrop.Cache(path, max_bytes=300_000)
    runtime = emulator.client("bedrock-runtime", cache=cache)
    emulator.answer_with(reply_tokens=2000)
    request = cold(inferenceConfig={"temperature": 0, "maxTokens": 4000})
    for number in range(100):
        runtime.converse(**{**request, "system": [{"text": f"number {number}"}]})
        assert cache.usage().bytes <= 300_000
    assert path.stat().st_size <= 300_000
    assert 5 < cache.usage().entries < 100
    assert hit(runtime.converse(**{**request, "system": [{"text": "number 99"}]})) is True
    assert hit(runtime.converse(**{**request, "system": [{"text": "number 0"}]})) is False


def test_no_prompt_is_in_it(emulator, path, client_of):
    secret = "a5d1c0ffee"
    emulator.script(reply="Yes.")
    runtime = client_of(path)
    runtime.converse(**cold("hello", system=[{"text": secret}]))
    files = [path, path.with_name(path.name + "-wal")]
    content = b"".join(file.read_bytes() for file in files if file.exists())
    assert secret.encode() not in content
    assert emulator.secret_access_key.encode() not in content


def test_what_is_forgotten_is_gone(emulator, path, client_of):
    cache = outcrop.Cache(path)
    runtime = emulator.client("bedrock-runtime", cache=cache)
    answer = runtime.converse(**cold("granodiorite"))
    text = answer["output"]["message"]["content"][0]["text"].encode()
    files = [path, path.with_name(path.name + "-wal")]
    # It is written behind the call; who asks for this waits for it.
    assert cache.usage().entries == 1
    assert any(text in file.read_bytes() for file in files)
    cache.clear()
    assert not any(text in file.read_bytes() for file in files if file.exists())


def test_a_disk_that_fails_fails_no_call(emulator, path, client_of, caplog):
    runtime = client_of(path)
    outcrop._native.hold_files()
    outcrop._native.release_files(in_child=False)
    for file in path.parent.iterdir():
        file.unlink()
    path.mkdir()
    caplog.set_level(logging.WARNING, "outcrop")
    assert [hit(runtime.converse(**cold())) for _ in range(3)] == [False] * 3
    [record] = warnings_of(caplog)
    assert "is out of use" in record.message


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_a_child_goes_on_with_it(where, emulator, path):
    cache = outcrop.Cache(path if where == "disk" else None)
    runtime = emulator.client("bedrock-runtime", cache=cache)
    for number in range(20):
        runtime.converse(**cold(f"number {number}"))
    for _ in range(5):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                hits = [hit(runtime.converse(**cold(f"number {n}"))) for n in range(20)]
                again = [hit(runtime.converse(**cold(f"number {n}"))) for n in range(20)]
                status = 0 if all(again) and set(hits) == {where == "disk"} else 2
            finally:
                os._exit(status)
        assert hit(runtime.converse(**cold("number 3"))) is True
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert hit(runtime.converse(**cold("number 4"))) is True
