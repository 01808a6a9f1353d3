"""The same bytes give the same dict."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcrop import exceptions
from tests.support.server import Answer, json_answer

from .comparison import assert_same
from .operations import EVERY, method, model
from .shapes import answers, least

OUTPUT = {"message": {"role": "assistant", "content": []}}
WHOLE = [pair for pair in EVERY if not model(*pair).has_streaming_output and not model(*pair).has_event_stream_output]


def needed(service, operation):
    return least(model(service, operation).input_shape)


def both(pair, service, operation):
    ours = getattr(pair.ours, method(operation))(**needed(service, operation))
    return ours, getattr(pair.theirs, method(operation))(**needed(service, operation))


@pytest.mark.parametrize(("service", "operation"), WHOLE)
@settings(max_examples=25)
@given(data=st.data())
def test_the_same_bytes_give_the_same_dict(pairs, service, operation, data):
    pair = pairs(service)
    body = data.draw(answers(model(service, operation).output_shape), label="body")
    pair.play(json_answer(json.dumps(body).encode(), x_amzn_bedrock_input_token_count="7"))

    ours, theirs = both(pair, service, operation)

    assert next(iter(ours)) == "ResponseMetadata"
    assert_same(ours, theirs)


@pytest.mark.parametrize("body", [b"", b"{}", b"not JSON", b'{"output": null}', b'{"stopReason": "end_turn"}'])
def test_what_is_no_answer_raises_where_botocore_hides_it(pairs, body):
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(body))
    assert "output" not in pair.theirs.converse(modelId="m")
    with pytest.raises(exceptions.InvalidAnswerError) as caught:
        pair.ours.converse(modelId="m")
    assert caught.value.body == body


def test_null_is_no_models_answer(pairs):
    """botocore hands it out."""
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(b"null"))
    assert pair.theirs.invoke_model(modelId="m", body=b"{}")["body"].read() == b"null"
    with pytest.raises(exceptions.InvalidAnswerError, match="its JSON is null"):
        pair.ours.invoke_model(modelId="m", body=b"{}")


@pytest.mark.parametrize("body", [b"null", b"[]", b"3"])
def test_a_body_that_is_no_object_is_no_answer(pairs, body):
    """botocore breaks on these with a bare TypeError or AttributeError."""
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(body))
    with pytest.raises(exceptions.InvalidAnswerError, match="JSON but no object"):
        pair.ours.converse(modelId="m")


@pytest.mark.parametrize(("service", "operation"), WHOLE)
@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_answer_without_a_body_is_one_only_where_it_has_no_members(pairs, service, operation, body):
    """botocore gives a dict without members, which of a list reads as an empty one."""
    pair = pairs(service)
    pair.play(json_answer(body))
    if not model(service, operation).output_shape.members:
        assert_same(*both(pair, service, operation))
        return
    with pytest.raises(exceptions.InvalidAnswerError, match="its body is empty") as caught:
        getattr(pair.ours, method(operation))(**needed(service, operation))
    assert caught.value.body == body


@pytest.mark.parametrize("operation", ["DeleteInferenceProfile", "GetModelInvocationLoggingConfiguration"])
def test_an_answer_that_may_be_empty_is_one(pairs, operation):
    pair = pairs("bedrock")
    pair.play(json_answer(b"{}"))
    assert_same(*both(pair, "bedrock", operation))


def test_integers_beyond_64_bits_stay_whole(pairs):
    pair = pairs("bedrock-runtime")
    number = {"n": 123456789012345678901234567890}
    pair.play(json_answer(json.dumps({"output": OUTPUT, "additionalModelResponseFields": number}).encode()))
    assert_same(*both(pair, "bedrock-runtime", "Converse"))


def test_a_union_member_added_later_is_handed_on(pairs):
    """Here alone outcrop is richer than botocore, which says only `SDK_UNKNOWN_MEMBER`."""
    pair = pairs("bedrock-runtime")
    block = {"zzHologram": {"depth": 3}}
    pair.play(json_answer(json.dumps({"output": {"message": {"role": "assistant", "content": [block]}}}).encode()))
    ours, theirs = both(pair, "bedrock-runtime", "Converse")
    assert theirs["output"]["message"]["content"] == [{"SDK_UNKNOWN_MEMBER": {"name": "zzHologram"}}]
    assert ours["output"]["message"]["content"] == [block]


@pytest.mark.parametrize("headers", [{}, {"X-Amzn-Bedrock-PerformanceConfig-Latency": "optimized"}])
def test_an_invoke_answer_has_its_headers_as_members(pairs, headers):
    pair = pairs("bedrock-runtime")
    pair.play(Answer(200, {"Content-Type": "application/json", "x-amzn-RequestId": "r", **headers}, b'{"a": 1}'))
    ours, theirs = both(pair, "bedrock-runtime", "InvokeModel")
    assert ours.pop("body").read() == theirs.pop("body").read() == b'{"a": 1}'
    assert_same(ours, theirs)
