"""What a call may use of a quota before it is answered: learnt from answers and from counts that were asked for."""

from __future__ import annotations

import json

import pytest

from tests.support.frames import CONTENT_TYPE, event
from tests.support.server import Answer, Server, json_answer

from .conftest import ask
from .sides import Side

MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
HOME = "us-east-1"
QUOTA = 1_000_000
TEXT = "露頭とは何ですか。" * 200
BODY = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": [{"role": "user", "content": TEXT}]}
OPENING = event("messageStart", {"role": "assistant"})
DELTA = event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "A rock."}})


class Bedrock:
    """It says of each input that it has as many tokens as the test likes."""

    def __init__(self) -> None:
        self.tokens = 1000
        self.server = Server(answer=self._answer)

    def _answer(self, request):
        usage = {"inputTokens": self.tokens, "outputTokens": 0, "totalTokens": self.tokens}
        if request.path.endswith("/count-tokens"):
            return json_answer(json.dumps({"inputTokens": self.tokens}).encode())
        if request.path.endswith("/converse-stream"):
            rest = event("messageStop", {"stopReason": "end_turn"}) + event("metadata", {"usage": usage, "metrics": {}})
            return Answer(200, {"Content-Type": CONTENT_TYPE}, OPENING + DELTA + rest)
        message = {"role": "assistant", "content": [{"text": "A rock."}]}
        answer = {"output": {"message": message}, "stopReason": "end_turn", "usage": usage, "metrics": {"latencyMs": 1}}
        if request.path.endswith("/invoke"):
            answer = {"type": "message", "content": [], "usage": {"input_tokens": self.tokens, "output_tokens": 0}}
        return json_answer(json.dumps(answer).encode())


@pytest.fixture
def bedrock():
    made = Bedrock()
    with made.server:
        yield made


@pytest.fixture(params=["blocking", "asynchronous"])
def side(request, bedrock):
    return Side(
        request.param,
        MODEL,
        sources=[HOME],
        geographies=["us"],
        residency=None,
        limits={"tokens_per_minute": QUOTA, "burndown_rate": 1},
        shared=False,
        endpoint_url=bedrock.server.url,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
    )


def left(side):
    return side.router.health()[0].tokens_left


def reserved(side, bedrock, operation="converse", **arguments):
    """What a call reserves: the bucket, looked at while the server has the request."""
    seen = []
    answer = bedrock._answer

    def looking(request):
        seen.append(left(side))
        return answer(request)

    bedrock.server._answer = looking
    before = left(side)
    side.call(operation, **arguments)
    bedrock.server._answer = answer
    return before - seen[0]


def converse(text=TEXT, most=100):
    return {**ask(text), "inferenceConfig": {"maxTokens": most}}


def test_what_was_counted_is_reserved(side, bedrock):
    bedrock.tokens = 12_345
    guessed = reserved(side, bedrock, **converse())
    assert side.call("count_tokens", input={"converse": ask(TEXT)})["inputTokens"] == 12_345
    for operation in ("converse", "converse_stream"):
        for most in (100, 7):
            assert reserved(side, bedrock, operation, **converse(most=most)) == 12_345 + most != guessed
    # Nothing was counted of another text, nor asked for unasked.
    assert reserved(side, bedrock, **converse("something else")) < 12_345
    asked = [request.path.rpartition("/")[2] for request in bedrock.server.requests]
    assert asked.count("count-tokens") == 1


def test_a_body_that_was_counted_is_reserved(side, bedrock):
    bedrock.tokens = 4321
    side.call("count_tokens", input={"invokeModel": {"body": json.dumps(BODY)}})
    assert reserved(side, bedrock, "invoke_model", body=json.dumps(BODY)) == 4321 + 100


def test_counting_takes_nothing_of_the_quota(side, bedrock):
    before = left(side)
    assert reserved(side, bedrock, "count_tokens", input={"converse": ask(TEXT)}) == 0
    assert left(side) == before


@pytest.mark.parametrize("operation", ["converse", "converse_stream", "invoke_model"])
def test_guesses_learn_from_what_answers_took(side, bedrock, operation):
    """A token for four bytes is wrong by half for Japanese."""
    arguments = {"body": json.dumps(BODY)} if operation == "invoke_model" else converse()
    first = reserved(side, bedrock, operation, **arguments) - 100
    bedrock.tokens = round(2 * first)
    for _ in range(40):
        side.call(operation, **arguments)
    assert reserved(side, bedrock, operation, **arguments) - 100 == pytest.approx(bedrock.tokens, rel=0.1)
    # Whatever a server says, it is a model's still.
    bedrock.tokens = 10**15
    side.call(operation, **arguments)
    assert reserved(side, bedrock, operation, **arguments) - 100 <= 4 * first
