"""Records of calls reach a CloudWatch Logs that is given: moto's, and MiniStack's, which verifies the signature."""

from __future__ import annotations

import json

import boto3
import pytest
from moto.server import ThreadedMotoServer

from outcrop.emulator import Emulator
from tests.support.ministack import ministack

GROUP = "/bedrock/invocations"
STREAM = "aws/bedrock/modelinvocations"
MODEL = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
ALLOW = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}


def logging(bedrock, region="us-east-1", group=GROUP):
    destination = {"logGroupName": group, "roleArn": "arn:aws:iam::123456789012:role/logging"}
    with bedrock.client("bedrock", region_name=region) as control:
        control.put_model_invocation_logging_configuration(loggingConfig={"cloudWatchConfig": destination})


def logs_client(url, region="us-east-1", **keys):
    keys = keys or {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.session.Session().client("logs", region_name=region, endpoint_url=url, **keys)


@pytest.fixture(scope="module")
def moto():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def logs(moto):
    made = [logs_client(moto, region) for region in ("us-east-1", "us-west-2")]
    for client in made:
        client.create_log_group(logGroupName=GROUP)
    yield made
    for client in made:
        client.delete_log_group(logGroupName=GROUP)
        client.close()


def records(client):
    events = client.get_log_events(logGroupName=GROUP, logStreamName=STREAM, startFromHead=True)["events"]
    return [json.loads(event["message"]) for event in events]


def test_records_arrive_in_order_each_in_its_region(moto, logs):
    with Emulator(logs_endpoint_url=moto) as bedrock:
        for region in ("us-east-1", "us-west-2"):
            logging(bedrock, region)
            with bedrock.client("bedrock-runtime", region_name=region) as runtime:
                for _ in range(3):
                    runtime.converse(modelId=MODEL, messages=MESSAGES)
        bedrock.invocation_log.flush()
        assert (bedrock.invocation_log.delivered, bedrock.invocation_log.failures) == (6, [])
        kept = list(bedrock.invocation_log)
    assert records(logs[0]) + records(logs[1]) == kept


def test_stopping_delivers_what_is_left(moto, logs):
    with Emulator(logs_endpoint_url=moto) as bedrock:
        logging(bedrock)
        with bedrock.client("bedrock-runtime") as runtime:
            runtime.converse(modelId=MODEL, messages=MESSAGES)
    assert len(records(logs[0])) == 1


def test_a_log_group_that_is_not_there_is_reported_and_calls_go_on(moto, logs):
    with Emulator(logs_endpoint_url=moto) as bedrock:
        logging(bedrock, group="/nowhere")
        with bedrock.client("bedrock-runtime") as runtime:
            assert runtime.converse(modelId=MODEL, messages=MESSAGES)["stopReason"] == "end_turn"
        bedrock.invocation_log.flush()
        [failure] = bedrock.invocation_log.failures
        assert failure.startswith("1 records for /nowhere in us-east-1: 400 Bad Request: ResourceNotFoundException")
        assert len(bedrock.invocation_log) == 1


@pytest.mark.parametrize("url", ["https://logs.us-east-1.amazonaws.com", "127.0.0.1:5000", ""])
def test_the_endpoint_is_a_local_address(url):
    with pytest.raises(ValueError, match=r"the logs endpoint must be a local server's address such as http://127"):
        Emulator(logs_endpoint_url=url)


@pytest.mark.ministack
def test_the_signature_is_one_that_another_server_verifies():
    with ministack(authenticate=True) as url:
        iam = boto3.session.Session().client(
            "iam", region_name="us-east-1", endpoint_url=url, aws_access_key_id="test", aws_secret_access_key="test"
        )
        iam.create_user(UserName="bedrock")
        policy = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]})
        iam.put_user_policy(UserName="bedrock", PolicyName="logs", PolicyDocument=policy)
        key = iam.create_access_key(UserName="bedrock")["AccessKey"]
        iam.close()
        keys = {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}
        client = logs_client(url, **{f"aws_{name}": value for name, value in keys.items()})
        client.create_log_group(logGroupName=GROUP)
        with Emulator(logs_endpoint_url=url, **keys) as bedrock:
            logging(bedrock)
            with bedrock.client("bedrock-runtime") as runtime:
                runtime.converse(modelId=MODEL, messages=MESSAGES)
            bedrock.invocation_log.flush()
            assert (bedrock.invocation_log.delivered, bedrock.invocation_log.failures) == (1, [])
        assert len(records(client)) == 1
        client.close()
        wrong = {**keys, "secret_access_key": keys["secret_access_key"][::-1]}
        with Emulator(logs_endpoint_url=url, **wrong) as bedrock:
            logging(bedrock)
            with bedrock.client("bedrock-runtime") as runtime:
                runtime.converse(modelId=MODEL, messages=MESSAGES)
            bedrock.invocation_log.flush()
            assert (
                "SignatureDoesNotMatch" in bedrock.invocation_log.failures[0]
                or "InvalidSignature" in (bedrock.invocation_log.failures[0])
            )
