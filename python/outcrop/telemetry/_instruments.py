"""The histograms of the conventions, fed when somebody collects them.

Recording into the SDK's histograms costs several times what a span costs, so a call only leaves a note; the notes are
recorded right before each collection, or when there are many, those of one series together.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from opentelemetry import metrics

from outcrop._native import __version__, histogram_bounds
from outcrop.telemetry._bulk import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation

_TOKEN_BOUNDS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864]
#: From here on some of the calls record a few of the notes, so that no single one pays for all.
_MANY = 4096
_A_FEW = 32
_KNOWN: WeakKeyDictionary[MeterProvider, Instruments] = WeakKeyDictionary()


#: What one call leaves: attributes (the same object for calls that agree), its error, seconds, seconds to the first
#: chunk, tokens in and out.
Note = tuple["Mapping[str, Any]", "str | None", float, "float | None", "int | None", "int | None"]


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
        if len(self._notes) > _MANY + _A_FEW:
            self.record(_A_FEW)

    def record(self, most: int) -> None:
        """Records what was noted, the oldest first."""
        series: dict[tuple[int, str | None], list[Note]] = {}
        for _ in range(most):
            try:
                note = self._notes.popleft()
            except IndexError:
                break
            # The notes hold their attributes, so that the number belongs to one of them.
            series.setdefault((id(note[0]), note[1]), []).append(note)
        for notes in series.values():
            attributes, error, *_ = notes[0]
            if error is not None:
                attributes = {**attributes, "error.type": error}
            columns = list(zip(*notes, strict=True))[2:]
            seconds, firsts, *tokens = ([it for it in column if it is not None] for column in columns)
            record(self._duration, seconds, attributes)
            record(self._first_chunk, firsts, attributes)
            for kind, counts in zip(("input", "output"), tokens, strict=True):
                record(self._tokens, counts, {**attributes, "gen_ai.token.type": kind})

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
