"""The paths of OpenAI's and Anthropic's APIs, byte for byte: who may call, what is refused, and what all APIs share."""

from __future__ import annotations

import http.client
import json
from datetime import timedelta

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from outcrop.emulator import Emulator
from tests.support.waiting import PATIENCE

CHAT, RESPONSES, MESSAGES = "/openai/v1/chat/completions", "/openai/v1/responses", "/anthropic/v1/messages"
GPT, GROK, CLAUDE = "us.openai.gpt-6-sol", "us.xai.grok-4.6", "us.anthropic.claude-sonnet-5"
OSS = "openai.gpt-oss-120b-1:0"
SAID = [{"role": "user", "content": "Name a mineral."}]
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
BODIES = {
    CHAT: {"model": GPT, "messages": SAID},
    RESPONSES: {"model": GPT, "input": "Name a mineral."},
    MESSAGES: {"model": CLAUDE, "messages": SAID, "max_tokens": 100},
}
VERSION = {"anthropic-version": "2023-06-01"}


def send(bedrock, path, body=None, *, method="POST", region="us-east-1", key=None, **headers):
    """A request by hand: status, headers and the body, as JSON where it is JSON."""
    given = {"Content-Type": "application/json", "Host": f"{region}.localhost:{bedrock.port}", **VERSION, **headers}
    if key is None:
        given["Authorization"] = f"Bearer {bedrock.bearer_token}"
    elif key:
        given["Authorization"] = key
    connection = http.client.HTTPConnection("127.0.0.1", bedrock.port, timeout=PATIENCE)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), given)
        answer = connection.getresponse()
        text = answer.read().decode()
        is_json = answer.getheader("content-type") == "application/json"
        return answer.status, dict(answer.headers), json.loads(text) if is_json else text
    finally:
        connection.close()


def ask(bedrock, path, *, region="us-east-1", **changes):
    status, _, body = send(bedrock, path, {**BODIES[path], **changes}, region=region)
    return status, body


def words(body):
    return body["error"]["message"]


# -- who may call ----------------------------------------------------------------------------------------------------


def signed(bedrock, path, body, service="bedrock"):
    url = bedrock.endpoint_url + path
    request = AWSRequest("POST", url, data=json.dumps(body), headers={"Content-Type": "application/json", **VERSION})
    keys = Credentials(bedrock.access_key_id, bedrock.secret_access_key)
    botocore.auth.SigV4Auth(keys, service, "us-west-2").add_auth(request)
    return dict(request.headers)


@pytest.mark.parametrize("path", BODIES)
def test_signatures_and_bearer_keys_are_verified(emulator, path):
    body = BODIES[path]
    headers = signed(emulator, path, body)
    status, answered, _ = send(emulator, path, body, key="", **{**headers, "Host": f"127.0.0.1:{emulator.port}"})
    assert (status, emulator.journal[-1].region) == (200, "us-west-2")
    assert answered["x-amzn-requestid"] == emulator.journal[-1].request_id
    wrong = signed(emulator, path, body, service="bedrock-mantle")
    for key, code in [
        (wrong["Authorization"], "InvalidSignatureException"),
        ("Bearer no", "AccessDeniedException"),
        ("", "MissingAuthenticationTokenException"),
    ]:
        status, answered, refused = send(emulator, path, body, key=key, **{"X-Amz-Date": wrong["X-Amz-Date"]})
        assert status == 403
        assert answered["x-amzn-errortype"].startswith(code)
        # Whoever is refused at the front door is told so in AWS's own form.
        assert list(refused) == ["message"]


