"""A value is its value: what classes show of themselves, and odd numbers and keys, change no request."""

from __future__ import annotations

import enum
import json
from collections import OrderedDict, defaultdict, namedtuple
from datetime import datetime, timezone
from decimal import Decimal
from io import BytesIO
from types import MappingProxyType
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import outcrop
from outcrop.exceptions import ParamValidationError
from tests.support.server import ANSWER, json_answer

from .comparison import meaning
from .operations import EVERY, answer, method, model
from .shapes import arguments
from .test_requests import sent


class _Loud:
    """A class whose objects show anything but their value."""

    def __str__(self):
        return "loud"

    __repr__ = __str__

    def __format__(self, _):
        return "loud"


class Text(_Loud, str):  # noqa: SLOT000  -- as users write them
    """A str of a class of its own."""


class Whole(_Loud, int):
    """An int of a class of its own."""


class Real(_Loud, float):
    """A float of a class of its own."""


class Bytes(_Loud, bytes):
    """Bytes of a class of its own."""


class Buffer(_Loud, bytearray):
    """A bytearray of a class of its own."""


class Table(_Loud, dict):
    """A dict of a class of its own."""


class Computed(dict):
    """A dict that has its items only when it is asked for them."""

    def __init__(self, items):
        super().__init__(dict.fromkeys(items))
        self._real = dict(items)

    def items(self):
        return self._real.items()

    def __getitem__(self, name):
        return self._real[name]


class Row(_Loud, list):
    """A list of a class of its own."""


class Moment(_Loud, datetime):
    """A datetime of a class of its own."""


class Elsewhere(Moment):
    """One that says other things of itself than it is."""

    def isoformat(self, *_):
        return "loud"

    def astimezone(self, *_):
        return self


class Otherwise(Real):
    """A float that calls itself another."""

    def __float__(self):
        return 99.0


def member(base):
    """The member of an enumeration that is of a type, too."""
    return lambda value: enum.Enum("Choice", {"ONE": value}, type=base).ONE


def pair_of(values):
    return namedtuple("Pair", [f"f{number}" for number in range(len(values))])(*values)  # noqa: PYI024  -- of any length


def defaulted(items):
    return defaultdict(list, items)


def moment(value):
    return Moment.fromtimestamp(value.timestamp(), timezone.utc)


DISGUISES = {
    str: [Text, member(str), np.str_],
    int: [Whole, member(int), lambda value: enum.IntEnum("Number", {"ONE": value}).ONE],
    float: [Real, member(float), np.float64],
    bytes: [Bytes, member(bytes)],
    bytearray: [Buffer],
    dict: [Table, OrderedDict, defaulted, Computed],
    list: [Row],
    tuple: [pair_of],
    datetime: [moment, pd.Timestamp, lambda value: Elsewhere.combine(value.date(), value.timetz())],
}
"""Other objects of the same value."""


@st.composite
def disguised(draw, value):
    """The same value, some of it in objects of other classes."""
    if isinstance(value, dict):
        value = {draw(disguised(key)): draw(disguised(item)) for key, item in value.items()}
    elif isinstance(value, (list, tuple)):
        value = type(value)([draw(disguised(item)) for item in value])
    others = DISGUISES.get(type(value), [])
    # An empty text makes no member of an enumeration's own.
    return draw(st.sampled_from([lambda it: it, *others]))(value)


@pytest.mark.parametrize(("service", "operation"), EVERY)
@settings(max_examples=25)
@given(data=st.data())
def test_a_value_is_its_value_in_every_place(pairs, service, operation, data):
    pair = pairs(service)
    pair.play(answer(service, operation))
    plain = data.draw(arguments(model(service, operation).input_shape), label="arguments")
    given_arguments = {name: data.draw(disguised(value)) for name, value in plain.items()}

    theirs = sent(pair.server, getattr(pair.theirs, method(operation)), plain)
    assert sent(pair.server, getattr(pair.ours, method(operation)), given_arguments) == theirs


