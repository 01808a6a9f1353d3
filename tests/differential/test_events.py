"""The events around a call: the same ones, in the same order and with the same arguments, as a client of boto3's."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys

import boto3
import botocore.exceptions
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.stub import Stubber

import outcrop
from tests.support.server import ANSWER, Server, json_answer

from .comparison import _plain, assert_same, unless_made_up
from .conftest import KEYS, REGION
from .operations import EVERY, answer, method, model
from .test_answers import needed
from .test_async import ANSWERS, drained, drained_now
from .test_errors import refusal

EVENTS = (
    "provide-client-params",
    "before-parameter-build",
    "before-call",
    "request-created",
    "before-sign",
    "before-send",
    "after-call",
    "after-call-error",
)
ONCE = Config(retries={"total_max_attempts": 1})
UNKNOWN_MEMBERS = json.loads(ANSWER).keys() | {"zzAddedLater"}
MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
QUESTION = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "hi"}]}]}
# What each client says of itself, and the signature, which outcrop writes later.
_NOT_COMPARED = {"user-agent", "content-length", "authorization", "x-amz-date", "amz-sdk-invocation-id"}
_NOT_COMPARED |= {"amz-sdk-request", "x-amz-content-sha256"}


def headers_of(headers):
    text = {name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in headers.items()}
    return {name: unless_made_up(name, value) for name, value in text.items() if name not in _NOT_COMPARED}


def _params(value):
    if "url_path" not in value:
        return _plain(value)
    body = value["body"]
    # An operation's JSON may be laid out in another order; a body of the caller's may not.
    body = _plain(json.loads(body)) if isinstance(body, bytes) and body.startswith(b"{") else body
    parts = {part: value[part] for part in ("method", "url_path", "query_string", "url")}
    return {**parts, "body": body, "headers": headers_of(value["headers"])}


def _response(value):
    headers = {name.lower(): text for name, text in value.headers.items() if name.lower() not in ("date", "server")}
    return value.status_code, headers


_COMPARED = {
    "params": _params,
    "request": lambda value: (type(value).__name__, value.method, value.url, headers_of(value.headers)),
    "context": lambda value: sorted(value.keys() - {"timestamp", "outcrop_arguments"}),
    "model": lambda value: value.name,
    "http_response": _response,
    "parsed": lambda value: {
        key: part for key, part in value.items() if key not in ("stream", "body", "ResponseMetadata")
    },
    "exception": lambda value: type(value).__name__,
    "request_signer": lambda value: type(value).__name__,
}


def comparable(name, value):
    """What handlers look at in one of an event's arguments."""
    return _COMPARED.get(name, lambda same: same)(value)


class Listening:
    """Handlers of all events of a client, which note what they are told."""

    def __init__(self, client):
        self.seen = []
        for event in EVENTS:
            client.meta.events.register(f"{event}.*.*", self.note)

    def note(self, event_name, **told):
        self.seen.append((event_name, {name: comparable(name, value) for name, value in told.items()}))

    def take(self):
        seen, self.seen = self.seen, []
        return seen


def assert_same_events(ours, theirs):
    assert [name for name, _ in ours] == [name for name, _ in theirs]
    for (name, told), (_, expected) in zip(ours, theirs, strict=True):
        if name.startswith("before-send"):
            # The client's own, which are private to botocore.
            assert told.keys() == expected.keys()
        # Of an answer, outcrop hands on what botocore does not know.
        assert_same(told, expected, name, dropped=lambda member, _: member in UNKNOWN_MEMBERS)


def listened(make_ours, make_theirs):
    """For a fixture: gives both clients of a service, each with its listener, made once."""
    made = {}

    def clients(service):
        if service not in made:
            made[service] = [(client, Listening(client)) for client in (make_ours(service), make_theirs(service))]
        return made[service]

    yield clients
    for pair in made.values():
        for client, _ in pair:
            client.close()


def by_boto3(server):
    """What both clients of boto3's are made with."""
    return {"region_name": REGION, "endpoint_url": server.url, "config": ONCE, **KEYS}


@pytest.fixture(scope="module")
def listening(server):
    where = {"region_name": REGION, "endpoint_url": server.url, **KEYS}
    yield from listened(
        lambda service: outcrop.client(service, retries={"max_attempts": 1}, **where),
        lambda service: boto3.session.Session().client(service, **by_boto3(server)),
    )


def arguments_of(service, operation):
    arguments = needed(service, operation)
    if any(name == "body" for name in getattr(model(service, operation).input_shape, "members", ())):
        arguments["body"] = b"{}"
    return arguments


