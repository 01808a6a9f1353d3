"""Whatever Regions answer: data stays inside the residency, and each request is sent as often as is told."""

from __future__ import annotations

import contextlib
import json

import anthropic
import httpx2
import openai
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
import outcrop.httpx2
from tests.apis import wire
from tests.apis.asking import Asking
from tests.apis.conftest import SOURCES, routed
from tests.apis.wire import MODELS

STATUSES = [200, 400, 401, 403, 404, 413, 422, 429, 500, 502, 503, 529]
ERRORS = openai.OpenAIError, anthropic.AnthropicError, httpx2.HTTPError, AttributeError, AssertionError
GOES_ON = {429, 500, 502, 503, 529}
#: Where a profile called `us.…` from these Regions may be served, and a set that leaves some of it out.
INSIDE = {"us-east-1", "us-east-2", "us-west-2"}


def plays(api, status, *, early):
    def play(request):
        if status == 200:
            return wire.answer(request)
        if early and wire.body_of(request).get("stream"):
            # The same inside a stream that has begun, but not its answer.
            kind = "server_error" if status in GOES_ON else "invalid_request_error"
            kind = "rate_limit_error" if status == 429 else kind
            event = wire.error(api, kind)
            if api == "responses":
                event = {"type": "error", "code": kind, "message": "m", "param": None}
            return wire.sse(*wire.opening(api), wire.data(event, "error" if api == "messages" else None))
        return wire.refusal(api, status, "x")

    return play


@settings(max_examples=40)
@given(
    kind=st.sampled_from(["sync", "async"]),
    api=st.sampled_from(list(MODELS)),
    stream=st.booleans(),
    early=st.booleans(),
    statuses=st.lists(st.sampled_from(STATUSES), min_size=3, max_size=3),
    allowed=st.sets(st.sampled_from(SOURCES)),
)
def test_requests_stay_inside_and_are_counted(*, kind, api, stream, early, statuses, allowed):
    with contextlib.ExitStack() as stack:
        regions = [stack.enter_context(wire.Region(name)) for name in SOURCES]
        for region, status in zip(regions, statuses, strict=True):
            region.play = plays(api, status, early=early)
        asking = Asking(kind)
        # The rule is asked of each Region that data may reach: a target is allowed where all of them are.
        router = asking.router(MODELS[api], **routed(regions, residency=lambda region: region in INSIDE))
        for name in set(SOURCES) - allowed:
            router.force(name, "open")
        with contextlib.suppress(*ERRORS):
            asking.ask(router, api, stream=stream)
        posts = {region.name: region.posts for region in regions}
        # In order, until one answers or says what no other cures; nothing goes to one that is forced open.
        expected, open_ones = [], [name for name in SOURCES if name in allowed]
        for name in open_ones:
            expected.append(name)
            if statuses[SOURCES.index(name)] not in GOES_ON:
                break
        if open_ones and all(statuses[SOURCES.index(name)] in GOES_ON for name in open_ones):
            # Fewer targets than attempts: they are asked again.
            assert sum(posts.values()) == 3
            assert {name for name, count in posts.items() if count} == set(open_ones)
        else:
            assert posts == {name: int(name in expected) for name in SOURCES}
        attempts = sum(series.calls for series in router.metrics().attempts)
        assert attempts == sum(posts.values())
        for region in regions:
            for request in region.requests:
                assert wire.body_of(request)["model"] == MODELS[api]
                assert f"/{region.name}/bedrock/" in wire.headers_of(request)["authorization"]


@settings(max_examples=25)
@given(
    api=st.sampled_from(list(MODELS)),
    spelt=st.sampled_from(['"model"', '"m\\u006fdel"', '"mode\\u006c"']),
    twice=st.booleans(),
    residency=st.sampled_from([{"us-east-1"}, {"us-east-1", "us-east-2"}, INSIDE, "us"]),
)
def test_no_body_names_a_model_that_may_not_be_called(api, spelt, twice, residency):
    with contextlib.ExitStack() as stack:
        regions = [stack.enter_context(wire.Region(name)) for name in SOURCES]
        router = outcrop.CrossRegion(MODELS[api], **routed(regions, residency=residency))
        other = f'{spelt}: "global.openai.gpt-6-sol"'
        body = f'{{{other}, "model": "{MODELS[api]}"{", " + other if twice else ""}}}'
        with httpx2.Client(transport=outcrop.httpx2.Transport(router)) as web:
            answer = web.post(f"https://bedrock.example{wire.PATHS[api]}", content=body)
        sent = [request for region in regions for request in region.requests]
        for request in sent:
            assert b"global." not in request
            assert json.loads(request.partition(b"\r\n\r\n")[2])["model"] == MODELS[api]
        if residency in ({"us-east-1"}, {"us-east-1", "us-east-2"}):
            assert (answer.status_code, sent) in ((403, []), (400, []))
