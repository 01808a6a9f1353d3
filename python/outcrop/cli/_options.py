"""Options that several verbs share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop.cli._parser import words

if TYPE_CHECKING:
    import argparse


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Source Regions and geographies, in the order of preference."""
    add_source(parser)
    parser.add_argument(
        "--geography",
        action="extend",
        type=words,
        metavar="NAME",
        help="us, eu, global, …, or direct for the model itself; several with commas, or several times",
    )
    add_json(parser)


def add_source(parser: argparse.ArgumentParser) -> None:
    """Source Regions alone; `--region` is what other tools call them."""
    parser.add_argument(
        "--source",
        "--region",
        action="extend",
        type=words,
        metavar="REGION",
        help="a source Region (AWS's default); several with commas, or several times",
    )


def add_residency(parser: argparse.ArgumentParser) -> None:
    """The Regions that data may reach."""
    parser.add_argument(
        "--residency",
        action="extend",
        type=words,
        metavar="REGION",
        help="a Region that data may reach, or a jurisdiction such as eu; several with commas, or several times",
    )


def add_terms(parser: argparse.ArgumentParser) -> None:
    """What sources have to be beside: their project and what they keep."""
    parser.add_argument(
        "--project",
        action="extend",
        type=words,
        metavar="REGION=PROJECT",
        help="the project of a source Region's calls, its id or ARN; several with commas, or several times",
    )
    parser.add_argument(
        "--retention",
        action="extend",
        type=words,
        metavar="MODE",
        help="a mode of data retention that sources may have, such as none; several with commas, or several times",
    )


def projects(arguments: argparse.Namespace) -> dict[str, str] | None:
    """The projects that were given.

    Raises:
        ValueError: One is not written as a Region and its project.
    """
    if arguments.project is None:
        return None
    found = {}
    for text in arguments.project:
        region, is_said, project = text.partition("=")
        if not (region and is_said and project):
            raise ValueError(f"--project is a source Region and its project, as in us-east-1=proj_…, not {text!r}")
        found[region] = project
    return found


def add_picture(parser: argparse.ArgumentParser) -> None:
    """Where the table's picture goes."""
    parser.add_argument("--plot", "--picture", metavar="FILE", help="draw the picture into this file (.png, .svg, …)")


def add_json(parser: argparse.ArgumentParser) -> None:
    """JSON in place of what people read."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def one_source(arguments: argparse.Namespace) -> str | None:
    """The source Region, where there can be but one."""
    if arguments.source and len(arguments.source) > 1:
        raise ValueError(f"--source takes one Region here, not {', '.join(arguments.source)}")
    return arguments.source[0] if arguments.source else None


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
