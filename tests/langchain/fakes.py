"""Clients shaped like boto3's, sync and async, that record what they are asked and answer what they are told."""

from __future__ import annotations

import asyncio
import io
import json
import time
from typing import TYPE_CHECKING, Any

from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from outcrop.emulator import Emulator

HAIKU = "us.anthropic.claude-3-5-haiku-20241022-v1:0"
SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
NOVA = "us.amazon.nova-lite-v1:0"
USAGE = {"inputTokens": 5, "outputTokens": 7, "totalTokens": 12}
METADATA = {"RequestId": "request-1", "HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}


def answer(*content: dict[str, Any], stop: str = "end_turn", **more: Any) -> dict[str, Any]:
    """A Converse response with this content."""
    return {
        "ResponseMetadata": METADATA,
        "output": {"message": {"role": "assistant", "content": list(content)}},
        "stopReason": stop,
        "usage": dict(USAGE),
        "metrics": {"latencyMs": 9},
        **more,
    }


def delta(index: int, **change: Any) -> dict[str, Any]:
    return {"contentBlockDelta": {"contentBlockIndex": index, "delta": change}}


def block_start(index: int, **what: Any) -> dict[str, Any]:
    return {"contentBlockStart": {"contentBlockIndex": index, "start": what}}


def block_stop(index: int) -> dict[str, Any]:
    return {"contentBlockStop": {"contentBlockIndex": index}}


START: dict[str, Any] = {"messageStart": {"role": "assistant"}}


def end(reason: str = "end_turn", **more: Any) -> list[dict[str, Any]]:
    """What ends every whole stream."""
    return [
        {"messageStop": {"stopReason": reason, **more}},
        {"metadata": {"usage": dict(USAGE), "metrics": {"latencyMs": 9}}},
    ]


def text_events(*parts: str) -> list[dict[str, Any]]:
    return [START, *(delta(0, text=part) for part in parts), block_stop(0), *end()]


class Stream:
    """An event stream that remembers whether it was closed."""

    def __init__(self, events: Iterable[Any]) -> None:
        self.events = iter(events)
        self.closed = False

    def __iter__(self) -> Iterator[Any]:
        for event in self.events:
            if isinstance(event, Exception):
                raise event
            yield event

    def close(self) -> None:
        self.closed = True


class AsyncStream(Stream):
    async def __aiter__(self) -> AsyncIterator[Any]:
        for event in super().__iter__():
            yield event

    async def aclose(self) -> None:
        self.closed = True


class Body(io.BytesIO):
    """A whole InvokeModel body."""


class AsyncBody:
    def __init__(self, data: bytes) -> None:
        self.data = data

    async def read(self) -> bytes:
        return self.data


class Script:
    """What both clients share: the answers to give, in turn, and the requests that came.

    Args:
        answers: Responses of `converse`, lists of events of streams, bodies of `invoke_model`, or errors to raise. The
            last one is given again and again.
    """

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[dict[str, Any]] = []
        self.operations: list[str] = []
        self.streams: list[Stream] = []

    def take(self, operation: str, request: dict[str, Any]) -> Any:
        self.operations.append(operation)
        self.requests.append(request)
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(given, Exception):
            raise given
        return given

    def stream(self, kind: type[Stream], events: Iterable[Any]) -> Stream:
        self.streams.append(kind(events))
        return self.streams[-1]

    @property
    def request(self) -> dict[str, Any]:
        return self.requests[-1]


class Client:
    """The sync client of a script."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def converse(self, **request: Any) -> Any:
        return self.script.take("converse", request)

    def converse_stream(self, **request: Any) -> Any:
        events = self.script.take("converse_stream", request)
        return {"ResponseMetadata": METADATA, "stream": self.script.stream(Stream, events)}

    def count_tokens(self, **request: Any) -> Any:
        return self.script.take("count_tokens", request)

    def get_inference_profile(self, **request: Any) -> Any:
        return self.script.take("get_inference_profile", request)

    def invoke_model(self, **request: Any) -> Any:
        body, headers = self._body(self.script.take("invoke_model", request))
        return {"ResponseMetadata": {**METADATA, "HTTPHeaders": headers}, "body": Body(body)}

    def invoke_model_with_response_stream(self, **request: Any) -> Any:
        chunks = self.script.take("invoke_model_with_response_stream", request)
        return {"ResponseMetadata": METADATA, "body": self.script.stream(Stream, map(self._chunk, chunks))}

    @staticmethod
    def _body(given: Any) -> tuple[bytes, dict[str, str]]:
        body, headers = given if isinstance(given, tuple) else (given, {})
        return json.dumps(body).encode(), headers

    @staticmethod
    def _chunk(given: Any) -> Any:
        return {"chunk": {"bytes": json.dumps(given).encode()}}


class AsyncClient:
    """The async client of a script."""

    def __init__(self, script: Script) -> None:
        self.script = script

    async def converse(self, **request: Any) -> Any:
        return self.script.take("converse", request)

    async def converse_stream(self, **request: Any) -> Any:
        events = self.script.take("converse_stream", request)
        return {"ResponseMetadata": METADATA, "stream": self.script.stream(AsyncStream, events)}

    async def get_inference_profile(self, **request: Any) -> Any:
        return self.script.take("get_inference_profile", request)

    async def invoke_model(self, **request: Any) -> Any:
        body, headers = Client._body(self.script.take("invoke_model", request))
        return {"ResponseMetadata": {**METADATA, "HTTPHeaders": headers}, "body": AsyncBody(body)}

    async def invoke_model_with_response_stream(self, **request: Any) -> Any:
        chunks = self.script.take("invoke_model_with_response_stream", request)
        return {"ResponseMetadata": METADATA, "body": self.script.stream(AsyncStream, map(Client._chunk, chunks))}


def scripted(kind: type[Any], *answers: Any, model: str = HAIKU, **fields: Any) -> tuple[Any, Script]:
    """A chat model of `kind` whose clients answer what they are told, and the script of what they were asked."""
    script = Script(*answers)
    clients = {"client": Client(script), "async_client": AsyncClient(script), "bedrock_client": Client(script)}
    return kind(model=model, **{**clients, **fields}), script


def merged(chunks: Iterable[Any]) -> Any:
    """The message that a stream makes."""
    whole, *rest = chunks
    for chunk in rest:
        whole += chunk
    return whole


class Side:
    """One way to call a model, so that a test goes through the sync and the async side alike."""

    def __init__(self, *, is_async: bool) -> None:
        self.is_async = is_async

    async def invoke(self, llm: Any, *args: Any, **kwargs: Any) -> Any:
        return await llm.ainvoke(*args, **kwargs) if self.is_async else llm.invoke(*args, **kwargs)

    async def stream(self, llm: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if self.is_async:
            return [chunk async for chunk in llm.astream(*args, **kwargs)]
        return list(llm.stream(*args, **kwargs))


def application_profile(bedrock: Emulator, model_id: str) -> str:
    """Make an application profile of a system profile, and return its ARN."""
    source = f"arn:aws:bedrock:us-east-1:{bedrock.account_id}:inference-profile/{model_id}"
    made = bedrock.client("bedrock").create_inference_profile(
        inferenceProfileName="minerals", modelSource={"copyFrom": source}
    )
    return made["inferenceProfileArn"]


async def until(condition: Callable[[], Any]) -> None:
    """Come back when something has happened elsewhere, on the emulator's thread as a rule."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit
        await asyncio.sleep(0.01)
