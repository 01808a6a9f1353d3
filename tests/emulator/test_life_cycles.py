"""Jobs go through their states by the emulator's clock."""

from __future__ import annotations

import datetime as dt

START = dt.datetime(2026, 11, 24, 12, tzinfo=dt.timezone.utc)
OUTPUT = {"s3OutputDataConfig": {"s3Uri": "s3://rocks/out/"}}


def segmented(**content):
    content = content or {"value": "granite"}
    return {
        "taskType": "SEGMENTED_EMBEDDING",
        "segmentedEmbeddingParams": {
            "embeddingPurpose": "GENERIC_INDEX",
            "embeddingDimension": 256,
            "text": {"truncationMode": "END", **content},
        },
    }


def test_a_batch_job_goes_from_submitted_to_completed(emulator, witness):
    emulator.clock.hold(START)
    control = witness("bedrock")
    arn = control.create_model_invocation_job(
        jobName="survey",
        roleArn="arn:aws:iam::123456789012:role/batch",
        modelId="amazon.nova-lite-v1:0",
        inputDataConfig={"s3InputDataConfig": {"s3Uri": "s3://rocks/in.jsonl"}},
        outputDataConfig=OUTPUT,
    )["jobArn"]

    def job():
        return control.get_model_invocation_job(jobIdentifier=arn)

    states = []
    for _ in range(13):
        states.append(job()["status"])
        emulator.clock.advance(5)
    assert list(dict.fromkeys(states)) == ["Submitted", "Validating", "Scheduled", "InProgress", "Completed"]
    ended = job()
    assert ended["submitTime"] == START
    assert ended["endTime"] == START + dt.timedelta(seconds=60)
    assert ended["jobExpirationTime"] == START + dt.timedelta(hours=24)
    listed = control.list_model_invocation_jobs(submitTimeAfter=START + dt.timedelta(seconds=1))
    assert listed["invocationJobSummaries"] == []
    listed = control.list_model_invocation_jobs(submitTimeAfter=START - dt.timedelta(seconds=1))
    assert len(listed["invocationJobSummaries"]) == 1


def test_an_asynchronous_invocation_completes(emulator, witness):
    emulator.clock.hold(START)
    runtime = witness()
    arn = runtime.start_async_invoke(
        modelId="amazon.nova-2-multimodal-embeddings-v1:0", modelInput=segmented(), outputDataConfig=OUTPUT
    )["invocationArn"]
    assert runtime.get_async_invoke(invocationArn=arn)["status"] == "InProgress"
    emulator.clock.advance(30)
    done = runtime.get_async_invoke(invocationArn=arn)
    assert (done["status"], done["endTime"]) == ("Completed", START + dt.timedelta(seconds=30))


def test_a_guardrail_made_in_python(emulator, witness):
    guardrail = emulator.add_guardrail("rocks", words=["pyrite"], personal_data={"EMAIL": "ANONYMIZE"})
    config = {"guardrailIdentifier": guardrail, "guardrailVersion": "1"}
    client = witness()

    def says(text):
        messages = [{"role": "user", "content": [{"text": text}]}]
        answer = client.converse(modelId="us.amazon.nova-lite-v1:0", messages=messages, guardrailConfig=config)
        return answer["stopReason"], answer["output"]["message"]["content"][0]["text"]

    assert says("Is pyrite gold?") == ("guardrail_intervened", "Sorry, the model cannot answer this question.")
    with emulator.script(reply="Ask ann@example.org."):
        assert says("Whom can I ask?") == ("guardrail_intervened", "Ask {EMAIL}.")
    assert says("Is granite hard?")[0] == "end_turn"