@pytest.mark.parametrize(("service", "operation"), EVERY)
@pytest.mark.parametrize("outcome", ["answered", "refused"])
def test_the_events_of_a_call_are_those_of_boto3(listening, server, service, operation, outcome):
    seen = []
    for client, listener in listening(service):
        server.play(
            (ANSWERS.get(operation) or answer(service, operation))
            if outcome == "answered"
            else refusal(400, "ValidationException")
        )
        with contextlib.suppress(botocore.exceptions.ClientError):
            drained_now(getattr(client, method(operation))(**arguments_of(service, operation)))
        seen.append(listener.take())
    assert_same_events(*seen)


@pytest.mark.parametrize(("service", "operation"), EVERY)
@pytest.mark.parametrize("outcome", ["answered", "refused"])
async def test_an_awaited_call_has_the_same_events(listening, server, service, operation, outcome):
    client, listener = listening(service)[0]
    awaited = outcrop.async_client(service, region_name=REGION, endpoint_url=server.url, **KEYS)
    other = Listening(awaited)
    server.play(
        (ANSWERS.get(operation) or answer(service, operation))
        if outcome == "answered"
        else refusal(400, "ValidationException")
    )
    with contextlib.suppress(botocore.exceptions.ClientError):
        drained_now(getattr(client, method(operation))(**arguments_of(service, operation)))
    with contextlib.suppress(botocore.exceptions.ClientError):
        await drained(await getattr(awaited, method(operation))(**arguments_of(service, operation)))
    seen = other.take()
    assert seen[-1][0].startswith("after-call.")
    assert_same_events(seen, listener.take())


def test_nobody_answers():
    seen = []
    where = {"region_name": REGION, "endpoint_url": "http://127.0.0.1:1", **KEYS}
    for client in (
        outcrop.client("bedrock-runtime", retries={"max_attempts": 1}, **where),
        boto3.session.Session().client("bedrock-runtime", config=ONCE, **where),
    ):
        listener = Listening(client)
        with pytest.raises(botocore.exceptions.EndpointConnectionError):
            client.converse(**QUESTION)
        seen.append(listener.take())
    assert seen[0][-1][0] == "after-call-error.bedrock-runtime.Converse"
    assert_same_events(*seen)


def test_arguments_that_cannot_be_have_events_up_to_their_building(listening, server):
    seen = []
    for client, listener in listening("bedrock-runtime"):
        with pytest.raises(botocore.exceptions.ParamValidationError):
            client.converse(modelId=7)
        seen.append([name for name, _ in listener.take()])
    assert seen[0] == seen[1] == [f"{event}.bedrock-runtime.Converse" for event in EVENTS[:2]]


# --- what handlers may do ---------------------------------------------------------------------------------------------


class Side:
    """A client that calls once, blocking or awaited."""

    def __init__(self, kind, url):
        make = outcrop.client if kind == "blocking" else outcrop.async_client
        self.kind = kind
        self.client = make("bedrock-runtime", region_name=REGION, endpoint_url=url, retries={"max_attempts": 1}, **KEYS)
        self.events = self.client.meta.events

    def converse(self, **arguments):
        if self.kind == "blocking":
            return self.client.converse(**arguments)
        return asyncio.run(self._awaited(arguments))

    async def _awaited(self, arguments):
        return await self.client.converse(**arguments)

    def batch(self, requests):
        if self.kind == "blocking":
            return dict(self.client.batch("converse", requests))

        async def gathered():
            return {number: result async for number, result in self.client.batch("converse", requests)}

        return asyncio.run(gathered())


@pytest.fixture(params=["blocking", "asynchronous"])
def side(request):
    with Server(json_answer(ANSWER)) as server:
        made = Side(request.param, server.url)
        made.server = server
        yield made


def test_a_header_of_a_handler_is_signed_and_sent(side):
    def write(params, **_):
        params["headers"]["X-Team"] = "rocks"

    side.events.register_first("before-call.bedrock-runtime.Converse", write, unique_id="team")
    side.converse(**QUESTION)
    request = side.server.take()
    assert request.header("x-team") == "rocks"
    assert "x-team" in request.header("authorization").partition("SignedHeaders=")[2].partition(",")[0].split(";")
    side.events.unregister("before-call.bedrock-runtime.Converse", unique_id="team")
    side.converse(**QUESTION)
    assert side.server.take().header("x-team") is None


@pytest.mark.parametrize("event", ["request-created", "before-sign", "before-send"])
def test_a_later_handler_may_write_headers_too(side, event):
    def write(request, **_):
        request.headers["X-Later"] = event

    side.events.register(f"{event}.bedrock-runtime.*", write)
    side.converse(**QUESTION)
    assert side.server.take().header("x-later") == event


