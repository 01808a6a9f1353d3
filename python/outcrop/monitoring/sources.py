"""Where the records of a report come from: events of a log group, log objects, files, or an emulator.

Each is added to a reader, whole lines as they are; the reader is native and keeps sums, not records.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from itertools import islice, pairwise
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any

from outcrop.monitoring.clients import error_code
from outcrop.monitoring.errors import MonitoringError
from outcrop.monitoring.resources import missing_log_group

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO, TypeAlias

    from outcrop import _native
    from outcrop.emulator import Emulator
    from outcrop.monitoring.clients import Clients
    from outcrop.monitoring.windows import Window

#: Records come to the log some time after their calls; the reader looks at their own time.
DELIVERY = timedelta(minutes=15)
_OBJECTS_AT_ONCE = 16
_LARGE = 8 * 1024 * 1024
_PIECE = 1024 * 1024
#: What Bedrock and a log export leave when they try whether they may write.
_CHECKS = ("permission-check", "aws-logs-write-test")


def add_events(
    reader: _native.LogReader, clients: Clients, region: str, log_group_name: str, window: Window, *, pattern: str = ""
) -> None:
    """Adds the events of a log group, a page at a time."""
    for page in event_pages(clients, region, log_group_name, window, pattern=pattern):
        reader.write("".join(f"{event['message'].strip()}\n" for event in page).encode())
    reader.end_object()


def event_pages(
    clients: Clients, region: str, log_group_name: str, window: Window, *, pattern: str = ""
) -> Iterator[list[dict[str, Any]]]:
    """The pages of FilterLogEvents."""
    from botocore.exceptions import ClientError

    since, _, _ = window.milliseconds
    parameters: dict[str, Any] = {
        "logGroupName": log_group_name,
        "startTime": since,
        "endTime": since + int((window.until + DELIVERY - window.since) / timedelta(milliseconds=1)),
    }
    if pattern:
        parameters["filterPattern"] = pattern
    while True:
        try:
            page = clients.call("logs", region, "FilterLogEvents", parameters)
        except ClientError as error:
            if error_code(error) == "ResourceNotFoundException":
                raise missing_log_group(log_group_name, region) from error
            raise
        if page["events"]:
            yield page["events"]
        # A page may be empty with more to come.
        if not page.get("nextToken"):
            return
        parameters["nextToken"] = page["nextToken"]


def add_objects(
    reader: _native.LogReader, clients: Clients, region: str, window: Window, *, bucket: str, key_prefix: str
) -> None:
    """Adds the log objects that Bedrock wrote for a Region into a bucket."""
    s3 = clients.get("s3", region)
    keys = object_keys(clients, region, bucket, key_prefix, window)
    with ThreadPoolExecutor(_OBJECTS_AT_ONCE, thread_name_prefix="outcrop-objects") as pool:
        # A handful are fetched while one is read; never more than that is held.
        while several := list(islice(keys, _OBJECTS_AT_ONCE)):
            small = [key for key, size in several if size <= _LARGE]
            for body in pool.map(lambda key: s3.get_object(Bucket=bucket, Key=key)["Body"].read(), small):
                reader.write(body)
                reader.end_object()
            for key, size in several:
                if size > _LARGE:
                    for piece in s3.get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(1024 * 1024):
                        reader.write(piece)
                    reader.end_object()


def object_keys(
    clients: Clients, region: str, bucket: str, key_prefix: str, window: Window
) -> Iterator[tuple[str, int]]:
    """Keys and sizes of the log objects of a window, by their hours."""
    prefix = f"{key_prefix.rstrip('/')}/" if key_prefix else ""
    folder = f"{prefix}AWSLogs/{clients.account(region)}/BedrockModelInvocationLogs/{region}/"
    resource = f"arn:{clients.partition(region)}:s3:::{bucket}"
    for hour in _folders(window):
        parameters: dict[str, Any] = {"Bucket": bucket, "Prefix": f"{folder}{hour}"}
        while True:
            page = clients.call("s3", region, "ListObjectsV2", parameters, resource=resource, action="s3:ListBucket")
            for found in page.get("Contents", []):
                if is_log_object(PurePosixPath(found["Key"][len(folder) :])):
                    yield found["Key"], found["Size"]
            if not page.get("IsTruncated"):
                break
            parameters["ContinuationToken"] = page["NextContinuationToken"]


def _folders(window: Window) -> Iterator[str]:
    """The folders of the hours, or of the days where there are many."""
    last = window.until + DELIVERY
    by_day = last - window.since > timedelta(days=2)
    step = timedelta(days=1) if by_day else timedelta(hours=1)
    moment = window.since.astimezone(timezone.utc).replace(minute=0, second=0, microsecond=0)
    if by_day:
        moment = moment.replace(hour=0)
    while moment < last:
        yield moment.strftime("%Y/%m/%d/" if by_day else "%Y/%m/%d/%H/")
        moment += step


#: A file, a folder of them, or what is read from.
File: TypeAlias = "str | os.PathLike[str] | BinaryIO"


def add_files(reader: _native.LogReader, files: File | Iterable[File]) -> int:
    """Adds files with a record a line, compressed or not, alone or in folders; returns how many there were."""
    number = 0
    for each in files_of(files):
        try:
            if hasattr(each, "read"):
                for piece in pieces(each):
                    reader.write(piece)
                reader.end_object()
            else:
                reader.read_file(each)
        except OSError as error:
            raise MonitoringError(f"{name_of(each)} cannot be read as a log: {error}") from error
        number += 1
    return number


def files_of(files: Any) -> Iterator[Any]:
    """One file or several, alone or in folders."""
    given = [files] if isinstance(files, (str, os.PathLike)) or hasattr(files, "read") else files
    for file in given:
        yield from _files_of(file)


def pieces(file: Any) -> Iterator[bytes]:
    """The bytes of a file, or of what is open already."""
    if not hasattr(file, "read"):
        with Path(file).open("rb") as opened:
            yield from pieces(opened)
        return
    while piece := file.read(_PIECE):
        if isinstance(piece, str):
            raise MonitoringError(f"{name_of(file)} is open for text: open it with mode 'rb'")
        yield piece


def _files_of(file: Any) -> Iterator[Any]:
    """A file itself; of a folder all the log objects below it, as `aws s3 sync` and log exports leave them."""
    if hasattr(file, "read") or not Path(file).is_dir():
        yield file
        return
    found = [path for path in sorted(Path(file).rglob("*")) if path.is_file() and is_log_object(path.relative_to(file))]
    if not found:
        raise MonitoringError(f"there is no log object below {file}: name the folder that an export was written to")
    yield from found


def is_log_object(path: PurePath) -> bool:
    """Whether it holds records: bodies too large for one lie in data/ of their hour, and checks leave files, too."""
    hidden = any(part.startswith(".") for part in path.parts)
    beside = any(folder.isdigit() and below == "data" for folder, below in pairwise(path.parts))
    return not hidden and not beside and not path.name.endswith(_CHECKS)


def name_of(file: Any) -> str:
    """What to call it in an error."""
    return str(getattr(file, "name", file))


def add_emulator(reader: _native.LogReader, emulator: Emulator, regions: list[str] | None) -> None:
    """Adds the invocation records of an emulator, of some source Regions or all."""
    for record in emulator.invocation_log:
        if regions is None or record["region"] in regions:
            reader.write(f"{json.dumps(record)}\n".encode())
    reader.end_object()