def test_anthropics_path_takes_the_key_of_its_clients_of_old(emulator):
    body = BODIES[MESSAGES]
    key = {"x-api-key": emulator.bearer_token}
    assert send(emulator, MESSAGES, body, key="", **key)[0] == 200
    assert send(emulator, MESSAGES, body, key="", **{"x-api-key": "no"})[0] == 403
    status, _, refused = send(emulator, MESSAGES, body, **key)
    assert (status, words(refused)) == (400, "Cannot provide both 'Authorization' and 'x-api-key' headers.")
    assert send(emulator, CHAT, BODIES[CHAT], key="", **key)[0] == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/openai/v1/models"),
        ("POST", "/v1/chat/completions"),
        ("POST", "/anthropic/v1/messages/count_tokens"),
        ("GET", "/anthropic/v1/models"),
        ("POST", "/openai/v1/embeddings"),
        ("GET", CHAT),
    ],
)
def test_an_unknown_path_answers_200(emulator, method, path):
    status, _, body = send(emulator, path, method=method)
    unknown = {"__type": "com.amazon.coral.service#UnknownOperationException"}
    assert (status, body) == (200, {"Output": unknown, "Version": "1.0"})
    assert emulator.journal[-1].operation is None


def test_batches_of_messages_are_refused_as_seen(emulator):
    status, _, body = send(emulator, "/anthropic/v1/messages/batches", {})
    assert (status, body) == (403, {"message": "Authorization header is missing"})


# -- what is refused -------------------------------------------------------------------------------------------------

IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
REFUSED = [
    (CHAT, {"model": None}, 400, "Missing required parameter: 'model'."),
    (CHAT, {"model": "no.such"}, 404, "doesn't exist or doesn't support this API"),
    (CHAT, {"model": "us.openai.gpt-5.5"}, 404, "doesn't support this API"),
    (CHAT, {"model": CLAUDE}, 404, "doesn't support this API"),
    (CHAT, {"model": "openai.gpt-6-sol"}, 400, "with on-demand throughput isn"),
    (CHAT, {"model": "eu.anthropic.claude-sonnet-5"}, 400, "The provided model identifier is invalid."),
    (CHAT, {"messages": None}, 400, "Missing required parameter: 'messages'."),
    (CHAT, {"max_tokens": 5}, 400, "Use 'max_completion_tokens' instead."),
    (CHAT, {"tools": [TOOL]}, 400, "Function tools with reasoning_effort are not supported for gpt-6-sol"),
    (CHAT, {"temperature": 0.2}, 400, "Unsupported parameter: 'temperature'"),
    (CHAT, {"logprobs": True}, 400, "Unsupported parameter: 'logprobs'"),
    (CHAT, {"stop": ["x"]}, 400, "doesn't support the stopSequences field"),
    (CHAT, {"n": 2}, 400, "'n' must be 1"),
    (CHAT, {"messages": [{"role": "user", "content": [IMAGE]}]}, 400, "Invalid image URL"),
    (CHAT, {"model": OSS, "logit_bias": {"1": 2}}, 400, "Unsupported parameter: 'logit_bias'"),
    (CHAT, {"model": GROK, "presence_penalty": 1}, 503, "Bedrock is unable to process your request."),
    (RESPONSES, {"input": None}, 400, "Missing required parameter: 'input'."),
    (RESPONSES, {"model": OSS}, 404, "doesn't support this API"),
    (RESPONSES, {"model": "zai.glm-4.7"}, 400, "does not support the '/openai/v1/responses' API"),
    (RESPONSES, {"background": True}, 400, "The background parameter is not supported."),
    (RESPONSES, {"max_output_tokens": 8}, 400, "Expected a value >= 16"),
    (RESPONSES, {"max_tokens": 100}, 400, "Unknown parameter: 'max_tokens'."),
    (RESPONSES, {"tools": [{"type": "web_search"}]}, 400, "web search is not supported for this request"),
    (RESPONSES, {"top_p": 0.5}, 400, "Unsupported parameter: 'top_p'"),
    (RESPONSES, {"text": {"format": {"type": "json_object"}}}, 400, "must contain the word 'json'"),
    (RESPONSES, {"previous_response_id": "resp_no"}, 404, "The requested resource could not be found."),
    (MESSAGES, {"model": ""}, 400, "model: Field required"),
    (MESSAGES, {"max_tokens": None}, 400, "max_tokens: Field required"),
    (MESSAGES, {"model": "us.anthropic.claude-haiku-4-5-20251001-v1:0"}, 404, "doesn't support this API"),
    (MESSAGES, {"model": "amazon.nova-lite-v1:0"}, 404, "doesn't support this API"),
    (MESSAGES, {"nonsense": 1}, 400, "nonsense: Extra inputs are not permitted"),
    (MESSAGES, {"temperature": 0.5}, 400, "`temperature` is deprecated for this model."),
    (MESSAGES, {"output_config": {"format": {"type": "json_schema"}}}, 400, "output_config.format: Extra inputs"),
    (MESSAGES, {"inference_geo": "us"}, 400, "inference_geo: Extra inputs are not permitted"),
    (
        MESSAGES,
        {"tools": [{"name": "a", "input_schema": {"type": "object"}, "strict": True}]},
        400,
        "tools.0.custom.strict: Extra inputs are not permitted",
    ),
    (
        MESSAGES,
        {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
        400,
        "tool type 'web_search_20250305' is not supported",
    ),
    (MESSAGES, {"metadata": {"user_id": '{"device": 1}'}}, 400, "violates the regular expression"),
    (MESSAGES, {"system": "x-anthropic-billing-header: 1"}, 400, "reserved keyword"),
]
TYPES = {400: "invalid_request_error", 404: "not_found_error"}


@pytest.mark.parametrize(("path", "changes", "status", "says"), REFUSED)
def test_what_is_refused_is_refused_in_the_words_of_the_api(emulator, path, changes, status, says):
    got, body = ask(emulator, path, **changes)
    assert (got, says in words(body)) == (status, True), words(body)
    assert set(body) == ({"error", "type"} if path == MESSAGES else {"error"})
    assert body["error"]["type"] == TYPES.get(status, "server_error")
    if path != MESSAGES:
        assert set(body["error"]) == {"code", "message", "param", "type"}


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        (CHAT, {"tools": [TOOL], "reasoning_effort": "none"}),
        (CHAT, {"temperature": 0.2, "reasoning_effort": "none"}),
        (CHAT, {"model": OSS, "max_tokens": 5, "stop": ["x"], "tools": [TOOL]}),
        (CHAT, {"model": GROK, "tools": [TOOL]}),
        (RESPONSES, {"tools": [{"type": "function", "name": "look"}], "temperature": 1}),
        (MESSAGES, {"metadata": {"user_id": "somebody-1"}}),
    ],
)
def test_what_is_taken_is_taken(emulator, path, changes):
    assert ask(emulator, path, **changes)[0] == 200


def test_headers_of_anthropics_clients(emulator):
    body = BODIES[MESSAGES]
    beta = {"anthropic-beta": "effort-2025-11-24, prompt-caching-scope-2026-01-05"}
    status, _, refused = send(emulator, MESSAGES, body, **beta)
    assert status == 400
    assert words(refused).startswith("Unexpected value(s) `prompt-caching-scope-2026-01-05` for the `anthropic-beta`")
    assert send(emulator, MESSAGES, body, **{"anthropic-beta": "effort-2025-11-24"})[0] == 200
    assert send(emulator, MESSAGES + "?beta=true", body)[0] == 200


