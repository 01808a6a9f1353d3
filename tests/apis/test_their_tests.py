"""The official clients' own tests, of the APIs that Bedrock has: on the local Bedrock's URL, and over a router.

They are fetched as the source distributions that requirements/anchor.txt pins. Which differ is known, each with its
reason; all others pass, of the blocking and of the asynchronous clients, with their strict parsers and without.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.support import anchor

ROOT = Path(__file__).parents[2]
SUITES = {
    "openai": ["chat/test_completions.py", "test_responses.py"],
    "anthropic": ["test_messages.py", "beta/test_messages.py"],
}
INI = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = session\nfilterwarnings = error\n"
NO_PATH = "Bedrock's runtime endpoint has no such path"
REFUSED = "all parameters at once, of which Bedrock refuses several"
DIFFERENCES = {
    "openai": {
        "*Completions::test_method_create_with_all_params*": REFUSED,
        "*Completions::test_*_retrieve*": NO_PATH,
        "*Completions::test_*_update*": NO_PATH,
        "*Completions::test_*_delete*": NO_PATH,
        "*Completions::test_*_list*": NO_PATH,
        "*Responses::test_method_create_with_all_params*": REFUSED,
        "*Responses::test_*_cancel*": "nothing runs in the background there, so nothing can be cancelled",
        "*Responses::test_*_compact*": NO_PATH,
    },
    "anthropic": {
        "*Messages::test_method_create_with_all_params*": REFUSED,
        "*Messages::test_*_count_tokens*": NO_PATH,
    },
}
#: Of each maker's: so many of those that are run pass.
PASS = {"openai": 120, "anthropic": 52}


@pytest.fixture(scope="module", params=["url", "router"])
def carrier(request):
    """What carries the clients: the URL of the local Bedrock, or a router over it whose first Region fails."""
    return request.param


@pytest.fixture(scope="module", params=SUITES)
def outcomes(request, carrier, tmp_path_factory):
    """Whose they are, and what became of each."""
    maker = request.param
    assert anchor.version(maker) == importlib.metadata.version(maker), "requirements/anchor.txt and apis.txt differ"
    folder, work = anchor.folder(maker), tmp_path_factory.mktemp(maker)
    report, settings = work / "report.json", work / "pytest.ini"
    settings.write_text(INI, encoding="utf-8")
    path = [str(ROOT), str(Path(__file__).parent / "theirs"), *filter(None, [os.environ.get("PYTHONPATH")])]
    others = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "ANTHROPIC_"))}
    said = {"OUTCROP_MAKER": maker, "OUTCROP_CARRIER": carrier, "OUTCROP_REPORT": str(report)}
    run = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-c", str(settings), f"--rootdir={folder}", "--noconftest"]
    plugins = ["-p", "their_clients", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [*run, *plugins, *(f"tests/api_resources/{suite}" for suite in SUITES[maker])],
        cwd=folder,
        env={**others, **said, "PYTHONPATH": os.pathsep.join(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr  # 1: some tests failed
    return maker, json.loads(report.read_text(encoding="utf-8"))


def test_what_is_known_to_differ_does_and_all_else_passes(outcomes):
    maker, became = outcomes
    failed = {name for name, outcome in became.items() if outcome == "failed"}
    known = {pattern: {name for name in failed if fnmatchcase(name, pattern)} for pattern in DIFFERENCES[maker]}
    assert failed - set().union(*known.values()) == set()
    assert [pattern for pattern, names in known.items() if not names] == []
    assert sum(outcome == "passed" for outcome in became.values()) >= PASS[maker]
    others = {outcome for outcome in became.values() if outcome not in {"passed", "failed"}}
    assert others <= {"not run: over aiohttp, which carries nothing of outcrop's"}


def test_openai_s_test_of_a_live_bedrock_passes_on_the_local_one(emulator, tmp_path):
    """Signed by the client's own provider, in each way that it knows; three models, both APIs, whole and streamed."""
    settings = tmp_path / "pytest.ini"
    settings.write_text(INI, encoding="utf-8")
    said = {
        "AWS_ACCESS_KEY_ID": emulator.access_key_id,
        "AWS_BEARER_TOKEN_BEDROCK": emulator.bearer_token,
        "AWS_BEDROCK_BASE_URL": f"{emulator.endpoint_url}/openai/v1",
        "AWS_REGION": "us-east-1",
        "AWS_SECRET_ACCESS_KEY": emulator.secret_access_key,
        "BEDROCK_LIVE_AUTHS": "bearer,environment-bearer,token-provider,static,default-chain",
        "BEDROCK_LIVE_ENDPOINT": "runtime",
        "BEDROCK_LIVE_ENV_FILE": os.devnull,
        "BEDROCK_LIVE_REGION": "us-east-1",
        "BEDROCK_LIVE_RESPONSES": "1",
        "BEDROCK_LIVE_STREAM": "1",
        "BEDROCK_LIVE_TEST": "1",
    }
    folder = anchor.folder("openai")
    run = [sys.executable, "-m", "pytest", "-q", "-c", str(settings), f"--rootdir={folder}", "--noconftest"]
    done = subprocess.run(
        [*run, "-p", "no:cacheprovider", "-p", "no:xdist", "tests/lib/bedrock_live.py"],
        cwd=folder,
        env={**os.environ, **said},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert {entry.status for entry in emulator.journal} == {200}
    assert {entry.principal for entry in emulator.journal} == {"bearer", emulator.access_key_id}
    # Five ways to sign, three models, two APIs, whole and streamed.
    assert len(emulator.journal) == 5 * 3 * 2 * 2
