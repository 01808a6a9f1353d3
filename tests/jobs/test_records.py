"""Requests there and back: what a job's records hold, and what its lines come to."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import outcrop
from outcrop._jobs.records import Writer, request_of, result_of

from .world import BUCKETS, MODEL, ROLE, jobs_of, made, requests_of, router_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS | st.just("bytes"), inner, max_size=3),
    max_leaves=6,
)
BLOCKS = st.one_of(
    st.builds(lambda text: {"text": text}, TEXTS),
    st.builds(lambda body: {"image": {"format": "png", "source": {"bytes": body}}}, st.binary(min_size=1)),
    st.builds(lambda body: {"reasoningContent": {"redactedContent": body}}, st.binary(min_size=1)),
    st.builds(lambda args: {"toolUse": {"toolUseId": "a", "name": "b", "input": args}}, DOCUMENTS),
    st.builds(lambda args: {"toolResult": {"toolUseId": "a", "content": [{"json": args}]}}, DOCUMENTS),
)


def writer() -> Writer:
    return Writer((MODEL,), lambda _operation, _arguments: None)


@given(blocks=st.lists(BLOCKS, min_size=1, max_size=4), record_id=TEXTS, extra=DOCUMENTS)
def test_a_request_of_converse_comes_back_as_it_went(blocks, record_id, extra):
    request = {"messages": [{"role": "user", "content": blocks}], "additionalModelRequestFields": {"bytes": extra}}
    line = writer().line(0, record_id, {"modelId": MODEL, **request})
    assert line.count(b"\n") == 1
    assert "modelId" not in json.loads(line)["modelInput"]
    assert request_of("converse", line) == (record_id, request)


@given(body=st.dictionaries(TEXTS, DOCUMENTS), record_id=TEXTS, kind=st.sampled_from([str, bytes, "file"]))
def test_a_body_of_invoke_model_comes_back_as_it_went(body, record_id, kind):
    text = json.dumps(body)
    given_body = text if kind is str else text.encode() if kind is bytes else io.BytesIO(text.encode())
    line = writer().line(0, record_id, {"body": given_body, "contentType": "application/json"})
    found, request = request_of("invoke_model", line)
    assert (found, json.loads(request["body"])) == (record_id, body)


@given(line=st.binary() | DOCUMENTS.map(lambda it: json.dumps(it).encode()))
def test_what_is_no_line_of_an_output_is_passed_over(line):
    assert result_of("converse", line, {}) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "ValidationException"),
        (429, "ThrottlingException"),
        (500, "InternalServerException"),
        (418, "ValidationException"),
    ],
)
def test_an_error_is_of_the_class_that_a_call_raises(status, kind):
    line = json.dumps({"recordId": "a", "error": {"errorCode": status, "errorMessage": "no such rock"}}).encode()
    record_id, error = result_of("converse", line, {"SourceRegion": "us-east-1"})
    assert (record_id, type(error).__name__) == ("a", kind)
    assert isinstance(error, getattr(outcrop.exceptions, kind))
    assert str(error) == f"An error occurred ({kind}) when calling the Converse operation: no such rock"
    assert error.response["ResponseMetadata"]["BatchJob"] == {"SourceRegion": "us-east-1", "RecordId": "a"}


TOOLS = {"tools": [{"toolSpec": {"name": "a", "inputSchema": {"json": {}}}}]}
GOOD = requests_of(1)[0]


@pytest.mark.parametrize(
    ("requests", "kind", "says"),
    [
        ([GOOD, "text"], TypeError, "request 1 must be a dict of keyword arguments"),
        (
            [{**GOOD, "toolConfig": TOOLS}],
            ValueError,
            "request 0 has toolConfig, and batch jobs take tools in the model's",
        ),
        ([GOOD, {"body": "{}"}], ValueError, "request 1 is one for invoke_model, and those before it are for converse"),
        ([{**GOOD, "modelId": "us.amazon.nova-pro-v1:0"}], ValueError, "request 0 names the model 'us.amazon.nova-pro"),
        ([{"body": "[]"}], ValueError, "the body of request 0 is no JSON object"),
        ([{"body": b"\xff"}], ValueError, "the body of request 0 is no JSON object"),
        ([{"body": "{}", "guardrailIdentifier": "a"}], ValueError, "request 0 has guardrailIdentifier, which a record"),
        ([{"messages": "rocks"}], outcrop.exceptions.ParamValidationError, "messages"),
        ([{**GOOD, "mesages": []}], outcrop.exceptions.ParamValidationError, "mesages"),
        ([("a", GOOD), ("a", GOOD)], ValueError, "the record id 'a' of request 1 is another request's, too"),
        ([("a", GOOD), GOOD], ValueError, "request 1 must have a record id as those before it"),
        ([(1, GOOD)], TypeError, "the record id of request 0"),
        ([("", GOOD)], ValueError, "must have 1 to 256 characters"),
        ([(GOOD,)], TypeError, "request 0 must be a dict, or a pair of a record id and a dict"),
        ("requests", TypeError, "requests must be an iterable of dicts"),
        (requests_of(99), ValueError, "there are 99 records, and a job takes 100 at least"),
    ],
)
def test_what_a_job_cannot_carry_is_refused_before_anything_is_sent(emulator, requests, kind, says):
    for verb in ("plan", "submit"):
        with pytest.raises(kind, match=says) as refused:
            getattr(jobs_of(emulator), verb)(requests)
        assert "Name rock" not in str(refused.value)
    assert list(emulator.objects) == []
    assert made(emulator) == []


def test_bodies_of_invoke_model_are_answered_as_by_a_call(emulator):
    body = json.dumps({"messages": [{"role": "user", "content": [{"text": "Name a rock."}]}]})
    jobs = jobs_of(emulator, buckets={"us-east-1": "s3://rocks/in"})
    jobs.submit({"body": body} for _ in range(100))
    results = dict(jobs.results(pause=emulator.clock.advance))
    [job] = made(emulator)
    assert job["modelInvocationType"] == "InvokeModel"
    answer = results["00000000042"]
    direct = emulator.client("bedrock-runtime").invoke_model(modelId=MODEL, body=body)
    assert json.loads(answer["body"].read()) == json.loads(direct["body"].read())
    assert answer["ResponseMetadata"]["BatchJob"] == {
        "JobArn": job["jobArn"],
        "JobName": job["jobName"],
        "SourceRegion": "us-east-1",
        "ModelId": MODEL,
        "RecordId": "00000000042",
    }


def test_what_a_job_is_asked_for_with(emulator):
    jobs = jobs_of(
        emulator,
        buckets={"us-east-1": "s3://rocks/in"},
        outputs={"us-east-1": "s3://minerals/out"},
        encryption_keys={"us-east-1": "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"},
        bucket_owner="123456789012",
        tags={"team": "survey"},
        timeout_hours=100,
        vpc={"subnetIds": ["subnet-1234567890"], "securityGroupIds": ["sg-1234567890"]},
    )
    [planned] = jobs.submit([(f"rock {number}", request) for number, request in enumerate(requests_of(100))])
    [job] = made(emulator)
    assert job["modelId"] == "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0"
    assert job["inputDataConfig"]["s3InputDataConfig"] == {
        "s3Uri": f"s3://rocks/in/rocks/in/{planned.name}/",
        "s3InputFormat": "JSONL",
        "s3BucketOwner": "123456789012",
    }
    assert job["outputDataConfig"]["s3OutputDataConfig"] == {
        "s3Uri": "s3://minerals/out/rocks/out/",
        "s3EncryptionKeyId": "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012",
        "s3BucketOwner": "123456789012",
    }
    assert (job["roleArn"], job["timeoutDurationInHours"], job["vpcConfig"]["subnetIds"]) == (
        ROLE,
        100,
        ["subnet-1234567890"],
    )
    control = emulator.client("bedrock")
    assert control.list_tags_for_resource(resourceARN=job["jobArn"])["tags"] == [{"key": "team", "value": "survey"}]
    assert "rock 7" in dict(jobs.results(pause=emulator.clock.advance))


@pytest.mark.parametrize(
    ("options", "kind", "says"),
    [
        ({"name": "my rocks"}, ValueError, "name 'my rocks' cannot be a part of a job's"),
        ({"name": "a" * 33}, ValueError, "at most 32 letters"),
        ({"buckets": {}}, TypeError, "buckets must be a dict from source Regions to places"),
        (
            {"buckets": {"eu-west-1": "s3://rocks/in"}},
            ValueError,
            "eu-west-1', which is not among the router's sources",
        ),
        (
            {"buckets": {"us-east-1": "rocks/in"}},
            ValueError,
            "must be a place such as s3://bucket/folder, not 'rocks/in'",
        ),
        ({"buckets": {"us-east-1": "s3://rocks/a=b"}}, ValueError, "its keys may hold letters, digits and"),
        ({"outputs": {"us-east-1": "s3://rocks/out"}}, ValueError, "outputs has nothing for us-west-2"),
        ({"role_arn": "batch"}, ValueError, "role_arn must be the ARN of an IAM role"),
        ({"role_arn": {"us-east-1": ROLE}}, ValueError, "role_arn has none for us-west-2"),
        ({"storage": 3}, TypeError, 'storage must be a boto3 client of "s3", an obstore store'),
        ({"storage": {"us-east-1": {}}}, ValueError, "storage has nothing for us-west-2"),
        ({"timeout_hours": 12}, ValueError, "timeout_hours must be from 24 to 168, not 12"),
        ({"router": "nova"}, TypeError, "router must be an outcrop.CrossRegion, not str"),
    ],
)
def test_arguments_that_cannot_be_are_refused(emulator, options, kind, says):
    with pytest.raises(kind, match=says):
        jobs_of(emulator, **options)


def test_a_plan_tells_sizes_and_prices(emulator):
    requests = [{**request, "inferenceConfig": {"maxTokens": 50}} for request in requests_of(400)]
    plan = jobs_of(emulator, quotas={"records": 100, "slots": 1}).plan(iter(requests))
    assert (plan.records, len(plan), plan.waves, plan.output_tokens) == (400, 4, 2, 20_000)
    assert [job.source_region for job in plan] == ["us-east-1", "us-east-1", "us-west-2", "us-west-2"]
    least, most = plan.price(2.0, 10.0)
    assert least == pytest.approx(plan.input_tokens / 1e6)
    assert most == pytest.approx(least + 0.1)
    assert "400 records in 4 jobs of 2 source Regions" in plan.notes[-1]
    assert plan.to_dicts()[0]["records"] == 100
    assert "any commercial Region" not in str(plan)
    unbounded = jobs_of(emulator).plan(requests_of(400))
    assert (unbounded.output_tokens, unbounded.price(1, 1)[1]) == (None, float("inf"))
    assert list(emulator.objects) == []


def test_nothing_shows_a_prompt_or_a_key(emulator):
    jobs = jobs_of(emulator)
    shown = [repr(jobs), str(jobs.submit(requests_of(200))), repr(jobs.rest()), str(jobs.status())]
    list(jobs.results(pause=emulator.clock.advance))
    for text in shown:
        assert "Name rock" not in text
        assert emulator.secret_access_key not in text
    assert repr(jobs) == f"<BatchJobs rocks: {MODEL} in {', '.join(BUCKETS)}>"


def test_a_router_of_a_model_itself_sends_the_models_arn(emulator):
    router = router_of(emulator, "amazon.nova-lite-v1:0", sources=["us-east-1"])
    jobs = jobs_of(emulator, router, buckets={"us-east-1": "s3://rocks/in"})
    jobs.submit(requests_of(100))
    assert made(emulator)[0]["modelId"] == "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
    assert "ProfilesOfJobs" not in str(jobs.policies())
