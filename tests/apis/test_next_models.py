"""Next models and several accounts over the official clients: whose keys, which model, how often, and `adapt`."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
import outcrop.httpx2
from tests.apis import wire
from tests.apis.asking import Asking, arguments
from tests.apis.conftest import SOURCES, routed
from tests.apis.wire import APIS

EACH = pytest.mark.parametrize("api", APIS)
STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
#: The first of one family, whose requests the second takes as they are, and a third that takes none of them.
MODELS = {
    "chat": ["us.openai.gpt-6-sol", "us.openai.gpt-6-luna", "us.xai.grok-4.6"],
    "responses": ["us.openai.gpt-6-sol", "us.openai.gpt-6-luna", "us.xai.grok-4.6"],
    "messages": ["us.anthropic.claude-sonnet-5", "us.anthropic.claude-opus-5", "us.amazon.nova-lite-v1:0"],
}
ERRORS = openai.OpenAIError, anthropic.AnthropicError, httpx2.HTTPError, AttributeError, AssertionError


def sent(regions: list[Any]) -> list[tuple[str, str]]:
    """Where a model was called, and which."""
    return [(region.name, wire.body_of(request)["model"]) for region in regions for request in region.requests]


def failing(api: str, models: list[str], status: int = 503) -> Any:
    """Answers, but not for these models."""
    return lambda request: (
        wire.refusal(api, status) if wire.body_of(request)["model"] in models else wire.answer(request)
    )


@EACH
@STREAMED
def test_the_next_model_of_the_family_answers_where_the_first_has_no_room(asking, regions, api, stream):
    first, second, _ = MODELS[api]
    for region in regions:
        region.play = failing(api, [first], 429)
    router = asking.router([first, second], **routed(regions))
    assert asking.ask(router, api, stream=stream, model=first).text == "granite"
    assert sent(regions) == [("us-east-1", first), ("us-east-1", second), ("us-east-2", first), ("us-west-2", first)]


@EACH
@STREAMED
def test_a_model_of_another_family_is_passed_over_and_the_error_says_how_to_have_it(asking, regions, api, stream):
    first, _, other = MODELS[api]
    for region in regions:
        region.play = failing(api, [first])
    router = asking.router([first, other], **routed(regions))
    with pytest.raises((openai.APIStatusError, anthropic.APIStatusError)) as caught:
        asking.ask(router, api, stream=stream, model=first)
    assert caught.value.status_code == 503
    assert {model for _, model in sent(regions)} == {first}


@EACH
@STREAMED
def test_adapt_writes_the_body_for_a_model_of_another_family(asking, regions, api, stream):
    first, _, other = MODELS[api]
    seen = []

    def adapt(request, model):
        seen.append((dict(request), model))
        request["metadata"] = {"for": model}
        request["stream"] = "whatever"
        return request

    for region in regions:
        region.play = failing(api, [first])
    router = asking.router([first, other], **routed(regions, adapt=adapt))
    assert asking.ask(router, api, stream=stream, model=first).text == "granite"
    [(request, model)] = seen
    asked = arguments(api, stream=stream, model=other)
    assert {**request, "stream": stream} == {**asked, "stream": stream}
    assert model == request["model"] == other
    bodies = [wire.body_of(request) for region in regions for request in region.requests]
    [written] = [body for body in bodies if body["model"] == other]
    assert written["metadata"] == {"for": other}
    assert written.get("stream", False) is stream
    assert not [body for body in bodies if body["model"] == first and "metadata" in body]


@EACH
def test_adapt_may_leave_a_model_out(asking, regions, api):
    first, _, other = MODELS[api]
    for region in regions:
        region.play = failing(api, [first])
    router = asking.router([first, other], **routed(regions, adapt=lambda request, model: None))
    with pytest.raises((openai.InternalServerError, anthropic.APIStatusError)):
        asking.ask(router, api, model=first)
    assert {model for _, model in sent(regions)} == {first}


def accounts(regions: list[Any]) -> list[outcrop.Source]:
    """A source each, of an account each."""
    made = []
    for number, region in enumerate(regions):
        session = outcrop.Session(
            region_name=region.name, aws_access_key_id=f"AKIDACCOUNT{number}", aws_secret_access_key=f"secret{number}"
        )
        made.append(outcrop.Source(region.name, session=session))
    return made


def several(regions: list[Any], **options: Any) -> dict[str, Any]:
    given = routed(regions, **options)
    for name in ("aws_access_key_id", "aws_secret_access_key"):
        del given[name]
    return {**given, "sources": accounts(regions)}


STATUSES = [200, 400, 403, 404, 429, 500, 503, 529]
GOES_ON = {429, 500, 503, 529}


@settings(max_examples=40)
@given(
    kind=st.sampled_from(["sync", "async"]),
    api=st.sampled_from(APIS),
    stream=st.booleans(),
    # How each source answers for each model.
    statuses=st.lists(st.tuples(st.sampled_from(STATUSES), st.sampled_from(STATUSES)), min_size=3, max_size=3),
    adapts=st.booleans(),
)
def test_each_request_has_its_account_s_signature_and_its_model_and_is_counted(*, kind, api, stream, statuses, adapts):
    first, second, other = MODELS[api]
    models = [first, other if adapts else second]
    options: dict[str, Any] = {"adapt": lambda request, model: request} if adapts else {}
    with contextlib.ExitStack() as stack:
        regions = [stack.enter_context(wire.Region(name)) for name in SOURCES]
        for region, both in zip(regions, statuses, strict=True):
            by_model = dict(zip(models, both, strict=True))

            def play(request, by_model=by_model):
                status = by_model[wire.body_of(request)["model"]]
                return wire.answer(request) if status == 200 else wire.refusal(api, status, "x")

            region.play = play
        asking = Asking(kind)
        router = asking.router(models, **several(regions, **options))
        with contextlib.suppress(*ERRORS):
            asking.ask(router, api, stream=stream, model=first)
        for number, region in enumerate(regions):
            for request in region.requests:
                authorization = wire.headers_of(request)["authorization"]
                assert f"Credential=AKIDACCOUNT{number}/" in authorization
                assert f"/{region.name}/bedrock/" in authorization
        counted = Counter(sent(regions))
        assert {model for _, model in counted} <= set(models)
        answered = {
            (name, model): status
            for name, both in zip(SOURCES, statuses, strict=True)
            for model, status in zip(models, both, strict=True)
        }
        # Whatever does not go on ends the call, so it was asked for once, and there is one of it.
        final = [place for place in counted if answered[place] not in GOES_ON]
        assert len(final) <= 1
        assert all(counted[place] == 1 for place in final)
        # Nothing of the second model before the first has failed everywhere.
        if any(model == models[1] for _, model in counted):
            assert all(answered[name, first] in GOES_ON for name in SOURCES)
        attempts = sum(series.calls for series in router.metrics().attempts)
        assert attempts == sum(counted.values())


def test_what_belongs_to_one_account_stays_there(asking, regions):
    router = asking.router(MODELS["responses"][0], **several(regions))
    regions[0].play = lambda _: wire.refusal("responses", 503)
    first = asking.ask(router, "responses")
    regions[0].play = wire.answer
    asking.ask(router, "responses", previous_response_id=first.identifier)
    assert [region.posts for region in regions] == [1, 2, 0]
    assert json.loads(regions[1].requests[1].partition(b"\r\n\r\n")[2])["previous_response_id"] == first.identifier