def test_gpt_and_grok_cache_prompts_unasked_where_they_were_read(emulator):
    long = "Every layer of granite was counted. " * 400
    for changes in ({"model": GROK}, {"reasoning_effort": "none"}):
        history = [{"role": "user", "content": long}]
        first = ask(emulator, CHAT, messages=history, **changes)[1]["usage"]["prompt_tokens_details"]
        again = [*history, {"role": "assistant", "content": "Yes."}, *SAID]
        details = ask(emulator, CHAT, messages=again, **changes)[1]["usage"]["prompt_tokens_details"]
        assert (first["cached_tokens"], details["cached_tokens"] > 1000) == (0, True)
        elsewhere = ask(emulator, CHAT, messages=again, region="us-west-2", **changes)[1]
        assert elsewhere["usage"]["prompt_tokens_details"]["cached_tokens"] == 0
    asked = {"input": long, "prompt_cache_options": {"mode": "explicit"}}
    usage = [ask(emulator, RESPONSES, **asked)[1]["usage"]["input_tokens_details"] for _ in range(2)]
    assert usage[1]["cached_tokens"] == 0


def test_an_application_profile_is_refused_by_openais_paths(emulator):
    arn = emulator.client("bedrock").create_inference_profile(
        inferenceProfileName="mine",
        modelSource={"copyFrom": f"arn:aws:bedrock:us-east-1:{emulator.account_id}:inference-profile/{GPT}"},
    )["inferenceProfileArn"]
    for path in (CHAT, RESPONSES):
        assert words(ask(emulator, path, model=arn)[1]) == (
            "Application inference profiles are not supported by this API."
        )


# -- what all APIs of the runtime share ------------------------------------------------------------------------------


def test_one_quota_is_for_all_apis(emulator):
    emulator.regions["us-east-1"].quota(requests=2)
    runtime = emulator.client("bedrock-runtime", region_name="us-east-1", retries={"max_attempts": 1})
    runtime.converse(modelId=CLAUDE, messages=[{"role": "user", "content": [{"text": "Name a mineral."}]}])
    assert ask(emulator, MESSAGES)[0] == 200
    status, body = ask(emulator, MESSAGES)
    assert (status, body["error"]["type"]) == (429, "rate_limit_error")
    with pytest.raises(ClientError, match="Too many requests"):
        runtime.converse(modelId=CLAUDE, messages=[{"role": "user", "content": [{"text": "Name a mineral."}]}])
    assert ask(emulator, MESSAGES, region="us-west-2")[0] == 200


@pytest.mark.parametrize("path", BODIES)
def test_a_profile_is_served_where_there_is_room(emulator, path):
    emulator.regions["us-east-1"].health = "throttled"
    assert ask(emulator, path)[0] == 200
    entry = emulator.journal[-1]
    assert entry.profile == BODIES[path]["model"]
    assert entry.region == "us-east-1" != entry.serving_region
    emulator.regions["us-east-1"].health = "unavailable"
    assert ask(emulator, path)[0] == 503


@pytest.mark.parametrize("path", BODIES)
def test_calls_are_logged_and_counted(emulator, path):
    destination = {"logGroupName": "/bedrock", "roleArn": "arn:aws:iam::123456789012:role/logging"}
    control = emulator.client("bedrock", region_name="us-east-1")
    control.put_model_invocation_logging_configuration(loggingConfig={"cloudWatchConfig": destination})
    assert ask(emulator, path)[0] == 200
    assert ask(emulator, path, model="no.such")[0] == 404
    answered, failed = emulator.invocation_log
    entry = emulator.journal[-2]
    assert answered["operation"] == entry.operation == failed["operation"]
    assert answered["modelId"] == BODIES[path]["model"]
    assert answered["inferenceRegion"] == "us-east-1"
    assert answered["input"]["inputBodyJson"] == BODIES[path]
    assert answered["output"]["outputTokenCount"] == entry.output_tokens > 0
    assert (failed["modelId"], failed["errorCode"]) == ("no.such", "ResourceNotFoundException")


def test_guardrails_hold_where_bedrock_looks_at_them(emulator):
    named = {"X-Amzn-Bedrock-GuardrailIdentifier": "nobody123456", "X-Amzn-Bedrock-GuardrailVersion": "1"}
    assert [send(emulator, path, BODIES[path], **named)[0] for path in BODIES] == [400, 200, 400]
    made = emulator.add_guardrail("rocks", words=["mineral"], region="us-east-1")
    named["X-Amzn-Bedrock-GuardrailIdentifier"] = made
    _, _, blocked = send(emulator, CHAT, BODIES[CHAT], **named)
    assert blocked["id"].startswith("bedrock-guardrails-")
    assert (blocked["usage"]["total_tokens"], blocked["choices"][0]["finish_reason"]) == (0, "content_filter")


