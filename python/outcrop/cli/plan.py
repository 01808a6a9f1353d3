"""`outcrop plan`: where data would go. It exits with 1 when a target is refused or unknown, for CI."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from outcrop.cli import _options, _output
from outcrop.cli._parser import words

if TYPE_CHECKING:
    import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb `plan`."""
    parser = subparsers.add_parser(
        "plan",
        help="show every target of a model, its destinations, and whether residency and data retention allow it",
        description="Shows every target of a model, where it may be served, what its source Region keeps, and if "
        "residency and data retention allow it. Nothing is sent to a model. The exit status is 1 when a target is "
        "refused, or nobody knows it.",
    )
    parser.add_argument("model", help="a model's id, a profile's id, or an ARN")
    parser.add_argument(
        "--next",
        action="extend",
        type=words,
        metavar="MODEL",
        dest="next_models",
        help="a model that is tried when those before it have no target left; several with commas, or several times",
    )
    _options.add_sources(parser)
    _options.add_residency(parser)
    _options.add_terms(parser)
    parser.add_argument("--iam", metavar="ACCOUNT", help="print the IAM policy that the plan needs for this account")
    parser.add_argument("--scp", action="store_true", help="print the service control policy that lets it through")
    parser.add_argument("--any", action="store_true", help="be content when one target may be called that is known")
    _options.add_connection(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the plan."""
    from outcrop.cross_region import iam_policy, plan, scp_policy

    found = plan(
        [arguments.model, *(arguments.next_models or [])],
        sources=_options.sources(arguments),
        geographies=arguments.geography,
        residency=arguments.residency,
        projects=None if arguments.source else _options.projects(arguments),
        retention=arguments.retention,
        catalogue=arguments.catalogue,
        **_options.connection(arguments),
    )
    if arguments.iam:
        print(json.dumps(iam_policy(found, arguments.iam), indent=2))
    elif arguments.scp:
        print(json.dumps(scp_policy(found), indent=2))
    else:
        _output.show(found, as_json=arguments.json)
    # What nobody knows may be tried, and is nothing to build on.
    good = [target.allowed and target.known for target in found]
    return 0 if (any(good) if arguments.any else good and all(good)) else 1
