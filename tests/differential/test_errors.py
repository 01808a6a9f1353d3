"""The same refusals give the same exceptions: class, text, `response`, `operation_name`."""

from __future__ import annotations

import json

import botocore.exceptions
import pytest

import outcrop
from tests.support.server import Answer

from .comparison import assert_same
from .operations import EVERY, method, model
from .shapes import UNKNOWN
from .test_answers import needed

REQUEST = "2f0c6ad5-0b51-4a63-8f9b-6f2f0c1f3b61"


def refusal(status, code=None, body=b'{"message": "no"}', **headers):
    named = {"x-amzn-ErrorType": code} if code else {}
    return Answer(status, {"Content-Type": "application/json", "x-amzn-RequestId": REQUEST, **named, **headers}, body)


def refused(call, arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    return caught.value


def dropped_from_an_error(name, _):
    """Members added later; and botocore loses the request's id, which support asks for, when a page came instead."""
    return name in {UNKNOWN, "RequestId"}


def assert_same_refusal(pair, service, operation, answer):
    pair.play(answer)
    ours = refused(getattr(pair.ours, method(operation)), needed(service, operation))
    theirs = refused(getattr(pair.theirs, method(operation)), needed(service, operation))
    assert isinstance(ours, outcrop.exceptions.ClientError)
    assert type(ours).__name__ == type(theirs).__name__
    assert str(ours) == str(theirs)
    assert ours.operation_name == theirs.operation_name == operation
    assert_same(ours.response, theirs.response, "response", dropped=dropped_from_an_error)
    return ours


MODELED = [
    (service, operation, shape.name, shape.metadata.get("error", {}).get("httpStatusCode", 400))
    for service, operation in EVERY
    for shape in model(service, operation).error_shapes
]


@pytest.mark.parametrize(("service", "operation", "code", "status"), MODELED)
def test_every_modeled_error_of_every_operation(pairs, service, operation, code, status):
    pair = pairs(service)
    error = assert_same_refusal(pair, service, operation, refusal(status, code))
    assert isinstance(error, getattr(pair.ours.exceptions, code))
    assert isinstance(error, getattr(outcrop.exceptions, code))


@pytest.mark.parametrize(
    "answer",
    [
        refusal(403, "ExpiredTokenException"),
        refusal(403, "InvalidSignatureException", b'{"message":"The request signature we calculated does not match"}'),
        refusal(400, "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/"),
        refusal(404, "UnknownOperationException"),
        refusal(400, None, b'{"__type": "com.amazon.coral.service#ValidationException", "message": "no"}'),
        refusal(400, None, b'{"__type": "ValidationException", "Message": "upper"}'),
        refusal(400, None, b'{"code": "ValidationException", "message": "from the body"}'),
        refusal(400, None, b'{"Code": "SomethingNew"}'),
        refusal(400, "ValidationException", b""),
        refusal(400, "ValidationException", b"{}"),
        refusal(424, "ModelErrorException", b'{"message":"m","originalStatusCode":503,"resourceName":"r"}'),
        refusal(424, "ModelErrorException", b'{"message": "m", "zzAddedLater": 1}'),
        refusal(429, "SomethingNew"),
        refusal(400, None, b"{}"),
        refusal(418, None, b"a teapot"),
        refusal(413, None, b"<html><h1>413 Request Entity Too Large</h1></html>"),
        refusal(500, None, b""),
        refusal(502, None, b"<html>Bad Gateway</html>"),
        refusal(503, None, b"<html>Service Unavailable</html>"),
        refusal(504, None, b""),
        refusal(500, None, b'{"message": "a text"}'),
        refusal(503, "ServiceUnavailableException", '{"message": "naïve 漢字"}'.encode()),
    ],
    ids=lambda answer: f"{answer.status}-{answer.headers.get('x-amzn-ErrorType', '')}-{answer.body[:24]!r}",
)
@pytest.mark.parametrize("operation", ["Converse", "ConverseStream", "InvokeModel"])
def test_refusals_as_services_and_proxies_send_them(pairs, operation, answer):
    assert_same_refusal(pairs("bedrock-runtime"), "bedrock-runtime", operation, answer)


def test_a_message_that_is_null_is_empty_text(pairs):
    """botocore hands `None` on, on which `"…" in error.response["Error"]["Message"]` fails."""
    pair = pairs("bedrock-runtime")
    pair.play(refusal(400, "ValidationException", b'{"message": null}'))
    error = refused(pair.ours.converse, {"modelId": "m"})
    assert error.response["Error"] == {"Code": "ValidationException", "Message": ""}


def test_an_error_that_only_other_operations_model(pairs):
    """ListAsyncInvokes does not list ModelErrorException; botocore finds the class by the service all the same."""
    assert_same_refusal(
        pairs("bedrock-runtime"), "bedrock-runtime", "ListAsyncInvokes", refusal(424, "ModelErrorException")
    )


def test_a_retried_answer_counts_its_attempts(server, pairs):
    """Attempts are told alike: in the answer that succeeds, and in the error that ends them."""
    import boto3
    from botocore.config import Config

    where = {"region_name": "us-east-1", "endpoint_url": server.url, "aws_access_key_id": "a"}
    where["aws_secret_access_key"] = "b"
    ours = outcrop.client("bedrock-runtime", retries={"mode": "standard", "max_attempts": 2}, **where)
    config = Config(retries={"total_max_attempts": 2, "mode": "standard"})
    theirs = boto3.session.Session().client("bedrock-runtime", config=config, **where)
    slow = refusal(503, "ServiceUnavailableException")
    fine = Answer(200, {"x-amzn-RequestId": REQUEST}, b'{"output": {"message": {}}}')

    server.play(slow, fine, slow, fine)
    assert_same(ours.converse(modelId="m"), theirs.converse(modelId="m"))
    server.play(slow)
    told = [refused(client.converse, {"modelId": "m"}) for client in (ours, theirs)]
    assert str(told[0]) == str(told[1])
    assert_same(told[0].response, told[1].response)
    server.requests.clear()
    ours.close()
    theirs.close()


@pytest.mark.parametrize("service", ["bedrock-runtime", "bedrock"])
def test_exceptions_names_the_same_classes(pairs, service):
    pair = pairs(service)
    with pytest.raises(AttributeError) as theirs:
        _ = pair.theirs.exceptions.NoSuchException
    with pytest.raises(AttributeError, match="NoSuchException"):
        _ = pair.ours.exceptions.NoSuchException
    names = str(theirs.value).partition("Valid exceptions are: ")[2].split(", ")
    assert len(names) > 5
    for name in names:
        assert issubclass(getattr(pair.ours.exceptions, name.strip(" .")), outcrop.exceptions.ClientError)


def test_the_response_survives_json(pairs):
    pair = pairs("bedrock-runtime")
    pair.play(refusal(429, "ThrottlingException"))
    error = refused(pair.ours.converse, {"modelId": "m"})
    assert json.loads(json.dumps(error.response)) == error.response
