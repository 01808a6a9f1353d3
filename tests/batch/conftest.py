"""The two sides of `batch`, as one function."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"


def request_of(number: int) -> dict[str, Any]:
    return {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": f"number {number}"}]}]}


class Side:
    """`batch` of one kind of client, its results as a list."""

    def __init__(self, name: str, bedrock: Any) -> None:
        self.name = name
        self.bedrock = bedrock

    def batch(self, operation: str, requests: Any, *, first: int | None = None, **arguments: Any) -> list[Any]:
        """All results, or the `first` few and then an early end."""
        if self.name == "blocking":
            return self._blocking(operation, requests, first, arguments)
        return asyncio.run(self._asynchronous(operation, requests, first, arguments))

    def _blocking(self, operation: str, requests: Any, first: int | None, arguments: dict[str, Any]) -> list[Any]:
        client = self.bedrock.client("bedrock-runtime", retries={"max_attempts": 1})
        results = []
        with client.batch(operation, requests, **arguments) as batch:
            for result in batch:
                results.append(result)
                if len(results) == first:
                    break
        return results

    async def _asynchronous(
        self, operation: str, requests: Any, first: int | None, arguments: dict[str, Any]
    ) -> list[Any]:
        client = self.bedrock.async_client("bedrock-runtime", retries={"max_attempts": 1})
        results = []
        async with client.batch(operation, requests, **arguments) as batch:
            async for result in batch:
                results.append(result)
                if len(results) == first:
                    break
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return results


@pytest.fixture(params=["blocking", "asynchronous"])
def side(request, emulator) -> Side:
    return Side(request.param, emulator)
