"""`outcrop.boto3`: clients that botocore made, whose calls outcrop makes."""

from __future__ import annotations

import contextlib

import boto3
import botocore.client
import botocore.eventstream
import botocore.exceptions
import botocore.response
import pytest
from botocore.config import Config
from botocore.stub import Stubber
from moto import mock_aws

import outcrop
import outcrop.boto3
from tests.support.server import ANSWER, Server, json_answer

from .comparison import assert_same, meaning
from .conftest import KEYS, REGION
from .operations import EVERY, answer, method
from .test_async import ANSWERS, STREAM, drained_now
from .test_errors import refusal
from .test_events import MODEL, ONCE, QUESTION, UNKNOWN_MEMBERS, arguments_of, assert_same_events, by_boto3, listened


@pytest.fixture(scope="module")
def carried(server):
    yield from listened(
        lambda service: outcrop.boto3.Session().client(service, **by_boto3(server)),
        lambda service: boto3.session.Session().client(service, **by_boto3(server)),
    )


@pytest.mark.parametrize(("service", "operation"), EVERY)
@pytest.mark.parametrize("outcome", ["answered", "refused"])
def test_requests_answers_errors_and_events_are_those_of_boto3(carried, server, service, operation, outcome):
    seen = []
    fine = ANSWERS.get(operation) or answer(service, operation)
    server.play(fine if outcome == "answered" else refusal(400, "ValidationException"))
    server.requests.clear()
    for client, listener in carried(service):
        try:
            said = drained_now(getattr(client, method(operation))(**arguments_of(service, operation)))
            body = said.get("body")
            said = {**said, "body": body.read()} if hasattr(body, "read") else said
        except client.exceptions.ClientError as error:
            said = type(error).__name__, str(error), error.response
        seen.append((said, meaning(server.take()), listener.take()))
    (ours, our_request, our_events), (theirs, their_request, their_events) = seen
    assert_same(ours, theirs, dropped=lambda member, _: member in UNKNOWN_MEMBERS)
    assert our_request == their_request
    assert_same_events(our_events, their_events)


def test_it_is_botocores_and_so_are_its_streams_and_bodies(carried, server):
    client, _ = carried("bedrock-runtime")[0]
    assert isinstance(client, botocore.client.BaseClient)
    server.play(STREAM)
    stream = client.converse_stream(**QUESTION)["stream"]
    assert isinstance(stream, botocore.eventstream.EventStream)
    stream.close()
    server.play(json_answer(ANSWER))
    body = client.invoke_model(modelId=MODEL, body=b"{}")["body"]
    assert isinstance(body, botocore.response.StreamingBody)
    assert body.read() == ANSWER
    server.requests.clear()


@pytest.mark.parametrize("by", ["class", "stream"])
def test_instrumentors_reach_into_its_streams_as_into_botocores(carried, server, monkeypatch, by):
    seen = []
    for client, _ in carried("bedrock-runtime"):
        server.play(STREAM)
        told = []
        with monkeypatch.context() as patch:
            if by == "class":
                original, closing = botocore.eventstream.EventStream.__iter__, botocore.eventstream.EventStream.close

                def iterate(self, original=original, told=told):
                    for event in original(self):
                        told.append(event)
                        yield event

                def close(self, closing=closing, told=told):
                    told.append("closed")
                    closing(self)

                patch.setattr(botocore.eventstream.EventStream, "__iter__", iterate)
                patch.setattr(botocore.eventstream.EventStream, "close", close)
            stream = client.converse_stream(**QUESTION)["stream"]
            if by == "stream":
                parse = stream._parse_event

                def parsed(event, parse=parse, told=told):
                    told.append(parse(event))
                    return told[-1]

                stream._parse_event = parsed
            read = list(stream)
            assert list(stream) == []
            assert stream._raw_stream is not None
            stream.close()
        seen.append((told, read))
    assert seen[0] == seen[1]
    assert seen[0][1]
    server.requests.clear()


def test_the_call_is_outcrops():
    # Over boto3's own transport, a body that is no answer gives a dict without members.
    with Server(json_answer(b"{}")) as server:
        client = outcrop.boto3.client("bedrock-runtime", REGION, endpoint_url=server.url, **KEYS)
        with pytest.raises(outcrop.exceptions.InvalidAnswerError):
            client.converse(**QUESTION)


