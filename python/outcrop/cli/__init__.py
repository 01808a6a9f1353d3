"""The command line: `outcrop emulator` and the rest, each with `--help`."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from outcrop._native import __version__
from outcrop.cli import _output, _profiles
from outcrop.cli._parser import Parser
from outcrop.exceptions import NoTargetError, OutcropError, ProfileNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

COMMANDS = ("bench", "call", "completion", "emulator", "jobs", "monitor", "plan", "profiles", "whoami")
"""Each is a module of this package with `add_parser(subparsers)` and `run(arguments)`."""


def made_parser() -> tuple[Parser, dict[str, ModuleType]]:
    """The parser of the whole command line, and each command's module by its name."""
    parser = Parser(prog="outcrop", description="Amazon Bedrock, made for cross-Region inference.")
    version = f"outcrop {__version__}"
    parser.add_argument("--version", action="version", version=version, help="print the version")
    subparsers = parser.add_verbs("command")
    modules = {name: importlib.import_module(f"outcrop.cli.{name}") for name in COMMANDS}
    for module in modules.values():
        module.add_parser(subparsers)
    return parser, modules


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The words after `outcrop`; those of the process by default.

    Returns:
        The exit status, as `--help` of each command tells.
    """
    _output.open_for_people()
    parser, modules = made_parser()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    parsed = parser.parse_args(words)
    verb = parser.verbs.get(parsed.command)
    if verb is None or (verb.verbs and parsed.verb is None):
        (verb or parser).print_help()
        return 0
    parsed.top = parser
    try:
        status = modules[parsed.command].run(parsed) or 0
        sys.stdout.flush()
    except BrokenPipeError:
        return _output.leave_closed_pipe()
    except KeyboardInterrupt:
        return 130
    except (OutcropError, ValueError, OverflowError, ImportError, OSError) as error:
        # What the user can put right is told in a line; anything else keeps its traceback.
        name = " ".join(filter(None, ["outcrop", parsed.command, getattr(parsed, "verb", None)]))
        print(f"{name}: {error}", file=sys.stderr)
        notes = list(getattr(error, "__notes__", []))
        if isinstance(error, ProfileNotFound):
            notes.append(_profiles.way_out(error.kwargs["profile"]))
        for note in notes:
            print(f"  {note}", file=sys.stderr)
        return 1 if isinstance(error, (*getattr(modules[parsed.command], "REFUSALS", ()), NoTargetError)) else 2
    return status


if __name__ == "__main__":
    sys.exit(main())
