"""Which requests go through a cache, and how a user marks them."""

from __future__ import annotations

import asyncio

import pytest

import outcrop

from .conftest import asked, cold, hit, invoked, warm

COUNTED = "amazon.nova-lite-v1:0"
TITAN = "amazon.titan-embed-text-v2:0"


def test_a_temperature_of_zero_is_kept(side_of):
    side = side_of(outcrop.Cache())
    assert hit(side.call("converse", **cold())) is False
    assert hit(side.call("converse", **warm())) is None
    assert hit(side.call("converse", **cold(inferenceConfig={"temperature": 0.1}))) is None
    assert hit(side.call("invoke_model", **invoked())) is False
    assert hit(side.call("invoke_model", **invoked(temperature=1))) is None


def test_embeddings_and_counts_are_kept(side_of, emulator):
    side = side_of(outcrop.Cache())
    embedded = ("invoke_model", {"modelId": TITAN, "body": '{"inputText": "basalt"}'})
    converse = {"messages": warm()["messages"]}
    counted = ("count_tokens", {"modelId": COUNTED, "input": {"converse": converse}})
    assert list(map(hit, side.calls(embedded, counted, embedded, counted))) == [False, False, True, True]


def test_a_search_by_bedrock_is_asked_again(side_of):
    tools = {"toolConfig": {"tools": [{"systemTool": {"name": "nova_grounding"}}]}}
    request = {**cold(), "modelId": "us.amazon.nova-2-lite-v1:0", **tools}
    assert hit(side_of(outcrop.Cache()).call("converse", **request)) is None


def test_everything_is_kept_if_so_asked(side_of, emulator):
    side = side_of(outcrop.Cache(when="always"))
    assert list(map(hit, side.calls(("converse", warm()), ("converse", warm())))) == [False, True]
    answer = side.call(
        "apply_guardrail",
        guardrailIdentifier=emulator.add_guardrail("plain", words=["granite"]),
        guardrailVersion="DRAFT",
        source="INPUT",
        content=[{"text": {"text": "hello"}}],
    )
    assert hit(answer) is None


def test_a_function_decides(side_of):
    seen = []

    def about_basalt(operation_name, arguments):
        seen.append(operation_name)
        return "basalt" in str(arguments["messages"])

    side = side_of(outcrop.Cache(when=about_basalt))
    for text, expected in (("about basalt", [False, True]), ("about granite", [None, None])):
        assert list(map(hit, side.calls(("converse", warm(text)), ("converse", warm(text))))) == expected
    side.call("converse_stream", **warm())
    assert seen == ["Converse"] * 4 + ["ConverseStream"]


def test_a_function_that_fails_fails_the_call(side_of, emulator):
    side = side_of(outcrop.Cache(when=lambda _name, arguments: arguments["nothing"]))
    with pytest.raises(KeyError, match="nothing"):
        side.call("converse", **cold())
    assert not asked(emulator)


def test_a_block_marks_its_requests(side_of, emulator):
    cache = outcrop.Cache(when="never")
    side = side_of(cache)
    assert hit(side.call("converse", **cold())) is None
    with cache.during("always"):
        assert list(map(hit, side.calls(("converse", warm()), ("converse", warm())))) == [False, True]
        with cache.during("never"):
            assert hit(side.call("converse", **warm())) is None
        assert hit(side.call("converse", **warm())) is True
    assert hit(side.call("converse", **warm())) is None


def test_a_block_asks_anew(side_of, emulator):
    cache = outcrop.Cache()
    side = side_of(cache)
    first = side.call("converse", **cold())
    with cache.during("refresh"):
        anew = side.call("converse", **cold())
    again = side.call("converse", **cold())
    assert (hit(anew), hit(again)) == (False, True)
    ids = [answer["ResponseMetadata"]["RequestId"] for answer in (first, anew, again)]
    assert ids[1] == ids[2] != ids[0]
    assert len(asked(emulator)) == 2


