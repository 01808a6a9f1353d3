"""Which Region served one call: an answer's request id, joined with its record."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from outcrop import _native
from outcrop.monitoring import sources
from outcrop.monitoring.clients import Clients, EndpointUrls, SessionLike
from outcrop.monitoring.errors import MonitoringError, RecordNotFoundError
from outcrop.monitoring.filter_patterns import request_pattern
from outcrop.monitoring.setup import DEFAULT_LOG_GROUP_NAME
from outcrop.monitoring.windows import Moment, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from outcrop.emulator import Emulator

_PIECE = 256 * 1024


@dataclass(frozen=True)
class Served:
    """One call as the invocation log has it.

    Attributes:
        request_id: The request's id.
        serving_region: The Region that served it; None if it failed.
        source_region: The Region that was called.
        model_id: What the caller named: a model, a profile, or an ARN.
        operation: The API operation.
        time: When it was made, in UTC.
        error_code: The error of a failed call; None if it was answered.
        record: The whole record, as Bedrock wrote it.
    """

    request_id: str
    serving_region: str | None
    source_region: str
    model_id: str
    operation: str
    time: datetime
    error_code: str | None
    record: dict[str, Any] = field(repr=False)

    @property
    def rerouted(self) -> bool:
        """Whether another Region than the called one served it."""
        return self.serving_region not in {None, self.source_region}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Served:
        """Reads a record."""
        failed = record.get("errorCode")
        region = record.get("region", "")
        return cls(
            request_id=record["requestId"],
            serving_region=None if failed else record.get("inferenceRegion") or region,
            source_region=region,
            model_id=record.get("modelId", ""),
            operation=record.get("operation", ""),
            time=datetime.fromisoformat(record["timestamp"].replace("Z", "+00:00")),
            error_code=failed,
            record=dict(record),
        )

    def __str__(self) -> str:
        if self.error_code:
            return f"{self.request_id}: {self.error_code}, called in {self.source_region}; no Region served it"
        again = "re-routed from" if self.rerouted else "where it was called:"
        return f"{self.request_id}: served in {self.serving_region}, {again} {self.source_region}"


def where(
    request: str | Mapping[str, Any],
    session: SessionLike | Emulator | None = None,
    *,
    since: Moment = "1h",
    until: Moment | None = None,
    regions: str | list[str] | None = None,
    log_group_name: str = DEFAULT_LOG_GROUP_NAME,
    bucket: str | None = None,
    key_prefix: str = "",
    wait_seconds: float = 0,
    endpoint_urls: EndpointUrls = None,
    files: sources.File | Iterable[sources.File] | None = None,
) -> Served:
    """Tells which Region served a call. No answer does; its record in the invocation log does.

    Args:
        request: The request's id, or the answer, whose `ResponseMetadata.RequestId` is taken.
        session: Where Region and credentials come from, or an `outcrop.emulator.Emulator`. Without one, what an
            `outcrop.Session()` finds in the environment.
        since: How long ago the call can have been made.
        until: The end of the time looked at; now by default.
        regions: The source Regions whose logs are looked at; the session's own by default, all of an emulator.
        log_group_name: The log group that Bedrock writes to.
        bucket: The bucket that Bedrock writes to, where records go to Amazon S3 only.
        key_prefix: Where in that bucket.
        wait_seconds: How long to look again while the record is not there, in seconds. Bedrock takes a minute or so.
        endpoint_urls: As for `enable`.
        files: Exported logs in place of all that, as for `routing_report`.

    Returns:
        The call as the log has it.

    Raises:
        RecordNotFoundError: There is no such record, at least not yet.
        FilterPatternError: This is no request id.
        MissingPermissionError: IAM refused a call.

    Example:
        >>> control = bedrock.client("bedrock")
        >>> _ = control.put_model_invocation_logging_configuration(
        ...     loggingConfig={"cloudWatchConfig": {"logGroupName": "g", "roleArn": "arn:aws:iam::123456789012:role/r"}}
        ... )
        >>> answer = bedrock.client("bedrock-runtime").converse(
        ...     modelId="us.anthropic.claude-haiku-4-5-20251001-v1:0",
        ...     messages=[{"role": "user", "content": [{"text": "Hello"}]}],
        ... )
        >>> where(answer, bedrock).source_region
        'us-east-1'
    """
    request_id = _request_id(request)
    pattern = request_pattern(request_id)
    if files is not None:
        return _served_in_files(request_id, session, files)
    session = session if session is not None else _found_session()
    if hasattr(session, "invocation_log"):
        emulator = cast("Emulator", session)
        places = ["the emulator"]

        def records() -> Iterable[Mapping[str, Any]]:
            return emulator.invocation_log
    else:
        clients = Clients(cast("SessionLike", session), endpoint_urls)
        places = clients.regions(regions)

        def records() -> Iterable[Mapping[str, Any]]:
            window = Window.parse(since, until)
            for region in places:
                if bucket:
                    keys = sources.object_keys(clients, region, bucket, key_prefix, window)
                    yield from _in_objects(clients.get("s3", region), bucket, keys, request_id)
                else:
                    for page in sources.event_pages(clients, region, log_group_name, window, pattern=pattern):
                        yield from (_parsed(event["message"]) for event in page if request_id in event["message"])

    # CloudWatch Logs judges by the pattern, local stand-ins may give back everything.
    found = (each for _ in _tries(wait_seconds) for each in records() if each.get("requestId") == request_id)
    if (record := next(found, None)) is not None:
        return Served.of_record(record)
    raise RecordNotFoundError(
        f"no record of {request_id} in {', '.join(places)} since {since}: Bedrock delivers it some time after the "
        "call, so try again with wait_seconds=120; or the call was made elsewhere, or logging is off"
    )


def _served_in_files(request_id: str, session: object, files: Any) -> Served:
    if session is not None:
        raise MonitoringError("give a session (or an emulator) or files, and not both")
    for record in _in_files(files, request_id):
        return Served.of_record(record)
    raise RecordNotFoundError(f"no record of {request_id} in the files: the call was logged elsewhere, or later")


def _found_session() -> SessionLike:
    from outcrop._session import Session

    return Session()


def _request_id(request: str | Mapping[str, Any]) -> str:
    if isinstance(request, str):
        return request
    try:
        return request["ResponseMetadata"]["RequestId"]
    except (KeyError, TypeError) as error:
        raise MonitoringError("where() wants a request id or an answer with ResponseMetadata.RequestId") from error


def _in_objects(s3: Any, bucket: str, keys: Iterable[tuple[str, int]], request_id: str) -> Iterator[Mapping[str, Any]]:
    for key, _ in keys:
        finder = _native.RecordFinder(request_id)
        body = s3.get_object(Bucket=bucket, Key=key)["Body"]
        try:
            for piece in body.iter_chunks(_PIECE):
                finder.write(piece)
                if finder.found:
                    break
            else:
                finder.end_object()
        except OSError as error:
            # What came before the damage was looked at.
            if not finder.found:
                raise MonitoringError(f"s3://{bucket}/{key} cannot be read as a log: {error}") from error
        finally:
            body.close()
        if finder.found:
            # An exported line has a time stamp before its record.
            yield _parsed(finder.found[finder.found.index(b"{") :])


def _in_files(files: Any, request_id: str) -> Iterator[Mapping[str, Any]]:
    for file in sources.files_of(files):
        finder = _native.RecordFinder(request_id)
        try:
            for piece in sources.pieces(file):
                finder.write(piece)
                if finder.found:
                    break
            else:
                finder.end_object()
        except OSError as error:
            if not finder.found:
                raise MonitoringError(f"{sources.name_of(file)} cannot be read as a log: {error}") from error
        if finder.found:
            yield _parsed(finder.found[finder.found.index(b"{") :])


def _parsed(line: str | bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _tries(wait_seconds: float) -> Iterator[None]:
    """Once, and then with growing pauses until the time is up."""
    yield
    pause = 1.0
    while wait_seconds > 0:
        time.sleep(min(pause * random.uniform(0.75, 1.25), wait_seconds))
        wait_seconds -= pause
        pause = min(pause * 1.5, 10)
        yield
