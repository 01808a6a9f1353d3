"""Projects, as boto3 sees them; and every operation of AWS's that is answered, or refused by its name."""

from __future__ import annotations

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from tests.differential.operations import EVERY, model
from tests.differential.shapes import least

PROFILE = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a rock."}]}]


def refusal(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def control(witness):
    return witness("bedrock")


def test_a_project_lives(control, emulator):
    made = control.create_project(name="quarry", tags=[{"key": "team", "value": "stone"}])
    assert made["id"].startswith("proj_")
    assert len(made["id"]) == 25
    assert made["arn"] == f"arn:aws:bedrock:us-east-1:{emulator.account_id}:project/{made['id']}"
    assert (made["status"], made["dataRetention"]) == ("active", {"mode": "inherit"})
    none = {"mode": "none"}
    assert control.update_project(projectIdentifier=made["arn"], dataRetention=none)["dataRetention"] == none
    assert control.update_project(projectIdentifier=made["id"], name="pit")["name"] == "pit"
    for arguments in ({}, {"name": "both", "dataRetention": none}):
        code, message = refusal(control.update_project, projectIdentifier=made["id"], **arguments)
        assert (code, message) == ("ValidationException", "Exactly one of name or dataRetention must be set.")
    archived = control.archive_project(projectIdentifier=made["id"])
    assert archived["status"] == "archived"
    again = control.archive_project(projectIdentifier=made["id"])
    assert again["archivedAt"] == archived["archivedAt"]
    assert refusal(control.update_project, projectIdentifier=made["id"], name="x")[0] == "ValidationException"


def test_the_default_project_is_everywhere_and_stays_as_it_is(control, witness):
    for client in (control, witness("bedrock", region_name="eu-west-1")):
        assert client.get_project(projectIdentifier="default")["dataRetention"] == {"mode": "inherit"}
    assert refusal(control.archive_project, projectIdentifier="default")[0] == "ValidationException"
    assert refusal(control.update_project, projectIdentifier="default", name="x")[0] == "ValidationException"


def test_projects_are_listed_twenty_at_a_time_and_by_status(control):
    names = [f"p{number}" for number in range(21)]
    made = [control.create_project(name=name)["id"] for name in names]
    control.archive_project(projectIdentifier=made[0])
    page = control.list_projects()
    assert len(page["projectSummaries"]) == 20
    rest = control.list_projects(nextToken=page["nextToken"])
    assert len(rest["projectSummaries"]) == 2
    assert "nextToken" not in rest
    assert [row["id"] for row in control.list_projects(statusFilter="archived")["projectSummaries"]] == [made[0]]


def test_a_project_is_of_one_region_and_of_active_ones(control, witness):
    made = control.create_project(name="quarry")["id"]
    elsewhere = witness("bedrock", region_name="us-west-2")
    assert refusal(elsewhere.get_project, projectIdentifier=made)[0] == "ResourceNotFoundException"
    here, there = witness(), witness(region_name="us-west-2")
    asked = {"modelId": PROFILE, "messages": MESSAGES, "projectIdentifier": made}
    assert here.converse(**asked)["stopReason"] == "end_turn"
    assert refusal(there.converse, **asked)[0] == "ValidationException"
    body = b'{"messages": [{"role": "user", "content": [{"text": "a rock"}]}]}'
    here.invoke_model(modelId=PROFILE, body=body, projectIdentifier=made)["body"].close()
    for call in (elsewhere.list_inference_profiles, elsewhere.list_foundation_models):
        assert refusal(call, projectIdentifier=made)[0] == "ValidationException"
    control.archive_project(projectIdentifier=made)
    code, message = refusal(here.converse, **asked)
    assert (code, message) == (
        "ValidationException",
        f"The project {made} does not exist or is not active in this account and Region.",
    )


def test_application_profiles_have_no_project(control, witness):
    made = control.create_project(name="quarry")["id"]
    source = control.get_inference_profile(inferenceProfileIdentifier=PROFILE)["inferenceProfileArn"]
    arn = control.create_inference_profile(inferenceProfileName="own", modelSource={"copyFrom": source})
    arn = arn["inferenceProfileArn"]
    told = [
        refusal(witness().converse, modelId=arn, messages=MESSAGES, projectIdentifier=made),
        refusal(control.get_inference_profile, inferenceProfileIdentifier=arn, projectIdentifier=made),
        refusal(control.list_inference_profiles, typeEquals="APPLICATION", projectIdentifier=made),
    ]
    assert {code for code, _ in told} == {"ValidationException"}
    assert all(message.startswith("Application inference profiles don't support") for _, message in told)
    listed = control.list_inference_profiles(projectIdentifier=made)["inferenceProfileSummaries"]
    assert {row["type"] for row in listed} == {"SYSTEM_DEFINED"}
    witness().converse(modelId=arn, messages=MESSAGES, projectIdentifier="default")


@pytest.mark.parametrize(("service", "operation"), EVERY)
def test_what_is_not_answered_is_refused_by_name_as_a_modeled_error(emulator, witness, service, operation):
    client = witness(service, retries={"total_max_attempts": 1})
    error = None
    try:
        getattr(client, xform_name(operation))(**least(model(service, operation).input_shape))
    except ClientError as refused:
        error = refused
    if emulator.journal[-1].operation != operation:
        assert type(error) is client.exceptions.ValidationException
        assert f"The local Bedrock has no {operation}: " in str(error)


def test_all_of_botocores_operations_were_tried():
    for service in ("bedrock", "bedrock-runtime"):
        tried = {name for its_own, name in EVERY if its_own == service}
        known = set(boto3.session.Session().client(service, region_name="us-east-1").meta.service_model.operation_names)
        assert known - tried <= {"InvokeModelWithBidirectionalStream"}
