"""What jobs need of the account: the policies, and what AWS says of what lacks."""

from __future__ import annotations

import copy
import json
from urllib.parse import quote

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import ANY, Stubber
from hypothesis import given
from hypothesis import strategies as st

from outcrop._jobs.checks import _trusts
from tests.support.moto import moto_server

from .world import ROLE, jobs_of, made, requests_of

KEY = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
EAST = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/*"
WEST = "arn:aws:bedrock:us-west-2:123456789012:model-invocation-job/*"


@pytest.fixture
def iam():
    client = boto3.client("iam", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    yield client
    client.close()


def role_of(trust):
    told = {"Path": "/", "RoleName": "batch", "RoleId": "A" * 16, "Arn": ROLE, "CreateDate": "2026-01-01T00:00:00Z"}
    return {"Role": {**told, "AssumeRolePolicyDocument": quote(json.dumps(trust))}}


def test_the_policies_name_what_the_plan_needs(emulator):
    policies = jobs_of(emulator, encryption_keys={"us-east-1": KEY}).policies()
    [trust] = policies["trust"]["Statement"]
    assert trust["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert trust["Condition"]["ArnLike"]["aws:SourceArn"] == [EAST, WEST]
    files, profiles, keys = policies["role"]["Statement"]
    assert files["Resource"] == [
        "arn:aws:s3:::rocks-east",
        "arn:aws:s3:::rocks-west",
        "arn:aws:s3:::rocks-east/*",
        "arn:aws:s3:::rocks-west/*",
    ]
    model = "foundation-model/amazon.nova-lite-v1:0"
    assert set(profiles["Resource"]) == {
        *(
            f"arn:aws:bedrock:{it}:123456789012:inference-profile/us.amazon.nova-lite-v1:0"
            for it in ("us-east-1", "us-west-2")
        ),
        *(f"arn:aws:bedrock:{it}::{model}" for it in ("us-east-1", "us-east-2", "us-west-2")),
    }
    assert (keys["Resource"], keys["Condition"]["StringEquals"]["kms:ViaService"]) == (
        [KEY],
        ["s3.us-east-1.amazonaws.com"],
    )
    caller = {statement["Sid"]: statement for statement in policies["caller"]["Statement"]}
    assert caller["RoleOfJobs"]["Resource"] == [ROLE]
    assert "bedrock:CreateModelInvocationJob" in caller["Jobs"]["Action"]
    json.dumps(policies)


def test_a_role_that_has_all_is_well(emulator, iam):
    jobs = jobs_of(emulator, iam=iam)
    with Stubber(iam) as told:
        told.add_response("get_role", role_of(jobs.policies()["trust"]), {"RoleName": "batch"})
        for action in ("s3:GetObject", "s3:PutObject", "s3:ListBucket", "bedrock:InvokeModel"):
            asked = {"PolicySourceArn": ROLE, "ActionNames": [action], "ResourceArns": ANY}
            if action.startswith("s3:"):
                asked["ContextEntries"] = ANY
            result = {"EvalActionName": action, "EvalResourceName": "*", "EvalDecision": "allowed"}
            told.add_response("simulate_principal_policy", {"EvaluationResults": [result]}, asked)
        checks = jobs.check()
        told.assert_no_pending_responses()
    assert [check.verdict for check in checks][:3] == ["ok", "ok", "ok"]
    assert checks.missing == []


def test_what_lacks_is_named_before_anything_is_uploaded(emulator, iam):
    jobs = jobs_of(emulator, iam=iam)
    trust = copy.deepcopy(jobs.policies()["trust"])
    trust["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"] = [EAST]
    denied = {
        "EvalActionName": "s3:PutObject",
        "EvalResourceName": "arn:aws:s3:::rocks-west/*",
        "EvalDecision": "implicitDeny",
    }
    with Stubber(iam) as told:
        told.add_response("get_role", role_of(trust))
        for result in (None, denied, None, None):
            told.add_response("simulate_principal_policy", {"EvaluationResults": [result] if result else []})
        with pytest.raises(PermissionError) as refused:
            jobs.submit(requests_of(200))
    said = str(refused.value)
    assert "bedrock.amazonaws.com may not assume it for jobs in us-west-2; add {" in said
    assert "it is not allowed s3:PutObject on arn:aws:s3:::rocks-west/*; add {" in said
    assert WEST in said
    assert "Name rock" not in said
    assert list(emulator.objects) == []
    assert made(emulator) == []


def test_a_role_that_is_not_there_lacks_and_one_that_may_not_be_seen_does_not(emulator, iam):
    for code, verdicts in (("NoSuchEntity", {"missing"}), ("AccessDenied", {"not asked"})):
        with Stubber(iam) as told:
            told.add_client_error("get_role", code)
            checks = jobs_of(emulator, iam=iam).check()
        assert {check.verdict for check in checks if ROLE in check.subject} == verdicts
    with Stubber(iam) as told:
        told.add_response("get_role", role_of(jobs_of(emulator).policies()["trust"]))
        for _ in range(2):
            told.add_client_error("simulate_principal_policy", "AccessDenied")
        checks = jobs_of(emulator, iam=iam).check()
    assert [check.verdict for check in checks][:3] == ["ok", "not asked", "not asked"]


def test_a_real_role_is_read(emulator):
    """moto's IAM keeps the trust; it does not simulate, and that is told."""
    jobs = jobs_of(emulator)
    with moto_server() as url:
        iam = boto3.client(
            "iam", endpoint_url=url, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
        iam.create_role(RoleName="batch", AssumeRolePolicyDocument=json.dumps(jobs.policies()["trust"]))
        checks = jobs_of(emulator, iam=iam).check()
        assert checks[0].verdict == "ok"
        other = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [other]})
        iam.update_assume_role_policy(RoleName="batch", PolicyDocument=document)
        assert jobs_of(emulator, iam=iam).check()[0].verdict == "missing"
        iam.close()


NOT_REACHED = EndpointConnectionError(endpoint_url="https://s3.us-east-1.amazonaws.com")


class Buckets:
    """S3 with empty buckets, whose default encryption is this, or may not be seen."""

    def __init__(self, encryption):
        self._encryption = encryption

    def get_object(self, **place):
        raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")

    def head_bucket(self, **place):
        return {"BucketRegion": "us-east-1"}

    def get_bucket_encryption(self, **place):
        if isinstance(self._encryption, Exception):
            raise self._encryption
        if self._encryption is None or isinstance(self._encryption, str):
            code = self._encryption or "ServerSideEncryptionConfigurationNotFoundError"
            raise ClientError({"Error": {"Code": code}}, "GetBucketEncryption")
        rules = [{"ApplyServerSideEncryptionByDefault": self._encryption}]
        return {"ServerSideEncryptionConfiguration": {"Rules": rules}}

    put_object = get_object


@pytest.mark.parametrize(
    ("encryption", "resources", "unknown"),
    [
        (None, [], None),
        ({"SSEAlgorithm": "AES256"}, [], None),
        ({"SSEAlgorithm": "aws:kms"}, [], None),
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": f"{KEY.rpartition(':')[0]}:alias/aws/s3"}, [], None),
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}, [KEY], None),
        ({"SSEAlgorithm": "aws:kms:dsse", "KMSMasterKeyID": KEY.rpartition("/")[2]}, [KEY], None),
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/rocks"}, [], "it has alias/rocks for its key"),
        ("AccessDenied", [], "GetBucketEncryption answered AccessDenied"),
        (
            EndpointConnectionError(endpoint_url="https://s3"),
            [],
            "GetBucketEncryption answered EndpointConnectionError",
        ),
    ],
)
def test_a_bucket_s_own_key_is_among_the_rights(emulator, iam, encryption, resources, unknown):
    jobs = jobs_of(emulator, iam=iam, storage=Buckets(encryption), buckets={"us-east-1": "s3://rocks-east/in"})
    policies = jobs.policies()
    with Stubber(iam) as told:
        told.add_response("get_role", role_of(policies["trust"]))
        denied = {"EvalActionName": "kms:Decrypt", "EvalResourceName": KEY, "EvalDecision": "implicitDeny"}
        for result in [None] * 4 + [denied, None][: 2 * len(resources)]:
            told.add_response("simulate_principal_policy", {"EvaluationResults": [result] if result else []})
        checks = jobs.check()
        told.assert_no_pending_responses()
    of_jobs = [it for name in ("role", "caller") for it in policies[name]["Statement"] if it["Sid"].startswith("Keys")]
    assert [it["Resource"] for it in of_jobs] == [resources] * (2 if resources else 0)
    assert [it.reason for it in checks.missing] == [f"it is not allowed kms:Decrypt on {KEY}"] * len(resources)
    of_bucket = [check for check in checks if check.subject == "the key of the bucket rocks-east"]
    assert [check.verdict for check in of_bucket] == ["not asked"] * (unknown is not None)
    assert all(check.reason.startswith(unknown) for check in of_bucket)


def statement(**more):
    usual = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {**usual, **more}


@pytest.mark.parametrize(
    ("given_statement", "trusted"),
    [
        (statement(), True),
        (statement(Action=["sts:TagSession", "sts:*"]), True),
        (statement(Principal={"Service": ["a.amazonaws.com", "bedrock.amazonaws.com"]}), True),
        (statement(Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}}), True),
        (statement(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:bedrock:*:123456789012:*"}}), True),
        (statement(Condition={"ArnEquals": {"AWS:SourceArn": [WEST, EAST]}}), True),
        (statement(Condition={"StringEquals": {"aws:PrincipalTag/a": "b"}}), True),
        (statement(Effect="Deny"), False),
        (statement(Action="sts:TagSession"), False),
        (statement(Principal={"AWS": "*"}), False),
        (statement(Condition={"StringEquals": {"aws:SourceAccount": "210987654321"}}), False),
        (statement(Condition={"ArnLike": {"aws:SourceArn": WEST}}), False),
        (statement(Condition={"StringNotEquals": {"aws:SourceAccount": "123456789012"}}), False),
    ],
)
def test_a_statement_of_trust_is_read(given_statement, trusted):
    assert _trusts(given_statement, "123456789012", EAST) == trusted


@given(regions=st.lists(st.sampled_from(["us-east-1", "us-west-2", "*", "eu-west-1"]), max_size=3))
def test_a_region_is_trusted_where_one_of_the_arns_is_its_own(regions):
    arns = [f"arn:aws:bedrock:{region}:123456789012:model-invocation-job/*" for region in regions]
    found = _trusts(statement(Condition={"ArnLike": {"aws:SourceArn": arns}}), "123456789012", EAST)
    assert found == bool({"us-east-1", "*"} & set(regions))
