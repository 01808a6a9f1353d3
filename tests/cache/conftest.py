"""What the suites about caching share: both sides to a client and to a router, and the requests."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

import outcrop
from outcrop.cross_region import HeldClock
from tests.support.forgetting import no_memory_of_other_tests  # noqa: F401

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
BASE = "anthropic.claude-haiku-4-5-20251001-v1:0"
CALLS = ("Converse", "ConverseStream", "InvokeModel", "InvokeModelWithResponseStream", "CountTokens")


def cold(text: str = "What is an outcrop?", **more: Any) -> dict[str, Any]:
    """A request of Converse that leaves nothing to chance."""
    return {
        "modelId": MODEL,
        "messages": [{"role": "user", "content": [{"text": text}]}],
        "inferenceConfig": {"temperature": 0, "maxTokens": 50},
        **more,
    }


def warm(text: str = "What is an outcrop?") -> dict[str, Any]:
    request = cold(text)
    del request["inferenceConfig"]["temperature"]
    return request


def invoked(text: str = "What is an outcrop?", **more: Any) -> dict[str, Any]:
    """A request of InvokeModel that leaves nothing to chance."""
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 20,
        "temperature": 0,
        "messages": [{"role": "user", "content": text}],
        **more,
    }
    return {"modelId": MODEL, "body": json.dumps(body)}


REQUESTS = {
    "converse": cold,
    "converse_stream": cold,
    "invoke_model": invoked,
    "invoke_model_with_response_stream": invoked,
}


class Side:
    """A client of one kind. Its calls give whole answers; streams and bodies are read to their ends."""

    def __init__(self, kind: str, client: Any) -> None:
        self.kind = kind
        self.client = client

    def call(self, operation: str, **arguments: Any) -> Any:
        return self.calls((operation, arguments))[0]

    def calls(self, *requests: tuple[str, dict[str, Any]]) -> list[Any]:
        """One after the other, in one loop."""
        if self.kind == "asynchronous":
            return asyncio.run(self._awaited(requests))
        return [_drained(getattr(self.client, operation)(**arguments)) for operation, arguments in requests]

    async def _awaited(self, requests: Any) -> list[Any]:
        answers = []
        for operation, arguments in requests:
            answer = await getattr(self.client, operation)(**arguments)
            for member in answer.keys() & {"stream", "body"}:
                value = answer[member]
                answer[member] = value.content if hasattr(value, "content") else [event async for event in value]
            answers.append(answer)
        return answers


def _drained(answer: dict[str, Any]) -> dict[str, Any]:
    for member in answer.keys() & {"stream", "body"}:
        value = answer[member]
        answer[member] = value.content if hasattr(value, "content") else list(value)
    return answer


def hit(answer: dict[str, Any]) -> bool | None:
    """Whether an answer came out of a cache; `None` if it did not go through one."""
    return answer["ResponseMetadata"].get("Cache", {}).get("Hit")


def bare(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what a cache says of it, and without what was done to get it."""
    done = ("Cache", "CrossRegion", "MaxAttemptsReached")
    said = {name: value for name, value in answer["ResponseMetadata"].items() if name not in done}
    made = json.loads(json.dumps({**answer, "ResponseMetadata": said}, default=repr))
    events = [event["metadata"] for event in made.get("stream", []) if "metadata" in event]
    for part in [made, *events]:
        part.get("usage", {}).pop("servedFromCache", None)
    return made


def asked(bedrock: Any) -> list[str]:
    """The calls to models that the servers saw."""
    return [entry.operation for entry in bedrock.journal if entry.operation in CALLS]


@pytest.fixture(params=["blocking", "asynchronous"])
def kind(request) -> str:
    return request.param


@pytest.fixture(params=["memory", "disk"])
def cache_of(request, tmp_path):
    """Makes caches of one kind, those on disk all of one file."""
    path = tmp_path / "answers.sqlite" if request.param == "disk" else None
    return lambda **options: outcrop.Cache(path, **options)


@pytest.fixture
def side_of(kind, emulator):
    """Makes clients of one kind; each has a session of its own."""

    def make(cache: Any, **settings: Any) -> Side:
        maker = emulator.client if kind == "blocking" else emulator.async_client
        return Side(kind, maker("bedrock-runtime", cache=cache, **settings))

    return make


@pytest.fixture
def router_of(kind, emulator):
    """Makes routers of one kind for the model, whose clock is held."""

    def make(cache: Any, **options: Any) -> Side:
        connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
        settings = {"sources": ["us-east-1", "us-west-2"], "geographies": ["us"], "residency": "us"}
        maker = outcrop.CrossRegion if kind == "blocking" else outcrop.AsyncCrossRegion
        clock = HeldClock()
        made = {**settings, "catalogue": "snapshot", "clock": clock, "cache": cache, **connection, **options}
        return Side(kind, maker(BASE, **made))

    return make