# -- streams ---------------------------------------------------------------------------------------------------------


def test_chunks_are_as_recorded(emulator):
    plain = ask(emulator, CHAT, stream=True)[1].split("\n\n")
    assert plain[-2:] == ["data: [DONE]", ""]
    assert all("usage" not in line for line in plain)
    counted = ask(emulator, CHAT, stream=True, stream_options={"include_usage": True})[1].split("\n\n")[:-2]
    chunks = [json.loads(line.removeprefix("data: ")) for line in counted]
    assert chunks[0]["choices"][0]["delta"] == {"content": "", "role": "assistant", "refusal": None}
    assert [chunk["usage"] is None for chunk in chunks] == [True] * (len(chunks) - 2) + [False] * 2
    assert (chunks[-1]["choices"], chunks[-1]["usage"]) == ([], chunks[-2]["usage"])
    assert all({"obfuscation", "service_tier", "system_fingerprint"} <= set(chunk) for chunk in chunks)


def test_events_of_messages_have_names_and_those_of_responses_numbers(emulator):
    lines = ask(emulator, MESSAGES, stream=True)[1].split("\n\n")[:-1]
    events = [line.split("\n") for line in lines]
    assert all(json.loads(data[6:])["type"] == name[7:] for name, data in events)
    last = json.loads(events[-2][1][6:])
    assert set(last["usage"]) >= {"input_tokens", "output_tokens", "output_tokens_details"}
    lines = ask(emulator, RESPONSES, stream=True)[1].split("\n\n")
    assert lines[-2] == "data: [DONE]"
    numbers = [json.loads(line.removeprefix("data: "))["sequence_number"] for line in lines[:-2]]
    assert numbers == list(range(len(numbers)))


@pytest.mark.parametrize(
    ("path", "last"),
    [
        (CHAT, 'data: {"error":{"code":"rate_limit_exceeded",'),
        (RESPONSES, 'data: {"code":"rate_limit_exceeded",'),
        (MESSAGES, 'event: error\ndata: {"error":{"message":"later","type":"rate_limit_error"},"type":"error"}'),
    ],
)
def test_an_error_inside_a_stream_has_the_form_that_clients_know(emulator, path, last):
    emulator.fault("exception", code="ThrottlingException", message="later", after_events=3)
    status, text = ask(emulator, path, stream=True)
    events = text.split("\n\n")
    assert (status, len(events)) == (200, 5)
    assert events[3].startswith(last)


@pytest.mark.parametrize("path", BODIES)
def test_a_script_is_streamed_in_its_pieces(emulator, path):
    emulator.script(stream=["Bas", "alt."])
    text = ask(emulator, path, stream=True)[1]
    assert '"Bas"' in text
    assert '"alt."' in text


def test_server_sent_events_have_no_checksum_to_be_wrong(emulator):
    damaged = emulator.fault("bad_checksum")
    assert ask(emulator, MESSAGES, stream=True)[1].endswith('{"type":"message_stop"}\n\n')
    assert damaged.hits == 0


# -- what is kept ----------------------------------------------------------------------------------------------------


