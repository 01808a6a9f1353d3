"""`outcrop jobs`: batch jobs seen from elsewhere, by nothing but their names."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from outcrop.cli import _options, _output

if TYPE_CHECKING:
    import argparse

    from outcrop._jobs.watching import Watch

_NAME = "the name that BatchJobs was given, or the whole name or ARN of one job"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb `jobs`."""
    parser = subparsers.add_parser(
        "jobs",
        help="list, watch, read and stop batch jobs",
        description="Shows batch jobs of source Regions, whoever made them, reads what they wrote, and stops them.",
    )
    verbs: Any = parser.add_verbs("verb")  # pyright: ignore[reportAttributeAccessIssue]
    listing = verbs.add_parser("list", help="list jobs", description="Lists jobs with their states and counts.")
    listing.add_argument("name", nargs="?", help=_NAME)
    watching = verbs.add_parser(
        "watch",
        help="show how jobs fare until all have ended",
        description="Shows how jobs fare until all have ended. The exit status is 1 when a record has no answer.",
    )
    watching.add_argument("name", help=_NAME)
    watching.add_argument(
        "--every", type=_seconds, default=60.0, metavar="SECONDS", help="how long between two looks (%(default)s)"
    )
    results = verbs.add_parser(
        "results",
        help="print what jobs wrote",
        description="Prints what jobs that have ended wrote, a line of JSON for each record as Bedrock wrote it: "
        "recordId, and modelOutput or error; with --json one list of them. It needs boto3, for S3. The exit status is "
        "1 when a job has not ended.",
    )
    results.add_argument("name", help=_NAME)
    stopping = verbs.add_parser("stop", help="stop jobs", description="Stops jobs that have not ended.")
    stopping.add_argument("name", help=_NAME)
    for verb in (listing, watching, results, stopping):
        _options.add_source(verb)
        verb.add_argument("--profile", help="a profile of the AWS files")
        verb.add_argument("--endpoint-url", help="an endpoint of Bedrock in place of AWS's")
        _options.add_json(verb)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Does what the verb says."""
    from outcrop._jobs.watching import Watch
    from outcrop._session import Session

    regions = _options.regions(arguments)
    session = Session(region_name=regions[0] if regions else None, **_options.connection(arguments))
    watch = Watch(session, regions or [session.region_name], arguments.name)
    return {"list": _list, "watch": _watch, "results": _results, "stop": _stop}[arguments.verb](watch, arguments)


def _list(watch: Watch, arguments: argparse.Namespace) -> int:
    found = watch.status()
    _output.show(found, as_json=arguments.json)
    return 0 if found or arguments.name is None else 1


def _watch(watch: Watch, arguments: argparse.Namespace) -> int:
    from outcrop._jobs.watching import table

    before = None
    while True:
        found = watch.found()
        shown = table(found)
        if before is not None and not arguments.json and list(shown) != before:
            print()
        if list(shown) != before and not arguments.json:
            _output.show(shown, as_json=False)
            sys.stdout.flush()
        before = list(shown)
        if all(row.is_final for row in found):
            break
        time.sleep(arguments.every)
    if arguments.json:
        _output.show(shown, as_json=True)
    return 0 if found and all(row.answered == row.records for row in shown) else 1


def _results(watch: Watch, arguments: argparse.Namespace) -> int:
    from outcrop._jobs.watching import lines

    try:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise ImportError("outcrop jobs results reads S3 through boto3: pip install boto3") from None
    found = watch.found()
    session = boto3.Session(profile_name=arguments.profile)
    before, end = ("[\n", "\n]\n") if arguments.json else ("", "")
    for row in found:
        if not row.is_final:
            print(f"{row.name} has not ended: it is {row.told['status']}", file=sys.stderr)
            continue
        try:
            for line in lines(row, session.client("s3", region_name=row.region)):
                sys.stdout.write(before + line.decode(errors="replace") + ("" if arguments.json else "\n"))
                before = ",\n" if arguments.json else ""
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"S3 was asked for what {row.name} wrote, and gave nothing: {error}") from error
    sys.stdout.write("[]\n" if before == "[\n" else end)
    return 0 if found and all(row.is_final for row in found) else 1


def _stop(watch: Watch, arguments: argparse.Namespace) -> int:
    from outcrop._jobs.watching import table

    stopped = watch.stop()
    _output.show(
        table([row._replace(told={**row.told, "status": "Stopping"}) for row in stopped]), as_json=arguments.json
    )
    return 0 if stopped else 1


def _seconds(value: str) -> float:
    import argparse

    try:
        found = float(value)
    except ValueError:
        found = -1.0
    if not 0 < found < 86_400:  # noqa: PLR2004  -- a day
        raise argparse.ArgumentTypeError(f"{value!r} is no number of seconds between 0 and a day")
    return found
