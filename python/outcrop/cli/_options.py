"""Options that several verbs share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop.cli._parser import words

if TYPE_CHECKING:
    import argparse

    from outcrop._session import Session
    from outcrop.cross_region.sources import Source


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Source Regions, each with its account, and geographies, in the order of preference."""
    add_source(
        parser,
        metavar="REGION[=PROFILE]",
        help="a source Region (AWS's default), and a profile of the AWS files where another account calls it; several "
        "with commas, or several times",
    )
    parser.add_argument(
        "--geography",
        action="extend",
        type=words,
        metavar="NAME",
        help="us, eu, global, …, or direct for the model itself; several with commas, or several times",
    )
    add_json(parser)


def add_source(
    parser: argparse.ArgumentParser,
    *,
    metavar: str = "REGION",
    help: str = "a source Region (AWS's default); several with commas, or several times",
) -> None:
    """Source Regions; `--region` is what other tools call them.

    Args:
        parser: The parser of the verb.
        metavar: What is written for one.
        help: What is said of it.
    """
    parser.add_argument("--source", "--region", action="extend", type=words, metavar=metavar, help=help)


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
        metavar="SOURCE=PROJECT",
        help="the project of a source's calls, its id or ARN, behind the source as --source names it; several with "
        "commas, or several times",
    )
    parser.add_argument(
        "--retention",
        action="extend",
        type=words,
        metavar="MODE",
        help="a mode of data retention that sources may have, such as none; several with commas, or several times",
    )


def projects(arguments: argparse.Namespace) -> dict[str, str] | None:
    """The projects that were given, by their sources as these were named.

    Raises:
        ValueError: One is not written as a source and its project.
    """
    if arguments.project is None:
        return None
    found = {}
    for text in arguments.project:
        source, is_said, project = text.rpartition("=")
        if not (source and is_said and project):
            raise ValueError(f"--project is a source Region and its project, as in us-east-1=proj_…, not {text!r}")
        found[source] = project
    return found


def add_picture(parser: argparse.ArgumentParser) -> None:
    """Where the table's picture goes."""
    parser.add_argument("--plot", "--picture", metavar="FILE", help="draw the picture into this file (.png, .svg, …)")


def add_json(parser: argparse.ArgumentParser) -> None:
    """JSON in place of what people read."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def sources(arguments: argparse.Namespace) -> list[str | Source] | None:
    """The sources that were given, those of one profile with one session, each with its project. Nobody is asked.

    Raises:
        ValueError: One is not written as a Region, or as a Region and a profile of the AWS files; or a project is of
            none of them, or of more than one.
        ProfileNotFound: The files have no such profile.
    """
    from outcrop._session import Session
    from outcrop.cross_region.sources import Source

    if arguments.source is None:
        return None
    found: list[str | Source] = []
    sessions: dict[str, Session] = {}
    named = _projects(arguments)
    for text in arguments.source:
        region, is_said, profile = _source(text)
        if is_said and profile not in sessions:
            of_profile = {**connection(arguments), "profile_name": profile}
            sessions[profile] = Session(region_name=region, **of_profile)
        project = named.get(text)
        source = Source(region, session=sessions.get(profile) if is_said else None, project=project)
        found.append(source if is_said or project else region)
    return found


def _projects(arguments: argparse.Namespace) -> dict[str, str]:
    """The projects that were given beside sources, by these."""
    given = projects(arguments) if "project" in arguments else None
    found = {}
    for name, project in (given or {}).items():
        meant = [it for it in dict.fromkeys(arguments.source) if name in (it, _source(it)[0])]
        if not meant:
            raise ValueError(f"--project names {name!r}, which is not among the sources: {', '.join(arguments.source)}")
        if len(meant) > 1:
            raise ValueError(
                f"--project names {name}, where several accounts are called: say whose it is, as in "
                f"{meant[-1]}={project}"
            )
        found[meant[0]] = project
    return found


def _source(text: str) -> tuple[str, bool, str]:
    region, is_said, profile = text.partition("=")
    if not region or (is_said and not profile):
        raise ValueError(
            f"--source is a Region, or a Region and a profile of the AWS files as in us-east-1=team-a, not {text!r}"
        )
    return region, bool(is_said), profile


def regions(arguments: argparse.Namespace) -> list[str] | None:
    """The source Regions, where one account calls all of them.

    Raises:
        ValueError: One comes with a profile.
    """
    for text in arguments.source or ():
        region, is_said, profile = _source(text)
        if is_said:
            raise ValueError(
                f"--source takes Regions alone here, not {text!r}: say --source {region} --profile {profile}"
            )
    return arguments.source


def one_source(arguments: argparse.Namespace) -> tuple[str | None, str | None]:
    """The source Region and the profile, where there can be but one of each.

    Raises:
        ValueError: There are several.
    """
    if arguments.source and len(arguments.source) > 1:
        raise ValueError(f"--source takes one Region here, not {', '.join(arguments.source)}")
    if not arguments.source:
        return None, arguments.profile
    region, is_said, profile = _source(arguments.source[0])
    if is_said and arguments.profile not in (None, profile):
        raise ValueError(f"--source names the profile {profile}, and --profile {arguments.profile}: say one")
    return region, profile if is_said else arguments.profile


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
