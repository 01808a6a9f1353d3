"""The same arguments give the same request on the wire."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.server import ANSWER, json_answer

from .comparison import meaning
from .operations import EVERY, answer, method, model
from .shapes import arguments


def sent(server, call, arguments):
    """The one request that the call made."""
    for part in call(**arguments).values():
        if hasattr(part, "close"):
            part.close()
    return meaning(server.take())


def assert_same_request(pair, name, arguments):
    theirs = sent(pair.server, getattr(pair.theirs, name), arguments)
    assert sent(pair.server, getattr(pair.ours, name), arguments) == theirs


@pytest.mark.parametrize(("service", "operation"), EVERY)
@settings(max_examples=25)
@given(data=st.data())
def test_the_same_arguments_give_the_same_request(pairs, service, operation, data):
    pair = pairs(service)
    pair.play(answer(service, operation))
    given_arguments = data.draw(arguments(model(service, operation).input_shape), label="arguments")

    assert_same_request(pair, method(operation), given_arguments)


@pytest.mark.parametrize("body", ["text ü", b"bytes", bytearray(b"more bytes"), b""])
@pytest.mark.parametrize("operation", ["InvokeModel", "InvokeModelWithResponseStream"])
def test_an_invoke_body_goes_as_it_is(pairs, operation, body):
    pair = pairs("bedrock-runtime")
    pair.play(answer("bedrock-runtime", operation))
    assert_same_request(pair, method(operation), {"modelId": "m", "body": body})


def test_an_invoke_body_may_be_a_file(pairs, tmp_path):
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(ANSWER))
    path = tmp_path / "body.json"
    path.write_bytes(b'{"prompt": "a stone"}')
    with path.open("rb") as file:
        pair.ours.invoke_model(modelId="m", body=file)["body"].close()
    assert pair.server.take().body == b'{"prompt": "a stone"}'
