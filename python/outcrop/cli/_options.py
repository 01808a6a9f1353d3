"""Options that several verbs share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Source Regions and geographies, in the order of preference."""
    parser.add_argument(
        "--source", action="append", metavar="REGION", help="a source Region; several times for several (AWS's default)"
    )
    parser.add_argument(
        "--geography",
        action="append",
        metavar="NAME",
        help="us, eu, global, …, or direct for the model itself; several times for several",
    )
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")


def add_connection(parser: argparse.ArgumentParser) -> None:
    """Whom to ask, and as whom."""
    parser.add_argument("--profile", help="a profile of the AWS files")
    parser.add_argument("--endpoint-url", help="an endpoint in place of AWS's")
    parser.add_argument(
        "--catalogue",
        choices=("auto", "live", "snapshot"),
        default="auto",
        help="AWS's lists with the bundled facts in reserve, AWS's alone, or the bundled facts alone (%(default)s)",
    )


def connection(arguments: argparse.Namespace) -> dict[str, Any]:
    """The connection arguments that were given."""
    given = {"profile_name": arguments.profile, "endpoint_url": arguments.endpoint_url}
    return {name: value for name, value in given.items() if value is not None}
