"""Batch jobs of the local Bedrock: their limits, their states, and what goes wrong with them on request."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from outcrop.emulator import Emulator

MODEL = "amazon.nova-lite-v1:0"
DAY = 24 * 3600


@pytest.fixture
def control(emulator):
    emulator.clock.hold()
    records = [
        {
            "recordId": f"{number:03d}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": f"{number}?"}]}]},
        }
        for number in range(200)
    ]
    emulator.objects["s3://rocks/in/one.jsonl"] = "\n".join(map(json.dumps, records)).encode()
    return emulator.client("bedrock")


def create(control, name="survey", **more):
    made = control.create_model_invocation_job(
        jobName=name,
        roleArn="arn:aws:iam::123456789012:role/batch",
        modelId=MODEL,
        inputDataConfig={"s3InputDataConfig": {"s3Uri": "s3://rocks/in/"}},
        outputDataConfig={"s3OutputDataConfig": {"s3Uri": "s3://rocks/out/"}},
        **{"modelInvocationType": "Converse", **more},
    )
    return made["jobArn"]


def written(emulator, arn):
    folder = f"s3://rocks/out/{arn.rpartition('/')[2]}"
    if f"{folder}/one.jsonl.out" not in emulator.objects:
        return []
    return [json.loads(line) for line in emulator.objects[f"{folder}/one.jsonl.out"].splitlines()]


def counts(shown):
    names = ("totalRecordCount", "processedRecordCount", "successRecordCount", "errorRecordCount")
    return tuple(shown[name] for name in names)


def test_a_job_tells_how_far_it_is(emulator, control):
    arn = create(control)
    seen = []
    for _ in range(8):
        shown = control.get_model_invocation_job(jobIdentifier=arn)
        seen.append((shown["status"], shown["processedRecordCount"]))
        emulator.clock.advance(9)
    assert seen == [
        ("Submitted", 0),
        ("Validating", 0),
        ("InProgress", 13),
        ("InProgress", 53),
        ("InProgress", 93),
        ("InProgress", 133),
        ("InProgress", 173),
        ("Completed", 200),
    ]


def test_records_that_fail_are_the_same_ones_of_a_region(emulator, control):
    emulator.jobs.course(failing=0.5)
    runs = []
    for name in ("one", "two"):
        arn = create(control, name)
        emulator.clock.advance(60)
        lines = written(emulator, arn)
        assert [line["recordId"] for line in lines] == [f"{number:03d}" for number in range(200)]
        failed = {line["recordId"] for line in lines if "error" in line}
        assert counts(control.get_model_invocation_job(jobIdentifier=arn)) == (200, 200, 200 - len(failed), len(failed))
        runs.append(failed)
    assert runs[0] == runs[1]
    assert 60 < len(runs[0]) < 140


def test_order_can_be_lost(emulator, control):
    with emulator.jobs.course(shuffled=True) as rule:
        arn = create(control)
        assert rule.hits == 1
    emulator.clock.advance(60)
    ids = [line["recordId"] for line in written(emulator, arn)]
    assert ids != sorted(ids)
    assert sorted(ids) == [f"{number:03d}" for number in range(200)]


@pytest.mark.parametrize(
    ("course", "ending"),
    [
        ({"status": "Expired"}, ("Expired", 0, "did not begin before its timeout")),
        ({"status": "PartiallyCompleted", "done": 0.25}, ("PartiallyCompleted", 50, "")),
        ({"status": "Failed", "message": "no such rock"}, ("Failed", 0, "no such rock")),
        ({"denied": "role"}, ("Failed", 0, "s3:GetObject")),
        ({"denied": "kms"}, ("Failed", 0, "s3:GetObject")),
    ],
)
def test_a_job_ends_as_it_is_told_to(emulator, control, course, ending):
    status, done, says = ending
    emulator.jobs.course(times=1, **course)
    arn, other = create(control), create(control, "other")
    emulator.clock.advance(DAY)
    shown = control.get_model_invocation_job(jobIdentifier=arn)
    assert shown["status"] == status
    assert counts(shown) == (200, done, done, 0)
    assert len(written(emulator, arn)) == done
    assert says in shown.get("message", "")
    assert shown["endTime"] <= emulator.clock.now()
    assert control.get_model_invocation_job(jobIdentifier=other)["status"] == "Completed"
    with pytest.raises(ClientError, match="cannot be stopped"):
        control.stop_model_invocation_job(jobIdentifier=arn)


def test_a_job_that_is_stopped_has_written_what_it_has_done(emulator, control):
    arn = create(control)
    emulator.clock.advance(15 + 9)
    control.stop_model_invocation_job(jobIdentifier=arn)
    assert control.get_model_invocation_job(jobIdentifier=arn)["status"] == "Stopping"
    emulator.clock.advance(DAY)
    shown = control.get_model_invocation_job(jobIdentifier=arn)
    assert (shown["status"], counts(shown)) == ("Stopped", (200, 40, 40, 0))
    assert len(written(emulator, arn)) == 40


def test_a_region_takes_as_many_jobs_of_a_model_as_it_has_slots(emulator, control):
    emulator.jobs.limit(slots=2)
    create(control, "one")
    create(control, "two", clientRequestToken="two")
    with pytest.raises(ClientError, match="the quota is 2") as refused:
        create(control, "three")
    assert refused.value.response["Error"]["Code"] == "ServiceQuotaExceededException"
    # What was asked for before is no further job, and another Region has slots of its own.
    create(control, "two", clientRequestToken="two")
    create(emulator.client("bedrock", region_name="us-west-2"), "three")
    emulator.clock.advance(60)
    create(control, "three")


def test_a_job_of_too_many_records_fails(emulator, control):
    emulator.jobs.limit(records=150)
    arn = create(control)
    emulator.clock.advance(60)
    shown = control.get_model_invocation_job(jobIdentifier=arn)
    assert shown["status"] == "Failed"
    assert "contains more records (200) than the allowed maximum of: 150" in shown["message"]


@pytest.mark.parametrize(
    ("member", "value", "says"),
    [
        (
            "toolConfig",
            {"tools": [{"toolSpec": {"name": "a", "inputSchema": {"json": {"type": "object"}}}}]},
            "Tool use",
        ),
        ("modelId", MODEL, "modelId is not supported"),
    ],
)
def test_converse_in_a_job_takes_neither_tools_nor_a_model(emulator, control, member, value, says):
    record = {"modelInput": {"messages": [{"role": "user", "content": [{"text": "?"}]}], member: value}}
    emulator.objects["s3://rocks/in/one.jsonl"] = "\n".join([json.dumps(record)] * 100).encode()
    arn = create(control)
    emulator.clock.advance(60)
    assert control.get_model_invocation_job(jobIdentifier=arn)["errorRecordCount"] == 100
    assert all(says in line["error"]["errorMessage"] for line in written(emulator, arn))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda jobs: jobs.course("Stopped"), "it is Stopped by StopModelInvocationJob"),
        (lambda jobs: jobs.course(failing=1.5), "failing is a share of the records, from 0 to 1, not 1.5"),
        (lambda jobs: jobs.course(denied="s3"), 'denied must be "role", "kms" or None'),
        (lambda jobs: jobs.limit(slots=-1), "slots"),
        (lambda jobs: jobs.limit(running=-1.0), "running must be a number of seconds"),
    ],
)
def test_what_cannot_be_is_refused(emulator, call, says):
    with pytest.raises(ValueError, match=says):
        call(emulator.jobs)


def test_objects_are_read_in_parts():
    with Emulator() as bedrock:
        bedrock.objects["s3://rocks/a"] = b"granite"
        assert bedrock.objects.part("s3://rocks/a", 2, 3) == b"ani"
        assert bedrock.objects.part("s3://rocks/a", 7, 3) == b""
        with pytest.raises(KeyError):
            bedrock.objects.part("s3://rocks/b", 0, 1)
