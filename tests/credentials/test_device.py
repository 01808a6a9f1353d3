"""A role that needs the code of a device: it is asked for on the terminal, as botocore asks."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import termios
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs

import pytest

from tests.support.server import Answer, Server
from tests.support.waiting import PATIENCE

from .conftest import LATER, ROLE, token_service

DEVICE = "arn:aws:iam::123456789012:mfa/geologist"
FILE = f"[profile r]\nrole_arn = {ROLE}\nsource_profile = r\nmfa_serial = {DEVICE}\n"
KEYS = "aws_access_key_id = AKIDOWN\naws_secret_access_key = s\n"
PROGRAMS = {
    "boto3": "import boto3\nboto3.session.Session(**here).client('bedrock-runtime', endpoint_url=url)"
    ".converse(modelId='m', messages=[])\n",
    "outcrop": "import outcrop\noutcrop.client('bedrock-runtime', endpoint_url=url, **here).converse(modelId='m')\n",
}
LOCAL_MODES = 3


def read(terminal):
    """What the program writes next; nothing once it has ended."""
    ready, _, _ = select.select([terminal], [], [], PATIENCE)
    assert ready, "the program wrote nothing"
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def typed(program, answer):
    """What a program shows on a terminal of its own, on which `answer` is typed at the prompt, and its exit code."""
    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.executable, [sys.executable, "-c", program])
    shown = b""
    try:
        while b"code for" not in shown or not shown.endswith(b": "):
            more = read(terminal)
            assert more, shown
            shown += more
        while termios.tcgetattr(terminal)[LOCAL_MODES] & termios.ECHO:
            # The prompt may stand there a moment before the terminal stops showing what is typed.
            os.sched_yield()
        os.write(terminal, answer + b"\n")
        while more := read(terminal):
            shown += more
    except BaseException:
        os.kill(process, signal.SIGKILL)
        raise
    finally:
        os.close(terminal)
        _, status = os.waitpid(process, 0)
    return shown.decode(), os.waitstatus_to_exitcode(status)


AGAIN = """
try:
    while True:
        client.converse(modelId="m", messages=[])
except Exception as error:
    print("then", type(error).__name__, error)
"""


@pytest.mark.parametrize("client", PROGRAMS)
def test_no_second_code_is_asked_for(client, files, bedrock, monkeypatch):
    """Nobody may be at the terminal any more when the keys of the first are over."""

    def sts(request):
        told = token_service(request)
        soon = datetime.now(timezone.utc) + timedelta(seconds=2)
        soon = f"{soon:%Y-%m-%dT%H:%M:%SZ}".encode()
        return Answer(200, told.headers, told.body.replace(LATER.encode(), soon))

    files(FILE + KEYS)
    with Server(answer=sts) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        here = f"here = {{'region_name': 'us-east-1', 'profile_name': 'r'}}\nurl = {bedrock.url!r}\n"
        program = PROGRAMS[client].replace("\n", "\nclient = ", 1).partition(".converse")[0]
        shown, code = typed(here + program + AGAIN, b"770913")
        asked = len(server.requests)
    assert code == 0, shown
    assert shown.count("Enter MFA code") == asked == 1
    assert "then RefreshWithMFAUnsupportedError Cannot refresh credentials: MFA token required." in shown


@pytest.mark.parametrize("client", PROGRAMS)
def test_the_code_is_asked_for_unseen(client, files, bedrock, monkeypatch):
    files(FILE + KEYS)
    asked = []

    def sts(request):
        asked.append({name: value[0] for name, value in parse_qs(request.body.decode()).items()})
        return token_service(request)

    with Server(answer=sts) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        here = f"here = {{'region_name': 'us-east-1', 'profile_name': 'r'}}\nurl = {bedrock.url!r}\n"
        shown, code = typed(here + PROGRAMS[client], b"770913")
    assert code == 0, shown
    assert shown.split("\r\n")[0] == f"Enter MFA code for {DEVICE}: "
    assert "770913" not in shown
    ((serial, token),) = [(each["SerialNumber"], each["TokenCode"]) for each in asked]
    assert (serial, token) == (DEVICE, "770913")
