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


# -- what another process made ---------------------------------------------------------------------------------------


def keeping(region, kept):
    """Knows these responses, and answers whatever goes on with one of them."""
    answers = thinking(region)

    def play(request):
        line = request.split(b" HTTP")[0].decode()
        said = wire.body_of(request).get("previous_response_id") or line.rpartition("/responses/")[2].split("/")[0]
        if said in kept:
            return answers(request) if line.startswith("POST") else http(said)
        return wire.refusal("responses", 404, "not_found_error", "The requested resource could not be found")

    def http(identifier):
        return wire.http(200, json.dumps(wire.response("granite", id=identifier)).encode())

    return play


def lines(region):
    return [request.split(b" HTTP")[0].decode() for request in region.requests]


ASKS, CREATES = "GET /openai/v1/responses/resp_of_yesterday", "POST /openai/v1/responses"


@pytest.fixture
def elsewhere(asking, regions):
    """Asks to go on with a response that another process made; the third Region has it."""
    for region in regions:
        region.play = keeping(region, {"resp_of_yesterday"} if region is regions[2] else set())
    router = asking.router(GPT, **routed(regions))

    def ask(stream, identifier="resp_of_yesterday"):
        return asking.ask(router, "responses", stream=stream, previous_response_id=identifier)

    ask.router = router
    return ask


@STREAMED
def test_where_a_response_is_that_nobody_here_saw_is_asked_by_its_id_alone(elsewhere, regions, stream):
    assert elsewhere(stream).text == "granite"
    assert [lines(region) for region in regions] == [[ASKS], [ASKS], [ASKS, CREATES]]
    assert b"Name a rock" not in b"".join(regions[0].requests + regions[1].requests)
    for region in regions:
        assert f"/{region.name}/bedrock/aws4_request" in wire.headers_of(region.requests[0])["authorization"]
    # From then on it is known.
    assert elsewhere(stream).text == "granite"
    assert [region.posts for region in regions] == [1, 1, 3]
    [series] = elsewhere.router.metrics()
    assert (series.labels["outcome"], series.calls) == ("ok", 2)


@STREAMED
def test_a_response_that_no_source_has_is_not_found_and_nothing_is_sent(elsewhere, regions, stream):
    regions[2].play = keeping(regions[2], set())
    with pytest.raises(openai.NotFoundError, match="could not be found"):
        elsewhere(stream)
    assert [lines(region) for region in regions] == [[ASKS]] * 3


@STREAMED
@pytest.mark.parametrize(("status", "code"), [(503, "server_error"), (401, "access_denied")])
def test_where_a_source_does_not_say_the_call_is_refused_with_a_sentence(elsewhere, regions, stream, status, code):
    regions[0].play = lambda _: wire.refusal("responses", status, code)
    assert elsewhere(stream).text == "granite"
    regions[2].play = keeping(regions[2], set())
    with pytest.raises(openai.PermissionDeniedError) as caught:
        elsewhere(stream, "resp_of_last_week")
    assert f"us-east-1: it does not say whether it has the response: {code}" in str(caught.value)
    assert "us-east-2: it has no response of that id" in str(caught.value)
    assert "grant bedrock:GetInvoke" in str(caught.value)
    assert CREATES not in lines(regions[0]) + lines(regions[1])


def test_one_source_is_not_asked_first(asking, regions):
    regions[0].play = keeping(regions[0], {"resp_of_yesterday"})
    router = asking.router(GPT, **routed(regions[:1]))
    assert asking.ask(router, "responses", previous_response_id="resp_of_yesterday").text == "granite"
    assert lines(regions[0]) == [CREATES]


def test_a_stored_response_of_another_process_is_read_and_deleted_where_it_is(client, regions):
    for region in regions:
        region.play = keeping(region, {"resp_of_yesterday"} if region is regions[2] else set())
    assert client.responses.retrieve("resp_of_yesterday").id == "resp_of_yesterday"
    client.responses.delete("resp_of_yesterday")
    assert lines(regions[2]) == [ASKS, ASKS, ASKS.replace("GET", "DELETE")]
    assert [lines(region) for region in regions[:2]] == [[ASKS]] * 2


@pytest.mark.parametrize("identifier", ["resp_../../model/m/converse", "resp_1?x=1", "resp_1 x", "of yesterday"])
def test_what_is_no_id_of_a_response_is_in_no_path(asking, regions, identifier):
    for region in regions:
        region.play = keeping(region, set())
    router = asking.router(GPT, **routed(regions))
    with pytest.raises(openai.NotFoundError):
        asking.ask(router, "responses", previous_response_id=identifier)
    assert [lines(region) for region in regions] == [[CREATES], [], []]


def test_reasoning_that_nobody_here_saw_goes_to_the_preferred_target_alone(client, regions):
    """Nobody can be asked whose it is; a Region that it is not of refuses it by itself."""
    regions[0].play = lambda _: wire.refusal("responses", 400, "validation_error", "encrypted reasoning is scoped")
    with pytest.raises(openai.BadRequestError, match="encrypted reasoning is scoped"):
        create(client, stream=False, input=[REASONING, {"role": "user", "content": "Another?"}])
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
