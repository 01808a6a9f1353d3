"""A cache in a pickle, and in LangChain's hands."""

from __future__ import annotations

import functools
import operator
import pickle

import pytest

import outcrop
from outcrop.cross_region import HeldClock
from outcrop.langchain import ChatBedrock, ChatBedrockConverse

from .conftest import MODEL, asked, cold, hit


def test_a_client_travels_with_its_cache(emulator, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_access_key)
    cache = outcrop.Cache(tmp_path / "answers.sqlite", ttl=60, max_bytes=10_000_000, when="always")
    here = outcrop.client("bedrock-runtime", region_name="us-east-1", endpoint_url=emulator.endpoint_url, cache=cache)
    there = pickle.loads(pickle.dumps(here))
    assert repr(there._session) == repr(here._session)
    assert hit(here.converse(**cold())) is False
    assert hit(there.converse(**cold())) is True


def test_what_is_in_memory_stays_here(emulator, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_access_key)
    session = outcrop.Session(region_name="us-east-1", endpoint_url=emulator.endpoint_url, cache=True)
    here = session.client("bedrock-runtime")
    here.converse(**cold())
    one, other = pickle.loads(pickle.dumps((here, session.client("bedrock-runtime"))))
    assert hit(one.converse(**cold())) is False
    assert hit(other.converse(**cold())) is True


def test_a_clock_for_tests_does_not_travel():
    with pytest.raises(TypeError, match="a cache with a clock for tests cannot be pickled: make it where it is used"):
        pickle.dumps(outcrop.Cache(clock=HeldClock()))


def test_langchain_sees_that_nothing_was_paid(emulator):
    llm = ChatBedrockConverse(
        model=MODEL, temperature=0, client=emulator.client("bedrock-runtime", cache=outcrop.Cache())
    )
    first, second = llm.invoke("What is an outcrop?"), llm.invoke("What is an outcrop?")
    assert first.content == second.content
    assert "total_cost" not in first.usage_metadata
    assert second.usage_metadata == {**first.usage_metadata, "total_cost": 0}
    assert second.response_metadata["ResponseMetadata"]["Cache"]["Hit"] is True
    assert len(asked(emulator)) == 1


async def test_langchain_awaits_through_the_same_cache(emulator):
    llm = ChatBedrockConverse(
        model=MODEL, temperature=0, client=emulator.client("bedrock-runtime", cache=outcrop.Cache())
    )
    first = llm.invoke("What is an outcrop?")
    second = await llm.ainvoke("What is an outcrop?")
    assert second.usage_metadata["total_cost"] == 0
    assert first.content == second.content


async def test_langchains_streams_go_through_it(emulator):
    llm = ChatBedrockConverse(
        model=MODEL, temperature=0, client=emulator.async_client("bedrock-runtime", cache=outcrop.Cache())
    )
    wholes = []
    for _ in range(2):
        whole = None
        async for chunk in llm.astream("What is an outcrop?"):
            whole = chunk if whole is None else whole + chunk
        wholes.append(whole)
    first, second = wholes
    assert first.text == second.text
    assert "total_cost" not in first.usage_metadata
    assert second.usage_metadata == {**first.usage_metadata, "total_cost": 0}
    assert len(asked(emulator)) == 1


def invoking(client):
    """A chat model that calls InvokeModel."""
    kept = {"max_tokens": 20, "temperature": 0}
    return ChatBedrock(
        model=MODEL,
        beta_use_converse_api=False,
        model_kwargs=kept,
        client=client,
        region_name="us-east-1",
    )


async def test_langchain_sees_it_on_the_invoke_path_too(emulator):
    cache = outcrop.Cache()
    blocking = invoking(emulator.client("bedrock-runtime", cache=cache))
    awaited = invoking(emulator.async_client("bedrock-runtime", cache=cache))
    first = blocking.invoke("What is an outcrop?")
    assert "total_cost" not in first.usage_metadata
    for again in (blocking.invoke("What is an outcrop?"), await awaited.ainvoke("What is an outcrop?")):
        assert again.content == first.content
        assert again.usage_metadata == {**first.usage_metadata, "total_cost": 0}
    assert len(asked(emulator)) == 1


async def test_langchains_streams_see_it_on_the_invoke_path_too(emulator):
    cache = outcrop.Cache()
    blocking = invoking(emulator.client("bedrock-runtime", cache=cache))
    awaited = invoking(emulator.async_client("bedrock-runtime", cache=cache))

    def whole(chunks):
        return functools.reduce(operator.add, chunks)

    first = whole(blocking.stream("What is an outcrop?"))
    assert "total_cost" not in first.usage_metadata
    awaited_chunks = [chunk async for chunk in awaited.astream("What is an outcrop?")]
    for again in (whole(blocking.stream("What is an outcrop?")), whole(awaited_chunks)):
        assert again.content == first.content
        assert again.usage_metadata == {**first.usage_metadata, "total_cost": 0}
    assert len(asked(emulator)) == 1


def test_telemetry_counts_no_token_twice(emulator):
    pytest.importorskip("opentelemetry.sdk", reason="the extra `otel` is not installed")
    from tests.telemetry.test_spans import Watched

    watched = Watched()
    try:
        runtime = emulator.client("bedrock-runtime", cache=outcrop.Cache())
        answers = [runtime.converse(**cold()) for _ in range(3)]
        points = watched.metric("gen_ai.client.token.usage")
        spans = watched.exporter.get_finished_spans()
    finally:
        watched.close()
    assert sum(point.sum for point in points) == answers[0]["usage"]["totalTokens"]
    assert [span.attributes["outcrop.cache.hit"] for span in spans] == [False, True, True]