async def test_a_block_holds_for_its_own_task_only(emulator):
    cache = outcrop.Cache(when="never")
    runtime = emulator.async_client("bedrock-runtime", cache=cache)
    inside, asked_outside = asyncio.Event(), asyncio.Event()

    async def marked():
        with cache.during("always"):
            inside.set()
            await asked_outside.wait()
            return await runtime.converse(**warm())

    async def unmarked():
        await inside.wait()
        answer = await runtime.converse(**warm())
        asked_outside.set()
        return answer

    answers = await asyncio.gather(marked(), unmarked())
    assert list(map(hit, answers)) == [False, None]


def test_the_cache_of_a_session_is_that_of_its_clients(emulator):
    session = outcrop.Session(**emulator.connection, cache=True)
    blocking, awaited = session.client("bedrock-runtime"), session.async_client("bedrock-runtime")
    assert hit(blocking.converse(**cold())) is False
    assert hit(asyncio.run(_awaited(awaited))) is True
    assert hit(session.client("bedrock-runtime", cache=False).converse(**cold())) is None
    assert hit(session.client("bedrock-runtime", cache=outcrop.Cache()).converse(**cold())) is False
    assert session.client("bedrock").list_inference_profiles()["inferenceProfileSummaries"]


async def _awaited(client):
    return await client.converse(**cold())


def test_a_client_that_differs_in_its_cache_only_has_the_sessions_connections(emulator):
    session = outcrop.Session(**emulator.connection)
    client = session.client("bedrock-runtime", cache=True)
    assert client._session._native is session._native
    client.converse(**cold())
    assert [series.calls for series in session.client("bedrock-runtime").metrics()] == [1]


def test_a_path_is_a_cache_on_disk(emulator, tmp_path):
    path = tmp_path / "new" / "answers.sqlite"
    for expected in (False, True):
        assert hit(emulator.client("bedrock-runtime", cache=path).converse(**cold())) is expected
        # Answers are written to the disk behind the calls.
        outcrop._native.flush_caches()
    assert path.stat().st_mode & 0o777 == 0o600


def test_batches_go_through_it(kind, side_of, emulator):
    side = side_of(outcrop.Cache())
    requests = [cold(f"number {number % 5}") for number in range(40)]

    async def awaited():
        return [result async for result in side.client.batch("converse", requests)]

    results = asyncio.run(awaited()) if kind == "asynchronous" else list(side.client.batch("converse", requests))
    assert len(results) == 40
    assert len(asked(emulator)) == 5


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"max_bytes": 0}, ValueError, "max_bytes must be 1 or more, not 0"),
        ({"max_bytes": 1.5}, TypeError, "max_bytes must be an int, not float"),
        ({"path": "a", "max_bytes": 1000}, ValueError, "max_bytes must be 262,144 or more on disk, not 1,000"),
        ({"ttl": 0}, ValueError, "ttl must be more than 0 seconds, not 0; None keeps answers for ever"),
        ({"ttl": "1h"}, TypeError, "ttl must be a number of seconds or None, not str"),
        ({"when": "sometimes"}, ValueError, "when must be one of deterministic, always, never, refresh or a function"),
        ({"when": None}, TypeError, "when must be a str or a function, not NoneType"),
        ({"path": ""}, ValueError, "path must not be empty: leave it out to keep answers in memory"),
        ({"path": 3}, TypeError, "path must be a str or a path, not int"),
    ],
)
def test_what_cannot_be_is_refused(arguments, error, text):
    with pytest.raises(error, match=text):
        outcrop.Cache(**arguments)


def test_what_is_no_cache_is_refused():
    text = "cache must be an outcrop.Cache, a path, True for a cache in memory or False, not dict"
    with pytest.raises(TypeError, match=text):
        outcrop.Session(region_name="us-east-1", cache={})
    with pytest.raises(ValueError, match="when must be one of"), outcrop.Cache().during("often"):
        pass


def test_it_shows_what_it_was_made_with():
    assert repr(outcrop.Cache(ttl=60)) == "Cache(max_bytes=67108864, ttl=60, when='deterministic')"
    assert "cache=Cache(" in repr(outcrop.Session(region_name="us-east-1", cache=outcrop.Cache()))
