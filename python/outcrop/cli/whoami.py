"""`outcrop whoami`: what calls would be made with, and where each part comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import outcrop
from outcrop import exceptions
from outcrop.cli import _options, _output

if TYPE_CHECKING:
    import argparse

    from outcrop._session import Origin


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb `whoami`."""
    parser = subparsers.add_parser(
        "whoami",
        help="show what calls are made with: credentials, Region, endpoint, proxy, authorities",
        description=(
            "Shows what a client would call with, and which argument, variable or file each part comes from. Secrets "
            "are not shown. The credentials are fetched; Bedrock is not called."
        ),
    )
    parser.add_argument("--profile", help="a profile of the AWS files")
    _options.add_source(
        parser,
        metavar="REGION[=PROFILE]",
        help="the source Region (AWS's default), and a profile of the AWS files as in other commands",
    )
    parser.add_argument("--endpoint-url", help="an endpoint in place of AWS's")
    parser.add_argument("--principal", action="store_true", help="ask STS who the credentials belong to")
    _options.add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the table; without credentials there is the rest of it to look at."""
    region, profile = _options.one_source(arguments)
    session = outcrop.Session(profile_name=profile, region_name=region, endpoint_url=arguments.endpoint_url)
    try:
        lines = session.whoami(principal=arguments.principal)
    except exceptions.OutcropError:
        show(session.whoami(credentials=False), as_json=arguments.json)
        raise
    show(lines, as_json=arguments.json)
    return 0


def show(lines: list[Origin], *, as_json: bool) -> None:
    """Prints the lines.

    Args:
        lines: Each part and its place.
        as_json: Print JSON in place of a table.
    """
    if as_json:
        print(json.dumps([line._asdict() for line in lines], indent=2))
        return
    columns = ("name", "value", "place")
    _output.show_plainly(_output.Rows("", columns, [(line.name, line.value, line.place) for line in lines], ()))
