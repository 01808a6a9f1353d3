"""What Bedrock reads from S3 and writes there, without S3."""

from __future__ import annotations

import gzip
import json

import pytest
from botocore.exceptions import ClientError

from outcrop.emulator import Emulator

MODEL = "amazon.nova-lite-v1:0"
EMBEDDING = "amazon.nova-2-multimodal-embeddings-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
OUTPUT = {"s3OutputDataConfig": {"s3Uri": "s3://rocks/out/"}}


def lines(*records, least=100):
    """JSON lines, and as many more of the last record as a job must have."""
    records = [*records, *[records[-1]] * (least - len(records))]
    return "\n".join(json.dumps(record) for record in records).encode()


def job(control, source="s3://rocks/in/", **more):
    made = control.create_model_invocation_job(
        jobName="survey",
        roleArn="arn:aws:iam::123456789012:role/batch",
        modelId=MODEL,
        inputDataConfig={"s3InputDataConfig": {"s3Uri": source}},
        outputDataConfig=OUTPUT,
        **more,
    )
    return made["jobArn"]


def test_a_batch_job_answers_its_records(emulator, witness):
    good = {"recordId": "A", "modelInput": {"messages": MESSAGES}}
    bad = {"recordId": "B", "modelInput": {"messages": []}}
    emulator.objects["s3://rocks/in/one.jsonl"] = lines(good, bad, bad, least=3)
    emulator.objects["s3://rocks/in/two.jsonl"] = lines({"modelInput": {"messages": MESSAGES}})
    emulator.objects["s3://rocks/in/read.me"] = b"not for the job"
    control = witness("bedrock")
    arn = job(control)
    folder = f"s3://rocks/out/{arn.split('/')[1]}"
    assert emulator.objects.below(folder) == []
    emulator.clock.advance(60)
    assert emulator.objects.below(folder) == [
        f"{folder}/manifest.json.out",
        f"{folder}/one.jsonl.out",
        f"{folder}/two.jsonl.out",
    ]
    first, second, *_ = map(json.loads, emulator.objects[f"{folder}/one.jsonl.out"].splitlines())
    direct = json.loads(witness().invoke_model(modelId=MODEL, body=json.dumps(good["modelInput"]))["body"].read())
    assert first == {**good, "modelOutput": direct}
    assert (second["recordId"], second["error"]["errorCode"]) == ("B", 400)
    assert "modelOutput" not in second
    manifest = json.loads(emulator.objects[f"{folder}/manifest.json.out"])
    shown = control.get_model_invocation_job(jobIdentifier=arn)
    for counts in (manifest, shown):
        assert (counts["totalRecordCount"], counts["processedRecordCount"]) == (103, 103)
        assert (counts["successRecordCount"], counts["errorRecordCount"]) == (101, 2)
    assert manifest["inputTokenCount"] == 101 * direct["usage"]["inputTokens"]


@pytest.mark.parametrize(
    ("records", "rules", "state"),
    [
        (99, "strict", "Failed"),
        (100, "strict", "Completed"),
        (99, "documented", "Failed"),
        (1, "recorded", "Completed"),
    ],
)
def test_a_job_of_too_few_records_fails(records, rules, state):
    with Emulator(rules=rules) as bedrock:
        record = {"modelInput": {"messages": MESSAGES}}
        bedrock.objects["s3://rocks/in.jsonl"] = lines(record, least=records)
        control = bedrock.client("bedrock")
        arn = job(control, "s3://rocks/in.jsonl")
        bedrock.clock.advance(5)
        assert control.get_model_invocation_job(jobIdentifier=arn)["status"] == "Validating"
        bedrock.clock.advance(60)
        shown = control.get_model_invocation_job(jobIdentifier=arn)
        assert shown["status"] == state
        if state == "Failed":
            says = f"Batch job {arn} contains less records ({records}) than the required minimum of: 100"
            assert shown["message"] == says
            assert shown["endTime"] < bedrock.clock.now()
            assert list(bedrock.objects) == ["s3://rocks/in.jsonl"]


