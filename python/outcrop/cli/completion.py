"""`outcrop completion`: what a shell needs to complete verbs and options."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from outcrop.cli import _options

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from outcrop.cli._parser import Parser

    Found = list[tuple[tuple[str, ...], Parser]]

_HOW = """Prints what a shell needs to complete verbs and options. To use it: eval "$(outcrop completion bash)"
in ~/.bashrc, the same with zsh in ~/.zshrc after compinit,
outcrop completion fish > ~/.config/fish/completions/outcrop.fish"""

# Which verbs were typed is asked word by word, so that a prompt's words are none. Where nothing is known, files are.
_CASES = """  local word_of verbs=""
  local -a known
  for word_of in {typed}; do
    case "${{verbs:+$verbs }}$word_of" in {paths}) verbs="${{verbs:+$verbs }}$word_of" ;; esac
  done
  case "$verbs $before" in
{choices}
    *) case "$verbs" in
{cases}
      esac ;;
  esac
"""
_BASH = (
    """_outcrop() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
"""
    + _CASES
    + """  COMPREPLY=($(compgen -W "${{known[*]}}" -- "$word"))
  [ ${{#COMPREPLY[@]}} -gt 0 ] || COMPREPLY=($(compgen -f -- "$word"))
}}
complete -F _outcrop outcrop
"""
)
_ZSH = (
    """_outcrop() {{
  local before=${{words[CURRENT-1]}}
"""
    + _CASES
    + """  compadd -a known || _files
}}
compdef _outcrop outcrop
"""
)


def add_parser(subparsers: Any) -> None:
    """Adds the verb `completion`."""
    parser = subparsers.add_parser(
        "completion", help="print what a shell needs to complete verbs and options", description=_HOW
    )
    parser.add_argument("shell", nargs="?", choices=("bash", "zsh", "fish"), help="the shell")
    _options.add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the script, or as JSON what the command line has, for a shell that is none of these."""
    found = list(_walk(arguments.top, ()))
    if arguments.json:
        print(json.dumps({" ".join(path): _described(parser) for path, parser in found}, indent=2))
    elif arguments.shell is None:
        raise ValueError("say which shell: bash, zsh or fish; or --json for what any other needs")
    elif arguments.shell == "fish":
        print(*_fish(found), sep="\n")
    elif arguments.shell == "zsh":
        print(_filled(_ZSH, found, '"${(@)words[2,CURRENT-1]}"'), end="")
    else:
        print(_filled(_BASH, found, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"'), end="")
    return 0


def _walk(parser: Parser, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Parser]]:
    yield path, parser
    for name, verb in parser.verbs.items():
        yield from _walk(verb, (*path, name))


def _described(parser: Parser) -> dict[str, Any]:
    return {
        "description": parser.description,
        "commands": list(parser.verbs),
        "words": parser.words,
        "options": {
            name: {"help": text, "choices": parser.choices.get(name, [])} for name, text in parser.options.items()
        },
    }


def _filled(script: str, found: Found, typed: str) -> str:
    cases = [(f'"{" ".join(path)}"', [*parser.verbs, *parser.words, *parser.options]) for path, parser in found]
    choices = [
        (f'"{" ".join(path)} {flag}"', parser.choices.get(flag, []))
        for path, parser in found
        for flag in [*parser.choices, *parser.files]
    ]
    return script.format(
        typed=typed,
        paths="|".join(f'"{" ".join(path)}"' for path, _ in found if path),
        choices="\n".join(f"    {case}) known=({' '.join(words)}) ;;" for case, words in choices),
        cases="\n".join(f"      {case}) known=({' '.join(words)}) ;;" for case, words in cases),
    )


def _fish(found: Found) -> Iterator[str]:
    yield "complete -c outcrop -f"
    for path, parser in found:
        seen = "; and ".join(f"__fish_seen_subcommand_from {name}" for name in path) or "__fish_use_subcommand"
        inner = " ".join(parser.verbs)
        if inner and path:
            seen += f"; and not __fish_seen_subcommand_from {inner}"
        start = f"complete -c outcrop -n {shlex.quote(seen)}"
        yield from (
            f"{start} -a {name} -d {shlex.quote(_first_line(verb.description))}" for name, verb in parser.verbs.items()
        )
        yield from (f"{start} -a {word}" for word in parser.words)
        for flag, text in parser.options.items():
            if flag.startswith("--"):
                choices = f" -x -a {shlex.quote(' '.join(parser.choices[flag]))}" if flag in parser.choices else ""
                takes = " -r -F" if flag in parser.files else choices
                yield f"{start} -l {flag[2:]}{takes} -d {shlex.quote(_first_line(text))}"


def _first_line(text: str | None) -> str:
    return (text or "").partition("\n")[0].partition(". ")[0].replace("%(default)s", "default").rstrip(".")
