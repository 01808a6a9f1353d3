"""What IAM refuses, as moto's own policy check refuses it."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from outcrop import monitoring
from outcrop.monitoring.clients import Clients
from outcrop.monitoring.setup import DEFAULT_LOG_GROUP_NAME, DEFAULT_ROLE_NAME
from tests.monitoring.conftest import REGION, Moto
from tests.support.server import Answer, Request, Server
from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from outcrop.emulator import Emulator

OTHER = "us-west-2"
ALL = ("bedrock:*", "cloudwatch:*", "iam:*", "logs:*", "s3:*", "sts:*")


def _count_before_checks(moto: Moto, count: str) -> None:
    url, headers = f"{moto.endpoint_url}/moto-api/reset-auth", {"Content-Type": "text/plain"}
    request = urllib.request.Request(url, data=count.encode(), headers=headers, method="POST")
    urllib.request.urlopen(request, timeout=PATIENCE).close()


@pytest.fixture
def places(moto: Moto, emulator: Emulator) -> dict[str, str]:
    """Where the services are. moto takes no signature of Bedrock's when it checks them; the emulator does."""
    others = dict.fromkeys(("cloudwatch", "iam", "logs", "s3", "sts"), moto.endpoint_url)
    return {"bedrock": emulator.endpoint_url, **others}


@pytest.fixture
def caller(moto: Moto, emulator: Emulator) -> Iterator[Callable[[str], boto3.Session]]:
    """`caller(action)` is a session that may do everything but that; moto checks from then on."""

    def make(action: str) -> boto3.Session:
        iam = moto.client("iam")
        iam.create_user(UserName="somebody")
        allowed = {"Effect": "Allow", "Action": ALL, "Resource": "*"}
        denied = {"Effect": "Deny", "Action": action, "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [allowed, denied]}
        iam.put_user_policy(UserName="somebody", PolicyName="p", PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName="somebody")["AccessKey"]
        emulator.add_key(access_key_id=key["AccessKeyId"], secret_access_key=key["SecretAccessKey"])
        _count_before_checks(moto, "0")
        return boto3.Session(
            aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"], region_name=REGION
        )

    yield make
    _count_before_checks(moto, "inf")


def test_a_role_that_may_not_be_created_names_the_statement(
    moto: Moto, places: dict[str, str], caller: Callable[[str], boto3.Session]
) -> None:
    session = caller("iam:CreateRole")
    with pytest.raises(monitoring.MissingPermissionError, match="iam:CreateRole on arn:aws:iam::") as caught:
        monitoring.enable(session, endpoint_urls=places)
    error = caught.value
    assert error.statement == {"Effect": "Allow", "Action": ["iam:CreateRole"], "Resource": [error.resource]}
    assert error.resource.endswith(f":role/{DEFAULT_ROLE_NAME}")
    assert json.dumps(error.statement) in str(error)
    # What was made before is known, so it can be undone.
    _count_before_checks(moto, "inf")
    monitoring.disable(session, endpoint_urls=places)
    assert moto.client("logs").describe_log_groups()["logGroups"] == []


@pytest.mark.parametrize("action", ["iam:PutRolePolicy", "iam:GetRole"])
def test_each_missing_action_is_named_with_what_it_is_needed_on(
    places: dict[str, str], caller: Callable[[str], boto3.Session], action: str
) -> None:
    session = caller(action)
    with pytest.raises(monitoring.MissingPermissionError) as caught:
        monitoring.enable(session, endpoint_urls=places)
    assert (caught.value.action, caught.value.region) == (action, REGION)
    assert caught.value.resource.endswith(f":role/{DEFAULT_ROLE_NAME}")


def test_what_cloudwatch_logs_refuses_is_named(moto: Moto) -> None:
    # moto's policy check answers JSON services in XML, which AWS does not.
    who = "User: arn:aws:iam::123456789012:user/somebody"
    said = (
        f"{who} is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:here with an explicit deny"
    )

    def answer(request: Request) -> Answer:
        if (request.header("X-Amz-Target") or "").endswith("DescribeLogGroups"):
            status, body = 200, {"logGroups": []}
        elif (request.header("X-Amz-Target") or "").endswith("ListTagsForResource"):
            status, body = 400, {"__type": "ResourceNotFoundException", "message": "no such group"}
        else:
            status, body = 400, {"__type": "AccessDeniedException", "message": said}
        return Answer(status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode())

    with Server(answer=answer) as server:
        urls = {**dict.fromkeys(("bedrock", "iam", "sts"), moto.endpoint_url), "logs": server.url}
        with pytest.raises(monitoring.MissingPermissionError) as caught:
            monitoring.enable(moto.session(), endpoint_urls=urls)
    assert (caught.value.action, caught.value.resource) == ("logs:CreateLogGroup", "arn:aws:logs:here")


def test_alarms_that_one_region_refuses_are_made_in_the_others(moto: Moto, monkeypatch: pytest.MonkeyPatch) -> None:
    call = Clients.call

    def refused(self: Clients, service: str, region: str, operation: str, *args: Any, **options: Any) -> dict[str, Any]:
        if region == REGION:
            raise monitoring.MissingPermissionError("cloudwatch:PutMetricAlarm", options["resource"], region, "no")
        return call(self, service, region, operation, *args, **options)

    monkeypatch.setattr(Clients, "call", refused)
    with pytest.raises(monitoring.SeveralRegionsError, match=f"1 of 2 Regions failed: {REGION}") as caught:
        monitoring.alarms(moto.session(), regions=[REGION, OTHER], endpoint_urls=moto.endpoint_url)
    done = {step.region for step in caught.value.plan if step.done}
    assert done == {OTHER}
    assert moto.client("cloudwatch", OTHER).describe_alarms()["MetricAlarms"]
    error = caught.value.failures[REGION]
    assert isinstance(error, monitoring.MissingPermissionError)
    assert error.resource == f"arn:aws:cloudwatch:{REGION}:*:alarm:bedrock*"


def test_filters_are_made_in_the_regions_that_have_a_log_group(moto: Moto) -> None:
    moto.client("logs", OTHER).create_log_group(logGroupName=DEFAULT_LOG_GROUP_NAME)
    with pytest.raises(monitoring.SeveralRegionsError, match="no log group") as caught:
        monitoring.reroute_metric(moto.session(), regions=[REGION, OTHER], endpoint_urls=moto.endpoint_url)
    assert list(caught.value.failures) == [REGION]
    assert [step.region for step in caught.value.plan if step.done] == [OTHER, OTHER]
    made = moto.client("logs", OTHER).describe_metric_filters(logGroupName=DEFAULT_LOG_GROUP_NAME)["metricFilters"]
    assert len(made) == 1
