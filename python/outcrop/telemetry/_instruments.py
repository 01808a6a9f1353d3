"""The histograms of the conventions, fed when somebody collects them.

Recording into the SDK's histograms costs several times what a span costs, so a call only leaves a note; the notes are
recorded right before each collection, or when there are many.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from opentelemetry import metrics

from outcrop._native import __version__, histogram_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation

_TOKEN_BOUNDS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864]
#: From here on each call records what two calls left, so that no single one pays for all.
_MANY = 4096
_KNOWN: WeakKeyDictionary[MeterProvider, Instruments] = WeakKeyDictionary()


class Note(NamedTuple):
    """What one call leaves."""

    attributes: Mapping[str, Any]
    error: str | None
    seconds: float
    first_chunk: float | None
    usage: Mapping[str, Any]


class Instruments:
    """The instruments of one provider.

    Args:
        meter_provider: Where metrics go.
        schema: The conventions' version.
    """

    def __init__(self, meter_provider: MeterProvider, schema: str) -> None:
        self._notes: deque[Note] = deque()
        meter = metrics.get_meter("outcrop", __version__, meter_provider, schema)
        seconds = histogram_bounds()
        self._duration = meter.create_histogram(
            "gen_ai.client.operation.duration",
            "s",
            "GenAI operation duration",
            explicit_bucket_boundaries_advisory=seconds,
        )
        self._first_chunk = meter.create_histogram(
            "gen_ai.client.operation.time_to_first_chunk",
            "s",
            "Time to receive the first chunk of a streamed answer",
            explicit_bucket_boundaries_advisory=seconds,
        )
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage",
            "{token}",
            "Number of input and output tokens used",
            explicit_bucket_boundaries_advisory=_TOKEN_BOUNDS,
        )
        # The SDK asks what is observed before it collects what was recorded. This observes nothing.
        meter.create_observable_gauge("outcrop.telemetry.pending", [self._before_collection])

    def leave(self, note: Note) -> None:
        """Leaves a note; any thread may."""
        self._notes.append(note)
        if len(self._notes) > _MANY:
            self.record(2)

    def record(self, most: int) -> None:
        """Records what was noted, the oldest first."""
        for _ in range(most):
            try:
                note = self._notes.popleft()
            except IndexError:
                return
            attributes = {**note.attributes, "error.type": note.error} if note.error else note.attributes
            self._duration.record(note.seconds, attributes)
            if note.first_chunk is not None:
                self._first_chunk.record(note.first_chunk, attributes)
            for name, kind in (("inputTokens", "input"), ("outputTokens", "output")):
                if name in note.usage:
                    self._tokens.record(note.usage[name], {**attributes, "gen_ai.token.type": kind})

    def _before_collection(self, _: CallbackOptions) -> Iterable[Observation]:
        self.record(len(self._notes))
        return ()


def instruments(meter_provider: MeterProvider | None, schema: str) -> Instruments:
    """The instruments of a provider. A meter has each of them once, whoever asks again.

    Args:
        meter_provider: Where metrics go; the global provider by default.
        schema: The conventions' version.

    Returns:
        The same for the same provider.
    """
    provider = meter_provider or metrics.get_meter_provider()
    if provider not in _KNOWN:
        _KNOWN[provider] = Instruments(provider, schema)
    return _KNOWN[provider]
