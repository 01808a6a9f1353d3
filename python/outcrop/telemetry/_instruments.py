"""The histograms of the conventions for generative AI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import metrics

from outcrop._native import __version__, histogram_bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context
    from opentelemetry.metrics import MeterProvider

_TOKEN_BOUNDS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864]


class Instruments:
    """The instruments of one meter.

    Args:
        meter_provider: Where metrics go; the global provider by default.
        schema: The conventions' version.
    """

    def __init__(self, meter_provider: MeterProvider | None, schema: str) -> None:
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

    def record(
        self,
        attributes: Mapping[str, Any],
        context: Context,
        *,
        seconds: float,
        first_chunk: float | None,
        input_tokens: int | None,
        output_tokens: int | None,
    ) -> None:
        """Record the measurements of one call.

        Args:
            attributes: What the call is of, its error included.
            context: The context with the call's span, which measurements are exemplified by.
            seconds: How long it took.
            first_chunk: Seconds to the first chunk of a stream.
            input_tokens: Tokens of the prompt.
            output_tokens: Tokens of the answer.
        """
        self._duration.record(seconds, attributes, context)
        if first_chunk is not None:
            self._first_chunk.record(first_chunk, attributes, context)
        for kind, count in (("input", input_tokens), ("output", output_tokens)):
            if count is not None:
                self._tokens.record(count, {**attributes, "gen_ai.token.type": kind}, context)
