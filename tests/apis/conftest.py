"""Fixtures of the tests that run OpenAI's and Anthropic's clients, and what is built on them, through outcrop."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.sides import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED = ("anthropic", "httpx2", "openai")
SOURCES = ["us-east-1", "us-east-2", "us-west-2"]

missing = [name for name in NEEDED if find_spec(name) is None]
if missing:
    collect_ignore_glob = ["test_*.py"]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The clients lie in an environment of their own, laid over this one."""
    if missing:
        names = ", ".join(missing)
        terminalreporter.write_line(f"tests/apis passed over, without {names}: make test-apis makes their environment")


if not missing:
    from tests.apis.asking import Asking
    from tests.apis.wire import Region


@pytest.fixture(params=["sync", "async"])
def asking(request: pytest.FixtureRequest) -> Asking:
    """Both kinds of clients: a behaviour is tested through both."""
    return Asking(request.param)


@pytest.fixture
def regions() -> Iterator[list[Region]]:
    """Three Regions, all of them well."""
    with ExitStack() as stack:
        yield [stack.enter_context(Region(name)) for name in SOURCES]


@pytest.fixture
def closed_loop() -> Iterator[None]:
    """pydantic-ai's blocking calls make a loop for the thread, where there is none, and leave it open."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


def routed(regions: list[Region], **options: Any) -> dict[str, Any]:
    """What a router of these Regions is given."""
    keys = {name: value for name, value in KEYS.items() if name != "region_name"}
    urls = {region.name: region.endpoint_url for region in regions}
    sources = [region.name for region in regions]
    usual = {"sources": sources, "endpoint_urls": urls, "catalogue": "snapshot", "shared": False, "residency": "us"}
    return {**usual, **keys, **options}
