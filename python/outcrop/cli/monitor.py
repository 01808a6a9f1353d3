"""`outcrop monitor`: invocation logging, the metric of re-routed calls, dashboard and alarms, and who served what."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outcrop import _values
from outcrop.cli import _options, _output
from outcrop.exceptions import OutcropError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    Parsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no other name


REFUSALS = (LookupError,)
"""What was asked for is not there: the answer is no."""


def add_parser(subparsers: Any) -> None:
    """Adds the verb `monitor` and what it can do."""
    parser = subparsers.add_parser(
        "monitor",
        help="set up invocation logging, dashboard and alarms, and report who served what",
        description="Sets up Bedrock's invocation logging, a metric of re-routed calls, a dashboard and alarms; takes "
        "them down again; and reports which Region served what. It needs outcrop[monitoring].",
    )
    verbs = parser.add_verbs("verb")
    for add in (_add_enable, _add_disable, _add_metric, _add_report, _add_where, _add_dashboard, _add_alarms):
        add(verbs)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Does what was asked."""
    from outcrop import monitoring

    verbs: dict[str, Callable[[Any, argparse.Namespace], int]] = {
        "enable": _enable,
        "disable": _disable,
        "metric": _metric,
        "report": _report,
        "where": _where,
        "dashboard": _dashboard,
        "alarms": _alarms,
    }
    try:
        from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004
    except ImportError:
        raise monitoring.MissingExtraError("boto3", "monitoring") from None
    try:
        return verbs[arguments.verb](monitoring, arguments)
    except OutcropError:
        raise
    except (ClientError, ConnectionError, HTTPClientError) as error:
        raise monitoring.MonitoringError(f"AWS was asked and gave no answer to work with: {error}") from error
    except BotoCoreError as error:
        # Nobody was asked.
        raise monitoring.MonitoringError(f"{error} (`outcrop whoami` shows where was looked)") from error


def _add_enable(verbs: Parsers) -> None:
    parser = _verb(verbs, "enable", "switch invocation logging on: role, log group, logging configuration")
    _add_changes(parser)
    parser.add_argument("--role", metavar="NAME", help="the role that Bedrock writes with")
    parser.add_argument("--retention-days", type=int, metavar="DAYS", help="how long records are kept")
    parser.add_argument("--no-cloudwatch", action="store_true", help="no records to CloudWatch Logs; name a --bucket")
    parser.add_argument("--large-data-bucket", metavar="BUCKET", help="a bucket for bodies over 100 kB")
    parser.add_argument("--data", action="append", help="text, image, embedding, video or audio; several times")
    parser.add_argument("--metadata-only", action="store_true", help="log no bodies, so that no prompt gets into a log")
    parser.add_argument(
        "--existing",
        choices=("refuse", "adopt", "replace"),
        default="refuse",
        help="what to do about a configuration that is there already (%(default)s)",
    )
    parser.add_argument("--policy", action="store_true", help="print the IAM policy that this needs; change nothing")
    parser.add_argument("--tag", action="append", metavar="KEY=VALUE", help="a tag for what is made; several times")
    parser.add_argument("--wait", type=float, default=60, metavar="SECONDS", help="for IAM to know a new role (60)")
    parser.add_argument("--receipts", metavar="PATH", help="write what disable needs where no log group can keep it")
    parser.add_argument("--large-data-key-prefix", metavar="PREFIX", help="where in the bucket for large bodies")
    _add_bucket(parser)


def _enable(monitoring: Any, arguments: argparse.Namespace) -> int:
    plan = monitoring.enable(
        _session(arguments),
        **_given(
            **_common(arguments),
            role_name=arguments.role,
            retention_days=arguments.retention_days,
            cloudwatch=not arguments.no_cloudwatch,
            bucket=arguments.bucket,
            key_prefix=arguments.key_prefix,
            large_data_bucket=arguments.large_data_bucket,
            large_data_key_prefix=arguments.large_data_key_prefix,
            tags=_pairs(arguments.tag, str),
            wait_seconds=arguments.wait,
            data=arguments.data,
            metadata_only=arguments.metadata_only,
            existing=arguments.existing,
            dry_run=arguments.dry_run or arguments.policy,
        ),
    )
    if arguments.receipts and plan.receipts and not plan.dry_run:
        kept = {region: json.loads(receipt.to_json()) for region, receipt in plan.receipts.items()}
        Path(arguments.receipts).write_text(json.dumps(kept, indent=2), encoding="utf-8")
    if arguments.policy:
        print(json.dumps(plan.policy(), indent=2))
    else:
        _output.show(plan, as_json=arguments.json)
    return 0


