"""Fixtures of the LangChain tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from outcrop.emulator import Emulator
from outcrop.langchain import ChatBedrock, ChatBedrockConverse, resolution
from tests.langchain.fakes import Side
from tests.langchain.sent import Sent
from tests.langchain.strict import Strict

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["sync", "async"])
def side(request: pytest.FixtureRequest) -> Side:
    """The sync and the async side: a behaviour is tested through both."""
    return Side(is_async=request.param == "async")


@pytest.fixture(scope="session")
def strict() -> Iterator[Strict]:
    """The local Bedrock under its strictest rules, as the judge of what is sent."""
    with Emulator(rules="strict") as bedrock:
        yield Strict(bedrock)


@pytest.fixture(params=[ChatBedrockConverse, ChatBedrock], ids=["converse", "invoke"])
def sent(request: pytest.FixtureRequest, side: Side, strict: Strict) -> Sent:
    """What is sent through both APIs, by the sync and the async side."""
    return Sent(request.param, side, strict)


@pytest.fixture(autouse=True)
def forget_profiles() -> Iterator[None]:
    """What one test resolved, the next asks again."""
    resolution.forget()
    yield
    resolution.forget()
