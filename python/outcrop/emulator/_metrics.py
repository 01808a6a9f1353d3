"""The counts that CloudWatch has in the namespace `AWS/Bedrock`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outcrop import _native


@dataclass(frozen=True)
class Metric:
    """The counts of one `ModelId` dimension in one source Region. The names are CloudWatch's.

    Attributes:
        region: The source Region, where CloudWatch keeps the metrics.
        model_id: The model's id, or the profile's when one was called.
        invocations: Calls that were answered or failed; throttled ones are not among them.
        invocation_client_errors: Calls that failed by the caller's fault.
        invocation_server_errors: Calls that failed by the service's fault.
        invocation_throttles: Calls that were throttled, every attempt counted.
        invocation_latency: Milliseconds that answers took, together.
        input_token_count: Tokens read.
        output_token_count: Tokens written.
    """

    region: str
    model_id: str
    invocations: int
    invocation_client_errors: int
    invocation_server_errors: int
    invocation_throttles: int
    invocation_latency: int
    input_token_count: int
    output_token_count: int


def read(native: _native.Emulator) -> list[Metric]:
    """All counts, by Region and `ModelId`."""
    return [
        Metric(
            region=region,
            model_id=model_id,
            invocations=counts["Invocations"],
            invocation_client_errors=counts["InvocationClientErrors"],
            invocation_server_errors=counts["InvocationServerErrors"],
            invocation_throttles=counts["InvocationThrottles"],
            invocation_latency=counts["InvocationLatency"],
            input_token_count=counts["InputTokenCount"],
            output_token_count=counts["OutputTokenCount"],
        )
        for region, model_id, counts in json.loads(native.metrics())
    ]
