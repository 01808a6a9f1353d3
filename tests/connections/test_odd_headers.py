"""A number in a header is a number that can be, or none: no answer and no error is lost over an absurd one."""

from __future__ import annotations

import pytest

import outcrop
from outcrop._headers import count
from outcrop.cross_region import HeldClock
from outcrop.exceptions import ThrottlingException
from outcrop.langchain.bodies.common import header_usage
from tests.support.forgetting import no_memory_of_other_tests  # noqa: F401
from tests.support.server import ANSWER, Server, json_answer
from tests.support.sides import KEYS

from .conftest import REQUEST

ODD = ["", "-5", "1e999", "nan", "inf", "9" * 30, "9" * 5000, "18446744073709551615", "²", "0x10", "1.5", "soon"]
COUNTS = [f"x-amzn-bedrock-{kind}-token-count" for kind in ("input", "output", "cache-read-input", "cache-write-input")]


@pytest.mark.parametrize("value", ODD)
def test_counts_of_tokens(make, value):
    said = value.encode("utf-8").decode("latin-1")
    with Server(json_answer(b'{"a": 1}', **dict.fromkeys(COUNTS, said))) as server:
        side = make(endpoint_url=server.url)
        for _ in range(2):
            answer = side.call("invoke_model", modelId="m", body=b"{}")
        assert answer["body"].content == b'{"a": 1}'
        assert header_usage(answer["ResponseMetadata"]["HTTPHeaders"]) is None
        (series,) = side.client.metrics()
        assert series.labels["outcome"] == "ok"


@pytest.mark.parametrize("value", ODD)
def test_counts_that_a_routers_limits_go_by(value):
    said = value.encode("utf-8").decode("latin-1")
    with Server(json_answer(b'{"a": 1}', **dict.fromkeys(COUNTS, said))) as server:
        router = outcrop.CrossRegion(
            "amazon.nova-lite-v1:0",
            sources=["us-east-1"],
            geographies=["us"],
            catalogue="snapshot",
            clock=HeldClock(),
            limits={"tokens_per_minute": 100_000},
            endpoint_url=server.url,
            **{name: setting for name, setting in KEYS.items() if name != "region_name"},
        )
        for _ in range(5):
            assert router.invoke_model(body=b'{"max_tokens": 1}')["body"].content == b'{"a": 1}'


@pytest.mark.parametrize("value", ODD)
def test_the_pause_that_is_asked_for(make, value):
    """The clients' own pauses are bounded by AWS's rules; an absurd wish is none."""
    said = value.encode("utf-8").decode("latin-1")
    refused = json_answer(b'{"message": "slow"}', 429, x_amzn_errortype="ThrottlingException", x_amz_retry_after=said)
    with Server(refused) as server, pytest.raises(ThrottlingException):
        make(endpoint_url=server.url).call("converse", **REQUEST)
    with Server(refused, json_answer(ANSWER)) as server:
        router = outcrop.CrossRegion(
            "amazon.nova-lite-v1:0",
            sources=["us-east-1", "us-west-2"],
            geographies=["us"],
            catalogue="snapshot",
            clock=HeldClock(),
            endpoint_url=server.url,
            **{name: setting for name, setting in KEYS.items() if name != "region_name"},
        )
        assert router.converse(messages=REQUEST["messages"])["output"]


def test_a_count_is_a_whole_number_in_ascii():
    assert count({"a": " 12 "}, "a") == 12
    assert count({}, "a") is None
    assert [count({"a": value}, "a") for value in ODD] == [None] * len(ODD)
