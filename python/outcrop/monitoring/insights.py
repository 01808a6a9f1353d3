"""CloudWatch Logs Insights: the records are added up in AWS, and only sums travel.

A query cannot give percentiles that can be put together again, so latencies come as counts of narrow classes, each two
per cent wide, and are exact within one per cent however the report is cut.
"""

from __future__ import annotations

import math
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from outcrop.monitoring.clients import error_code
from outcrop.monitoring.errors import QueryError
from outcrop.monitoring.resources import missing_log_group
from outcrop.monitoring.windows import to_milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcrop import _native
    from outcrop.monitoring.clients import Clients
    from outcrop.monitoring.windows import Window

#: Rows that one query gives at most.
LIMIT = 10_000
#: Latency classes to the natural logarithm's unit.
CLASSES = 50
_BUSY = frozenset({"LimitExceededException", "ThrottlingException", "TooManyRequestsException"})
_TRIES = 7
_LONGEST_PAUSE = 10.0
_TIMEOUT = 900.0

# Logs Insights finds only the first 200 fields of a record, and token counts come after the bodies, which may have
# more. So they are also looked for in the text. A quotation mark inside a body is escaped there, and so does not match.
_NUMBERS = {
    "input_tokens": ("input.inputTokenCount", "inputTokenCount"),
    "output_tokens": ("output.outputTokenCount", "outputTokenCount"),
    "cache_read": ("input.cacheReadInputTokenCount", "cacheReadInputTokenCount"),
    "cache_write": ("input.cacheWriteInputTokenCount", "cacheWriteInputTokenCount"),
}
_TEXTS = {"called": "region", "served": "inferenceRegion", "model": "modelId", "failed": "errorCode"}


def query(seconds: int) -> str:
    """The query, with time buckets of so many seconds.

    Functions stand in `fields` and `filter` alone, where AWS documents them; `stats` adds up and tells apart by names.
    """
    lines = ["fields @timestamp, @message"]
    lines += [
        rf'parse @message /[\{{,]\s*"{name}"\s*:\s*(?<{alias}_text>\d+)/' for alias, (_, name) in _NUMBERS.items()
    ]
    lines += [rf'parse @message /[\{{,]\s*"{name}"\s*:\s*"(?<{alias}_text>[^"]+)"/' for alias, name in _TEXTS.items()]
    lines += [
        r'parse @message /[\{,]\s*"latencyMs"\s*:\s*(?<latency_text>\d+)/',
        r'parse @message /[\{,]\s*"invocationLatency"\s*:\s*(?<stream_latency_text>\d+)/',
        r'filter @message like /[\{,]\s*"requestId"\s*:/',
    ]
    found = "coalesce(output.outputBodyJson.metrics.latencyMs, latency_text, stream_latency_text)"
    made = [f"coalesce({field}, {alias}_text) as {alias}_found" for alias, (field, _) in _NUMBERS.items()]
    made += [f"coalesce({field}, {alias}_text) as {alias}" for alias, field in _TEXTS.items()]
    lines.append(f"fields {', '.join(made)}, floor(log({found} + 1) * {CLASSES}) as latency_class")
    sums = ", ".join(f"sum({alias}_found) as {alias}" for alias in _NUMBERS)
    names = ", ".join(_TEXTS)
    lines.append(f"stats count(*) as calls, {sums} by bin({seconds}s) as moment, {names}, latency_class")
    lines.append(f"limit {LIMIT}")
    return "\n| ".join(lines)


def add_query(
    reader: _native.LogReader,
    clients: Clients,
    region: str,
    log_group_name: str,
    window: Window,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Adds what Logs Insights makes of a window; in two halves where it has more rows than a query gives.

    Raises:
        QueryError: A query failed, did not end in time, or one time bucket alone has too many rows.
    """
    rows = run(clients, region, log_group_name, window, sleep=sleep)
    if len(rows) < LIMIT:
        for row in rows:
            _add(reader, row, region)
        return
    halves = window.halves()
    if halves is None:
        raise QueryError(
            f"one time bucket of {window.every} has {LIMIT:,} rows or more: pass a shorter every, or read the log "
            "with source='events' or from Amazon S3"
        )
    for half in halves:
        add_query(reader, clients, region, log_group_name, half, sleep=sleep)


def run(
    clients: Clients, region: str, log_group_name: str, window: Window, *, sleep: Callable[[float], None]
) -> list[dict[str, str]]:
    """The rows of the query for a window, by their columns."""
    since, until, bucket = window.milliseconds
    started = _patiently(
        clients,
        region,
        "StartQuery",
        {
            "logGroupName": log_group_name,
            # Whole seconds, and the end is inside.
            "startTime": since // 1000,
            "endTime": max((until - 1) // 1000, since // 1000),
            "queryString": query(bucket // 1000),
            "limit": LIMIT,
        },
        sleep,
    )
    parameters: dict[str, Any] = {"queryId": started["queryId"]}
    rows: list[dict[str, str]] = []
    waited, pause = 0.0, 1.0
    while True:
        answer = _patiently(clients, region, "GetQueryResults", parameters, sleep)
        if answer["status"] == "Complete":
            rows += [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]
            if not answer.get("nextToken"):
                return rows
            parameters["nextToken"] = answer["nextToken"]
            continue
        if answer["status"] not in {"Scheduled", "Running"}:
            raise QueryError(f"the query in {region} ended as {answer['status']}: try a shorter window")
        if waited >= _TIMEOUT:
            clients.call("logs", region, "StopQuery", {"queryId": started["queryId"]})
            raise QueryError(f"the query in {region} did not end within {_TIMEOUT:g} s: try a shorter window")
        sleep(pause)
        waited += pause
        pause = min(pause * 2, _LONGEST_PAUSE)


def _patiently(
    clients: Clients, region: str, operation: str, parameters: dict[str, Any], sleep: Callable[[float], None]
) -> dict[str, Any]:
    """A call, made again while the account has too many queries under way."""
    from botocore.exceptions import ClientError

    pause = 1.0
    for left in reversed(range(_TRIES + 1)):
        try:
            return clients.call("logs", region, operation, parameters)
        except ClientError as error:
            code = error_code(error)
            if code == "ResourceNotFoundException" and operation == "StartQuery":
                raise missing_log_group(parameters["logGroupName"], region) from error
            if code not in _BUSY:
                raise QueryError(f"logs insights in {region} refused {operation}: {error}") from error
            if not left:
                raise QueryError(f"logs insights in {region} stayed busy ({code}): try again later") from error
        sleep(pause)
        pause = min(pause * 2, 32.0)
    raise AssertionError("the last try returns or raises")


def _add(reader: _native.LogReader, row: dict[str, str], region: str) -> None:
    moment = datetime.strptime(row["moment"], "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=timezone.utc)
    first, second, third, fourth = (float(row.get(alias) or 0) for alias in _NUMBERS)
    latency = row.get("latency_class")
    reader.add_calls(
        int(float(row["calls"])),
        to_milliseconds(moment),
        row.get("called") or region,
        row.get("served") or None,
        row.get("model") or None,
        row.get("failed") or None,
        (first, second, third, fourth),
        math.exp((float(latency) + 0.5) / CLASSES) - 1 if latency else None,
    )
