"""A parser that answers a slip with what was probably meant, in the words of the verb at which it was made."""

from __future__ import annotations

import argparse
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STATUS = """exit status: 0 it is done; 1 the answer is no: a target is refused, nothing is found, Bedrock refused
a call; 2 the words cannot be understood, or it cannot be done; 130 Ctrl-C; 141 who read the output has gone"""

_CHOICE = re.compile(r"(?:argument (?P<of>[^:]+): )?invalid choice: '?(?P<word>.*?)'? \(choose from (?P<all>.*)\)$")


class Parser(argparse.ArgumentParser):
    """argparse's, with suggestions, and with help in place of an error where nothing was asked.

    Args:
        *arguments: argparse's.
        **options: argparse's.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.options: dict[str, str] = {}
        """The names of options and what each is for, for suggestions and completion."""
        self.choices: dict[str, list[str]] = {}
        """What an option takes, where that is one of a few words."""
        self.files: list[str] = []
        """The names of options that take a file."""
        self.words: list[str] = []
        """What stands where a word is wanted that is no option's."""
        self.verbs: dict[str, Parser] = {}
        self._names: list[str] = []
        # A part of a name would be another's as soon as there is a new option.
        super().__init__(*arguments, **{"allow_abbrev": False, "epilog": STATUS, **options})

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        """argparse's, remembered."""
        flags = [name for name in names if name.startswith("-")]
        self.options |= dict.fromkeys(flags, options.get("help", ""))
        choices = [str(choice) for choice in options.get("choices") or ()]
        if not flags:
            self.words += choices
            self._names.append(f"[{names[0]}]" if options.get("nargs") == "?" else names[0])
        elif choices:
            self.choices |= dict.fromkeys(flags, choices)
        if options.get("metavar") in {"FILE", "PATH"}:
            self.files += flags
        return super().add_argument(*names, **options)

    def add_verbs(self, name: str) -> Any:
        """Subparsers under a name; none of them is help, not an error."""
        subparsers = self.add_subparsers(dest=name, metavar=name.upper(), parser_class=type(self))
        self.verbs = subparsers.choices  # pyright: ignore[reportAttributeAccessIssue]
        return subparsers

    def format_help(self) -> str:
        """argparse's, with a first line that does not repeat the list of options."""
        if not self.verbs:
            self.usage = " ".join(["%(prog)s", *self._names, "[option …]"])
        return super().format_help()

    def parse_known_args(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """argparse's; what is not known is complained of here, where the verb's own options are known."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized argument {unknown[0]}{self._meant(unknown[0].partition('=')[0])}")
        return found, []

    def _meant(self, option: str) -> str:
        owners = sorted(name for name, verb in self.verbs.items() if option in verb.options)
        if owners:
            return f"; it stands after the {'command' if len(owners) > 1 else owners[0]}"
        return suggestion(option, self.options)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in a line, and where there is help."""
        slip = _CHOICE.match(message)
        if slip:
            known = re.findall(r"[\w.-]+", slip["all"])
            what = f"{slip['of'].lower()} " if slip["of"] else ""
            near = suggestion(slip["word"], known)
            message = f"there is no {what}{slip['word']!r}{near or ';'} there are: {', '.join(known)}"
        self.exit(2, f"{self.prog}: {message}\nTry '{self.prog} --help'.\n")


def suggestion(word: str, known: Iterable[str]) -> str:
    """What was probably meant, behind a complaint; empty where nothing known is like it.

    Args:
        word: What was written.
        known: What there is.
    """
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def words(value: str) -> list[str]:
    """Names with commas between them, as one argument."""
    if not value.strip():
        raise argparse.ArgumentTypeError("it is empty")
    found = [word.strip() for word in value.split(",")]
    if not all(found):
        raise argparse.ArgumentTypeError(f"{value!r} has nothing between two commas")
    return found


def port(value: str) -> int:
    """A port, or 0 for one that the system chooses."""
    if not value.isdecimal() or int(value) > 65535:  # noqa: PLR2004  -- the last one
        raise argparse.ArgumentTypeError(f"{value!r} is no port: 0 to 65535")
    return int(value)
