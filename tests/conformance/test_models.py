"""The models of a Region, and the configuration of its invocation log."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

MODEL = "amazon.nova-lite-v1:0"


def test_models_are_listed_with_what_they_can_do(control):
    models = {model["modelId"]: model for model in control.list_foundation_models()["modelSummaries"]}
    model = models[MODEL]
    assert model["modelArn"] == f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"
    assert model["providerName"] == "Amazon"
    assert "TEXT" in model["inputModalities"]
    assert model["outputModalities"] == ["TEXT"]
    assert model["responseStreamingSupported"] is True
    assert "ON_DEMAND" in model["inferenceTypesSupported"]
    assert model["modelLifecycle"]["status"] in {"ACTIVE", "LEGACY"}


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ({"byProvider": "Anthropic"}, lambda model: model["providerName"] == "Anthropic"),
        ({"byOutputModality": "EMBEDDING"}, lambda model: "EMBEDDING" in model["outputModalities"]),
        ({"byInferenceType": "ON_DEMAND"}, lambda model: "ON_DEMAND" in model["inferenceTypesSupported"]),
    ],
    ids=["provider", "modality", "inference"],
)
def test_models_are_listed_by_what_is_asked(control, asked, holds):
    models = control.list_foundation_models(**asked)["modelSummaries"]
    assert models
    assert all(holds(model) for model in models)


def test_profile_only_models_say_so(control):
    model = control.get_foundation_model(modelIdentifier="anthropic.claude-sonnet-4-5-20250929-v1:0")["modelDetails"]
    assert model["inferenceTypesSupported"] == ["INFERENCE_PROFILE"]


@pytest.mark.parametrize("identifier", [MODEL, f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"])
def test_a_model_is_found_by_id_and_arn(control, identifier):
    assert control.get_foundation_model(modelIdentifier=identifier)["modelDetails"]["modelId"] == MODEL


def test_an_unknown_model_is_not_found(control):
    with pytest.raises(ClientError) as caught:
        control.get_foundation_model(modelIdentifier="nobody.knows-v1:0")
    # Bedrock's model of the operation has both, and its pages do not say which this is.
    assert caught.value.response["Error"]["Code"] in {"ValidationException", "ResourceNotFoundException"}


def test_a_model_is_available(control):
    available = control.get_foundation_model_availability(modelId=MODEL)
    assert available["modelId"] == MODEL
    assert available["authorizationStatus"] == "AUTHORIZED"
    assert available["regionAvailability"] == "AVAILABLE"


def test_logging_is_configured_read_and_switched_off(control):
    assert "loggingConfig" not in control.get_model_invocation_logging_configuration()
    wanted = {
        "cloudWatchConfig": {
            "logGroupName": "/bedrock/invocations",
            "roleArn": "arn:aws:iam::123456789012:role/bedrock-logging",
        },
        "imageDataDeliveryEnabled": False,
        "embeddingDataDeliveryEnabled": False,
    }
    control.put_model_invocation_logging_configuration(loggingConfig=wanted)
    kept = control.get_model_invocation_logging_configuration()["loggingConfig"]
    assert wanted.items() <= kept.items()
    control.delete_model_invocation_logging_configuration()
    assert "loggingConfig" not in control.get_model_invocation_logging_configuration()
