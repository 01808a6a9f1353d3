"""`prompt_cache_key` keeps the calls of an official client where their prompt is cached; Bedrock alone is told it."""

from __future__ import annotations

import asyncio

import pytest

import outcrop.httpx2
from tests.apis import wire
from tests.apis.asking import method
from tests.apis.conftest import routed
from tests.apis.wire import MODELS

KEY = "team-of-MARKER"
pytestmark = pytest.mark.parametrize("api", ["chat", "responses"])


@pytest.fixture
def calls(asking, regions):
    """Makes calls by one client, and tells in which Regions they were answered."""

    def make(api, keys, **options):
        router = asking.router(MODELS[api], **routed(regions, affinity="prefix", **options))
        make.router = router
        client = asking.client(router, api)

        def ask(key, text="Name a rock."):
            said = {"input": text} if api == "responses" else {"messages": [{"role": "user", "content": text}]}
            said |= {"model": MODELS[api]} | ({} if key is None else {"prompt_cache_key": key})
            raw = method(client, api).__self__.with_raw_response.create

            async def awaited():
                return await raw(**said)

            answer = raw(**said) if asking.kind == "sync" else asyncio.run(awaited())
            return answer.headers["x-outcrop-source-region"]

        return [ask(*key) if isinstance(key, tuple) else ask(key) for key in keys]

    return make


def test_calls_of_a_key_stay_when_the_first_region_has_recovered(regions, calls, api):
    turns = iter([wire.refusal(api, 503)])
    regions[0].play = lambda request: next(turns, None) or wire.answer(request)
    places = calls(api, [KEY, (KEY, "And another?"), "of others", None])
    assert places == ["us-east-2", "us-east-2", "us-east-1", "us-east-1"]


def test_they_move_when_their_region_fails_and_stay_there(regions, calls, api):
    answers = iter([None, wire.refusal(api, 503)])
    regions[0].play = lambda request: next(answers, None) or wire.answer(request)
    assert calls(api, [KEY, KEY, KEY]) == ["us-east-1", "us-east-2", "us-east-2"]


def test_a_key_is_sent_as_it_is_and_told_to_nobody_else(regions, calls, api, caplog):
    caplog.set_level("DEBUG", "outcrop")
    calls(api, [KEY, KEY])
    assert [wire.body_of(request)["prompt_cache_key"] for request in regions[0].requests] == [KEY, KEY]
    router = calls.router
    told = [repr(router), caplog.text, router.metrics().to_prometheus(), str(router.health())]
    assert not [text for text in told if "MARKER" in text]


def test_a_record_tells_what_became_of_it_and_not_by_what(asking, regions, api):
    router = asking.router(MODELS[api], **routed(regions, affinity="prefix"))
    seen = []
    sync = asking.kind == "sync"
    transport = (outcrop.httpx2.Transport if sync else outcrop.httpx2.AsyncTransport)(router)
    import httpx2

    class Watching(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
        def handle_request(self, request):
            return self.told(transport.handle_request(request))

        async def handle_async_request(self, request):
            return self.told(await transport.handle_async_request(request))

        def told(self, answer):
            seen.append(answer.extensions["outcrop"]["CrossRegion"])
            return answer

    web = httpx2.Client(transport=Watching()) if sync else httpx2.AsyncClient(transport=Watching())

    def use(client):
        from tests.apis.asking import arguments

        return method(client, api)(**arguments(api, prompt_cache_key=KEY))

    asking.run(router, api, use, http_client=web)
    assert seen[0]["Affinity"] == {"State": "new"}
    assert "MARKER" not in str(seen)
