"""MiniStack verifies every signature itself: a third opinion, over the whole way."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

import outcrop
from tests.support.ministack import ministack

from .comparison import assert_same

REGION = "us-east-1"
ROOT = {"region_name": REGION, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
PROFILE = "us.anthropic.claude-3-5-haiku-20241022-v1:0"
ARN = f"arn:aws:bedrock:us-east-1:000000000000:inference-profile/{PROFILE}"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
ALLOW = {"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}

pytestmark = pytest.mark.ministack


@pytest.fixture(scope="module")
def account():
    """A URL, and the keys of a user who may use Bedrock and nothing else."""
    with ministack(authenticate=True) as url:
        iam = boto3.session.Session().client("iam", endpoint_url=url, **ROOT)
        iam.create_user(UserName="geologist")
        policy = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]})
        iam.put_user_policy(UserName="geologist", PolicyName="bedrock", PolicyDocument=policy)
        keys = iam.create_access_key(UserName="geologist")["AccessKey"]
        iam.close()
        yield url, {"aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": keys["SecretAccessKey"]}


@pytest.fixture
def clients(account):
    """Both clients of both services, with the user's keys: `clients(service)` → (ours, theirs)."""
    url, keys = account
    made = []

    def pair(service):
        where = {"region_name": REGION, "endpoint_url": url, **keys}
        made.append((outcrop.client(service, **where), boto3.session.Session().client(service, **where)))
        return made[-1]

    yield pair
    for ours, theirs in made:
        ours.close()
        theirs.close()


def without_the_moment(answer):
    """The answer but for what differs from one call to the next."""
    return {name: value for name, value in answer.items() if name not in {"ResponseMetadata", "metrics"}}


@pytest.mark.parametrize("model", ["anthropic.claude-3-haiku-20240307-v1:0", PROFILE, ARN])
def test_converse_is_signed_for_ids_with_colons_and_arns_with_slashes(clients, model):
    ours, theirs = (client.converse(modelId=model, messages=MESSAGES) for client in clients("bedrock-runtime"))
    assert_same(without_the_moment(ours), without_the_moment(theirs))


@pytest.mark.parametrize("model", [PROFILE, ARN])
def test_the_other_calls_are_signed_too(clients, model):
    ours, theirs = clients("bedrock-runtime")
    body = json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 16, "messages": MESSAGES})
    told = [json.loads(client.invoke_model(modelId=model, body=body)["body"].read()) for client in (ours, theirs)]
    assert told[0]["content"] == told[1]["content"]
    told = [
        [
            event
            for event in client.converse_stream(modelId=model, messages=MESSAGES)["stream"]
            if "metadata" not in event
        ]
        for client in (ours, theirs)
    ]
    assert told[0] == told[1]


def test_the_control_plane_is_signed(clients):
    ours, theirs = clients("bedrock")
    told = [client.list_inference_profiles(maxResults=5) for client in (ours, theirs)]
    assert_same(without_the_moment(told[0]), without_the_moment(told[1]))
    name = told[0]["inferenceProfileSummaries"][0]["inferenceProfileId"]
    told = [client.get_inference_profile(inferenceProfileIdentifier=name) for client in (ours, theirs)]
    assert_same(without_the_moment(told[0]), without_the_moment(told[1]))
    for client in (ours, theirs):  # MiniStack does not find ARNs here, but it says so only after the signature held
        with pytest.raises(ClientError, match="Could not find inference profile arn:aws"):
            client.get_inference_profile(inferenceProfileIdentifier=ARN)


def test_a_role_is_assumed_and_signs(account, monkeypatch):
    """STS and Bedrock are MiniStack's both: the one hands out keys, the other verifies what they sign."""
    url, keys = account
    iam = boto3.session.Session().client("iam", endpoint_url=url, **ROOT)
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = iam.create_role(RoleName="surveyor", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]})
    iam.put_role_policy(RoleName="surveyor", PolicyName="bedrock", PolicyDocument=policy)
    assume = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW | {"Action": "sts:AssumeRole"}]})
    iam.put_user_policy(UserName="geologist", PolicyName="assume", PolicyDocument=assume)
    iam.close()
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", url)
    role = {"role_arn": arn, "role_session_name": "langchain-llm-1"}
    session = outcrop.Session(region_name=REGION, endpoint_url=url, **keys, **role)
    assert session.get_credentials().access_key != keys["aws_access_key_id"]
    answer = session.client("bedrock-runtime").converse(modelId=ARN, messages=MESSAGES)
    assert answer["output"]["message"]["role"] == "assistant"


def test_a_wrong_secret_is_refused(account):
    url, keys = account
    wrong = {**keys, "aws_secret_access_key": keys["aws_secret_access_key"][::-1]}
    client = outcrop.client("bedrock-runtime", region_name=REGION, endpoint_url=url, **wrong)
    with pytest.raises(ClientError) as caught:
        client.converse(modelId=PROFILE, messages=MESSAGES)
    assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"
    client.close()
