"""Both sides to a router, as one; its clock stands still."""

from __future__ import annotations

import asyncio

import outcrop
from outcrop.cross_region import HeldClock

from .conftest import MODEL, ask


class Side:
    """A router of one kind; a stream is read to its end."""

    def __init__(self, kind, model=MODEL, **options):
        self.kind = kind
        self.clock = HeldClock()
        make = outcrop.CrossRegion if kind == "blocking" else outcrop.AsyncCrossRegion
        usual = {"geographies": ["us"], "residency": "us", "catalogue": "snapshot", "clock": self.clock}
        self.router = make(model, **{**usual, **options})

    def call(self, operation="converse", **arguments):
        arguments = arguments or ask()
        if self.kind == "blocking":
            answer = getattr(self.router, operation)(**arguments)
            for member in {"stream", "body"} & answer.keys():
                if not hasattr(answer[member], "content"):
                    answer[member] = list(answer[member])
            return answer
        return asyncio.run(self._awaited(operation, arguments))

    async def _awaited(self, operation, arguments):
        answer = await getattr(self.router, operation)(**arguments)
        for member in {"stream", "body"} & answer.keys():
            if not hasattr(answer[member], "content"):
                answer[member] = [event async for event in answer[member]]
        return answer


def route(answer):
    return answer["ResponseMetadata"]["CrossRegion"]


def regions(record):
    return [(attempt["Target"]["SourceRegion"], attempt["Error"]) for attempt in record["Attempts"]]


def text(events):
    return "".join(event.get("contentBlockDelta", {}).get("delta", {}).get("text", "") for event in events)
