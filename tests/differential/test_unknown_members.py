"""`unknown_members="drop"`: what botocore does not know is left out, as botocore leaves it out."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
from tests.support import frames
from tests.support.cassettes import recordings
from tests.support.server import Answer, Server, json_answer

from .comparison import assert_same
from .conftest import KEYS, REGION
from .operations import method, model
from .shapes import answers
from .test_answers import WHOLE, needed
from .test_async import drained, drained_now
from .test_errors import refusal

MESSAGE = {"role": "assistant", "content": [{"text": "a stone"}]}
QUESTION = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "hi"}]}]}


class Three:
    """boto3's client, and both of outcrop's, which drop."""

    def __init__(self, server, service):
        where = {"region_name": REGION, "endpoint_url": server.url, **KEYS}
        once = {"retries": {"max_attempts": 1}, "unknown_members": "drop"}
        self.server = server
        self.theirs = boto3.session.Session().client(service, config=Config(retries={"total_max_attempts": 1}), **where)
        self.blocking = outcrop.Session(**where, **once).client(service)
        self.awaited = outcrop.async_client(service, **where, **once)

    async def said(self, name, arguments, answer):
        """What each says of one answer: boto3's first."""
        self.server.play(answer, answer, answer)
        told = [drained_now(getattr(client, name)(**arguments)) for client in (self.theirs, self.blocking)]
        return [*told, await drained(await getattr(self.awaited, name)(**arguments))]


@pytest.fixture(scope="module")
def three(server):
    made = {service: Three(server, service) for service in ("bedrock", "bedrock-runtime")}
    yield made.__getitem__
    for each in made.values():
        each.blocking.close()
        each.theirs.close()
    server.requests.clear()


def assert_equal(told):
    theirs, *ours = told
    for each in ours:
        assert_same(each, theirs, dropped=lambda *_: False)


@pytest.mark.parametrize("recording", recordings(), ids=lambda recording: recording.name)
async def test_recorded_answers_have_what_botocore_reads_and_nothing_else(three, recording):
    assert_equal(await three("bedrock-runtime").said(recording.method, recording.arguments, recording.answer))


@pytest.mark.parametrize(("service", "operation"), WHOLE)
@settings(max_examples=15)
@given(data=st.data())
async def test_the_same_bytes_give_the_very_same_dict(three, service, operation, data):
    body = data.draw(answers(model(service, operation).output_shape), label="body")
    answer = json_answer(json.dumps(body).encode())
    assert_equal(await three(service).said(method(operation), needed(service, operation), answer))


async def test_a_union_says_which_member_it_was(three):
    message = {**MESSAGE, "content": [{"zzHologram": {"depth": 3}}, {"text": "a stone"}, {"zzMore": None, "text": "b"}]}
    answer = json_answer(json.dumps({"output": {"message": message}}).encode())
    told = await three("bedrock-runtime").said("converse", QUESTION, answer)
    assert_equal(told)
    assert told[1]["output"]["message"]["content"][0] == {"SDK_UNKNOWN_MEMBER": {"name": "zzHologram"}}


async def test_events_that_nobody_knows_are_passed_over(three):
    events = [("messageStart", {"role": "assistant", "zz": 1}), ("zzHologram", {"depth": 3}), ("zzMore", {})]
    events.append(("messageStop", {"stopReason": "end_turn"}))
    body = b"".join(frames.event(*event) for event in events)
    answer = Answer(200, {"Content-Type": frames.CONTENT_TYPE}, body)
    told = await three("bedrock-runtime").said("converse_stream", QUESTION, answer)
    assert_equal(told)
    assert told[1]["stream"] == [{"messageStart": {"role": "assistant"}}, {"messageStop": {"stopReason": "end_turn"}}]


async def test_an_error_has_its_modeled_members_alone(three):
    side = three("bedrock-runtime")
    answer = refusal(424, "ModelErrorException", b'{"message": "no", "originalStatusCode": 500, "zzMore": 1}')
    side.server.play(answer, answer, answer)
    seen = []
    for client in (side.theirs, side.blocking):
        with pytest.raises(client.exceptions.ModelErrorException) as caught:
            client.converse(**QUESTION)
        seen.append(caught.value.response)
    with pytest.raises(side.awaited.exceptions.ModelErrorException) as caught:
        await side.awaited.converse(**QUESTION)
    seen.append(caught.value.response)
    assert_equal(seen)


def test_a_router_drops_too_and_the_default_is_to_keep():
    body = json.dumps({"output": {"message": MESSAGE}, "stopReason": "end_turn", "zzMore": 1}).encode()
    with Server(json_answer(body)) as server:
        for drops in (True, False):
            router = outcrop.CrossRegion(
                "anthropic.claude-haiku-4-5-20251001-v1:0",
                sources=[REGION],
                geographies=["us"],
                endpoint_urls={REGION: server.url},
                catalogue="snapshot",
                **({"unknown_members": "drop"} if drops else {}),
                **KEYS,
            )
            assert ("zzMore" in router.converse(messages=QUESTION["messages"])) is not drops


def test_another_word_is_refused():
    with pytest.raises(ValueError, match="unknown_members must be one of keep, drop, not 'lose'"):
        outcrop.Session(region_name=REGION, unknown_members="lose")