def _add_disable(verbs: Parsers) -> None:
    parser = _verb(verbs, "disable", "undo what enable did, and nothing else")
    _add_changes(parser)
    parser.add_argument(
        "--delete-logs", action="store_true", help="delete the log group that was made, with its records"
    )
    parser.add_argument(
        "--existing",
        choices=("refuse", "replace"),
        default="refuse",
        help="what to do about a configuration that is there already (%(default)s)",
    )
    parser.add_argument("--receipts", metavar="PATH", help="what enable wrote, where records go to Amazon S3 only")


def _disable(monitoring: Any, arguments: argparse.Namespace) -> int:
    receipts = None
    if arguments.receipts:
        receipts = _receipts(monitoring, Path(arguments.receipts))
    plan = monitoring.disable(
        _session(arguments),
        **_given(
            **_common(arguments),
            delete_logs=arguments.delete_logs,
            receipts=receipts,
            existing=arguments.existing,
            dry_run=arguments.dry_run,
        ),
    )
    _output.show(plan, as_json=arguments.json)
    return 0


def _receipts(monitoring: Any, path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {region: monitoring.Receipt.from_json(json.dumps(receipt)) for region, receipt in kept.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        why = error if isinstance(error, ValueError) else "it holds no receipt by Region"
        raise ValueError(f"{path} is no file that --receipts of enable wrote: {why}") from error


def _add_metric(verbs: Parsers) -> None:
    parser = _verb(verbs, "metric", "make the metric of re-routed calls out of the log")
    _add_changes(parser)
    parser.add_argument(
        "--variant", action="append", help="rerouted, sample, calls, by_region, by_region_and_model, outside"
    )
    parser.add_argument("--allowed-region", action="append", metavar="REGION", help="for outside; several times")


def _metric(monitoring: Any, arguments: argparse.Namespace) -> int:
    plan = monitoring.reroute_metric(
        _session(arguments),
        **_given(
            **_common(arguments),
            variant=arguments.variant,
            allowed_regions=arguments.allowed_region,
            dry_run=arguments.dry_run,
        ),
    )
    _output.show(plan, as_json=arguments.json)
    return 0


def _add_report(verbs: Parsers) -> None:
    parser = _verb(verbs, "report", "tell which Region served what")
    _add_window(parser)
    parser.add_argument("--every", metavar="SPAN", help="the length of a time bucket, such as 5m")
    parser.add_argument(
        "--from", dest="read_from", choices=("auto", "insights", "events", "s3"), default="auto",
        help="where records are read: by a query of Logs Insights, event by event, or from Amazon S3 (%(default)s)",
    )  # fmt: skip
    _add_file(parser)
    _options.add_picture(parser)
    _add_bucket(parser)


def _report(monitoring: Any, arguments: argparse.Namespace) -> int:
    found = monitoring.routing_report(
        None if arguments.file else _session(arguments),
        **_given(
            **_common(arguments),
            since=arguments.since,
            until=arguments.until,
            every=arguments.every,
            source=arguments.read_from,
            bucket=arguments.bucket,
            key_prefix=arguments.key_prefix,
            files=_files(arguments),
        ),
    )
    if arguments.plot:
        found.plot().savefig(arguments.plot, dpi=150)
    _output.show(found, as_json=arguments.json)
    if not found.calls:
        print("outcrop monitor report: there is no record of a call", file=sys.stderr)
    return 0 if found.calls else 1


def _add_where(verbs: Parsers) -> None:
    parser = _verb(verbs, "where", "tell which Region served one call")
    parser.add_argument("request_id", help="ResponseMetadata.RequestId of an answer")
    _add_window(parser)
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="how long to wait for the record")
    _add_file(parser)
    _add_bucket(parser)


def _where(monitoring: Any, arguments: argparse.Namespace) -> int:
    files = _files(arguments)
    found = monitoring.where(
        arguments.request_id,
        None if files else _session(arguments),
        **_given(
            **_common(arguments),
            files=files,
            since=arguments.since,
            until=arguments.until,
            bucket=arguments.bucket,
            key_prefix=arguments.key_prefix,
            wait_seconds=arguments.wait,
        ),
    )
    print(json.dumps(found.record, indent=2) if arguments.json else found)
    return 0


def _add_dashboard(verbs: Parsers) -> None:
    parser = _verb(verbs, "dashboard", "make the CloudWatch dashboard, or write it to a file")
    _add_written(parser)
    parser.add_argument("--name", help="the dashboard's name")


def _dashboard(monitoring: Any, arguments: argparse.Namespace) -> int:
    made = monitoring.dashboard(
        _session(arguments),
        **_given(
            **_common(arguments), name=arguments.name, models=arguments.model, quotas=_pairs(arguments.quota, float),
            dry_run=arguments.dry_run or arguments.write is not None,
        ),
    )  # fmt: skip
    if arguments.write:
        _written(made.write(arguments.write, format=arguments.format), arguments)
    else:
        print(made.to_json() if arguments.json or arguments.dry_run else f"dashboard {made.name} is in place")
    return 0


def _written(path: Path, arguments: argparse.Namespace) -> None:
    print(json.dumps({"written": str(path)}) if arguments.json else path)


def _add_alarms(verbs: Parsers) -> None:
    parser = _verb(verbs, "alarms", "make the CloudWatch alarms, or write them to a file")
    _add_written(parser)
    parser.add_argument("--allowed-region", action="append", metavar="REGION", help="where to serve; several times")
    parser.add_argument("--action", action="append", metavar="ARN", help="what to notify; several times")


def _alarms(monitoring: Any, arguments: argparse.Namespace) -> int:
    made = monitoring.alarms(
        _session(arguments),
        **_given(
            **_common(arguments),
            models=arguments.model,
            quotas=_pairs(arguments.quota, float),
            allowed_regions=arguments.allowed_region,
            actions=arguments.action,
            dry_run=arguments.dry_run or arguments.write is not None,
        ),
    )
    if arguments.write:
        _written(made.write(arguments.write, format=arguments.format), arguments)
    elif arguments.json or arguments.dry_run:
        print(made.to_json())
    else:
        print(
            *(f"{region}: {alarm['AlarmName']}" for region in made.by_region for alarm in made.by_region[region]),
            sep="\n",
        )
    return 0


def _verb(verbs: Parsers, name: str, text: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    _options.add_source(parser)
    parser.add_argument("--log-group", metavar="NAME", help="the log group of the invocation records")
    parser.add_argument("--profile", help="a profile of the AWS files")
    parser.add_argument("--endpoint-url", help="Bedrock's endpoint in place of AWS's")
    parser.add_argument(
        "--service-url", action="append", metavar="SERVICE=URL", help="another service's, such as logs=http://…"
    )
    _options.add_json(parser)
    return parser


def _add_changes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and do nothing")


def _add_bucket(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bucket", help="the bucket that Bedrock writes records to")
    parser.add_argument("--key-prefix", help="where in that bucket")


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--file",
        action="append",
        metavar="PATH",
        help="an exported log in place of AWS's: a file, a folder, or - for standard input; several times",
    )


def _files(arguments: argparse.Namespace) -> list[Any] | None:
    if not arguments.file:
        return None
    return [sys.stdin.buffer if path == "-" else path for path in arguments.file]


def _add_window(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", metavar="SPAN", help="how far back to look, such as 90m or 7d, or a moment (1h)")
    parser.add_argument("--until", metavar="SPAN", help="where to stop, likewise (now)")


def _add_written(parser: argparse.ArgumentParser) -> None:
    _add_changes(parser)
    parser.add_argument("--model", action="append", default=[], help="a model or profile id; several times")
    parser.add_argument("--quota", action="append", metavar="MODEL=TOKENS", help="tokens a minute; several times")
    parser.add_argument("--write", metavar="PATH", help="write a file in place of asking CloudWatch")
    parser.add_argument(
        "--format",
        choices=("json", "cloudformation", "terraform"),
        default="json",
        help="what --write writes (%(default)s)",
    )


def _session(arguments: argparse.Namespace) -> Any:
    from outcrop import Session

    regions = _options.regions(arguments) or [None]
    session = Session(region_name=regions[0], profile_name=arguments.profile, endpoint_url=arguments.endpoint_url)
    session.client("bedrock")  # A Region that is not there, or cannot be, is told before anybody is asked.
    return session


def _common(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "regions": _options.regions(arguments),
        "log_group_name": arguments.log_group,
        "endpoint_urls": _pairs(arguments.service_url, str),
    }


def _given(**options: Any) -> dict[str, Any]:
    """What was said; the rest keeps its default."""
    return {name: value for name, value in options.items() if value is not None}


def _pairs(words: Iterable[str] | None, kind: Callable[[str], Any]) -> dict[str, Any] | None:
    if words is None:
        return None
    found = {}
    for word in words:
        name, equals, value = word.rpartition("=")
        if not equals:
            raise ValueError(f"{_values.shown(word)} is no pair: write NAME=VALUE")
        found[name] = kind(value)
    return found