def test_a_batch_job_converses(emulator, witness):
    emulator.objects["s3://rocks/in.jsonl"] = lines({"recordId": "A", "modelInput": {"messages": MESSAGES}})
    arn = job(witness("bedrock"), "s3://rocks/in.jsonl", modelInvocationType="Converse")
    emulator.clock.advance(60)
    line, *_ = emulator.objects[f"s3://rocks/out/{arn.split('/')[1]}/in.jsonl.out"].splitlines()
    answer = json.loads(line)["modelOutput"]
    direct = witness().converse(modelId=MODEL, messages=MESSAGES)
    assert answer["output"] == direct["output"]
    # boto3 hands on only the members that it knows.
    assert direct["usage"].items() <= answer["usage"].items()


def test_a_job_that_is_stopped_writes_nothing(emulator, witness):
    emulator.objects["s3://rocks/in.jsonl"] = lines({"recordId": "A", "modelInput": {"messages": MESSAGES}})
    control = witness("bedrock")
    control.stop_model_invocation_job(jobIdentifier=job(control, "s3://rocks/in.jsonl"))
    emulator.clock.advance(3_600)
    assert list(emulator.objects) == ["s3://rocks/in.jsonl"]


@pytest.mark.parametrize("content", [{"value": "granite"}, {"source": {"s3Location": {"uri": "s3://rocks/text"}}}])
def test_an_asynchronous_invocation_writes_its_embedding(emulator, witness, content):
    emulator.objects["s3://rocks/text"] = b"granite"
    asked = {"embeddingPurpose": "GENERIC_INDEX", "embeddingDimension": 256}
    text = {"truncationMode": "END", **content}
    runtime = witness()
    arn = runtime.start_async_invoke(
        modelId=EMBEDDING,
        modelInput={"taskType": "SEGMENTED_EMBEDDING", "segmentedEmbeddingParams": {**asked, "text": text}},
        outputDataConfig=OUTPUT,
    )["invocationArn"]
    folder = f"s3://rocks/out/{arn.split('/')[1]}"
    emulator.clock.advance(30)
    result = json.loads(emulator.objects[f"{folder}/segmented-embedding-result.json"])
    [file] = result["embeddingResults"]
    segment = json.loads(emulator.objects[file["outputFileUri"]])
    single = {**asked, "text": {"truncationMode": "END", "value": "granite"}}
    body = json.dumps({"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": single})
    direct = json.loads(runtime.invoke_model(modelId=EMBEDDING, body=body)["body"].read())
    assert segment["embedding"] == direct["embeddings"][0]["embedding"]
    assert len(segment["embedding"]) == result["embeddingDimension"] == 256


def test_an_asynchronous_invocation_of_nothing_is_refused(witness):
    with pytest.raises(ClientError, match="required key"):
        witness().start_async_invoke(modelId=EMBEDDING, modelInput={"taskType": "x"}, outputDataConfig=OUTPUT)


def test_bodies_too_large_for_a_record_and_the_records_themselves_are_written(emulator, witness):
    place = {"bucketName": "logs", "keyPrefix": "bedrock"}
    witness("bedrock").put_model_invocation_logging_configuration(loggingConfig={"s3Config": place})
    messages = [{"role": "user", "content": [{"text": "granite " * 20_000}]}]
    witness().converse(modelId=MODEL, messages=messages)
    [record] = emulator.invocation_log
    path = record["input"]["inputBodyS3Path"]
    assert path.startswith("s3://logs/bedrock/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/")
    assert json.loads(gzip.decompress(emulator.objects[path])) == {"messages": messages}
    [written] = [uri for uri in emulator.objects if "/data/" not in uri]
    assert json.loads(gzip.decompress(emulator.objects[written])) == record
    emulator.invocation_log.clear()
    assert len(emulator.objects) == 0


def test_objects_are_a_mapping(emulator):
    emulator.objects["s3://rocks/a"] = b"1"
    assert dict(emulator.objects) == {"s3://rocks/a": b"1"}
    assert repr(emulator.objects) == "<Objects: 1>"
    del emulator.objects["s3://rocks/a"]
    with pytest.raises(KeyError, match="s3://rocks/a"):
        emulator.objects["s3://rocks/a"]
    with pytest.raises(KeyError, match="s3://rocks/a"):
        del emulator.objects["s3://rocks/a"]
    with pytest.raises(ValueError, match=r"an object's place must be a URI such as s3://bucket/key, got \"rocks/a\""):
        emulator.objects["rocks/a"] = b"1"
