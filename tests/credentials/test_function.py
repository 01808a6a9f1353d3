"""`credentials=`: a function that is asked for each call, in the context of whoever makes it."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
from types import SimpleNamespace

import boto3
import pytest

import outcrop
from outcrop import exceptions
from tests.support.server import ANSWER, Server, json_answer

TENANT = contextvars.ContextVar("TENANT", default="nobody")
REQUEST = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}


def of_tenant():
    return outcrop.Credentials(f"AKID{TENANT.get()}", "secret", "token")


async def of_tenant_awaited():
    await asyncio.sleep(0)
    return of_tenant()


def signed(server):
    """The access keys that requests were signed with, in the order of their texts."""
    keys = [
        request.header("authorization").partition("Credential=AKID")[2].split("/")[0] for request in server.requests
    ]
    server.requests.clear()
    return keys


@pytest.fixture
def where(bedrock):
    return {"region_name": "us-east-1", "endpoint_url": bedrock.url}


def test_each_thread_calls_in_its_own_context(bedrock, where):
    client = outcrop.client("bedrock-runtime", credentials=of_tenant, **where)

    def work(name):
        TENANT.set(name)
        for _ in range(5):
            client.converse(**REQUEST)

    threads = [threading.Thread(target=contextvars.Context().run, args=(work, name)) for name in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(signed(bedrock)) == sorted("ABCD" * 5)
    client.converse(**REQUEST)
    assert signed(bedrock) == ["nobody"]


@pytest.mark.parametrize("function", [of_tenant, of_tenant_awaited])
async def test_each_task_calls_in_its_own_context(where, function):
    def echo(request):
        who = request.header("authorization").split("AKID")[1][:1]
        return json_answer(b'{"output": {"message": {}}, "stopReason": "%b"}' % who.encode())

    with Server(answer=echo) as server:
        client = outcrop.async_client("bedrock-runtime", credentials=function, **where | {"endpoint_url": server.url})

        async def work(name):
            TENANT.set(name)
            return [(await client.converse(**REQUEST))["stopReason"] for _ in range(5)]

        assert await asyncio.gather(*map(work, "ABCDEFGH")) == [[name] * 5 for name in "ABCDEFGH"]


def test_it_is_asked_for_every_kind_of_call(bedrock, where):
    session = outcrop.Session(credentials=of_tenant, **where)
    TENANT.set("T")
    client = session.client("bedrock-runtime")
    client.invoke_model(modelId="m", body=b"{}")
    list(client.batch("converse", [REQUEST] * 3))
    with pytest.raises(exceptions.InvalidAnswerError):
        list(client.converse_stream(**REQUEST)["stream"])
    session.client("bedrock").list_inference_profiles()
    assert signed(bedrock) == ["T"] * 6
    assert session.get_credentials().access_key == "AKIDT"

    async def awaited():
        aclient = session.async_client("bedrock-runtime")
        return [number async for number, _ in aclient.batch("converse", [REQUEST] * 3)]

    assert sorted(asyncio.run(awaited())) == [0, 1, 2]
    assert signed(bedrock) == ["T"] * 3


@pytest.mark.parametrize("make", [outcrop.CrossRegion, outcrop.AsyncCrossRegion])
def test_a_router_asks_it_too(emulator, make):
    """For its lists of profiles, and for its calls."""

    def function():
        return outcrop.Credentials(emulator.access_key_id, emulator.secret_access_key, None)

    where = {"sources": ["us-east-1", "us-west-2"], "endpoint_url": emulator.endpoint_url, "credentials": function}
    router = make("us.amazon.nova-lite-v1:0", **where)
    answer = router.converse(messages=REQUEST["messages"])
    if asyncio.iscoroutine(answer):
        answer = asyncio.run(answer)
    assert answer["stopReason"] == "end_turn"
    assert {entry.operation for entry in emulator.journal} == {
        "Converse",
        "ListFoundationModels",
        "ListInferenceProfiles",
    }


def test_botos_session_gives_credentials(bedrock, where):
    theirs = boto3.session.Session("AKIDBOTO", "secret")
    client = outcrop.client("bedrock-runtime", credentials=theirs.get_credentials().get_frozen_credentials, **where)
    client.converse(**REQUEST)
    assert signed(bedrock) == ["BOTO"]


def test_a_retry_is_signed_with_the_same(where):
    busy = json_answer(b"{}", 503)
    asked = []

    def counted():
        asked.append(1)
        return of_tenant()

    with Server(busy, json_answer(ANSWER)) as server:
        client = outcrop.client("bedrock-runtime", credentials=counted, **where | {"endpoint_url": server.url})
        assert client.converse(**REQUEST)["ResponseMetadata"]["RetryAttempts"] == 1
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("function", "error", "text"),
    [
        (lambda: None, exceptions.NoCredentialsError, "Unable to locate credentials"),
        (
            lambda: "AKID",
            TypeError,
            "credentials must give an object with access_key, secret_key and token, .* not str",
        ),
        (lambda: 1 / 0, ZeroDivisionError, "division by zero"),
        (of_tenant_awaited, TypeError, "credentials gave something to be awaited, which only an async client's call"),
        (lambda: SimpleNamespace(access_key=1, secret_key="s", token=None), TypeError, "str"),
    ],
)
def test_what_it_gives_wrong_is_the_callers_error(bedrock, where, function, error, text):
    with pytest.raises(error, match=text):
        outcrop.client("bedrock-runtime", credentials=function, **where).converse(**REQUEST)
    assert not bedrock.requests


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"credentials": "AKID"}, TypeError, "credentials must be a function that gives them, not str"),
        ({"credentials": of_tenant, "role_arn": "r"}, ValueError, "credentials and role_arn exclude each other"),
        (
            {"credentials": of_tenant, "bearer_token": "t"},
            ValueError,
            "credentials and bearer_token exclude each other",
        ),
    ],
)
def test_arguments_that_cannot_be(where, settings, error, text):
    with pytest.raises(error, match=text):
        outcrop.client("bedrock-runtime", **settings, **where)


def test_a_hook_of_a_router_sees_the_callers_context(where):
    seen, changes = [], []

    def rule(region):
        seen.append(TENANT.get())
        return True

    def changed(change):
        changes.append(TENANT.get())

    with Server(json_answer(b"{}", 503)) as server:
        router = outcrop.CrossRegion(
            "us.amazon.nova-lite-v1:0",
            sources=["us-east-1"],
            residency=rule,
            on_change=changed,
            catalogue="snapshot",
            credentials=of_tenant,
            **where | {"endpoint_url": server.url},
        )
        seen.clear()
        TENANT.set("H")
        for _ in range(20):
            with pytest.raises(exceptions.OutcropError):
                router.converse(messages=REQUEST["messages"])
    assert set(seen) == set(changes) == {"H"}


async def test_a_loop_keeps_no_callers_context(where, monkeypatch):
    """A log's filter sees nobody's variables rather than those of whoever called first on this loop."""
    seen = []

    class Listening(logging.Handler):
        def emit(self, record):
            seen.append(TENANT.get())

    logger = logging.getLogger("outcrop")
    monkeypatch.setattr(logger, "handlers", [Listening()])
    monkeypatch.setattr(logger, "level", logging.DEBUG)
    client = outcrop.async_client("bedrock-runtime", credentials=of_tenant, **where)

    async def work(name):
        TENANT.set(name)
        await client.converse(**REQUEST)

    await asyncio.create_task(work("first"))
    seen.clear()
    await asyncio.create_task(work("second"))
    assert seen
    assert "first" not in seen
