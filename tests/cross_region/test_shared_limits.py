"""`limits={"shared": path}`: the processes of a host spend one quota, whoever of them is killed."""

from __future__ import annotations

import json
import logging
import os
import pickle
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

import outcrop
from outcrop.exceptions import OverloadedError
from tests.support.forking import forking, in_child
from tests.support.waiting import wait_until

from . import test_quotas
from .accounts import ONE, PRIMARY, TWO, Accounts
from .conftest import MODEL, ask
from .sides import Side

ServiceQuotas, TOKENS, REQUESTS_CODE = test_quotas.ServiceQuotas, test_quotas.TOKENS, test_quotas.REQUESTS
REQUESTS = 1200
"""A minute, which is 20 a second: what is lent of it is 19."""
RATE, AT_ONCE, THREADS = REQUESTS / 60, REQUESTS / 60, 4

WORKER = """
    import json, sys, threading
    import outcrop

    endpoint, key, secret, limits = sys.argv[1:]
    router = outcrop.CrossRegion(
        "us.anthropic.claude-haiku-4-5-20251001-v1:0", sources=["us-east-1"], catalogue="snapshot", shared=False,
        endpoint_url=endpoint, aws_access_key_id=key, aws_secret_access_key=secret, limits=json.loads(limits),
    )
    messages = [{"role": "user", "content": [{"text": "What is an outcrop?"}]}]

    def call(limit=1000):
        return router.converse(messages=messages, inferenceConfig={"maxTokens": limit})["usage"]
"""
LOOP = """
    ending, answered, failed, used = threading.Event(), [], [], []

    def run():
        while not ending.is_set():
            try:
                usage = call()
            except Exception as error:
                failed.append(repr(error))
            else:
                answered.append(1)
                used.append(usage["inputTokens"] + 5 * usage["outputTokens"])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    ending.set()
    for thread in threads:
        thread.join()
    print(json.dumps([len(answered), failed, sum(used), router.health()[0].shared]))
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "limits.db"


@pytest.fixture
def worker(emulator, path):
    started = []

    def start(code, **limits):
        program = textwrap.dedent(WORKER) + textwrap.dedent(code)
        given = json.dumps({"shared": str(path), **limits})
        arguments = [emulator.endpoint_url, emulator.access_key_id, emulator.secret_access_key, given]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen([sys.executable, "-c", program, *arguments], **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def router_of(emulator, path):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}

    def make(kind=outcrop.CrossRegion, /, path=path, requests=REQUESTS, **options):
        limits = {"requests_per_minute": requests, "shared": path, **options.pop("limits", {})}
        usual = {"sources": [PRIMARY], "geographies": ["us"], "catalogue": "snapshot", "shared": False, **connection}
        return kind(MODEL, limits=limits, **{**usual, **options})

    return make


def told_by_another_process(path, query):
    """The rows of a query. A second SQLite in one process would take the locks of the first away."""
    code = f"import json, sqlite3; print(json.dumps(sqlite3.connect({str(path)!r}).execute({query!r}).fetchall()))"
    return json.loads(subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE).stdout)


def sent(emulator):
    return [entry for entry in emulator.journal if entry.operation == "Converse"]


def seconds_of(entries):
    return (entries[-1].time - entries[0].time).total_seconds()


def spent(entries, workers):
    """Whether these are no more than the quota allows, and a good part of it, however busy the machine is."""
    passed = seconds_of(entries)
    # What may be lent at once, what is leased and not yet spent, and calls that were under way when they were counted.
    most = AT_ONCE + RATE * passed + 2 * RATE + THREADS * workers
    assert len(entries) <= most, (len(entries), most, passed)
    assert len(entries) >= 0.3 * RATE * passed, (len(entries), passed)


def test_processes_spend_one_quota_and_the_others_go_on_when_one_is_killed(emulator, worker):
    emulator.regions[PRIMARY].quota(requests=REQUESTS)
    workers = [worker(LOOP, requests_per_minute=REQUESTS) for _ in range(4)]
    wait_until(lambda: len(sent(emulator)) >= 100)
    workers[0].send_signal(signal.SIGKILL)
    workers[0].communicate()
    before = sent(emulator)
    wait_until(lambda: len(sent(emulator)) >= len(before) + 80)
    told = [json.loads(each.communicate()[0]) for each in workers[1:]]
    assert [failed for _, failed, _, _ in told] == [[]] * 3
    assert all(answered > 0 for answered, _, _, _ in told)
    # Each by itself would have sent its 1,200 as fast as it could, and met 429.
    assert {entry.status for entry in sent(emulator)} <= {200, None}
    spent(before, 4)
    # What the killed one had leased is missed for a second, its part for five.
    spent(sent(emulator)[len(before) :], 4)
    assert all(shared.startswith("/") and "limits.db, by " in shared for _, _, _, shared in told)


def test_tokens_are_shared_as_answers_use_them_and_not_as_calls_reserve(emulator, worker):
    workers = [worker(LOOP, tokens_per_minute=600_000, burndown_rate=5) for _ in range(2)]
    wait_until(lambda: len(sent(emulator)) >= 300)
    told = [json.loads(each.communicate()[0]) for each in workers]
    assert [failed for _, failed, _, _ in told] == [[]] * 2
    used, passed = sum(used for _, _, used, _ in told), seconds_of(sent(emulator))
    each = used / len(sent(emulator))
    assert used <= 10_000 * (passed + 3) + 2 * THREADS * each
    assert each < 500, "an answer takes less than a call reserves, or this shows nothing"


def test_a_file_is_whole_and_in_use_whenever_its_processes_are_killed(emulator, worker, path, router_of):
    # Each router is another holder and asks for its first call.
    code = """
        print("ready", flush=True)
        while True:
            limits = json.loads(sys.argv[4])
            router = outcrop.CrossRegion(
                router.model, sources=["us-east-1"], catalogue="snapshot", shared=False, endpoint_url=endpoint,
                aws_access_key_id=key, aws_secret_access_key=secret, limits=limits,
            )
            call()
    """
    for _ in range(8):
        several = [worker(code, requests_per_minute=6_000_000) for _ in range(2)]
        for each in several:
            assert each.stdout.readline() == "ready\n"
        before = len(sent(emulator))
        wait_until(lambda before=before: len(sent(emulator)) > before + 20)
        for each in several:
            each.send_signal(signal.SIGKILL)
            each.communicate()
    router = router_of(requests=6_000_000)
    router.converse(**ask())
    assert "limits.db, by " in router.health()[0].shared
    assert told_by_another_process(path, "PRAGMA integrity_check") == [["ok"]]
    assert not path.with_name("limits.db.corrupt").exists()


@pytest.mark.parametrize("kind", ["blocking", "asynchronous"])
def test_routers_of_a_process_share_it_too_and_health_tells(kind, emulator, path):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    options = {"sources": [PRIMARY], "shared": False, **connection}
    limits = {"requests_per_minute": 2, "shared": path, "longest_wait": 5}
    one, other = (Side(kind, MODEL, limits=limits, **options) for _ in range(2))
    assert one.router.health()[0].shared == f"{path}, not asked yet"
    one.call()
    with pytest.raises(OverloadedError):
        other.call()
    health = one.router.health()
    assert health[0].shared == f"{path}, by this process alone"
    assert (health[0].requests_per_minute, health[0].requests_left) == (2.0, 0.0)
    assert any(f"are shared by {path}, by this process alone" in note for note in health.notes)
    assert other.router.health()[0].shared == f"{path}, by 2 processes"
    other.clock.advance(40)
    other.call()


def test_accounts_have_their_own_and_are_known_by_their_ids(path):
    limits = {"requests_per_minute": 2, "shared": path, "longest_wait": 1}
    with Accounts() as accounts:
        sources = accounts.sources((ONE, PRIMARY), (TWO, PRIMARY))
        side = Side("blocking", MODEL, sources=sources, limits=limits, shared=False)
        where = [side.call()["ResponseMetadata"]["CrossRegion"]["Target"]["Account"] for _ in range(2)]
        assert where == [ONE, TWO]
        # Another process that has other settings, but the same account.
        session = accounts.session(ONE, max_response_bytes=10_000_000)
        other = Side("blocking", MODEL, sources=[PRIMARY], session=session, limits=limits)
        with pytest.raises(OverloadedError):
            other.call()
    names = {name for (name,) in told_by_another_process(path, "SELECT name FROM quotas")}
    assert {tuple(name.split()[:3]) for name in names} == {("account", ONE, PRIMARY), ("account", TWO, PRIMARY)}
    assert not any("secret-of" in name or "127.0.0.1" in name for name in names)


def test_routers_that_share_nothing_keep_accounts_apart_too():
    with Accounts() as accounts:
        sources = accounts.sources((ONE, PRIMARY), (TWO, PRIMARY))
        side = Side("blocking", MODEL, sources=sources, shared=False)
        side.call()
        side.router.force(PRIMARY, "open", account=ONE)
        assert [row.state for row in side.router.health()] == ["open", "closed"]


def test_accounts_of_a_function_are_shared_with_those_of_sessions(path):
    limits = {"requests_per_minute": 2, "shared": path, "longest_wait": 1}
    with Accounts(ONE) as accounts:
        bedrock = accounts[ONE]
        keys = outcrop.Credentials(bedrock.access_key_id, bedrock.secret_access_key, None)
        given = {"endpoint_url": bedrock.endpoint_url, "sources": [PRIMARY], "limits": limits}
        asked = Side("blocking", MODEL, credentials=lambda: keys, **given)
        asked.call()
        with pytest.raises(OverloadedError):
            Side("blocking", MODEL, session=accounts.session(ONE), sources=[PRIMARY], limits=limits).call()
        assert asked.router.health()[0].shared == f"{path}, by this process alone"


def test_a_share_is_that_of_all_who_share(router_of, path):
    router = router_of(limits={"share": 0.5})
    router.converse(**ask())
    assert router.health()[0].requests_per_minute == REQUESTS / 2


def test_a_file_that_another_process_holds_is_not_waited_for(router_of, path, caplog):
    router = router_of()
    router.converse(**ask())
    code = """
        import sqlite3, sys
        database = sqlite3.connect(sys.argv[1], isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        print("held", flush=True)
        sys.stdin.read()
    """
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), path], **pipes) as holder:
        assert holder.stdout.readline() == "held\n"
        caplog.set_level(logging.WARNING, "outcrop")
        others = [router_of(), router_of()]
        for other in others:
            other.converse(**ask())
        holder.communicate()
    assert "is not used for now: database is locked" in others[0].health()[0].shared
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [record.name for record in warnings] == ["outcrop.cross_region"]
    assert "are not shared for now: database is locked; this process goes by its limits alone" in warnings[0].message


def test_a_disk_that_is_full_fails_no_call(worker):
    code = """
        import resource, signal
        call()
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        again = outcrop.CrossRegion(
            router.model, sources=["us-east-1"], catalogue="snapshot", shared=False, endpoint_url=endpoint,
            aws_access_key_id=key, aws_secret_access_key=secret, limits=json.loads(limits),
        )
        for _ in range(3):
            again.converse(messages=messages)
        print(json.dumps(again.health()[0].shared))
    """
    told = json.loads(worker(code, requests_per_minute=REQUESTS).communicate()[0])
    assert "limits.db is not used for now: " in told


def test_quotas_that_are_read_are_shared_by_their_codes(emulator, path, monkeypatch):
    service = ServiceQuotas()
    service.applied = {TOKENS: 60_000.0, REQUESTS_CODE: 2.0}
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    limits = {"tokens_per_minute": "quota", "requests_per_minute": "quota", "shared": path, "longest_wait": 1}
    options = {"sources": [PRIMARY], "shared": False, "limits": limits, **connection}
    with service.server as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SERVICE_QUOTAS", server.url)
        one, other = (Side("blocking", MODEL, **options) for _ in range(2))
        one.call(**ask(), inferenceConfig={"maxTokens": 50})
        with pytest.raises(OverloadedError):
            other.call(**ask(), inferenceConfig={"maxTokens": 50})
        row = other.router.health()[0]
    assert (row.tokens_per_minute, row.requests_per_minute) == (60_000.0, 2.0)
    assert row.shared == f"{path}, by 2 processes"
    rows = told_by_another_process(path, "SELECT name, kind FROM quotas ORDER BY kind")
    assert [(name.split()[-1], kind) for name, kind in rows] == [(TOKENS, 0), (TOKENS, 1)]


def test_a_file_that_is_broken_is_set_aside(router_of, path, caplog):
    path.write_bytes(b"no database" * 999)
    path.chmod(0o600)
    caplog.set_level(logging.WARNING, "outcrop")
    router_of().converse(**ask())
    assert "the shared limits" in caplog.text
    assert "was set aside as" in caplog.text
    assert path.with_name("limits.db.corrupt").exists()


def test_only_the_owner_may_read_it(router_of, path):
    router = router_of()
    router.converse(**ask())
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


@forking
def test_a_forked_child_leases_for_itself(router_of, path):
    router = router_of(requests=2, limits={"longest_wait": 0.2})
    router.converse(**ask())

    def is_refused():
        with pytest.raises(OverloadedError):
            router.converse(**ask())
        return router.health()[0].shared == f"{path}, by 2 processes"

    assert in_child(is_refused)
    assert router.health()[0].shared == f"{path}, by this process alone"


def test_a_pickle_goes_by_the_same_file_in_any_folder(router_of, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    options = {"aws_access_key_id": None, "aws_secret_access_key": None}
    router = router_of(path=Path("limits.db"), **options)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = pickle.loads(pickle.dumps(router))
    assert again.health()[0].shared == f"{tmp_path / 'limits.db'}, not asked yet"
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("limits", "error", "says"),
    [
        ({"shared": "x"}, ValueError, "shared names who spend tokens_per_minute and requests_per_minute, and neither"),
        ({"shared": "x", "concurrency": 3}, ValueError, "neither is given: name one, or leave it out"),
        ({"shared": "", "requests_per_minute": 5}, ValueError, "must not be empty: name a file that all processes"),
        ({"shared": True, "requests_per_minute": 5}, TypeError, "must be a path, of a file .*, not bool"),
        ({"shared": b"x", "requests_per_minute": 5}, TypeError, "not bytes"),
        ({"shared": "x\0", "requests_per_minute": 5}, ValueError, 'limits\\["shared"\\]'),
        ({"share": 0.5}, ValueError, "share divides"),
    ],
)
def test_what_is_no_file_is_refused(limits, error, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=says):
        outcrop.CrossRegion(MODEL, sources=[PRIMARY], geographies=["us"], limits=limits)
    assert not list(tmp_path.iterdir())


def _folder(path):
    path.mkdir()


def _under_a_file(path):
    path.write_text("a file")
    return path / "limits.db"


def _another_program(path):
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE theirs (it)")


def _for_all(path):
    path.touch(mode=0o600)
    path.chmod(0o644)


def _of_another_user(path):
    path.touch(mode=0o600)
    os.chown(path, 12345, -1)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_folder, "it is a folder: name a file in it"),
        (_under_a_file, r"(File exists|Not a directory)"),
        (_another_program, "it is a database of another program: name another file"),
        (_for_all, r"others than its owner may use it, and it decides .* \(its mode is 0644\): chmod 600 it"),
        pytest.param(
            _of_another_user,
            "it belongs to the user 12345, and this process runs as 0: name a file of your own",
            marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away"),
        ),
    ],
)
def test_a_file_that_cannot_be_is_an_error_at_once(make, says, router_of, path):
    found = make(path) or path
    with pytest.raises(OSError, match=says) as raised:
        router_of(path=found)
    assert str(raised.value).startswith(f'limits["shared"], {found}, cannot be used: ')


def test_a_folder_that_is_not_there_is_made(router_of, tmp_path):
    path = tmp_path / "run" / "app" / "limits.db"
    router_of(path=path).converse(**ask())
    assert path.exists()
