"""The transports of httpx2 and those of httpx, by the same tests: what carries one library carries the other."""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import Any

import openai
import pytest

from tests.apis import wire
from tests.apis.asking import arguments
from tests.apis.conftest import routed
from tests.apis.wire import APIS, MODELS, PATHS
from tests.support.waiting import PATIENCE

LIBRARIES = ["httpx2", "httpx"]
EACH = pytest.mark.parametrize("api", APIS)


class Web:
    """A client of one of the libraries, over outcrop's transport for it; blocking or not."""

    def __init__(self, library: str, asking: Any) -> None:
        self.library = importlib.import_module(library)
        self.ours = importlib.import_module(f"outcrop.{library}")
        self.asking = asking

    def client(self, router: Any) -> Any:
        if self.asking.kind == "sync":
            return self.library.Client(transport=self.ours.Transport(router))
        return self.library.AsyncClient(transport=self.ours.AsyncTransport(router))

    def post(self, router: Any, api: str, **more: Any) -> Any:
        """The answer, read whole."""
        url, body = f"https://bedrock.example{PATHS[api]}", arguments(api, **more)

        async def posted() -> Any:
            async with self.client(router) as web:
                return await web.post(url, json=body)

        if self.asking.kind == "async":
            return asyncio.run(posted())
        with self.client(router) as web:
            return web.post(url, json=body)

    def leave(self, router: Any, api: str) -> None:
        """Reads a part of a stream, and leaves it."""
        url, body = f"https://bedrock.example{PATHS[api]}", arguments(api, stream=True)

        async def left() -> None:
            async with self.client(router) as web, web.stream("POST", url, json=body) as answer:
                await anext(answer.aiter_bytes())

        if self.asking.kind == "async":
            asyncio.run(left())
            return
        with self.client(router) as web, web.stream("POST", url, json=body) as answer:
            next(answer.iter_bytes())


@pytest.fixture(params=LIBRARIES)
def web(request, asking):
    pytest.importorskip(request.param)
    return Web(request.param, asking)


@EACH
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_an_answer_comes_by_either(web, asking, regions, api, stream):
    regions[0].play = lambda _: wire.refusal(api, 503)
    router = asking.router(MODELS[api], **routed(regions))
    answer = web.post(router, api, stream=stream)
    expected = wire.answer(regions[1].requests[0]).partition(b"\r\n\r\n")[2]
    assert (answer.status_code, answer.content, answer.http_version) == (200, expected, "HTTP/1.1")
    assert answer.headers["x-outcrop-source-region"] == "us-east-2"
    assert [region.posts for region in regions] == [1, 1, 0]
    assert wire.headers_of(regions[1].requests[0])["host"] == f"127.0.0.1:{regions[1].port}"


@EACH
def test_an_error_is_an_answer_of_either(web, asking, regions, api):
    regions[0].play = lambda _: wire.refusal(api, 400, "invalid_request_error", "this is wrong")
    answer = web.post(asking.router(MODELS[api], **routed(regions)), api)
    assert (answer.status_code, answer.headers["x-should-retry"]) == (400, "false")
    assert json.loads(answer.content) == wire.error(api, "invalid_request_error", "this is wrong")


@EACH
def test_a_stream_that_breaks_is_an_error_of_either(web, asking, regions, api):
    regions[0].play = lambda _: wire.sse(*wire.opening(api), *wire.content(api, ["gra"]))
    with pytest.raises(web.library.ReadError, match="so the answer is not whole"):
        web.post(asking.router(MODELS[api], **routed(regions)), api, stream=True)
    assert [region.posts for region in regions] == [1, 0, 0]


@EACH
def test_leaving_a_stream_ends_its_request_by_either(web, asking, regions, api):
    regions[0].play = lambda _: wire.sse(*wire.opening(api), *wire.content(api, ["gra"]))
    regions[0].holds = True
    router = asking.router(MODELS[api], **routed(regions))
    web.leave(router, api)
    assert regions[0].left.wait(PATIENCE)
    assert [series.labels["outcome"] for series in router.metrics()] == ["abandoned"]


@pytest.mark.parametrize("api", ["chat", "responses"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_openai_s_client_takes_both(web, asking, regions, api, stream):
    router = asking.router(MODELS[api], **routed(regions))
    assert asking.ask(router, api, stream=stream, options={"http_client": web.client(router)}).text == "granite"
    regions[0].play = lambda _: wire.refusal(api, 429, "rate_limit_error", "slower")
    for region in regions[1:]:
        region.play = regions[0].play
    with pytest.raises(openai.RateLimitError, match="slower"):
        asking.ask(router, api, stream=stream, options={"http_client": web.client(router)})


def test_what_carries_is_told_by_either(web, asking, regions):
    router = asking.router(MODELS["chat"], **routed(regions))
    made = (web.ours.Transport if asking.kind == "sync" else web.ours.AsyncTransport)(router)
    assert repr(made).startswith(f"{type(made).__name__}(<")
    with pytest.raises(TypeError, match="a transport takes a client of bedrock-runtime or a router"):
        web.ours.Transport(object())
