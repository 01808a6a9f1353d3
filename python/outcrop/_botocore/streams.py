"""Streams of carried calls: botocore's own, over outcrop's events."""

from __future__ import annotations

from functools import cache
from typing import Any

from outcrop import _streams


@cache
def _event_stream() -> type[Any]:
    import botocore.eventstream

    class EventStream(botocore.eventstream.EventStream, _streams.EventStream[Any]):
        """The events of a call, read by botocore's own methods: instrumentors replace these, and `_parse_event`.

        Args:
            events: The native iterator, which has parsed them.
        """

        def __init__(self, events: Any) -> None:
            self._events = self._raw_stream = self._event_generator = events

        def _parse_event(self, event: dict[str, Any]) -> dict[str, Any]:
            return event

    return EventStream


def botocores(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer whose stream, if it has one, is botocore's.

    Args:
        answer: An answer of outcrop's; it is changed.
    """
    for name in ("stream", "body"):
        if isinstance(stream := answer.get(name), _streams.EventStream):
            answer[name] = _event_stream()(stream._events)  # noqa: SLF001  -- the package's own
    return answer
