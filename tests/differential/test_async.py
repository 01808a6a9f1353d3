"""The awaitable client is the blocking one's twin: same requests, same dicts, same errors."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

import outcrop
from tests.support import frames
from tests.support.server import Answer

from .comparison import assert_same, meaning
from .conftest import KEYS, REGION
from .operations import EVERY, OPERATIONS, answer, method, model
from .test_answers import needed
from .test_errors import refusal

STREAM = Answer(
    200,
    {"Content-Type": frames.CONTENT_TYPE},
    frames.event("messageStart", {"role": "assistant"}) + frames.event("messageStop", {"stopReason": "end_turn"}),
)
CHUNKS = Answer(200, STREAM.headers, frames.event("chunk", {"bytes": "e30="}))
ANSWERS = {"ConverseStream": STREAM, "InvokeModelWithResponseStream": CHUNKS}


def make(server, service):
    retries = {"mode": "standard", "max_attempts": 1}
    return outcrop.async_client(service, region_name=REGION, endpoint_url=server.url, retries=retries, **KEYS)


async def drained(answer):
    """The answer with its stream read."""
    name = next((name for name in ("stream", "body") if hasattr(answer.get(name), "__aiter__")), None)
    if name is not None:
        answer[name] = [part async for part in answer[name]]
    return answer


def drained_now(answer):
    name = next((name for name in ("stream", "body") if hasattr(answer.get(name), "close")), None)
    if name is not None:
        answer[name] = list(answer[name])
    return answer


@pytest.mark.parametrize(("service", "operation"), EVERY)
async def test_the_same_call_awaited(pairs, service, operation):
    pair = pairs(service)
    pair.play(ANSWERS.get(operation) or answer(service, operation))
    arguments = needed(service, operation)
    if any(name == "body" for name in model(service, operation).input_shape.members):
        arguments["body"] = b"{}"
    blocking = drained_now(getattr(pair.ours, method(operation))(**arguments))
    blocking_request = pair.server.take()
    client = make(pair.server, service)
    awaited = await drained(await getattr(client, method(operation))(**arguments))
    assert_same(awaited, blocking)
    assert meaning(pair.server.take()) == meaning(blocking_request)
    await client.close()


@pytest.mark.parametrize("service", OPERATIONS)
async def test_the_same_error_awaited(pairs, service):
    pair = pairs(service)
    operation = OPERATIONS[service][0]
    pair.play(refusal(429, "ThrottlingException"))
    client = make(pair.server, service)
    told = []
    with pytest.raises(ClientError) as caught:
        getattr(pair.ours, method(operation))(**needed(service, operation))
    told.append(caught.value)
    with pytest.raises(ClientError) as caught:
        await getattr(client, method(operation))(**needed(service, operation))
    told.append(caught.value)
    assert type(told[0]) is type(told[1])
    assert str(told[0]) == str(told[1])
    assert_same(told[1].response, told[0].response)
    await client.close()


@pytest.mark.parametrize("service", OPERATIONS)
def test_the_same_names(pairs, service):
    """Nothing public stands on one of the two only."""
    pair = pairs(service)
    client = make(pair.server, service)
    names = [{name for name in dir(each) if not name.startswith("_")} for each in (pair.ours, client)]
    assert names[0] == names[1]
