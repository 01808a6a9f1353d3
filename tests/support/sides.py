"""Both sides to a client, as one: what is called waits for the blocking client or runs the loop."""

from __future__ import annotations

import asyncio
from typing import Any

import outcrop

KEYS = {
    "region_name": "us-east-1",
    "aws_access_key_id": "AKIDEXAMPLE",
    "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
}


def call_once(kind: str, **settings: Any) -> None:
    """Make one call by a new client that is given these settings and no other."""
    if kind == "blocking":
        outcrop.client("bedrock-runtime", **settings).converse(modelId="m")
    else:
        asyncio.run(outcrop.async_client("bedrock-runtime", **settings).converse(modelId="m"))


class Side:
    """A client of one kind. Its calls give whole answers; a stream is read to its end."""

    def __init__(self, kind: str, **settings: Any) -> None:
        self.kind = kind
        make = outcrop.client if kind == "blocking" else outcrop.async_client
        self.client: Any = make("bedrock-runtime", **{**KEYS, **settings})

    def call(self, operation: str, **arguments: Any) -> Any:
        """The answer."""
        if self.kind == "blocking":
            return _drained(getattr(self.client, operation)(**arguments))
        return asyncio.run(self._awaited(operation, arguments))

    async def _awaited(self, operation: str, arguments: dict[str, Any]) -> Any:
        answer = await getattr(self.client, operation)(**arguments)
        if "stream" in answer:
            answer["stream"] = [event async for event in answer["stream"]]
        return answer


def _drained(answer: dict[str, Any]) -> dict[str, Any]:
    if "stream" in answer:
        answer["stream"] = list(answer["stream"])
    return answer
