"""`outcrop emulator --rules`, and the order in which a stream brings citations."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.support.waiting import PATIENCE

CLAUDE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
HI = [{"role": "user", "content": [{"text": "hi"}]}]
NOTE = {"document": {"format": "txt", "name": "n", "source": {"text": "Quartz is hard. So it is."}}}


def refused(environment, **more):
    runtime = boto3.client(
        "bedrock-runtime",
        region_name="us-east-1",
        endpoint_url=environment["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    try:
        runtime.converse(modelId=CLAUDE, messages=HI, **more)
    except ClientError as error:
        return error.response["Error"]["Code"] == "ValidationException"
    return False


REPORTED = {"inferenceConfig": {"maxTokens": 70_000}}
DOCUMENTED = {"additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1}}}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [(None, [True, True]), ("strict", [True, True]), ("documented", [True, False]), ("recorded", [False, False])],
)
def test_the_command_line_chooses_how_much_counts(rules, expected):
    chosen = ["--rules", rules] if rules else []
    command = [sys.executable, "-m", "outcrop", "emulator", *chosen]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as server:
        try:
            environment = {}
            for line in server.stdout:
                if line.startswith("unset"):
                    break
                name, _, value = line.removeprefix("export ").strip().partition("=")
                environment[name] = value
            assert [refused(environment, **DOCUMENTED), refused(environment, **REPORTED)] == expected
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(PATIENCE) == 0


def test_the_command_line_knows_no_other_rules():
    command = [sys.executable, "-m", "outcrop", "emulator", "--rules", "lax"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "there is no --rules 'lax'; there are: strict, documented, recorded" in ran.stderr


def cited(note):
    return [{"role": "user", "content": [{"text": "What is quartz?"}, note]}]


def test_a_stream_brings_a_citation_and_then_the_text_it_is_of(emulator):
    note = {"document": {**NOTE["document"], "citations": {"enabled": True}}}
    runtime = emulator.client("bedrock-runtime")
    deltas = [
        event["contentBlockDelta"]["delta"]
        for event in runtime.converse_stream(modelId=CLAUDE, messages=cited(note))["stream"]
        if "contentBlockDelta" in event
    ]
    kinds = [next(iter(delta)) for delta in deltas]
    assert kinds[0] == "citation"
    assert "text" in kinds
    assert kinds == sorted(kinds)  # citations, then texts
    whole = runtime.converse(modelId=CLAUDE, messages=cited(note))["output"]["message"]["content"]
    (block,) = [block["citationsContent"] for block in whole if "citationsContent" in block]
    assert [delta["citation"]["title"] for delta in deltas if "citation" in delta] == [
        citation["title"] for citation in block["citations"]
    ]
    text = "".join(delta.get("text", "") for delta in deltas)
    assert text == "".join(part["text"] for part in block["content"])


def test_a_later_turn_and_a_tools_search_result_are_cited(emulator):
    note = {"document": {**NOTE["document"], "citations": {"enabled": True}}}
    runtime = emulator.client("bedrock-runtime")
    later = [*cited(note), {"role": "assistant", "content": [{"text": "Hard."}]}, *HI]
    content = runtime.converse(modelId=CLAUDE, messages=later)["output"]["message"]["content"]
    assert any("citationsContent" in block for block in content)
    found = {"source": "s", "title": "t", "content": [{"text": "Quartz is hard."}], "citations": {"enabled": True}}
    use = {"toolUse": {"toolUseId": "t1", "name": "look", "input": {}}}
    result = {"toolResult": {"toolUseId": "t1", "content": [{"searchResult": found}]}}
    history = [*HI, {"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    spec = {"name": "look", "inputSchema": {"json": {"type": "object", "properties": {}}}}
    content = runtime.converse(modelId=CLAUDE, messages=history, toolConfig={"tools": [{"toolSpec": spec}]})
    blocks = content["output"]["message"]["content"]
    (block,) = [block["citationsContent"] for block in blocks if "citationsContent" in block]
    assert "searchResultLocation" in json.dumps(block["citations"])
