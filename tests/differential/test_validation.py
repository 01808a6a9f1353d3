"""The same wrong arguments get botocore's report, before anything is sent."""

from __future__ import annotations

import asyncio
import re
from collections import UserString, deque
from decimal import Decimal
from functools import partial
from itertools import zip_longest

import botocore.exceptions
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
from tests.support.secrets import told
from tests.support.server import ANSWER, Answer, json_answer
from tests.support.sides import KEYS

from .comparison import meaning
from .operations import EVERY, answer, method, model
from .shapes import arguments
from .test_requests import sent

WRONG = st.sampled_from([None, 5, -7, 1.5, "", "x", b"x", [], {}, ["x"], {"a": 1}, True, ("x", 5), Decimal(2)])


@st.composite
def broken(draw, shape):
    """Arguments with one to three things wrong in them, anywhere."""
    value = draw(arguments(shape))
    for _ in range(draw(st.integers(1, 3))):
        value = draw(_break(shape, value))
    return value if isinstance(value, dict) else {}


@st.composite
def _break(draw, shape, value, depth=0):
    if depth and draw(st.integers(0, 2)) == 0:
        return draw(WRONG)
    if shape.type_name == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        return draw(_break_structure(shape, value, depth))
    if shape.type_name == "list" and isinstance(value, (list, tuple)) and value:
        index = draw(st.integers(0, len(value) - 1))
        inner = draw(_break(shape.member, value[index], depth + 1))
        return [*value[:index], inner, *value[index + 1 :]]
    if shape.type_name == "map" and isinstance(value, dict) and value:
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: draw(_break(shape.value, value[key], depth + 1))}
    return draw(WRONG)


@st.composite
def _break_structure(draw, shape, value, depth):
    how = draw(st.sampled_from(["missing", "unknown", "inside", "another"]))
    if how == "missing" and value:
        gone = draw(st.sampled_from(sorted(value)))
        return {key: item for key, item in value.items() if key != gone}
    if how == "inside" and (known := sorted(value.keys() & shape.members.keys())):
        key = draw(st.sampled_from(known))
        return {**value, key: draw(_break(shape.members[key], value[key], depth + 1))}
    if how == "another" and shape.members:
        key = draw(st.sampled_from(sorted(shape.members)))
        return {**value, key: draw(WRONG)}
    return {**value, draw(st.sampled_from(["txt", "model_id", "Content"])): draw(WRONG)}


def outcome(server, client, operation, given_arguments):
    """The report; or, where all was well after all, what was sent."""
    try:
        return sent(server, getattr(client, method(operation)), given_arguments)
    except botocore.exceptions.ParamValidationError as error:
        assert not server.requests
        return str(error)


CHECKED = [pair for pair in EVERY if model(*pair).input_shape is not None and model(*pair).input_shape.members]


@pytest.mark.parametrize(("service", "operation"), CHECKED)
@settings(max_examples=60)
@given(data=st.data())
def test_the_same_wrong_arguments_get_the_same_report(pairs, service, operation, data):
    pair = pairs(service)
    pair.play(answer(service, operation))
    given_arguments = data.draw(broken(model(service, operation).input_shape), label="arguments")
    theirs = outcome(pair.server, pair.theirs, operation, given_arguments)
    ours = outcome(pair.server, pair.ours, operation, given_arguments)
    if isinstance(theirs, str):
        ours, theirs = ours.splitlines(), hidden(theirs.splitlines(), ours.splitlines())
    assert ours == theirs


# The one difference on purpose: what may be a prompt is not quoted.
_HIDDEN = re.compile(r"(.*(?:parameter \w.*), value: )\(not shown(?:, length \d+)?\)(, type: <class '(\w+)'>, .*)")
_QUOTED = {"NoneType", "int", "float", "bool", "decimal.Decimal"}


def hidden(theirs, ours):
    """botocore's lines, with values left out where ours leave them out and may."""
    lines = []
    for their, our in zip_longest(theirs, ours, fillvalue=""):
        found = _HIDDEN.fullmatch(our)
        if found and their.startswith(found[1]) and their.endswith(found[2]):
            assert found[3] not in _QUOTED  # they are no text
            lines.append(our)
        else:
            lines.append(their)
    return lines


