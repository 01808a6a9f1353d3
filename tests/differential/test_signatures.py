"""botocore's signer is the second opinion on every signature of outcrop's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import outcrop
from tests.support.server import ANSWER, json_answer

from .conftest import KEYS, REGION

if TYPE_CHECKING:
    from tests.support.server import Request, Server

AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=(\S+), ?SignedHeaders=(\S+), ?Signature=([0-9a-f]{64})")


def expected_signature(request: Request, url: str, secret: str) -> str:
    """What botocore signs the request as it stood on the wire."""
    _, names, _ = AUTHORIZATION.fullmatch(request.header("Authorization")).groups()
    headers = {name: request.header(name) for name in names.split(";")}
    signable = AWSRequest(request.method, url + request.target, headers, request.body)
    signable.context["timestamp"] = request.header("X-Amz-Date")
    signer = SigV4Auth(Credentials(KEYS["aws_access_key_id"], secret), "bedrock", REGION)
    canonical = signer.canonical_request(signable)
    return signer.signature(signer.string_to_sign(signable, canonical), signable)


def assert_signed(request: Request, server: Server) -> None:
    found = AUTHORIZATION.fullmatch(request.header("Authorization"))
    signed = set(found.group(2).split(";"))
    assert {"host", "x-amz-date"} <= signed
    assert found.group(3) == expected_signature(request, server.url, KEYS["aws_secret_access_key"])


@pytest.mark.parametrize(
    "identifier",
    [
        "anthropic.claude-3-haiku-20240307-v1:0",
        "us.anthropic.claude-3-5-haiku-20241022-v1:0",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl",
        "a b+c&d=e~f'g(h)*!%2F",
        "ü漢",
    ],
)
def test_identifiers_are_signed_as_they_are_encoded(pairs, identifier):
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(ANSWER))
    pair.ours.converse(modelId=identifier, messages=[{"role": "user", "content": [{"text": "ü"}]}])
    assert_signed(pair.server.take(), pair.server)


def test_queries_and_empty_bodies_are_signed(pairs):
    pair = pairs("bedrock")
    pair.play(json_answer(ANSWER))
    pair.ours.list_inference_profiles(typeEquals="APPLICATION", maxResults=7, nextToken="a+b/c=&d ü")
    assert_signed(pair.server.take(), pair.server)


def test_every_header_of_meaning_is_signed(pairs):
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(ANSWER))
    pair.ours.invoke_model(modelId="m", body=b"{}", accept="application/json", guardrailIdentifier="g", trace="ENABLED")
    request = pair.server.take()
    assert_signed(request, pair.server)
    assert "x-amzn-bedrock-guardrailidentifier" in request.header("Authorization")


def test_a_session_token_is_sent_and_signed(server):
    server.play(json_answer(ANSWER))
    server.requests.clear()
    with_token = {**KEYS, "aws_session_token": "a//token+with/signs=="}
    client = outcrop.client("bedrock-runtime", region_name=REGION, endpoint_url=server.url, **with_token)
    client.converse(modelId="m")
    request = server.take()
    assert request.header("X-Amz-Security-Token") == "a//token+with/signs=="
    assert_signed(request, server)
    client.close()


def test_a_wrong_signature_would_be_seen(pairs):
    """The second opinion is one: another secret gives another signature."""
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(ANSWER))
    pair.ours.converse(modelId="m")
    request = pair.server.take()
    sent = AUTHORIZATION.fullmatch(request.header("Authorization")).group(3)
    assert sent != expected_signature(request, pair.server.url, "another")