def test_a_response_is_kept_where_it_was_asked_for_and_for_thirty_days(emulator):
    _, made = ask(emulator, RESPONSES)
    kept = f"{RESPONSES}/{made['id']}"
    assert send(emulator, kept, method="GET")[2] == made
    status, _, refused = send(emulator, kept, method="GET", region="us-west-2")
    assert (status, words(refused)) == (404, "The requested resource could not be found.")
    assert ask(emulator, RESPONSES, previous_response_id=made["id"], region="us-west-2")[0] == 404
    status, more = ask(emulator, RESPONSES, input="And another?", previous_response_id=made["id"])
    assert (status, more["previous_response_id"]) == (200, made["id"])
    assert more["usage"]["input_tokens"] > made["usage"]["total_tokens"]
    assert send(emulator, kept + "/cancel")[0] == 400
    assert send(emulator, kept, method="DELETE")[2] == {"id": made["id"], "object": "response", "deleted": True}
    assert send(emulator, kept, method="DELETE")[0] == 404
    emulator.clock.advance(timedelta(days=30).total_seconds())
    assert send(emulator, f"{RESPONSES}/{more['id']}", method="GET")[0] == 404


def test_what_is_not_to_be_kept_is_not(emulator):
    _, made = ask(emulator, RESPONSES, store=False)
    assert send(emulator, f"{RESPONSES}/{made['id']}", method="GET")[0] == 404
    assert send(emulator, "/data-retention", {"mode": "none"}, method="PUT")[0] == 200
    assert ask(emulator, RESPONSES, store=True)[0] == 400
    status, made = ask(emulator, RESPONSES)
    assert (status, made["store"]) == (200, False)


def test_sealed_thoughts_are_of_use_in_the_region_that_thought_them(emulator):
    _, made = ask(emulator, RESPONSES, model=GROK)
    thought = made["output"][0]
    assert (thought["type"], made["usage"]["output_tokens_details"]["reasoning_tokens"] > 0) == ("reasoning", True)
    back = {"model": GROK, "input": [*made["output"], {"role": "user", "content": "More."}]}
    assert ask(emulator, RESPONSES, **back)[0] == 200
    emulator.regions["us-east-1"].health = "throttled"
    status, body = ask(emulator, RESPONSES, **back)
    assert (status, words(body).startswith("encrypted reasoning is scoped to the region that produced it")) == (
        400,
        True,
    )
    thought["encrypted_content"] = thought["encrypted_content"][:-1]
    assert words(ask(emulator, RESPONSES, **back)[1]) == "invalid encrypted reasoning"


# -- whatever comes in -----------------------------------------------------------------------------------------------

_MEMBERS = [
    "messages", "input", "role", "content", "type", "text", "tools", "tool_choice", "function", "name", "parameters",
    "max_tokens", "max_output_tokens", "stream", "reasoning", "effort", "metadata", "user_id", "system", "include",
    "image_url", "url", "response_format", "format", "json_schema", "schema", "previous_response_id", "store",
    "encrypted_content", "call_id", "output", "arguments", "thinking", "output_config", "instructions", "n", "stop",
]  # fmt: skip
_WORDS = [*_MEMBERS, "user", "assistant", "tool", "reasoning", "function_call", "namespace", "custom", "input_text"]
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(_WORDS)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_MEMBERS), inner, max_size=5),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def any_bedrock():
    with Emulator() as bedrock:
        yield bedrock


@given(path=st.sampled_from(list(BODIES)), changes=st.dictionaries(st.sampled_from(_MEMBERS), _JSON, max_size=4))
def test_whatever_is_asked_is_answered_or_refused_in_the_form_of_the_api(any_bedrock, path, changes):
    status, body = ask(any_bedrock, path, **changes)
    if status == 200:
        streamed = changes.get("stream") is True
        assert isinstance(body, str) is streamed
        lines = [line for line in body.splitlines() if line.startswith("data: {")] if streamed else [json.dumps(body)]
        assert all(isinstance(json.loads(line.removeprefix("data: ")), dict) for line in lines)
    else:
        assert status in {400, 404}
        assert words(body)


def test_evidence_counts_here_too():
    with Emulator(rules="recorded") as bedrock:
        assert ask(bedrock, CHAT, n=2)[0] == 200
        assert ask(bedrock, CHAT, stop=["x"])[0] == 400
