"""The command line: `outcrop emulator` and the rest, each with `--help`."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING

from outcrop._native import __version__
from outcrop.exceptions import OutcropError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = ("bench", "emulator", "monitor", "plan", "profiles", "whoami")
"""Each is a module of this package with `add_parser(subparsers)` and `run(arguments)`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The words after `outcrop`; those of the process by default.

    Returns:
        The exit status: 0, or what the command says; 2 for words that cannot be understood and for what cannot be done.
    """
    parser = argparse.ArgumentParser(prog="outcrop", description="Amazon Bedrock, made for cross-Region inference.")
    parser.add_argument("--version", action="version", version=f"outcrop {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    modules = {name: importlib.import_module(f"outcrop.cli.{name}") for name in COMMANDS}
    for module in modules.values():
        module.add_parser(subparsers)
    parsed = parser.parse_args(arguments)
    try:
        return modules[parsed.command].run(parsed) or 0
    except (OutcropError, ValueError, ImportError, OSError) as error:
        # What the user can put right is told in a line; anything else keeps its traceback.
        print(f"outcrop {parsed.command}: {error}", file=sys.stderr)
        for note in getattr(error, "__notes__", []):
            print(f"  {note}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