@pytest.mark.parametrize("awaited", [False, True])
@pytest.mark.parametrize(
    ("operation", "arguments", "path", "rest"),
    [
        ("converse", {"messages": "PROMPT"}, "messages", "type: <class 'str'>, valid types: <class 'list'>"),
        ("converse", {"messages": ["PROMPT"]}, r"messages\[0\]", "type: <class 'str'>, valid types: <class 'dict'>"),
        ("converse", {"messages": [{"role": "user", "content": "PROMPT"}]}, r"messages\[0\].content", "type"),
        ("converse", {"messages": [{"role": "user", "content": [{"text": b"PROMPT"}]}]}, "content.0..text", "type"),
        ("converse", {"messages": [{"role": "user", "content": [{"text": ["PROMPT"]}]}]}, "content.0..text", "type"),
        ("converse", {"messages": [{"role": "user", "content": [{"text": {"t": "PROMPT"}}]}]}, "0..text", "type"),
        ("converse", {"system": [{"text": ("PROMPT",)}]}, r"system\[0\].text", "type: <class 'tuple'>"),
        ("converse", {"system": UserString("PROMPT")}, "system", "type: <class 'collections.UserString'>"),
        ("converse", {"toolConfig": "PROMPT"}, "toolConfig", "type"),
        ("converse", {"promptVariables": {"name": "PROMPT"}}, "promptVariables.name", "type"),
        ("converse", {"additionalModelRequestFields": {"a": {"PROMPT"}}}, "a", "type: <class 'set'>"),
        ("converse", {"additionalModelRequestFields": [deque(["PROMPT"])]}, r"\[0\]", "type"),
        ("converse", {"additionalModelRequestFields": {("PROMPT",): 1}}, "", "type: <class 'tuple'>"),
        ("converse_stream", {"requestMetadata": {"a": ["PROMPT"]}}, "requestMetadata.a", "type"),
        ("invoke_model", {"body": ["PROMPT"]}, "body", "type: <class 'list'>"),
        ("invoke_model_with_response_stream", {"body": {"prompt": "PROMPT"}}, "body", "type: <class 'dict'>"),
        ("count_tokens", {"input": "PROMPT"}, "input", "type"),
        ("count_tokens", {"input": {"invokeModel": {"body": {"a": "PROMPT"}}}}, "input.invokeModel.body", "type"),
        ("apply_guardrail", {"content": [{"text": {"text": ["PROMPT"]}}]}, r"content\[0\].text.text", "type"),
        ("start_async_invoke", {"modelInput": {"a": {"PROMPT"}}}, "a", "type"),
    ],
)
def test_a_prompt_is_in_no_report(pairs, awaited, operation, arguments, path, rest):  # noqa: PLR0917
    call = getattr(pairs("bedrock-runtime").ours, operation)
    if awaited:
        call = partial(_awaited, getattr(outcrop.async_client("bedrock-runtime", **KEYS), operation))
    with pytest.raises(outcrop.exceptions.ParamValidationError) as caught:
        call(modelId="m", **arguments)
    assert re.search(rf"{path}.*\(not shown.*{rest}", str(caught.value)), str(caught.value)
    assert "PROMPT" not in told(caught.value)


def _awaited(call, **arguments):
    async def calling():
        await call(**arguments)

    asyncio.run(calling())


def test_what_is_no_prompt_is_quoted(pairs):
    with pytest.raises(outcrop.exceptions.ParamValidationError) as caught:
        pairs("bedrock-runtime").ours.converse(
            modelId=["an id"], inferenceConfig={"maxTokens": "many"}, messages=[{"role": 3, "content": []}]
        )
    for value in ("['an id']", "many", "3"):
        assert f"value: {value}, type: " in str(caught.value)


def test_the_report_is_one_of_ours_too(pairs):
    with pytest.raises(outcrop.exceptions.ParamValidationError, match='Missing required parameter in input: "modelId"'):
        pairs("bedrock-runtime").ours.converse()


@pytest.mark.parametrize(("service", "operation"), EVERY)
def test_only_keyword_arguments_are_accepted(pairs, service, operation):
    pair = pairs(service)
    texts = []
    for client in (pair.ours, pair.theirs):
        with pytest.raises(TypeError) as caught:
            getattr(client, method(operation))("us.amazon.nova-lite-v1:0")
        texts.append(str(caught.value))
    assert texts[0] == texts[1] == f"{method(operation)}() only accepts keyword arguments."


def test_a_cyclic_document_is_refused_and_not_followed(pairs):
    loop: dict = {}
    loop["again"] = loop
    pair = pairs("bedrock-runtime")
    pair.play(Answer(200, {}, ANSWER))
    with pytest.raises(RecursionError, match="additionalModelRequestFields is nested deeper than 500 levels"):
        pair.ours.converse(modelId="m", additionalModelRequestFields=loop)
    assert not pair.server.requests


def test_what_may_stand_in_for_a_type(pairs):
    """A tuple is a list, a Decimal a float, a bytearray a blob, a subclass what it extends."""

    class Text(str):
        __slots__ = ()

    class Mapping(dict):
        pass

    pair = pairs("bedrock-runtime")
    pair.play(json_answer(ANSWER))
    image = {"format": "png", "source": {"bytes": bytearray(b"\x00\xff")}}
    given_arguments = {
        "modelId": Text("m"),
        "messages": (Mapping(role=Text("user"), content=({"text": "a"}, {"image": image})),),
        "inferenceConfig": {"temperature": Decimal("0.5"), "topP": 1, "maxTokens": True},
        "additionalModelRequestFields": {"k": [1, 2.5, None, True, "x", {"deep": {}}]},
    }
    made = []
    for client in (pair.theirs, pair.ours):
        client.converse(**given_arguments)
        made.append(meaning(pair.server.take()))
    assert made[0] == made[1]
