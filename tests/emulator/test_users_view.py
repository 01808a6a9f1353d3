"""What a user starts: pytest with the fixture, the command line, an asynchronous context."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import boto3
import pytest
from moto import mock_aws

import outcrop
from outcrop.emulator import Emulator
from tests.house.documents import ROOT, blocks
from tests.support.moto import moto_server
from tests.support.waiting import PATIENCE

MODEL = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]


def pytest_in(folder, *arguments):
    """pytest as a user runs it: the plugin comes from outcrop's installation."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        "-W",
        "error",
        "-q",
        *arguments,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE)


def test_the_documentations_test_passes(tmp_path):
    example, _ = (block.code for block in blocks(ROOT / "docs" / "emulator.md") if "def test_" in block.code)
    assert len([line for line in example.splitlines() if line]) <= 11
    (tmp_path / "test_example.py").write_text(example)
    ran = pytest_in(tmp_path)
    assert ran.returncode == 0, ran.stdout
    # It is a test: when the fault stays, it fails.
    (tmp_path / "test_example.py").write_text(example.replace("times=2", "times=3"))
    assert pytest_in(tmp_path).returncode == 1


def test_the_code_under_test_finds_the_local_bedrock_in_the_environment(tmp_path, monkeypatch):
    _, example = (block.code for block in blocks(ROOT / "docs" / "emulator.md") if "def test_" in block.code)
    (tmp_path / "test_example.py").write_text(f"import boto3\n\n{example}")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK"):
        monkeypatch.setenv(name, "somebody-elses")
    ran = pytest_in(tmp_path)
    assert ran.returncode == 0, ran.stdout


def test_amazon_s3_goes_on_beside_it(monkeypatch):
    with Emulator(verify_signatures=False) as bedrock, mock_aws():
        for name, value in bedrock.environment.items():
            if "KEY" not in name:
                monkeypatch.setenv(name, value)
        storage = boto3.client("s3")
        storage.create_bucket(Bucket="rocks")
        assert [bucket["Name"] for bucket in storage.list_buckets()["Buckets"]] == ["rocks"]
        with outcrop.client("bedrock-runtime") as client:
            assert client.converse(modelId=MODEL, messages=MESSAGES)["stopReason"] == "end_turn"


ASK = """
import sys

import boto3

import outcrop
from outcrop.langchain import ChatBedrockConverse

messages = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
for make in (boto3.client, outcrop.client):
    client = make("bedrock-runtime")
    print(client.converse(modelId=sys.argv[1], messages=messages)["stopReason"])
    client.close()
print(ChatBedrockConverse(model=sys.argv[1]).invoke("Name a mineral.").response_metadata["stopReason"])
"""