_ODD_NUMBERS = st.floats() | st.integers() | st.sampled_from([10**400, -(10**30), 1e308, 5e-324, -0.0])
_ODD_TEXT = st.text(st.characters(), max_size=5)
_ODD_KEYS = _ODD_TEXT | st.none() | st.booleans() | _ODD_NUMBERS | st.tuples(st.integers()) | st.binary(max_size=2)
_ODD = st.recursive(
    st.none() | st.booleans() | _ODD_NUMBERS | _ODD_TEXT | st.binary(max_size=3) | st.decimals() | st.just(np.int64(3)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(_ODD_KEYS, inner, max_size=3)
    ),
    max_leaves=6,
)


def no_constant(word):
    raise AssertionError(f"{word} is no JSON")


def strictly(server):
    """The body that was sent, if it is JSON proper."""
    body = server.take().body
    return json.loads(body, parse_constant=no_constant) if body else {}


def ours(pair, client, **arguments):
    """What our client sent, or that it refused in words."""
    try:
        client.converse(modelId="m", **arguments)
    except ParamValidationError:
        assert not pair.server.requests
        return None
    return strictly(pair.server)


def theirs(pair, **arguments):
    """What botocore sent, or that it failed in its own ways: UnicodeEncodeError, TypeError, ValueError, no JSON."""
    try:
        pair.theirs.converse(modelId="m", **arguments)
        return strictly(pair.server)
    except (Exception, AssertionError):  # noqa: BLE001  -- as said
        return None


@settings(max_examples=400)
@given(document=_ODD)
@example(document={None: 1, True: 2, 3: 4, 0.5: 5})
@example(document={"\ud800": "\ud83d"})
@example(document=float("nan"))
def test_a_document_goes_as_botocore_writes_it(pairs, document):
    """What botocore writes as no JSON, or fails on in its own ways, is refused in words."""
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(ANSWER))
    sent = ours(pair, pair.ours, additionalModelRequestFields=document)
    pair.server.requests.clear()
    assert sent == theirs(pair, additionalModelRequestFields=document)


@settings(max_examples=400)
@given(document=_ODD)
@example(document=(1, 2))
def test_what_leaves_unchecked_is_json(pairs, unchecked, document):
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(ANSWER))
    sent = ours(pair, unchecked, messages=document, inferenceConfig=document, added=document)
    assert sent is None or sent.keys() <= {"messages", "inferenceConfig", "added"}


@pytest.fixture(scope="module")
def unchecked(server):
    where = {"region_name": "us-east-1", "endpoint_url": server.url, "aws_access_key_id": "A"}
    return outcrop.client("bedrock-runtime", aws_secret_access_key="s", parameter_validation=False, **where)


@settings(max_examples=200)
@given(
    name=st.sampled_from(["temperature", "maxTokens"]),
    number=_ODD_NUMBERS | st.decimals() | st.sampled_from([np.float32(0.5), np.int64(1)]),
)
def test_odd_numbers_of_the_table_go_as_botocores(pairs, name, number):
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(ANSWER))
    sent = ours(pair, pair.ours, inferenceConfig={name: number})
    pair.server.requests.clear()
    assert sent == theirs(pair, inferenceConfig={name: number})


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"modelId": "\ud83d"}, "Invalid value for parameter modelId: it has half a surrogate pair"),
        ({"modelId": ".."}, 'modelId ".." cannot go into an HTTP request'),
        ({"additionalModelRequestFields": {"a": float("nan")}}, "parameter a, value: nan: JSON has no such number"),
        (
            {"additionalModelRequestFields": {(1,): 1}},
            r"Invalid type for a key of document parameter .*, key: \(not shown, length 1\)",
        ),
        ({"additionalModelRequestFields": {"a": 10**5000}}, "an int of more digits than Python writes"),
        ({"inferenceConfig": {"temperature": Decimal("sNaN")}}, "inferenceConfig.temperature, value: sNaN"),
        ({"inferenceConfig": {"temperature": np.float32(1)}}, "type: <class 'numpy.float32'>, valid types"),
        ({"messages": "x" * 5000}, r"value: \(not shown, length 5000\), type: <class 'str'>"),
        ({"inferenceConfig": "x" * 5000}, r"value: x{200}… \(5000 characters\), type: <class 'str'>"),
        ({"messages": MappingProxyType({})}, "type: <class 'mappingproxy'>"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(pairs, arguments, text):
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(ANSWER))
    with pytest.raises(ParamValidationError, match=text):
        pair.ours.converse(**{"modelId": "m", **arguments})
    assert not pair.server.requests


