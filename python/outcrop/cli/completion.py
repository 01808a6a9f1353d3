"""`outcrop completion`: what a shell needs to complete verbs and options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from outcrop.cli._parser import Parser

_HOW = """to use it: eval "$(outcrop completion bash)" in ~/.bashrc, the same with zsh in ~/.zshrc after compinit,
outcrop completion fish > ~/.config/fish/completions/outcrop.fish"""

_BASH = """_outcrop() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} verbs="" word_of
  for word_of in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word_of in -*) ;; *) case " {all_verbs} " in *" $word_of "*) verbs="$verbs $word_of" ;; esac ;; esac
  done
  local known=""
  case "${{verbs# }} $before" in
{choices}
  esac
  [ -n "$known" ] || case "${{verbs# }}" in
{cases}
  esac
  COMPREPLY=($(compgen -W "$known" -- "$word"))
  [ ${{#COMPREPLY[@]}} -gt 0 ] || COMPREPLY=($(compgen -f -- "$word"))
}}
complete -F _outcrop outcrop
"""


def add_parser(subparsers: Any) -> None:
    """Adds the verb `completion`."""
    parser = subparsers.add_parser(
        "completion", help="print what a shell needs to complete verbs and options", description=_HOW
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the script."""
    found = list(_walk(arguments.top, ()))
    if arguments.shell == "fish":
        print(_fish(found), end="")
    else:
        # zsh reads bash's completions by an adapter of its own.
        head = "autoload -U +X bashcompinit && bashcompinit\n" if arguments.shell == "zsh" else ""
        print(head + _bash(found), end="")
    return 0


def _walk(parser: Parser, path: tuple[str, ...]) -> Any:
    yield path, parser
    for name, verb in parser.verbs.items():
        yield from _walk(verb, (*path, name))


def _bash(found: list[tuple[tuple[str, ...], Parser]]) -> str:
    verbs = sorted({name for path, _ in found for name in path})
    cases = "\n".join(
        f'    "{" ".join(path)}") known="{" ".join([*parser.verbs, *parser.options])}" ;;' for path, parser in found
    )
    choices = "\n".join(
        f'    "{" ".join(path)} {flag}") known="{" ".join(words)}" ;;'
        for path, parser in found
        for flag, words in parser.choices.items()
    )
    return _BASH.format(all_verbs=" ".join(verbs), cases=cases, choices=choices)


def _fish(found: list[tuple[tuple[str, ...], Parser]]) -> str:
    lines = ["complete -c outcrop -f"]
    for path, parser in found:
        seen = "; and ".join(f"__fish_seen_subcommand_from {name}" for name in path) or "__fish_use_subcommand"
        inner = " ".join(parser.verbs)
        if inner and path:
            seen += f"; and not __fish_seen_subcommand_from {inner}"
        lines += [f"complete -c outcrop -n '{seen}' -a {name}" for name in parser.verbs]
        for flag in parser.options:
            if flag.startswith("--"):
                words = parser.choices.get(flag)
                takes = f" -x -a '{' '.join(words)}'" if words else ""
                lines.append(f"complete -c outcrop -n '{seen}' -l {flag[2:]}{takes}")
    return "\n".join(lines) + "\n"