def test_who_signs_is_who_boto3_signs_as(tmp_path, monkeypatch):
    config = tmp_path / "config"
    config.write_text("[profile other]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = s\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with Server(json_answer(ANSWER)) as server:
        outcrop.boto3.Session(profile_name="other").client("bedrock-runtime", endpoint_url=server.url).converse(
            **QUESTION
        )
        outcrop.boto3.Session(**KEYS).client("bedrock-runtime", REGION, endpoint_url=server.url).converse(**QUESTION)
    by_profile, by_keys = (request.header("authorization") for request in server.requests)
    assert "Credential=AKIDOTHER/" in by_profile
    assert "/eu-west-1/bedrock/" in by_profile
    assert f"Credential={KEYS['aws_access_key_id']}/" in by_keys


def test_a_header_that_a_handler_writes_is_signed_by_outcrop():
    with Server(json_answer(ANSWER)) as server:
        client = outcrop.boto3.client("bedrock-runtime", REGION, endpoint_url=server.url, **KEYS)
        for event in ("before-call", "before-send"):
            client.meta.events.register(
                f"{event}.*.*",
                lambda event=event, params=None, request=None, **_: (
                    params["headers"] if params else request.headers
                ).__setitem__(f"X-{event}", "yes"),
            )
        client.converse(**QUESTION)
    request = server.take()
    assert (request.header("x-before-call"), request.header("x-before-send")) == ("yes", "yes")
    assert request.header("authorization").count("Signature=") == 1
    assert "Boto3/" in request.header("user-agent")


HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"


def routed(server):
    return outcrop.CrossRegion(
        HAIKU,
        sources=["us-west-2"],
        geographies=["us"],
        endpoint_urls={"us-west-2": server.url},
        catalogue="snapshot",
        **KEYS,
    )


def posts(server):
    return [request.path for request in server.requests if request.method == "POST"]


def test_a_router_carries_the_calls_of_its_model():
    with Server(json_answer(ANSWER)) as server, Server(json_answer(ANSWER)) as plain:
        router = routed(server)
        client = outcrop.boto3.client("bedrock-runtime", REGION, endpoint_url=plain.url, router=router, **KEYS)
        answer = client.converse(modelId=router.model, messages=QUESTION["messages"])
        client.converse(modelId="amazon.nova-lite-v1:0", messages=QUESTION["messages"])
        with pytest.raises(ValueError, match="router= is for a client of bedrock-runtime, not of bedrock"):
            outcrop.boto3.client("bedrock", REGION, router=router, **KEYS)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert posts(server) == ["/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse"]
    assert posts(plain) == ["/model/amazon.nova-lite-v1%3A0/converse"]


@pytest.mark.parametrize("of_all", [False, True], ids=["installed without one", "installed with another"])
@pytest.mark.parametrize("make", [outcrop.boto3.client, lambda *a, **k: outcrop.boto3.Session().client(*a, **k)])
def test_a_clients_own_router_counts_while_all_clients_are_carried(make, of_all):
    with (
        Server(json_answer(ANSWER)) as own,
        Server(json_answer(ANSWER)) as others,
        Server(json_answer(ANSWER)) as plain,
    ):
        where = {"region_name": REGION, "endpoint_url": plain.url, **KEYS}
        with outcrop.boto3.installed(router=routed(others) if of_all else None):
            make("bedrock-runtime", router=routed(own), **where).converse(modelId=HAIKU, messages=QUESTION["messages"])
            make("bedrock-runtime", **where).converse(modelId=HAIKU, messages=QUESTION["messages"])
    assert [len(posts(server)) for server in (own, others, plain)] == [1, int(of_all), int(not of_all)]


def test_other_services_stay_boto3s():
    client = outcrop.boto3.client("s3", REGION, **KEYS)
    assert type(client).__name__ == "S3"
    assert client not in outcrop.boto3._carriers


def test_stubber_answers_before_anything_is_sent():
    with Server(json_answer(ANSWER)) as server:
        client = outcrop.boto3.client("bedrock-runtime", REGION, endpoint_url=server.url, **KEYS)
        with Stubber(client) as stubber:
            stubber.add_client_error("converse", "ThrottlingException", "slowly", http_status_code=429)
            with pytest.raises(client.exceptions.ThrottlingException):
                client.converse(**QUESTION)
        assert server.requests == []
        client.converse(**QUESTION)
        assert len(server.requests) == 1


def test_a_mocked_call_never_leaves_the_process():
    with mock_aws(), Server(json_answer(ANSWER)) as server:
        # moto knows no Converse; what matters is who says so.
        client = outcrop.boto3.client("bedrock", REGION, **KEYS)
        client.put_model_invocation_logging_configuration(loggingConfig={"textDataDeliveryEnabled": True})
        got = client.get_model_invocation_logging_configuration()
        assert got["loggingConfig"] == {"textDataDeliveryEnabled": True}
        assert server.requests == []


def test_programs_that_use_boto3_are_carried_while_it_is_installed():
    where = {"region_name": REGION, **KEYS}
    with Server(json_answer(b"{}")) as server:
        with outcrop.boto3.installed():
            client = boto3.client("bedrock-runtime", endpoint_url=server.url, **where)
            with pytest.raises(outcrop.exceptions.InvalidAnswerError):
                client.converse(**QUESTION)
        plain = boto3.client("bedrock-runtime", endpoint_url=server.url, **where)
        assert "output" not in plain.converse(**QUESTION)
        outcrop.boto3.install()
        outcrop.boto3.install()
        outcrop.boto3.uninstall()
        assert "output" not in boto3.client("bedrock-runtime", endpoint_url=server.url, **where).converse(**QUESTION)
    server.requests.clear()


@pytest.mark.parametrize("outcome", ["answered", "failed"])
def test_wrapping_make_api_call_sees_every_call(monkeypatch, outcome):
    seen = []
    original = botocore.client.BaseClient._make_api_call

    def wrapper(self, operation_name, api_params):
        seen.append(operation_name)
        return original(self, operation_name, api_params)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", wrapper)
    with Server(json_answer(ANSWER) if outcome == "answered" else refusal(400, "ValidationException")) as server:
        client = outcrop.boto3.client("bedrock-runtime", REGION, endpoint_url=server.url, **KEYS)
        with contextlib.suppress(client.exceptions.ValidationException):
            client.converse(**QUESTION)
    assert seen == ["Converse"]


def test_a_connection_that_cannot_be_made_is_botocores_error_with_notes():
    client = outcrop.boto3.client("bedrock-runtime", REGION, endpoint_url="http://127.0.0.1:1", config=ONCE, **KEYS)
    with pytest.raises(botocore.exceptions.EndpointConnectionError):
        client.converse(**QUESTION)


def test_a_setting_without_a_counterpart_is_refused_by_name():
    with pytest.raises(ValueError, match="client_cert of config= is not supported"):
        outcrop.boto3.client("bedrock-runtime", REGION, config=Config(client_cert="cert.pem"), **KEYS)