def test_arguments_may_be_changed_and_the_context_goes_through_one_call(side):
    def provide(params, context, **_):
        context["mine"] = params.pop("requestMetadata")
        return {**params, "inferenceConfig": {"maxTokens": 7}}

    def build(params, **_):
        params["messages"][0]["content"].append({"text": "more"})

    seen = []
    side.events.register("provide-client-params.bedrock-runtime.Converse", provide)
    side.events.register("before-parameter-build.bedrock-runtime.Converse", build)
    side.events.register("after-call.*.*", lambda context, **_: seen.append(context["mine"]))
    question = {**QUESTION, "messages": [{"role": "user", "content": [{"text": "hi"}]}]}
    side.converse(**question, requestMetadata={"team": "rocks"})
    body = json.loads(side.server.take().body)
    assert body["inferenceConfig"] == {"maxTokens": 7}
    assert [part["text"] for part in body["messages"][0]["content"]] == ["hi", "more"]
    assert "requestMetadata" not in body
    assert seen == [{"team": "rocks"}]


def test_arguments_may_be_changed_in_place_and_the_callers_stay_as_they_are(side):
    def provide(params, **_):
        params["inferenceConfig"] = {"maxTokens": 7}

    side.events.register("provide-client-params.*.*", provide)
    question = dict(QUESTION)
    side.converse(**question)
    assert json.loads(side.server.take().body)["inferenceConfig"] == {"maxTokens": 7}
    assert side.batch([question])[0]["output"]
    assert question == QUESTION


def test_a_handler_that_answers_leaves_nothing_to_be_sent(side):
    answer = {"output": {"message": {"role": "assistant", "content": [{"text": "made up"}]}}}
    made = AWSResponse("http://nowhere", 200, {}, None), answer
    side.events.register("before-call.*.*", lambda **_: made)
    assert side.converse(**QUESTION) is answer
    assert side.server.requests == []


def test_a_handler_may_answer_by_an_error(side):
    told = {"Error": {"Code": "ThrottlingException", "Message": "slowly"}, "ResponseMetadata": {"HTTPStatusCode": 429}}
    side.events.register("before-call.*.*", lambda **_: (AWSResponse("http://nowhere", 429, {}, None), told))
    with pytest.raises(side.client.exceptions.ThrottlingException, match="slowly"):
        side.converse(**QUESTION)
    assert side.server.requests == []


def test_a_handler_of_before_send_answers_as_a_server_does(side):
    class Raw:
        def stream(self, *_, **__):
            yield ANSWER

    side.events.register("before-send.*.*", lambda **_: AWSResponse("http://nowhere", 200, {}, Raw()))
    answer = side.converse(**QUESTION)
    assert answer["output"]["message"]["content"] == [{"text": "ok"}]
    assert side.server.requests == []


@pytest.mark.parametrize(
    ("event", "change", "text"),
    [
        (
            "before-call",
            lambda params, **_: params.update(body=b"{}"),
            "of before-call changed the request's body",
        ),
        ("before-call", lambda params, **_: params.update(url="http://elsewhere"), "changed the request's URL"),
        ("request-created", lambda request, **_: setattr(request, "data", b""), "changed the request's body"),
        ("before-send", lambda request, **_: setattr(request, "url", "http://elsewhere"), "changed the request's URL"),
        ("before-send", lambda request, **_: request.headers.update({"Authorization": "MARKER"}), "pass bearer_token="),
        ("before-call", lambda params, **_: params["headers"].update({"X-A": "MARKER\r\nb: c"}), "without line ends"),
    ],
)
def test_what_cannot_be_changed_is_refused_and_nothing_is_sent(side, event, change, text):
    side.events.register(f"{event}.*.*", change)
    with pytest.raises(ValueError, match=text) as caught:
        side.converse(**QUESTION)
    assert "MARKER" not in str(caught.value)
    assert side.server.requests == []


def test_a_handler_that_raises_stops_the_call(side):
    def refuse(**_):
        raise KeyError("mine")

    side.events.register("before-send.*.*", refuse)
    with pytest.raises(KeyError, match="mine"):
        side.converse(**QUESTION)
    assert side.server.requests == []


def test_each_call_of_a_batch_has_its_events(side):
    counted = []
    side.events.register("before-call.*.*", lambda params, **_: params["headers"].update({"X-Batch": "yes"}))
    side.events.register("after-call.*.*", lambda **_: counted.append(1))
    results = side.batch([QUESTION] * 5)
    assert sorted(results) == list(range(5))
    assert [request.header("x-batch") for request in side.server.requests] == ["yes"] * 5
    assert len(counted) == 5


