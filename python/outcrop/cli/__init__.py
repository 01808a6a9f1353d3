"""The command line: `outcrop emulator` and the rest, each with `--help`."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING

from outcrop._native import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = ("emulator",)
"""Each is a module of this package with `add_parser(subparsers)` and `run(arguments)`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The words after `outcrop`; those of the process by default.

    Returns:
        The exit status: 0, or what the command says; 2 for words that cannot be understood.
    """
    parser = argparse.ArgumentParser(prog="outcrop", description="Amazon Bedrock, made for cross-Region inference.")
    parser.add_argument("--version", action="version", version=f"outcrop {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    modules = {name: importlib.import_module(f"outcrop.cli.{name}") for name in COMMANDS}
    for module in modules.values():
        module.add_parser(subparsers)
    parsed = parser.parse_args(arguments)
    return modules[parsed.command].run(parsed) or 0


if __name__ == "__main__":
    sys.exit(main())
