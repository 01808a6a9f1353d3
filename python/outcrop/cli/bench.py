"""`outcrop bench`: how fast the targets of a model answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from outcrop.cli import _options, _output

if TYPE_CHECKING:
    import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the verb `bench`."""
    parser = subparsers.add_parser(
        "bench",
        help="measure how fast the targets of a model answer (makes paid calls)",
        description="Measures the time to the first and to the last token and the tokens a second of every target of a "
        "model, in turns. It makes paid calls: without --yes it only says how many, and about how many tokens.",
    )
    parser.add_argument("model", help="a model's id, a profile's id, or an ARN")
    _options.add_sources(parser)
    _options.add_residency(parser)
    parser.add_argument("--calls", type=int, default=10, help="measured calls of each target (%(default)s)")
    parser.add_argument("--warm-up", type=int, default=1, help="calls of each target before these (%(default)s)")
    parser.add_argument("--max-tokens", type=int, default=200, help="how long an answer may be (%(default)s)")
    _options.add_picture(parser)
    parser.add_argument("--yes", action="store_true", help="make the calls")
    _options.add_connection(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the table."""
    from outcrop.cross_region import benchmark

    try:
        found = benchmark(
            arguments.model,
            sources=_options.sources(arguments),
            geographies=arguments.geography,
            residency=arguments.residency,
            calls=arguments.calls,
            warm_up=arguments.warm_up,
            max_tokens=arguments.max_tokens,
            catalogue=arguments.catalogue,
            yes=arguments.yes,
            **_options.connection(arguments),
        )
    except PermissionError as error:
        print(f"outcrop bench: {error}", file=sys.stderr)
        return 1
    _output.show(found, as_json=arguments.json)
    if arguments.plot is not None:
        found.plot().savefig(arguments.plot, dpi=150)
    # A target that never answered was not measured.
    return 0 if all(row.last_token for row in found) else 1
