"""Switching invocation logging on and off, against moto."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from outcrop import monitoring
from outcrop.monitoring.plan import until_role_works
from tests.monitoring.conftest import REGION, Moto

ACCOUNT = "123456789012"
ROLE = "AmazonBedrockModelInvocationCWDeliveryRole"
GROUP = "bedrock-model-invocation-logging"
FOREIGN = {
    "cloudWatchConfig": {"logGroupName": "theirs", "roleArn": f"arn:aws:iam::{ACCOUNT}:role/theirs"},
    "imageDataDeliveryEnabled": True,
}


def enable(moto: Moto, **options: Any) -> monitoring.Plan:
    return monitoring.enable(moto.session(), endpoint_urls=moto.endpoint_url, **options)


def disable(moto: Moto, **options: Any) -> monitoring.Plan:
    return monitoring.disable(moto.session(), endpoint_urls=moto.endpoint_url, **options)


def configuration(moto: Moto, region: str = REGION) -> dict[str, Any]:
    return moto.client("bedrock", region).get_model_invocation_logging_configuration()["loggingConfig"]


def groups(moto: Moto, region: str = REGION) -> dict[str, Any]:
    return {group["logGroupName"]: group for group in moto.client("logs", region).describe_log_groups()["logGroups"]}


def roles(moto: Moto) -> list[str]:
    return [role["RoleName"] for role in moto.client("iam").list_roles()["Roles"]]


def test_makes_what_the_sample_makes(moto: Moto) -> None:
    plan = enable(moto)

    calls = {step.operation: step.parameters for step in plan.changes}
    assert json.loads(calls["CreateRole"]["AssumeRolePolicyDocument"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "bedrock.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": ACCOUNT},
                    "ArnLike": {"aws:SourceArn": f"arn:aws:bedrock:us-east-1:{ACCOUNT}:*"},
                },
            }
        ],
    }
    role = moto.client("iam").get_role(RoleName=ROLE)["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(calls["CreateRole"]["AssumeRolePolicyDocument"])
    policy = moto.client("iam").get_role_policy(RoleName=ROLE, PolicyName=ROLE)["PolicyDocument"]
    stream = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{GROUP}:log-stream:aws/bedrock/modelinvocations"
    assert policy["Statement"] == [
        {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": stream}
    ]
    assert groups(moto)[GROUP]["retentionInDays"] == 365
    assert configuration(moto) == {
        "cloudWatchConfig": {"logGroupName": GROUP, "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"},
        "imageDataDeliveryEnabled": False,
        "embeddingDataDeliveryEnabled": False,
    }
    assert all(step.done for step in plan.changes)


def test_twice_changes_nothing(moto: Moto) -> None:
    first = enable(moto)
    second = enable(moto)
    assert second.changes == []
    assert str(second).endswith("nothing to change")
    assert second.receipts == first.receipts


def test_a_dry_run_shows_the_plan_and_does_nothing(moto: Moto) -> None:
    plan = enable(moto, dry_run=True)
    assert [step.operation for step in plan.changes] == [
        "CreateLogGroup",
        "TagResource",
        "PutRetentionPolicy",
        "CreateRole",
        "PutRolePolicy",
        "PutModelInvocationLoggingConfiguration",
    ]
    assert "nothing was done: this is a dry run" in str(plan)
    assert "us-east-1: create role AmazonBedrockModelInvocationCWDeliveryRole (iam.CreateRole)" in str(plan)
    assert (groups(moto), roles(moto), configuration(moto)) == ({}, [], {})
    statements = {action: s["Resource"] for s in plan.policy()["Statement"] for action in s["Action"]}
    assert statements["iam:PassRole"] == [f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"]
    assert statements["logs:CreateLogGroup"] == [f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{GROUP}"]


def test_disable_removes_all_that_was_made(moto: Moto) -> None:
    enable(moto)
    monitoring.reroute_metric(moto.session(), endpoint_urls=moto.endpoint_url)
    assert disable(moto, dry_run=True).changes
    plan = disable(moto)
    assert all(step.done for step in plan.changes)
    assert (groups(moto), roles(moto), configuration(moto)) == ({}, [], {})
    assert disable(moto).changes == []


def test_a_log_group_with_records_is_kept_unless_told(moto: Moto) -> None:
    enable(moto)
    monitoring.reroute_metric(moto.session(), endpoint_urls=moto.endpoint_url)
    logs = moto.client("logs")
    logs.create_log_stream(logGroupName=GROUP, logStreamName="aws/bedrock/modelinvocations")
    logs.put_metric_filter(
        logGroupName=GROUP,
        filterName="theirs",
        filterPattern="ERROR",
        metricTransformations=[{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}],
    )

    plan = disable(moto)

    assert "holds records and was kept" in str(plan)
    assert list(groups(moto)) == [GROUP]
    assert [each["filterName"] for each in logs.describe_metric_filters(logGroupName=GROUP)["metricFilters"]] == [
        "theirs"
    ]
    assert logs.list_tags_for_resource(resourceArn=groups(moto)[GROUP]["logGroupArn"])["tags"] == {}
    assert configuration(moto) == {}

    enable(moto)
    # The group was not made this time, so that it survives even delete_logs.
    disable(moto, delete_logs=True)
    assert list(groups(moto)) == [GROUP]


def test_a_filter_that_was_there_is_put_back(moto: Moto) -> None:
    """Such as the one that AWS's sample makes, whose name outcrop's has."""
    logs = moto.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    theirs = {
        "filterName": "bedrock_cross_region_inference_rerouted",
        "filterPattern": '{ $.inferenceRegion != "us-east-1" }',
        "metricTransformations": [
            {"metricNamespace": "Theirs", "metricName": "moved", "metricValue": "1", "defaultValue": 0.0}
        ],
    }
    logs.put_metric_filter(logGroupName=GROUP, **theirs)
    enable(moto)
    for variant in ("rerouted", "sample", "calls"):
        monitoring.reroute_metric(moto.session(), variant=variant, endpoint_urls=moto.endpoint_url)
    assert (
        logs.describe_metric_filters(logGroupName=GROUP)["metricFilters"][-1]["metricTransformations"][0]
        != (theirs["metricTransformations"][0])
    )

    plan = disable(moto)

    # AWS exchanges a filter of the same name; moto puts one more behind it.
    left = logs.describe_metric_filters(logGroupName=GROUP)["metricFilters"][-1]
    assert {name: left[name] for name in theirs} == theirs
    assert "metric filter bedrock_cross_region_inference_rerouted: back to what it was" in str(plan)
    assert logs.list_tags_for_resource(resourceArn=groups(moto)[GROUP]["logGroupArn"])["tags"] == {}


def test_a_role_with_policies_of_others_is_kept(moto: Moto) -> None:
    iam = moto.client("iam")
    enable(moto)
    reading = {"Effect": "Allow", "Action": "logs:Get*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [reading]})
    iam.put_role_policy(RoleName=ROLE, PolicyName="inline", PolicyDocument=document)
    arn = iam.create_policy(PolicyName="attached", PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=arn)
    plan = disable(moto)
    assert f"role {ROLE} has policies of others (inline, attached) and was kept" in str(plan)
    assert configuration(moto) == {}
    assert iam.list_role_policies(RoleName=ROLE)["PolicyNames"] == ["inline"]
    assert [it["PolicyName"] for it in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]] == [
        "attached"
    ]


def test_delete_logs_removes_records_too(moto: Moto) -> None:
    enable(moto)
    moto.client("logs").create_log_stream(logGroupName=GROUP, logStreamName="aws/bedrock/modelinvocations")
    disable(moto, delete_logs=True)
    assert groups(moto) == {}


def test_an_existing_configuration_is_refused_and_shown(moto: Moto) -> None:
    moto.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=FOREIGN)
    with pytest.raises(monitoring.ExistingConfigurationError, match="'replace'") as caught:
        enable(moto)
    assert caught.value.configuration == FOREIGN
    assert '"logGroupName": "theirs"' in str(caught.value)
    assert (configuration(moto), roles(moto), groups(moto)) == (FOREIGN, [], {})


def test_an_existing_configuration_can_be_adopted(moto: Moto) -> None:
    moto.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=FOREIGN)
    plan = enable(moto, existing="adopt")
    assert plan.changes == []
    assert "adopted" in str(plan)
    assert configuration(moto) == FOREIGN
    with pytest.raises(monitoring.ExistingConfigurationError, match="outcrop did not enable"):
        disable(moto)


def test_a_replaced_configuration_is_restored(moto: Moto) -> None:
    moto.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=FOREIGN)
    enable(moto, existing="replace")
    assert configuration(moto)["cloudWatchConfig"]["logGroupName"] == GROUP
    assert enable(moto).changes == []
    disable(moto)
    assert configuration(moto) == FOREIGN
    assert (roles(moto), groups(moto)) == ([], {})


def test_a_configuration_changed_since_is_not_overwritten(moto: Moto) -> None:
    enable(moto)
    changed = {**configuration(moto), "textDataDeliveryEnabled": False}
    moto.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=changed)
    with pytest.raises(monitoring.ExistingConfigurationError, match="changed since enable"):
        disable(moto)
    assert configuration(moto) == changed
    disable(moto, existing="replace")
    assert (configuration(moto), groups(moto)) == ({}, {})


def test_what_outcrop_enabled_it_may_change(moto: Moto) -> None:
    enable(moto)
    plan = enable(moto, metadata_only=True, retention_days=30)
    assert {step.operation for step in plan.changes} == {
        "TagResource",
        "PutRetentionPolicy",
        "PutModelInvocationLoggingConfiguration",
    }
    assert configuration(moto)["textDataDeliveryEnabled"] is False
    assert groups(moto)[GROUP]["retentionInDays"] == 30
    disable(moto)
    assert (groups(moto), roles(moto), configuration(moto)) == ({}, [], {})


def test_another_log_group_needs_disable_first(moto: Moto) -> None:
    enable(moto)
    with pytest.raises(monitoring.ExistingConfigurationError, match="run disable first"):
        enable(moto, log_group_name="other")


def test_a_log_group_that_was_there_keeps_its_retention(moto: Moto) -> None:
    logs = moto.client("logs")
    logs.create_log_group(logGroupName=GROUP, tags={"team": "data"})
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=7)
    enable(moto)
    assert groups(moto)[GROUP]["retentionInDays"] == 7
    enable(moto, retention_days=90)
    assert groups(moto)[GROUP]["retentionInDays"] == 90
    enable(moto, retention_days=120)
    disable(moto)
    assert groups(moto)[GROUP]["retentionInDays"] == 7
    assert logs.list_tags_for_resource(resourceArn=groups(moto)[GROUP]["logGroupArn"])["tags"] == {"team": "data"}


def test_a_role_that_was_there_is_adopted_or_refused(moto: Moto) -> None:
    iam = moto.client("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))
    with pytest.raises(monitoring.RoleNotSuitableError, match="logs:PutLogEvents"):
        enable(moto)
    assert configuration(moto) == {}
    writing = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [writing]})
    policy = iam.create_policy(PolicyName="write", PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=policy)
    enable(moto)
    assert iam.list_role_policies(RoleName=ROLE)["PolicyNames"] == []
    disable(moto)
    assert roles(moto) == [ROLE]


def test_several_regions_share_the_role_until_the_last_is_disabled(moto: Moto) -> None:
    regions = ["us-east-1", "us-west-2"]
    plan = enable(moto, regions=regions)
    assert [step.operation for step in plan.changes].count("CreateRole") == 1
    assert enable(moto, regions=regions).changes == []
    enable(moto, regions=["eu-west-1"])
    for region in [*regions, "eu-west-1"]:
        assert groups(moto, region)[GROUP]["retentionInDays"] == 365
    trust = moto.client("iam").get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"] == [
        f"arn:aws:bedrock:{region}:{ACCOUNT}:*" for region in [*regions, "eu-west-1"]
    ]
    disable(moto, regions="us-east-1")
    assert configuration(moto, "us-east-1") == {}
    assert configuration(moto, "us-west-2") != {}
    policy = moto.client("iam").get_role_policy(RoleName=ROLE, PolicyName=ROLE)["PolicyDocument"]
    assert [arn.split(":")[3] for arn in policy["Statement"][0]["Resource"]] == ["us-west-2", "eu-west-1"]
    disable(moto, regions=["us-west-2", "eu-west-1"])
    assert roles(moto) == []


def test_one_region_that_fails_does_not_stop_the_others(moto: Moto) -> None:
    moto.client("bedrock", "us-east-1").put_model_invocation_logging_configuration(loggingConfig=FOREIGN)
    with pytest.raises(monitoring.SeveralRegionsError, match="1 of 2 Regions failed: us-east-1") as caught:
        enable(moto, regions=["us-east-1", "us-west-2"])
    assert list(caught.value.failures) == ["us-east-1"]
    assert configuration(moto, "us-west-2") != {}
    assert any(step.done for step in caught.value.plan)


def test_amazon_s3_only_needs_no_role_and_keeps_other_statements(moto: Moto) -> None:
    s3 = moto.client("s3")
    s3.create_bucket(Bucket="invocations")
    theirs = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*"}
    s3.put_bucket_policy(Bucket="invocations", Policy=json.dumps({"Version": "2012-10-17", "Statement": [theirs]}))
    plan = enable(moto, cloudwatch=False, bucket="invocations", key_prefix="bedrock")
    assert [step.operation for step in plan.changes] == ["PutBucketPolicy", "PutModelInvocationLoggingConfiguration"]
    assert (roles(moto), groups(moto)) == ([], {})
    assert configuration(moto)["s3Config"] == {"bucketName": "invocations", "keyPrefix": "bedrock"}
    statements = json.loads(s3.get_bucket_policy(Bucket="invocations")["Policy"])["Statement"]
    assert statements[0] == theirs
    assert statements[1]["Resource"].endswith(f"/bedrock/AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/*")
    assert statements[1]["Condition"]["ArnLike"] == {"aws:SourceArn": f"arn:aws:bedrock:us-east-1:{ACCOUNT}:*"}
    assert enable(moto, cloudwatch=False, bucket="invocations", key_prefix="bedrock").changes == []
    with pytest.raises(monitoring.ExistingConfigurationError, match="receipts"):
        disable(moto)
    kept = {region: monitoring.Receipt.from_json(r.to_json()) for region, r in plan.receipts.items()}
    disable(moto, receipts=kept)
    assert configuration(moto) == {}
    assert json.loads(s3.get_bucket_policy(Bucket="invocations")["Policy"])["Statement"] == [theirs]


def test_large_data_goes_to_amazon_s3(moto: Moto) -> None:
    s3 = moto.client("s3")
    s3.create_bucket(Bucket="large")
    enable(moto, large_data_bucket="large", data=["text", "image"])
    now = configuration(moto)
    assert now["cloudWatchConfig"]["largeDataDeliveryS3Config"] == {"bucketName": "large"}
    assert (now["textDataDeliveryEnabled"], now["imageDataDeliveryEnabled"], now["videoDataDeliveryEnabled"]) == (
        True,
        True,
        False,
    )
    disable(moto)
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket="large")


def test_both_at_once(moto: Moto) -> None:
    moto.client("s3").create_bucket(Bucket="both")
    enable(moto, bucket="both", metadata_only=True)
    now = configuration(moto)
    assert now["cloudWatchConfig"]["logGroupName"] == GROUP
    assert now["s3Config"] == {"bucketName": "both"}
    kinds = [now[f"{kind}DataDeliveryEnabled"] for kind in ("text", "image", "embedding", "video")]
    assert kinds == [False] * 4
    disable(moto)
    assert (groups(moto), roles(moto), configuration(moto)) == ({}, [], {})


class Refusing:
    """Bedrock while IAM does not yet know a role."""

    def __init__(self, times: int, code: str = "ValidationException", said: str | None = None) -> None:
        self.left = times
        said = said or "Failed to validate permissions for log group: g, with role: r. Verify the IAM role permissions"
        self.error = ClientError({"Error": {"Code": code, "Message": said}}, "PutModelInvocationLoggingConfiguration")

    def __call__(self) -> None:
        if self.left:
            self.left -= 1
            raise self.error


def test_a_role_that_iam_does_not_know_yet_is_waited_for() -> None:
    pauses: list[float] = []
    call = Refusing(6)
    until_role_works(call, wait_seconds=60, sleep=pauses.append)
    assert call.left == 0
    assert len(pauses) == 6
    for pause, expected in zip(pauses, (1, 2, 4, 8, 8, 8), strict=True):
        assert 0.75 * expected <= pause <= 1.25 * expected


def test_a_role_that_never_works_is_an_error_in_time() -> None:
    pauses: list[float] = []
    with pytest.raises(monitoring.RoleNotEffectiveError, match=r"within 20 s: check its trust .* it said: Failed to"):
        until_role_works(Refusing(1000), wait_seconds=20, sleep=pauses.append)
    assert sum(pauses) == pytest.approx(20)


@pytest.mark.parametrize(
    ("code", "said"), [("ValidationException", "the bucket is too far away"), ("ThrottlingException", "a role")]
)
def test_what_is_no_matter_of_the_role_is_not_waited_for(code: str, said: str) -> None:
    pauses: list[float] = []
    with pytest.raises(ClientError, match=said):
        until_role_works(Refusing(1, code, said), wait_seconds=60, sleep=pauses.append)
    assert pauses == []


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"cloudwatch": False}, "nowhere to log to"),
        (
            {"cloudwatch": False, "bucket": "b", "large_data_bucket": "c"},
            "large_data_bucket belongs to CloudWatch Logs",
        ),
        ({"existing": "keep"}, "choose 'refuse', 'adopt' or 'replace'"),
        ({"data": ["text", "smell"]}, r"unknown kind of data \['smell'\]: known are"),
        ({"data": ["text"], "metadata_only": True}, "exclude each other"),
        ({"regions": []}, "regions is empty"),
    ],
)
def test_bad_input_is_named(moto: Moto, options: dict[str, Any], text: str) -> None:
    with pytest.raises(monitoring.MonitoringError, match=text):
        enable(moto, **options)
