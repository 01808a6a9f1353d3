"""`outcrop profiles`: what can be called from where, and where it may be served."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from outcrop.cli import _options, _output

if TYPE_CHECKING:
    import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb `profiles`."""
    parser = subparsers.add_parser(
        "profiles",
        help="list inference profiles and where each may be served",
        description="Lists what can be called from one source Region or many, and where it may be served.",
    )
    parser.add_argument("model", nargs="?", help="only this model: its id, or a profile's")
    _options.add_sources(parser)
    _options.add_connection(parser)
    parser.add_argument(
        "--api",
        choices=("chat", "messages", "responses"),
        help="only what is not known to lack this API of OpenAI's or Anthropic's, with what is known: yes or unknown",
    )
    parser.add_argument("--tags", action="store_true", help="fetch the tags of application profiles, a call for each")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the table."""
    from outcrop.cross_region import profiles

    found = profiles(
        arguments.model,
        sources=_options.sources(arguments),
        geographies=arguments.geography,
        tags=arguments.tags,
        catalogue=arguments.catalogue,
        **_options.connection(arguments),
    )
    if arguments.api is not None:
        from outcrop.cross_region.apis import Speaking

        found = Speaking(found, arguments.api)
    _output.show(found, as_json=arguments.json)
    if not found:
        print("outcrop profiles: nothing is known that can be called so", file=sys.stderr)
    return 0 if found else 1
