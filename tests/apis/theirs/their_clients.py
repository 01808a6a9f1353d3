"""A pytest plugin for a process that runs the official clients' own tests against a local Bedrock.

Their fixtures `client` and `async_client` are made here: of the clients as they are, with the local Bedrock's URL, or
over outcrop's transports and a router whose first Region fails, as OUTCROP_CARRIER says. Their requests are written for
a mock of the makers' own services, so in each the model becomes one of Bedrock's, a missing one is put in, and a stored
response one that there is. What became of each test is written to the file that OUTCROP_REPORT names.
"""

from __future__ import annotations

import inspect
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anthropic
import httpx2
import openai
import pytest

import outcrop
import outcrop.httpx2
from outcrop.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

CARRIER = os.environ.get("OUTCROP_CARRIER", "url")
PATH = {"openai": "/openai/v1", "anthropic": "/anthropic"}
MODELS = {"openai": "us.openai.gpt-6-sol", "anthropic": "us.anthropic.claude-sonnet-5"}
SOURCES = ["us-east-1", "us-east-2", "us-west-2"]
STORED = "resp_677efb5139a88190b512bc3fef8e535d"
"""The id that their tests ask for."""

_outcomes: dict[str, str] = {}


class Bedrock:
    """The local Bedrock, and how it is called for one of the makers."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        self.connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}

    def router(self, maker: str, kind: Any) -> Any:
        return kind(MODELS[maker], sources=SOURCES, residency="us", **self.connection)

    def adjusted(self, request: httpx2.Request, body: bytes) -> httpx2.Request:
        """The request as Bedrock takes it."""
        maker = "anthropic" if "/messages" in request.url.path else "openai"
        headers = dict(request.headers.multi_items())
        headers.pop("content-length", None)
        if maker == "openai" and CARRIER == "url":
            headers["authorization"] = f"Bearer {self.emulator.bearer_token}"
        elif CARRIER == "url":
            headers.pop("authorization", None)
            headers["x-api-key"] = self.emulator.bearer_token
        url = str(request.url)
        if STORED in url:
            url = url.replace(STORED, self.stored())
        if body:
            said = json.loads(body)
            said["model"] = MODELS[maker]
            if request.url.path.endswith("/responses"):
                said.setdefault("input", "Is basalt igneous?")
            body = json.dumps(said).encode()
        return httpx2.Request(request.method, url, headers=headers, content=body, extensions=request.extensions)

    def stored(self) -> str:
        """A response that the second Region has kept; a router learns of it as of any other."""
        said = {"model": MODELS["openai"], "input": "Is basalt igneous?"}
        if CARRIER == "router":
            return self.kept.responses.create(**said).id
        url, key = f"{self.emulator.endpoint_url}/openai/v1", self.emulator.bearer_token
        with openai.OpenAI(base_url=url, api_key=key) as client:
            return client.responses.create(**said).id

    kept: Any = None
    """The client over the router that is under test."""


class Transport(httpx2.BaseTransport):
    """Adjusts requests on their way."""

    def __init__(self, inner: Any, bedrock: Bedrock) -> None:
        self.inner, self.bedrock = inner, bedrock

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = self.inner.handle_request(self.bedrock.adjusted(request, request.read()))
        answer.request = request
        return answer

    def close(self) -> None:
        self.inner.close()


class AsyncTransport(httpx2.AsyncBaseTransport):
    """The same for asynchronous clients."""

    def __init__(self, inner: Any, bedrock: Bedrock) -> None:
        self.inner, self.bedrock = inner, bedrock

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self.inner.handle_async_request(self.bedrock.adjusted(request, await request.aread()))
        answer.request = request
        return answer

    async def aclose(self) -> None:
        await self.inner.aclose()


@pytest.fixture(scope="session")
def local() -> Iterator[Bedrock]:
    with Emulator() as emulator:
        if CARRIER == "router":
            emulator.regions["us-east-1"].health = "unavailable"
        yield Bedrock(emulator)


def arguments(maker: str, bedrock: Bedrock, web: Any, *, strict: bool) -> dict[str, Any]:
    url = bedrock.emulator.endpoint_url + PATH[maker]
    return {
        "base_url": url,
        "api_key": "My API Key",
        "http_client": web,
        "max_retries": 0,
        "_strict_response_validation": strict,
    }


@pytest.fixture(scope="session")
def client(request: pytest.FixtureRequest, local: Bedrock) -> Iterator[Any]:
    maker = os.environ["OUTCROP_MAKER"]
    strict = getattr(request, "param", True)
    router = local.router(maker, outcrop.CrossRegion)
    inner: Any = httpx2.HTTPTransport() if CARRIER == "url" else outcrop.httpx2.Transport(router)
    web = httpx2.Client(transport=Transport(inner, local))
    made = openai.OpenAI if maker == "openai" else anthropic.Anthropic
    if CARRIER == "router" and maker == "openai":
        local.kept = outcrop.httpx2.openai(router)
    with made(**arguments(maker, local, web, strict=strict)) as client:
        yield client


@pytest.fixture(scope="session")
async def async_client(request: pytest.FixtureRequest, local: Bedrock) -> AsyncIterator[Any]:
    maker = os.environ["OUTCROP_MAKER"]
    param = getattr(request, "param", True)
    strict = param if isinstance(param, bool) else param.get("strict", True)
    router = local.router(maker, outcrop.AsyncCrossRegion)
    inner: Any = httpx2.AsyncHTTPTransport() if CARRIER == "url" else outcrop.httpx2.AsyncTransport(router)
    web = httpx2.AsyncClient(transport=AsyncTransport(inner, local))
    made = openai.AsyncOpenAI if maker == "openai" else anthropic.AsyncAnthropic
    if CARRIER == "router" and maker == "openai":
        local.kept = outcrop.httpx2.openai(router)
    async with made(**arguments(maker, local, web, strict=strict)) as client:
        yield client


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left = []
    for item in items:
        param = getattr(item, "callspec", None) and item.callspec.params.get("async_client")  # type: ignore[attr-defined]
        if isinstance(param, dict) and param.get("http_client") == "aiohttp":
            _outcomes[short(item.nodeid)] = "not run: over aiohttp, which carries nothing of outcrop's"
            left.append(item)
        elif inspect.iscoroutinefunction(getattr(item, "function", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def pytest_runtest_logreport(report: Any) -> None:
    if report.when == "call" or report.outcome != "passed":
        _outcomes[short(report.nodeid)] = report.outcome


def short(nodeid: str) -> str:
    return nodeid.partition("tests/")[2]


def pytest_sessionfinish() -> None:
    Path(os.environ["OUTCROP_REPORT"]).write_text(json.dumps(_outcomes), encoding="utf-8")