@pytest.mark.parametrize(
    "theirs",
    [
        {"HTTP_PROXY": "http://127.0.0.1:1", "NO_PROXY": "localhost"},
        {"http_proxy": "http://127.0.0.1:1", "no_proxy": "localhost, example.com"},
        {"ALL_PROXY": "http://127.0.0.1:1"},
        {"AWS_PROFILE": "nosuch", "AWS_DEFAULT_PROFILE": "nosuch"},
        {"AWS_BEARER_TOKEN_BEDROCK": "theirs", "AWS_SESSION_TOKEN": "theirs", "AWS_SECURITY_TOKEN": "theirs"},
        {"AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z"},
        {"AWS_AUTH_SCHEME_PREFERENCE": "httpBearerAuth"},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": ""},
        {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
        {"AWS_ROLE_ARN": "arn:aws:iam::1:role/x", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"},
        {"AWS_CONFIG_FILE": "[default]\nignore_configured_endpoint_urls = true\nregion = eu-west-1\n"},
        {
            "AWS_CONFIG_FILE": "[default]\nservices = s\n[services s]\nbedrock-runtime =\n  endpoint_url = http://[::1]:1\n"
        },
    ],
    ids=" ".join,
)
def test_nothing_of_a_users_environment_or_files_wins_over_it(tmp_path, monkeypatch, request, theirs):
    for name, value in theirs.items():
        if name == "AWS_CONFIG_FILE":
            (tmp_path / "config").write_text(value)
        monkeypatch.setenv(name, str(tmp_path / "config") if name == "AWS_CONFIG_FILE" else value)
    # The fixture is asked for when their environment is there.
    bedrock = request.getfixturevalue("bedrock_environment")
    asked = subprocess.run(
        [sys.executable, "-c", ASK, MODEL], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (asked.stdout.split(), asked.returncode) == (["end_turn"] * 3, 0), asked.stderr
    assert len(bedrock.journal) == 3


def test_its_own_clients_ask_no_proxy(bedrock, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with bedrock.client("bedrock-runtime") as client:
        assert client.converse(modelId=MODEL, messages=MESSAGES)["stopReason"] == "end_turn"


def test_amazon_s3_and_sts_by_motos_server_go_on_beside_it(bedrock_environment, monkeypatch):
    with moto_server() as moto:
        monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
        storage = boto3.client("s3")
        storage.create_bucket(Bucket="rocks")
        assert [bucket["Name"] for bucket in storage.list_buckets()["Buckets"]] == ["rocks"]
        assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
        assert boto3.client("bedrock").list_foundation_models()["modelSummaries"]
        assert boto3.client("bedrock-runtime").converse(modelId=MODEL, messages=MESSAGES)["stopReason"] == "end_turn"
    assert {entry.service for entry in bedrock_environment.journal} == {"bedrock", "bedrock-runtime"}


def test_options_of_the_fixture(tmp_path):
    (tmp_path / "conftest.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def bedrock_options():\n"
        "    return {'regions': {'us-east-1': {'health': 'throttled'}}, 'reply_tokens': 5}\n"
    )
    (tmp_path / "test_options.py").write_text(
        "def test_options(bedrock):\n"
        "    assert bedrock.regions['us-east-1'].health == 'throttled'\n"
        "    assert len(bedrock.journal) == 0\n"
    )
    ran = pytest_in(tmp_path)
    assert ran.returncode == 0, ran.stdout


def test_the_fixture_is_listed_with_what_it_is(tmp_path):
    shown = pytest_in(tmp_path, "--fixtures").stdout
    assert re.search(r"bedrock -- .*pytest_plugin.py:\d+\n\s+A running `outcrop.emulator.Emulator`", shown)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_export_lines_and_stops(number, monkeypatch):
    command = [sys.executable, "-m", "outcrop", "emulator", "--region", "us-west-2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        *lines, unset = [process.stdout.readline() for _ in range(8)]
        assert all(line.startswith("export AWS_") for line in lines)
        assert unset.startswith("unset AWS_PROFILE ")
        for name in unset.split()[1:]:
            monkeypatch.delenv(name, raising=False)
        for name, value in re.findall(r"(AWS_\w+)=(\S+)", "".join(lines)):
            monkeypatch.setenv(name, value)
        client = boto3.session.Session().client("bedrock-runtime")
        assert client.meta.region_name == "us-west-2"
        assert client.converse(modelId=MODEL, messages=MESSAGES)["stopReason"] == "end_turn"
        client.close()
        process.send_signal(number)
        rest, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_port_that_is_taken_is_told_in_a_line(emulator):
    command = [sys.executable, "-m", "outcrop", "emulator", "--port", str(emulator.port)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"outcrop emulator: cannot listen on 127.0.0.1:{emulator.port}: ")
    assert ran.stderr.count("\n") == 1


async def test_it_is_an_asynchronous_context_manager():
    async with Emulator() as bedrock:
        client = bedrock.async_client("bedrock-runtime")
        assert (await client.converse(modelId=MODEL, messages=MESSAGES))["stopReason"] == "end_turn"
        await client.close()
        [entry] = bedrock.journal
        assert (entry.operation, entry.attempt, entry.rerouted) == ("Converse", 1, False)
        assert entry.request["messages"] == MESSAGES
    with pytest.raises(RuntimeError, match="the emulator is not running"):
        _ = bedrock.port


def test_no_secret_in_what_is_printed(emulator):
    shown = repr(emulator) + repr(emulator.journal) + repr(emulator.regions["us-east-1"])
    assert emulator.secret_access_key not in shown
    assert emulator.bearer_token not in shown


def test_the_journal_is_a_sequence(emulator):
    with emulator.client("bedrock-runtime") as client:
        for _ in range(3):
            client.converse(modelId=MODEL, messages=MESSAGES)
    journal = emulator.journal
    assert [entry.sequence for entry in journal[1:]] == [1, 2]
    assert journal[-1] == journal[2]
    assert len(journal.where(status=200, operation="Converse")) == 3
    with pytest.raises(IndexError, match="the journal holds 3 requests, so it has no entry -4"):
        journal[-4]
    with pytest.raises(TypeError, match="a journal entry has no 'colour': use one of "):
        journal.where(colour="red")
    journal.clear()
    assert (len(journal), journal.total) == (0, 3)


def test_a_request_that_goes_on_is_not_settled(emulator):
    emulator.fault("stall", after_events=1)
    with emulator.client("bedrock-runtime") as client:
        with client.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"] as stream:
            next(iter(stream))
            with pytest.raises(TimeoutError, match=r"after 0.1 seconds these requests are still pending: \[0\]"):
                emulator.journal.settle(0.1)
        emulator.journal.settle()
    assert emulator.journal[0].outcome == "abandoned"
