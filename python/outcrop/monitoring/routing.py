"""Making the routing report out of whatever holds the invocation log."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, cast

from outcrop import _native, _values
from outcrop.monitoring import insights, sources
from outcrop.monitoring.clients import Clients, EndpointUrls, SessionLike
from outcrop.monitoring.errors import MonitoringError
from outcrop.monitoring.report import RoutingReport
from outcrop.monitoring.setup import DEFAULT_LOG_GROUP_NAME
from outcrop.monitoring.windows import Window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from outcrop.emulator import Emulator
    from outcrop.monitoring.sources import File
    from outcrop.monitoring.windows import Moment

Source = Literal["auto", "insights", "events", "s3"]
#: Up to here whole records are fetched: that is one request in most cases, where a query takes several seconds.
_SMALL = timedelta(minutes=15)


def routing_report(
    session: SessionLike | Emulator | None = None,
    *,
    since: Moment | None = None,
    until: Moment | None = None,
    every: str | timedelta | None = None,
    regions: str | list[str] | None = None,
    source: Source = "auto",
    log_group_name: str = DEFAULT_LOG_GROUP_NAME,
    bucket: str | None = None,
    key_prefix: str = "",
    files: File | Iterable[File] | None = None,
    endpoint_urls: EndpointUrls = None,
) -> RoutingReport:
    """Tells who served what, out of Bedrock's invocation log.

    A record without `inferenceRegion` was served where it was called.

    Args:
        session: Where Region and credentials come from: an `outcrop.Session` or a `boto3.Session`. Or an
            `outcrop.emulator.Emulator`, whose own invocation log is read. Not needed for `files`.
        since: The beginning: a span before `until` such as `"90m"`, `"1h"` or `"7d"`, a timedelta, or a moment. An hour
            by default; all there is of an emulator or files.
        until: The end, likewise; now by default.
        every: The length of a time bucket, such as `"5m"`; by the window's length if left out.
        regions: The source Regions whose logs are read; the session's own by default, all of an emulator.
        source: `insights` asks Logs Insights, which adds up in AWS; `events` fetches records of the log group, good for
            small windows; `s3` reads the log objects in `bucket`. `auto` takes `s3` if a bucket is named, `events` for
            up to 15 minutes, and else `insights`.
        log_group_name: The log group that Bedrock writes to.
        bucket: The bucket that Bedrock writes to.
        key_prefix: Where in that bucket.
        files: Exported logs in place of all that: files with a record a line, with gzip or without, of any size;
            folders of them, as `aws s3 sync` or an export to Amazon S3 gives them; or what is open for bytes.
        endpoint_urls: As for `enable`.

    Returns:
        The report.

    Raises:
        MonitoringError: An argument cannot be, or the log is not there.
        MissingPermissionError: IAM refused a call; names the statement that grants it.
        QueryError: A query failed or did not end in time.

    Example:
        >>> runtime = bedrock.client("bedrock-runtime")
        >>> control = bedrock.client("bedrock")
        >>> _ = control.put_model_invocation_logging_configuration(
        ...     loggingConfig={"cloudWatchConfig": {"logGroupName": "g", "roleArn": "arn:aws:iam::123456789012:role/r"}}
        ... )
        >>> _ = runtime.converse(
        ...     modelId="us.anthropic.claude-haiku-4-5-20251001-v1:0",
        ...     messages=[{"role": "user", "content": [{"text": "Hello"}]}],
        ... )
        >>> routing_report(bedrock).served
        1
    """
    _check(session, source, bucket, files)
    if files is not None:
        window = None if since is None and until is None else Window.parse(since or "3650d", until, every)
        reader = _reader(window, every)
        number = sources.add_files(reader, files)
        return RoutingReport(reader, source=f"{number} file{'s' * (number != 1)}", window=window)
    if hasattr(session, "invocation_log"):
        emulator = cast("Emulator", session)
        window = None
        if since is not None or until is not None:
            window = Window.parse(since or "3650d", until, every, now=emulator.clock.now())
        reader = _reader(window, every)
        sources.add_emulator(reader, emulator, [regions] if isinstance(regions, str) else regions)
        return RoutingReport(reader, source="the emulator", window=window)
    window = Window.parse(since if since is not None else "1h", until, every)
    clients = Clients(cast("SessionLike", session), endpoint_urls)
    reader = _reader(window, every)
    chosen = source
    if source == "auto":
        small = window.until - window.since <= _SMALL + timedelta(seconds=1)
        chosen = "s3" if bucket else "events" if small else "insights"
    for region in clients.regions(regions):
        if chosen == "s3":
            sources.add_objects(reader, clients, region, window, bucket=cast("str", bucket), key_prefix=key_prefix)
        elif chosen == "events":
            sources.add_events(reader, clients, region, log_group_name, window)
        else:
            insights.add_query(reader, clients, region, log_group_name, window)
    said = {"s3": f"bucket {bucket}", "events": f"log group {log_group_name}", "insights": "Logs Insights"}
    return RoutingReport(reader, source=said[chosen], window=window)


def _check(session: object, source: str, bucket: str | None, files: object) -> None:
    if source not in {"auto", "insights", "events", "s3"}:
        raise MonitoringError(f"source is {_values.shown(source)}: choose 'auto', 'insights', 'events' or 's3'")
    if (session is None) == (files is None):
        raise MonitoringError("give a session (or an emulator) or files, and not both")
    if source == "s3" and bucket is None:
        raise MonitoringError("source='s3' needs the bucket that Bedrock writes to: pass bucket")


def _reader(window: Window | None, every: str | timedelta | None) -> _native.LogReader:
    if window is None:
        from outcrop.monitoring.windows import span

        return _native.LogReader(None, None, int(span("every", every or "5m").total_seconds() * 1000))
    return _native.LogReader(*window.milliseconds)