MOMENTS = [
    ("2026-01-02T03:04:05Z", Text("2026-01-02T03:04:05Z")),
    ("2026-01-02T03:04:05Z", "Fri, 02 Jan 2026 03:04:05 GMT"),
    ("2026-01-02T03:04:05Z", "Fri, 02 Jan 2026 05:04:05 +0200"),
    (1700000000.5, Otherwise(1700000000.5)),
    (1700000000, Whole(1700000000)),
    (datetime(2026, 1, 2, 3, 4, 5, 6), pd.Timestamp("2026-01-02 03:04:05.000006789")),  # noqa: DTZ001  -- local time
    (datetime(2026, 1, 2, 3, 4, 5), Elsewhere(2026, 1, 2, 3, 4, 5)),  # noqa: DTZ001  -- local time
]
"""A time as botocore takes it, and what is that time, too."""


@pytest.mark.parametrize(("plain", "other"), MOMENTS)
def test_a_time_is_its_moment(pairs, plain, other):
    pair = pairs("bedrock")
    pair.play(json_answer(b"{}"))
    theirs = sent(pair.server, pair.theirs.list_model_invocation_jobs, {"submitTimeAfter": plain})
    assert sent(pair.server, pair.ours.list_model_invocation_jobs, {"submitTimeAfter": other}) == theirs


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (Mock(), r"Invalid type for parameter body: reading it gives <class 'unittest.mock.Mock'>"),
        (
            memoryview(b"{}"),
            "Invalid type for parameter body, value: \\(not shown\\), type: .*valid types: <class 'bytes'>",
        ),
        ("\ud83d", "Invalid value for parameter body: it has half a surrogate pair"),
    ],
)
def test_a_body_that_is_none_is_refused_in_words(pairs, body, text):
    with pytest.raises(ParamValidationError, match=text):
        pairs("bedrock-runtime").ours.invoke_model(modelId="m", body=body)


@pytest.mark.parametrize("value", ["é", "a\r\nX-Evil: 1", "a\0"])
def test_a_header_with_more_than_ascii_is_refused(pairs, value):
    with pytest.raises(ParamValidationError, match="cannot go into an HTTP request"):
        pairs("bedrock-runtime").ours.invoke_model(modelId="m", body=b"{}", accept=value)


def test_a_time_that_is_none_is_refused(pairs):
    for value in ("yesterday", "", pd.NaT, pd.NA, np.datetime64("2026-01-01"), float("nan"), 10**30, object()):
        with pytest.raises(ParamValidationError, match="parameter submitTimeAfter"):
            pairs("bedrock").ours.list_model_invocation_jobs(submitTimeAfter=value)


def test_a_dict_that_changes_while_it_is_read_goes_as_it_was(pairs):
    pair = pairs("bedrock-runtime")
    pair.play(json_answer(ANSWER))
    content: list = []

    class Growing(BytesIO):
        def read(self, *size):
            image["more"] = 1
            return super().read(*size)

    image: dict = {"format": "png", "source": {"bytes": Growing(b"png")}}
    content.append({"image": image})
    pair.ours.converse(modelId="m", messages=[{"role": "user", "content": content}])
    sent_image = meaning(pair.server.take())["body"]["messages"][0]["content"][0]["image"]
    assert sent_image == {"format": "png", "source": {"bytes": "cG5n"}}
