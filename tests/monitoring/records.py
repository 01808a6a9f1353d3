"""Records of the invocation log, made to measure."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

PROFILE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
ARN = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{PROFILE}"
NOON = datetime(2026, 4, 2, 12, tzinfo=timezone.utc)


def record(
    number: int,
    *,
    served: str | None = None,
    region: str = "us-east-1",
    error: str | None = None,
    minutes: float = 0,
    latency: float | None = 500,
    start: datetime = NOON,
    model: str = PROFILE,
    **more: Any,
) -> dict[str, Any]:
    """A record as Bedrock writes it: failed ones have no bodies, and calls that stay have no `inferenceRegion`."""
    made: dict[str, Any] = {
        "timestamp": (start + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "accountId": "123456789012",
        "identity": {"arn": "arn:aws:sts::123456789012:assumed-role/app/session"},
        "region": region,
        "requestId": f"request-{number}",
        "operation": "Converse",
        "modelId": model,
    }
    if error:
        made |= {"status": "failed", "errorCode": error}
    else:
        body = {} if latency is None else {"outputBodyJson": {"metrics": {"latencyMs": latency}}}
        made["input"] = {"inputContentType": "application/json", "inputTokenCount": 10}
        made["output"] = {**body, "outputTokenCount": 20}
    if served:
        made["inferenceRegion"] = served
    return {**made, **more, "schemaType": "ModelInvocationLog", "schemaVersion": "1.0"}


def a_morning(start: datetime = NOON) -> list[dict[str, Any]]:
    """Ten calls of an hour: six stay, three are re-routed, one is throttled."""
    stayed = [record(number, minutes=number * 5, latency=400 + number, start=start) for number in range(5)]
    away = [
        record(5 + number, served="us-west-2", minutes=30 + number, latency=900, model=ARN, start=start)
        for number in range(3)
    ]
    here = record(8, served="us-east-1", minutes=40, start=start)
    return [*stayed, *away, here, record(9, error="ThrottlingException", minutes=41, start=start)]


def lines(records: list[dict[str, Any]]) -> list[str]:
    """As the log holds them, without white space."""
    return [json.dumps(each, separators=(",", ":")) for each in records]
