"""Inference profiles: the system's and the account's own, their tags and their pages."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
PROFILE = "us.amazon.nova-lite-v1:0"


def refusal(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response


@pytest.fixture
def application(server, control):
    """An application profile, copied from a system-defined one; gone after the test."""
    source = f"arn:aws:bedrock:us-east-1:{server.account}:inference-profile/{PROFILE}"
    made = control.create_inference_profile(
        inferenceProfileName="survey",
        description="Costs of the survey",
        modelSource={"copyFrom": source},
        tags=[{"key": "team", "value": "geology"}],
    )
    yield made["inferenceProfileArn"]
    try:
        control.delete_inference_profile(inferenceProfileIdentifier=made["inferenceProfileArn"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def test_a_system_profile_tells_its_models(control):
    profile = control.get_inference_profile(inferenceProfileIdentifier=PROFILE)
    assert profile["inferenceProfileId"] == PROFILE
    assert profile["type"] == "SYSTEM_DEFINED"
    assert profile["status"] == "ACTIVE"
    arns = {model["modelArn"] for model in profile["models"]}
    assert "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0" in arns
    assert profile["createdAt"] <= profile["updatedAt"]


def test_a_system_profile_is_found_by_its_arn(control):
    arn = control.get_inference_profile(inferenceProfileIdentifier=PROFILE)["inferenceProfileArn"]
    assert control.get_inference_profile(inferenceProfileIdentifier=arn)["inferenceProfileId"] == PROFILE


def test_a_global_profile_has_the_arn_without_a_region(control):
    profile = control.get_inference_profile(
        inferenceProfileIdentifier="global.anthropic.claude-sonnet-4-5-20250929-v1:0"
    )
    arns = {model["modelArn"] for model in profile["models"]}
    assert "arn:aws:bedrock:::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0" in arns
    assert "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0" in arns


def test_an_unknown_profile_is_not_found(control):
    refused = refusal(control.get_inference_profile, inferenceProfileIdentifier="us.nobody.knows-v1:0")
    assert refused["Error"]["Code"] == "ResourceNotFoundException"
    assert refused["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_pages_join_to_the_whole_list(control):
    whole = control.list_inference_profiles(maxResults=1000)["inferenceProfileSummaries"]
    assert len(whole) > 2
    pages = list(control.get_paginator("list_inference_profiles").paginate(PaginationConfig={"PageSize": 2}))
    assert len(pages) > 1
    assert [summary for page in pages for summary in page["inferenceProfileSummaries"]] == whole


def test_profiles_are_listed_by_type(control, application):
    listed = control.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"]
    assert [summary["inferenceProfileArn"] for summary in listed] == [application]
    system = control.list_inference_profiles(typeEquals="SYSTEM_DEFINED")["inferenceProfileSummaries"]
    assert {summary["type"] for summary in system} == {"SYSTEM_DEFINED"}


def test_each_region_lists_what_can_be_called_from_it(server):
    def names(region):
        listed = server.client("bedrock", region).list_inference_profiles(typeEquals="SYSTEM_DEFINED")
        return {summary["inferenceProfileId"].split(".")[0] for summary in listed["inferenceProfileSummaries"]}

    assert "us" in names("us-east-1")
    assert "eu" in names("eu-west-1")
    assert "us" not in names("eu-west-1")


def test_an_application_profile_is_called_by_its_arn(runtime, control, application):
    profile = control.get_inference_profile(inferenceProfileIdentifier=application)
    assert profile["type"] == "APPLICATION"
    assert profile["inferenceProfileName"] == "survey"
    assert profile["description"] == "Costs of the survey"
    assert runtime.converse(modelId=application, messages=MESSAGES)["stopReason"] == "end_turn"
    events = runtime.converse_stream(modelId=application, messages=MESSAGES)["stream"]
    assert any("messageStop" in event for event in events)


def test_an_application_profile_is_not_called_by_its_id(runtime, control, application):
    profile = control.get_inference_profile(inferenceProfileIdentifier=application)
    refused = refusal(runtime.converse, modelId=profile["inferenceProfileId"], messages=MESSAGES)
    assert refused["Error"]["Message"] == "The provided model identifier is invalid."


def test_a_deleted_profile_is_gone(runtime, control, application):
    control.delete_inference_profile(inferenceProfileIdentifier=application)
    refused = refusal(control.get_inference_profile, inferenceProfileIdentifier=application)
    assert refused["Error"]["Code"] == "ResourceNotFoundException"
    refusal(runtime.converse, modelId=application, messages=MESSAGES)


def test_a_name_is_taken_once(server, control, application):
    source = f"arn:aws:bedrock:us-east-1:{server.account}:inference-profile/{PROFILE}"
    refused = refusal(control.create_inference_profile, inferenceProfileName="survey", modelSource={"copyFrom": source})
    assert refused["Error"]["Code"] == "ConflictException"


def test_a_token_makes_a_profile_once(server, control):
    source = f"arn:aws:bedrock:us-east-1:{server.account}:inference-profile/{PROFILE}"
    wanted = {
        "inferenceProfileName": "once",
        "modelSource": {"copyFrom": source},
        "clientRequestToken": "0123456789abcdef0123456789abcdef0",
    }
    first, second = (control.create_inference_profile(**wanted)["inferenceProfileArn"] for _ in range(2))
    control.delete_inference_profile(inferenceProfileIdentifier=first)
    assert first == second


def test_tags_are_put_listed_and_taken_off(control, application):
    def tags():
        return {tag["key"]: tag["value"] for tag in control.list_tags_for_resource(resourceARN=application)["tags"]}

    assert tags() == {"team": "geology"}
    control.tag_resource(
        resourceARN=application, tags=[{"key": "cost", "value": "7"}, {"key": "team", "value": "mining"}]
    )
    assert tags() == {"team": "mining", "cost": "7"}
    control.untag_resource(resourceARN=application, tagKeys=["team"])
    assert tags() == {"cost": "7"}


def test_what_is_not_there_has_no_tags(server, control):
    arn = f"arn:aws:bedrock:us-east-1:{server.account}:application-inference-profile/abcdefghijkl"
    refused = refusal(control.list_tags_for_resource, resourceARN=arn)
    assert refused["Error"]["Code"] == "ResourceNotFoundException"
