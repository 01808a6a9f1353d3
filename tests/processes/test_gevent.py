"""Where gevent has taken the place of threads, a blocking call lets the other greenlets run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import urllib.request

import pytest

from tests.support.waiting import PATIENCE, wait_until

REQUEST = {"modelId": "us.amazon.nova-lite-v1:0", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}

PROGRAM = """
from gevent import monkey
monkey.patch_all()
import gevent, contextvars, outcrop
client = outcrop.client("bedrock-runtime", **{where!r})
router = outcrop.CrossRegion("amazon.nova-lite-v1:0", sources=["us-east-1"], geographies=["us"], residency="us",
                             catalogue="snapshot", **{keys!r})
request = {request!r}
ticks = 0
def tick():
    global ticks
    while True:
        gevent.sleep(0.01)
        ticks += 1
gevent.spawn(tick)
{work}
"""

WORK = {
    "a call": "assert client.converse(**request)['stopReason'] == 'end_turn'",
    "a router": "assert router.converse(messages=request['messages'])['stopReason'] == 'end_turn'",
    "a stream": "assert 'metadata' in list(client.converse_stream(**request)['stream'])[-1]",
    "a batch": "assert [number for number, _ in client.batch('converse', [request] * 3, in_order=True)] == [0, 1, 2]",
    "a client that asks for credentials": """
variable = contextvars.ContextVar("variable")
variable.set({where!r})
def credentials():
    keys = variable.get()
    return outcrop.Credentials(keys["aws_access_key_id"], keys["aws_secret_access_key"], None)
asking = outcrop.client("bedrock-runtime", region_name="us-east-1", endpoint_url={where!r}["endpoint_url"],
                        credentials=credentials)
assert asking.converse(**request)['stopReason'] == 'end_turn'
assert len(list(asking.batch('converse', [request]))) == 1
""",
    "many at a time": """
calls = [gevent.spawn(client.converse, **request) for _ in range(50)]
gevent.joinall(calls, raise_error=True)
""",
    "an error": """
try:
    client.converse(modelId="no.such", messages=request["messages"])
except outcrop.exceptions.ValidationException:
    client.converse(**request)
""",
    "a greenlet that is killed": """
stream = client.converse_stream(**request)["stream"]
events = iter(stream)
with gevent.Timeout(0.2, False):
    for event in events:
        pass
assert list(events) == [], "its request was ended"
""",
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_greenlets_go_on_meanwhile(emulator, work):
    pytest.importorskip("gevent", reason="gevent has no wheel for this interpreter")
    emulator.fault("latency", seconds=0.5)
    emulator.fault("stall", seconds=0.5, after_events=1, operation="ConverseStream")
    where = emulator.connection
    keys = {name: value for name, value in where.items() if name != "region_name"}
    filled = work.replace("{where!r}", repr(where))
    program = textwrap.dedent(PROGRAM).format(where=where, keys=keys, request=REQUEST, work=filled)
    # Greenlets had half a second, in which one that sleeps for a hundredth of it wakes many times.
    program += "assert ticks >= 5, ticks\nprint('done')"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


APPLICATION = """
import json, outcrop
client = outcrop.client("bedrock-runtime", **{where!r})
def application(environ, start_response):
    if environ["PATH_INFO"] == "/model":
        answer = client.converse(**{request!r})["stopReason"]
    else:
        answer = "well"
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]
"""


def asked(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
        return json.load(answer)


def test_gunicorns_worker_answers_others_while_a_call_waits(emulator, tmp_path):
    """One worker, one thread: only greenlets let the second request in while the first waits for the model."""
    pytest.importorskip("gevent", reason="gevent has no wheel for this interpreter")
    pytest.importorskip("gunicorn", reason="gunicorn is not installed")
    rule = emulator.fault("stall", operation="Converse")
    (tmp_path / "wsgi.py").write_text(APPLICATION.format(where=emulator.connection, request=REQUEST))
    log = tmp_path / "log"
    command = [sys.executable, "-m", "gunicorn", "--worker-class", "gevent", "--workers", "1", "--bind", "127.0.0.1:0"]
    command += ["--chdir", str(tmp_path), "--log-file", str(log), "--graceful-timeout", "1", "wsgi:application"]

    def port():
        said = log.read_text() if log.exists() else ""
        return int(said.split("Listening at: http://127.0.0.1:")[1].split()[0]) if "Listening at" in said else None

    with subprocess.Popen(command, env={**os.environ, "HOME": str(tmp_path)}) as server:
        try:
            wait_until(lambda: port() is not None, 60)
            model = subprocess.Popen(
                [sys.executable, "-c", f"import urllib.request as u; u.urlopen('http://127.0.0.1:{port()}/model')"],
                stderr=subprocess.DEVNULL,
            )
            wait_until(lambda: rule.hits == 1, 60)
            assert asked(port(), "/health") == "well"
            model.kill()
            model.wait()
            rule.remove()
            assert asked(port(), "/model") == "end_turn"
        finally:
            server.send_signal(signal.SIGTERM)
