"""Who may call: signatures made by botocore, bearer tokens, and what is refused, with AWS's codes and texts."""

from __future__ import annotations

import datetime as dt
import http.client
import json

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from outcrop.emulator import Emulator
from tests.support.waiting import PATIENCE

MODEL = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
CONVERSE = "/model/us.amazon.nova-lite-v1%3A0/converse"
BODY = json.dumps({"messages": MESSAGES}).encode()


def refusal(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Message"]


def send(bedrock, path=CONVERSE, body=BODY, method="POST", **headers):
    """A request by hand: status, error type and JSON body."""
    connection = http.client.HTTPConnection("127.0.0.1", bedrock.port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.getheader("x-amzn-errortype", "").split(":")[0], json.loads(answer.read() or b"{}")
    finally:
        connection.close()


def signed(bedrock, *, service="bedrock", path=CONVERSE, body=BODY):
    """The headers of a request that botocore signed."""
    request = AWSRequest("POST", bedrock.endpoint_url + path, data=body, headers={"Content-Type": "application/json"})
    keys = Credentials(bedrock.access_key_id, bedrock.secret_access_key)
    botocore.auth.SigV4Auth(keys, service, "us-east-1").add_auth(request)
    return dict(request.headers)


def test_a_wrong_secret(witness):
    client = witness(aws_secret_access_key="wrong")
    code, status, message = refusal(client.converse, modelId=MODEL, messages=MESSAGES)
    assert (code, status) == ("InvalidSignatureException", 403)
    assert message.startswith("The request signature we calculated does not match the signature you provided.")


def test_an_unknown_key(witness):
    client = witness(aws_access_key_id="AKIDNOBODY")
    refused = refusal(client.converse, modelId=MODEL, messages=MESSAGES)
    assert refused == ("UnrecognizedClientException", 403, "The security token included in the request is invalid.")


def test_an_expired_key(emulator, witness):
    emulator.add_key("ASIAOLD", "secret", session_token="token", expired=True)
    client = witness(aws_access_key_id="ASIAOLD", aws_secret_access_key="secret", aws_session_token="token")
    refused = refusal(client.converse, modelId=MODEL, messages=MESSAGES)
    assert refused == ("ExpiredTokenException", 403, "The security token included in the request is expired")


def test_a_temporary_key_needs_its_token(emulator, witness):
    emulator.add_key("ASIANEW", "secret", session_token="token")
    temporary = {"aws_access_key_id": "ASIANEW", "aws_secret_access_key": "secret"}
    assert witness(**temporary, aws_session_token="token").converse(modelId=MODEL, messages=MESSAGES)
    refused = refusal(witness(**temporary).converse, modelId=MODEL, messages=MESSAGES)
    assert refused[0] == "UnrecognizedClientException"


@pytest.mark.parametrize(
    ("minutes", "text"), [(-16, r"Signature expired: .* is now earlier than"), (16, "Signature not yet current: ")]
)
def test_a_signature_has_its_time(witness, monkeypatch, minutes, text):
    skewed = botocore.auth.get_current_datetime() + dt.timedelta(minutes=minutes)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_: skewed)
    with pytest.raises(ClientError, match=text) as caught:
        witness().converse(modelId=MODEL, messages=MESSAGES)
    assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"


def test_a_signature_is_for_bedrock(emulator):
    status, code, body = send(emulator, **signed(emulator, service="s3"))
    assert (status, code) == (403, "InvalidSignatureException")
    assert body["message"].startswith("Credential should be scoped to correct service: 'bedrock'.")


def test_a_body_cannot_be_changed_on_the_way(emulator):
    headers = signed(emulator)
    assert send(emulator, **headers)[0] == 200
    status, code, _ = send(emulator, body=BODY.replace(b"mineral", b"fossils"), **headers)
    assert (status, code) == (403, "InvalidSignatureException")


def test_without_a_signature(emulator):
    assert send(emulator)[:2] == (403, "MissingAuthenticationTokenException")


@pytest.mark.parametrize(
    "header", ["AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b", "Digest x", "AWS4-HMAC-SHA1 "]
)
def test_half_a_signature(emulator, header):
    assert send(emulator, Authorization=header)[:2] == (403, "IncompleteSignatureException")


def test_a_region_that_is_none(emulator, witness):
    refused = refusal(witness(region_name="mars-north-1").converse, modelId=MODEL, messages=MESSAGES)
    assert refused[0] == "InvalidSignatureException"
    assert "The emulator has no Region 'mars-north-1'" in refused[2]


def test_a_presigned_url(emulator):
    keys = Credentials(emulator.access_key_id, emulator.secret_access_key)
    url = f"{emulator.endpoint_url}/inference-profiles?maxResults=3"
    request = AWSRequest("GET", url)
    botocore.auth.SigV4QueryAuth(keys, "bedrock", "us-east-1", expires=60).add_auth(request)
    path = request.url.removeprefix(emulator.endpoint_url)
    status, _, body = send(emulator, path, None, "GET")
    assert (status, len(body["inferenceProfileSummaries"])) == (200, 3)
    assert send(emulator, path.replace("maxResults=3", "maxResults=4"), None, "GET")[0] == 403


def test_a_bearer_token(emulator):
    authorization = f"Bearer {emulator.bearer_token}"
    assert send(emulator, Authorization=authorization)[0] == 200
    assert emulator.journal[-1].principal == "bearer"
    status, code, body = send(emulator, Authorization="Bearer wrong")
    assert (status, code, body["message"]) == (
        403,
        "AccessDeniedException",
        "Authentication failed: invalid API key",
    )


def test_a_bearer_token_calls_the_region_of_the_host(emulator):
    host = {"Authorization": f"Bearer {emulator.bearer_token}", "Host": "bedrock-runtime.us-west-2.amazonaws.com"}
    assert send(emulator, **host)[0] == 200
    assert emulator.journal[-1].region == "us-west-2"


def test_the_signature_is_not_kept(emulator, witness):
    witness().converse(modelId=MODEL, messages=MESSAGES)
    assert "authorization" not in emulator.journal[-1].headers
    assert "amz-sdk-request" in emulator.journal[-1].headers


def test_signatures_can_be_left_out():
    with Emulator(verify_signatures=False, default_region="eu-west-1") as bedrock:
        path = "/model/eu.amazon.nova-lite-v1%3A0/converse"
        assert send(bedrock, path)[0] == 200
        assert bedrock.journal[-1].region == "eu-west-1"


def test_an_arn_is_signed_and_read_with_its_colons_and_slashes(emulator, witness):
    arn = f"arn:aws:bedrock:us-east-1:{emulator.account_id}:inference-profile/{MODEL}"
    witness().converse(modelId=arn, messages=MESSAGES)
    entry = emulator.journal[-1]
    assert "%3Ainference-profile%2Fus.amazon" in entry.path
    assert (entry.model_id, entry.profile) == (arn, MODEL)


def test_an_arn_of_another_region_is_refused(witness, emulator):
    arn = f"arn:aws:bedrock:us-west-2:{emulator.account_id}:inference-profile/{MODEL}"
    refused = refusal(witness().converse, modelId=arn, messages=MESSAGES)
    assert refused == ("ValidationException", 400, "The provided model identifier is invalid.")


def test_an_unknown_path(emulator):
    headers = signed(emulator, path="/nothing/here")
    status, code, body = send(emulator, "/nothing/here", **headers)
    assert (status, code) == (404, "UnknownOperationException")
    assert body == {
        "__type": "com.amazon.coral.service#UnknownOperationException",
        "message": "the outcrop emulator has no operation for POST /nothing/here",
    }


def test_an_operation_that_is_missing_is_named(witness):
    code, status, message = refusal(witness("bedrock").list_custom_models)
    assert (code, status) == ("ValidationException", 400)
    assert message.startswith("The local Bedrock has no ListCustomModels: it answers calls to models")


def test_every_answer_has_a_request_id_and_errors_a_type(emulator, witness):
    client = witness("bedrock")
    first = client.list_inference_profiles(maxResults=1)["ResponseMetadata"]
    with pytest.raises(ClientError) as caught:
        client.get_inference_profile(inferenceProfileIdentifier="us.nobody.knows-v1:0")
    second = caught.value.response["ResponseMetadata"]
    assert [entry.request_id for entry in emulator.journal] == [first["RequestId"], second["RequestId"]]
    assert second["HTTPHeaders"]["x-amzn-errortype"].startswith("ResourceNotFoundException")
