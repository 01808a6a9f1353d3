"""Where Bedrock's text is cryptic, the error says what to do; an ARN of another Region is refused before it is sent."""

from __future__ import annotations

import pytest

from outcrop import exceptions
from outcrop._errors import make

MESSAGES = [{"role": "user", "content": [{"text": "hello"}]}]


def refused(client, error, **arguments):
    with pytest.raises(error) as caught:
        client.converse(messages=MESSAGES, **arguments)
    return caught.value


def test_on_demand_is_not_supported_names_the_profiles(emulator):
    client = emulator.client("bedrock-runtime", region_name="us-east-1")
    model = "anthropic.claude-sonnet-4-5-20250929-v1:0"
    error = refused(client, exceptions.ValidationException, modelId=model)
    (note,) = error.__notes__
    assert f"from us-east-1 there are: us.{model} (served in us-east-1, us-east-2, us-west-2)" in note
    assert f"global.{model} (served in any commercial Region)" in note


@pytest.mark.parametrize(
    ("host", "note"),
    [
        ("bedrock-runtime.us-east1", "us-east1 is none of the Regions that were known; did you mean us-east-1?"),
        ("bedrock.xyzzy", "xyzzy is none of the Regions that were known"),
        ("bedrock-runtime.us-east-1", None),
        ("bedrock-runtime-fips.us-east-1", None),
        ("models.example", None),
    ],
)
def test_a_host_of_no_known_region_asks_which_was_meant(host, note):
    """Made as the native half makes it: to ask for a host that is not there takes a name server."""
    error = make("EndpointConnectionError", {"endpoint_url": f"https://{host}.amazonaws.com/", "error": "dns error"})
    assert isinstance(error, exceptions.EndpointConnectionError)
    assert getattr(error, "__notes__", None) == (
        [note.replace("were known", "were known when outcrop was made")] if note else None
    )


def test_a_short_id_asks_for_its_arn(emulator):
    client = emulator.client("bedrock-runtime", region_name="us-east-1")
    (note,) = refused(client, exceptions.ValidationException, modelId="0kextzijacyl").__notes__
    assert (
        "call those by their ARN, arn:aws:bedrock:us-east-1:<account>:application-inference-profile/0kextzijacyl"
        in note
    )


def test_a_policy_that_denies_a_destination_says_which(emulator):
    text = (
        "User: arn:aws:iam::123456789012:user/u is not authorized to perform: bedrock:InvokeModel on resource: "
        "arn:aws:bedrock:us-east-2::foundation-model/amazon.nova-lite-v1:0 "
        "with an explicit deny in a service control policy"
    )
    emulator.fault("error", code="AccessDeniedException", message=text)
    client = emulator.client("bedrock-runtime", region_name="us-east-1")
    (note,) = refused(client, exceptions.AccessDeniedException, modelId="us.amazon.nova-lite-v1:0").__notes__
    assert "us-east-2" in note


def test_an_arn_of_another_region_is_not_sent(emulator):
    client = emulator.client("bedrock-runtime", region_name="us-east-1")
    arn = "arn:aws:bedrock:us-west-2:123456789012:inference-profile/us.amazon.nova-lite-v1:0"
    error = refused(client, exceptions.ParamValidationError, modelId=arn)
    assert 'make the client with region_name="us-west-2" or name the ARN of us-east-1' in str(error)
    assert not list(emulator.journal)
