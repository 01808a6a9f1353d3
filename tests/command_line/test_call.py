"""`outcrop call`, and `monitor where` by a file."""

from __future__ import annotations

import io
import json

import pytest

from outcrop.cli import main

MODEL = "us.amazon.nova-lite-v1:0"


@pytest.fixture
def outcrop(bedrock_environment, capsys):
    def call(*words):
        status = main(words)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def test_the_answer_is_written_as_it_comes(outcrop, bedrock):
    bedrock.script(reply="Basalt, granite, slate.")
    status, said, told = outcrop("call", MODEL, "Name rocks.", "--system", "Be brief.", "--max-tokens", "9", "--usage")
    assert (status, said) == (0, "Basalt, granite, slate.\n")
    [entry] = bedrock.journal
    assert entry.operation == "ConverseStream"
    assert f"by us-east-1, request {entry.request_id}\n" in told
    assert entry.request["system"] == [{"text": "Be brief."}]
    assert entry.request["inferenceConfig"] == {"maxTokens": 9}


def test_json_is_the_whole_answer(outcrop, bedrock, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("Name rocks."))
    status, said, _ = outcrop("call", MODEL, "-", "--json")
    assert (status, json.loads(said)["stopReason"]) == (0, "end_turn")
    assert bedrock.journal[0].request["messages"][0]["content"] == [{"text": "Name rocks."}]


def test_several_sources_are_a_router(outcrop, bedrock):
    bedrock.fault("throttling", region="us-east-1")
    words = ("amazon.nova-lite-v1:0", "Hello", "--source", "us-east-1,us-west-2", "--geography", "us", "--usage")
    status, _, told = outcrop("call", *words)
    assert status == 0
    assert "by us-west-2, request" in told


def test_what_bedrock_refuses_is_a_line(outcrop):
    status, said, complaint = outcrop("call", "nosuch", "Hello")
    assert (status, said) == (1, "")
    assert complaint.splitlines()[0].startswith("outcrop call: An error occurred (ValidationException)")


def test_a_call_is_found_in_an_exported_log(outcrop, bedrock, tmp_path):
    bedrock.client("bedrock").put_model_invocation_logging_configuration(
        loggingConfig={"cloudWatchConfig": {"logGroupName": "g", "roleArn": "arn:aws:iam::123456789012:role/r"}}
    )
    outcrop("call", MODEL, "Hello")
    log = tmp_path / "log.json"
    log.write_text("".join(f"{json.dumps(record)}\n" for record in bedrock.invocation_log))
    request_id = bedrock.journal[-1].request_id
    status, said, _ = outcrop("monitor", "where", request_id, "--file", str(log))
    assert status == 0
    assert said.startswith(f"{request_id}: served in ")
    status, _, complaint = outcrop("monitor", "where", "0" * 8 + request_id[8:], "--file", str(log))
    assert (status, "in the files: the call was logged elsewhere" in complaint) == (1, True)
