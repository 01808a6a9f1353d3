"""What the local Bedrock answers is taken back in the next turn, as clients send it: whole."""

from __future__ import annotations

import json

import pytest

from outcrop.emulator import Emulator

CLAUDE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
NOVA = "us.amazon.nova-2-lite-v1:0"
LLAMA = "us.meta.llama3-3-70b-instruct-v1:0"
SCHEMA = {"type": "object", "properties": {"mineral": {"type": "string"}}, "required": ["mineral"]}
TOOLS = {"tools": [{"toolSpec": {"name": "hardness", "description": "d", "inputSchema": {"json": SCHEMA}}}]}
ASKED = {"role": "user", "content": [{"text": 'Look up the hardness of "Quartz".'}]}
THINKING = {"thinking": {"type": "enabled", "budget_tokens": 1024}}


@pytest.mark.parametrize("model", [CLAUDE, NOVA, LLAMA])
@pytest.mark.parametrize("fields", [{}, THINKING], ids=["plain", "thinking"])
def test_an_answer_with_calls_and_thoughts_goes_back(emulator, model, fields):
    runtime = emulator.client("bedrock-runtime")
    more = {"additionalModelRequestFields": fields, "inferenceConfig": {"maxTokens": 4000}} if model == CLAUDE else {}
    answer = runtime.converse(modelId=model, messages=[ASKED], toolConfig=TOOLS, **more)["output"]["message"]
    calls = [block["toolUse"] for block in answer["content"] if "toolUse" in block]
    assert calls
    assert all(call.get("type") == ("tool_use" if model == CLAUDE else None) for call in calls)
    results = [{"toolResult": {"toolUseId": call["toolUseId"], "content": [{"text": "7"}]}} for call in calls]
    history = [ASKED, answer, {"role": "user", "content": results}]
    last = runtime.converse(modelId=model, messages=history, toolConfig=TOOLS, **more)
    assert last["stopReason"] == "end_turn"


def test_a_kind_of_call_that_there_is_not_is_refused(emulator):
    call = {"toolUse": {"toolUseId": "t", "name": "hardness", "input": {}, "type": "nonsense"}}
    history = [ASKED, {"role": "assistant", "content": [call]}]
    with pytest.raises(Exception, match=r"Member must satisfy enum value set: \[server_tool_use\]"):
        emulator.client("bedrock-runtime").converse(modelId=CLAUDE, messages=history, toolConfig=TOOLS)


def test_counting_asks_the_rules_but_not_how_long_a_prompt_is(emulator):
    runtime = emulator.client("bedrock-runtime")
    model = "anthropic.claude-haiku-4-5-20251001-v1:0"
    long = [{"role": "user", "content": [{"text": "a b " * 120_000}]}]
    assert runtime.count_tokens(modelId=model, input={"converse": {"messages": long}})["inputTokens"] > 200_000
    blank = [{"role": "user", "content": [{"text": " "}]}]
    with pytest.raises(Exception, match="is blank"):
        runtime.count_tokens(modelId=model, input={"converse": {"messages": blank}})
    unanswered = [ASKED, {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "h", "input": {}}}]}]
    with pytest.raises(Exception, match="blocks immediately after: t"):
        runtime.count_tokens(modelId=model, input={"converse": {"messages": unanswered, "toolConfig": TOOLS}})


@pytest.mark.parametrize(("rules", "errors"), [("strict", 100), ("recorded", 0)])
def test_records_of_a_batch_job_ask_the_rules(rules, errors):
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 70_000,
        "messages": [{"role": "user", "content": "x"}],
    }
    with Emulator(rules=rules) as bedrock:
        bedrock.objects["s3://rocks/in.jsonl"] = "\n".join([json.dumps({"modelInput": body})] * 100).encode()
        control = bedrock.client("bedrock")
        arn = control.create_model_invocation_job(
            jobName="survey",
            roleArn="arn:aws:iam::123456789012:role/batch",
            modelId=CLAUDE,
            inputDataConfig={"s3InputDataConfig": {"s3Uri": "s3://rocks/in.jsonl"}},
            outputDataConfig={"s3OutputDataConfig": {"s3Uri": "s3://rocks/out/"}},
        )["jobArn"]
        bedrock.clock.advance(60)
        assert control.get_model_invocation_job(jobIdentifier=arn)["errorRecordCount"] == errors


def test_a_connection_of_http_1_says_that_it_stays(emulator):
    one = emulator.client("bedrock-runtime", http_version="1.1")
    two = emulator.client("bedrock-runtime", http_version="2")
    kept = [
        client.converse(modelId=NOVA, messages=[ASKED])["ResponseMetadata"]["HTTPHeaders"].get("connection")
        for client in (one, two)
    ]
    assert kept == ["keep-alive", None]
