"""What only the target that gave it can go on with: it is kept there, or refused with a sentence."""

from __future__ import annotations

import json

import openai
import pytest

from tests.apis import wire
from tests.apis.asking import arguments
from tests.apis.conftest import routed
from tests.apis.wire import GPT

REASONING = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA-secret"}


def thinking(region):
    """Answers with encrypted reasoning of the Region's own."""
    item = {**REASONING, "encrypted_content": f"gAAAA-{region.name}"}

    def play(request):
        identifier = f"resp_{region.name}_{region.posts}"
        done = wire.response("granite", id=identifier)
        done["output"].insert(0, item)
        if not wire.body_of(request).get("stream"):
            return wire.http(200, json.dumps(done).encode())
        ended = {"type": "response.completed", "sequence_number": 99, "response": done}
        begun = wire.opening("responses", f"{region.name}_{region.posts}")
        return wire.sse(*begun, *wire.content("responses", ["granite"]), wire.data(ended), wire.data("[DONE]"))

    return play


def create(client, stream, **more):
    answer = client.responses.create(**arguments("responses", stream=stream, **more))
    return list(answer)[-1].response if stream else answer


@pytest.fixture
def client(regions):
    import outcrop
    import outcrop.httpx2

    for region in regions:
        region.play = thinking(region)
    regions[0].play = lambda _: wire.refusal("responses", 503)
    router = outcrop.CrossRegion(GPT, **routed(regions))
    with outcrop.httpx2.openai(router) as client:
        yield client


STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


@STREAMED
def test_a_response_is_continued_where_it_was_given(client, regions, stream):
    first = create(client, stream)
    assert [region.posts for region in regions] == [1, 1, 0]
    regions[0].play = thinking(regions[0])
    second = create(client, stream, previous_response_id=first.id)
    third = create(client, stream, input=[*first.output, {"role": "user", "content": "Another?"}])
    assert [region.posts for region in regions] == [1, 3, 0]
    assert {answer.id.split("_")[1] for answer in (second, third)} == {"us-east-2"}
    # Whatever goes on with nothing is free.
    create(client, stream)
    assert [region.posts for region in regions] == [2, 3, 0]


@STREAMED
@pytest.mark.parametrize("pin", ["previous_response_id", "encrypted reasoning"])
def test_what_is_continued_never_goes_elsewhere(client, regions, stream, pin):
    first = create(client, stream)
    regions[1].play = lambda _: wire.refusal("responses", 500)
    items = [*first.output, {"role": "user", "content": "Another?"}]
    more = {"previous_response_id": first.id} if pin == "previous_response_id" else {"input": items}
    before = regions[1].posts
    with pytest.raises(openai.InternalServerError):
        create(client, stream, **more)
    assert (regions[0].posts, regions[2].posts) == (1, 0)
    assert regions[1].posts > before


@pytest.mark.parametrize("pin", ["previous_response_id", "encrypted reasoning"])
def test_a_target_that_may_not_be_called_refuses_with_a_sentence(regions, pin):
    import outcrop
    import outcrop.httpx2

    for region in regions:
        region.play = thinking(region)
    router = outcrop.CrossRegion(GPT, **routed(regions))
    with outcrop.httpx2.openai(router) as client:
        first = create(client, stream=False)
        router.force("us-east-1", "open")
        items = [*first.output, {"role": "user", "content": "Another?"}]
        more = {"previous_response_id": first.id} if pin == "previous_response_id" else {"input": items}
        with pytest.raises(
            openai.PermissionDeniedError, match=r"goes on with a response that us\.openai\.gpt-6-sol of us-east-1"
        ):
            create(client, stream=False, **more)
    assert [region.posts for region in regions] == [1, 0, 0]


def test_what_nobody_saw_goes_to_the_preferred_target_alone(client, regions):
    regions[0].play = lambda _: wire.refusal(
        "responses", 404, "not_found_error", "The requested resource could not be found"
    )
    with pytest.raises(openai.NotFoundError):
        create(client, stream=False, previous_response_id="resp_of_yesterday")
    regions[0].play = lambda _: wire.refusal("responses", 503)
    with pytest.raises(openai.InternalServerError):
        create(client, stream=False, previous_response_id="resp_of_yesterday")
    assert regions[1].posts == regions[2].posts == 0


def test_a_stored_response_is_asked_for_where_it_is(client, regions):
    first = create(client, stream=False)
    regions[0].play = wire.answer
    client.responses.retrieve(first.id)
    client.responses.cancel(first.id)
    client.responses.delete(first.id)
    lines = [request.split(b" HTTP")[0].decode() for request in regions[1].requests[1:]]
    path = f"/openai/v1/responses/{first.id}"
    assert lines == [f"GET {path}", f"POST {path}/cancel", f"DELETE {path}"]
    assert regions[0].posts == 1


def test_reasoning_of_two_targets_is_refused(client, regions):
    first = create(client, stream=False)
    regions[0].play = thinking(regions[0])
    second = create(client, stream=False)
    posts = [region.posts for region in regions]
    items = [*first.output, *second.output, {"role": "user", "content": "Another?"}]
    with pytest.raises(openai.BadRequestError, match="neither knows the other's"):
        create(client, stream=False, input=items)
    assert [region.posts for region in regions] == posts


@pytest.mark.parametrize("api", ["chat", "responses", "messages"])
def test_files_by_id_are_refused_with_a_sentence(asking, regions, api):
    import anthropic

    parts = {
        "chat": {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "file-1"}}]}]},
        "responses": {"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "file-1"}]}]},
        "messages": {
            "messages": [
                {"role": "user", "content": [{"type": "document", "source": {"type": "file", "file_id": "file-1"}}]}
            ]
        },
    }
    wrong = anthropic.BadRequestError if api == "messages" else openai.BadRequestError
    router = asking.router(wire.MODELS[api], **routed(regions))
    with pytest.raises(wrong, match="keeps no files"):
        asking.ask(router, api, **parts[api])
    assert sum(region.posts for region in regions) == 0


def test_guardrails_are_signed_and_never_ignored(asking, regions):
    headers = {"X-Amzn-Bedrock-GuardrailIdentifier": "abc", "X-Amzn-Bedrock-GuardrailVersion": "1"}
    import anthropic

    for api in ("chat", "messages"):
        router = asking.router(wire.MODELS[api], **routed(regions))
        asking.ask(router, api, extra_headers=headers)
        sent = wire.headers_of(regions[0].requests[-1])
        assert sent["x-amzn-bedrock-guardrailidentifier"] == "abc"
        assert "x-amzn-bedrock-guardrailidentifier" in sent["authorization"]
        # One that judges the prompt in a Region outside is refused as everywhere.
        arn = "arn:aws:bedrock:eu-west-1:123456789012:guardrail/abc"
        wrong = anthropic.PermissionDeniedError if api == "messages" else openai.PermissionDeniedError
        with pytest.raises(wrong, match="the guardrail is one of"):
            asking.ask(router, api, extra_headers={**headers, "X-Amzn-Bedrock-GuardrailIdentifier": arn})
    router = asking.router(GPT, **routed(regions))
    with pytest.raises(openai.BadRequestError, match="Bedrock ignores guardrails on the Responses API"):
        asking.ask(router, "responses", extra_headers=headers)
    always = asking.router(GPT, **routed(regions, default_headers=headers))
    with pytest.raises(openai.BadRequestError, match="Bedrock ignores guardrails on the Responses API"):
        asking.ask(always, "responses")
    assert [region.posts for region in regions] == [2, 0, 0]