def test_what_handlers_answer_is_a_batchs_result(side):
    answer = {"output": {}, "ResponseMetadata": {}}
    side.events.register("before-call.*.*", lambda **_: (AWSResponse("http://nowhere", 200, {}, None), answer))
    assert side.batch([QUESTION] * 3) == dict.fromkeys(range(3), answer)


def test_a_router_has_events_too():
    with Server(json_answer(ANSWER)) as server:
        router = outcrop.CrossRegion(
            "anthropic.claude-haiku-4-5-20251001-v1:0",
            sources=[REGION],
            geographies=["us"],
            endpoint_urls={REGION: server.url},
            catalogue="snapshot",
            **KEYS,
        )
        listener = Listening(router)
        router.meta.events.register("before-send.*.*", lambda request, **_: request.headers.update({"X-Routed": "yes"}))
        router.converse(messages=QUESTION["messages"])
    assert [name.partition(".")[0] for name, _ in listener.take()] == list(EVENTS[:-1])
    assert [request.header("x-routed") for request in server.requests if request.method == "POST"] == ["yes"]


def test_botocores_stubber_works():
    client = outcrop.client("bedrock-runtime", region_name=REGION, **KEYS)
    answer = {
        "output": {"message": {"role": "assistant", "content": [{"text": "stubbed"}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
    }
    with Stubber(client) as stubber:
        stubber.add_response("converse", answer, QUESTION)
        stubber.add_client_error("converse", "ThrottlingException", "slowly", http_status_code=429)
        assert client.converse(**QUESTION)["output"] == answer["output"]
        with pytest.raises(client.exceptions.ThrottlingException):
            client.converse(**QUESTION)
        stubber.assert_no_pending_responses()
        with pytest.raises(botocore.exceptions.StubResponseError):
            client.converse(**QUESTION)


# --- what else comes from botocore ------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", ["bedrock", "bedrock-runtime"])
def test_what_a_client_knows_of_itself_is_what_boto3s_knows(service):
    where = {"region_name": "us-gov-west-1", **KEYS}
    settings = Config(read_timeout=7, connect_timeout=3, retries={"total_max_attempts": 2, "mode": "standard"})
    ours = outcrop.client(service, config=settings, **where)
    theirs = boto3.session.Session().client(service, config=settings, **where)
    assert ours.meta.service_model.service_name == theirs.meta.service_model.service_name
    assert ours.meta.partition == theirs.meta.partition == "aws-us-gov"
    assert ours.waiter_names == theirs.waiter_names == []
    for client in (ours, theirs):
        with pytest.raises(ValueError, match="Waiter does not exist: zz"):
            client.get_waiter("zz")
    for name in ("region_name", "read_timeout", "connect_timeout", "retries", "signature_version"):
        assert getattr(ours.meta.config, name) == getattr(theirs.meta.config, name), name
    assert ours._client_config is ours.meta.config
    assert ours._get_credentials().access_key == theirs._get_credentials().access_key
    shape = ours.meta.service_model.operation_model("Converse" if service == "bedrock-runtime" else "GetGuardrail")
    assert shape.input_shape.members


def test_without_botocore_they_are_not_there_and_calls_go_on():
    program = f"""
import sys
sys.modules["botocore"] = None
import outcrop
client = outcrop.client("bedrock-runtime", region_name="us-east-1", endpoint_url=sys.argv[1], **{KEYS!r})
for name in ("events", "service_model", "config", "partition"):
    assert not hasattr(client.meta, name), name
try:
    client.meta.events
except AttributeError as error:
    print(error)
client.converse(**{QUESTION!r})
"""
    with Server(json_answer(ANSWER)) as server:
        done = subprocess.run([sys.executable, "-c", program, server.url], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "meta.events is botocore's, which is not installed: it comes with `pip install boto3`\n"


def test_nothing_of_botocore_is_imported_before_it_is_asked_for():
    program = f"""
import sys
import outcrop
client = outcrop.client("bedrock-runtime", region_name="us-east-1", endpoint_url=sys.argv[1], **{KEYS!r})
client.converse(**{QUESTION!r})
repr(client.meta)
assert not any(name.partition(".")[0] in ("botocore", "boto3") for name in sys.modules)
"""
    with Server(json_answer(ANSWER)) as server:
        subprocess.run([sys.executable, "-c", program, server.url], check=True)
