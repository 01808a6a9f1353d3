"""The profiles that the AWS files have, for whoever mistyped one."""

from __future__ import annotations

import configparser
import os
import shlex
from pathlib import Path

from outcrop.cli._parser import suggestion

_FILES = {"AWS_CONFIG_FILE": "~/.aws/config", "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials"}


def way_out(wanted: str) -> str:
    """What to say in place of a profile that is not there.

    Args:
        wanted: The name that was given.
    """
    names = known()
    where = " and ".join(os.environ.get(variable) or usual for variable, usual in _FILES.items())
    if not names:
        return f"there is no profile in {where}"
    return f"{suggestion(wanted, names).removeprefix('; ') or 'none is like it,'} there are: {', '.join(names)}"


def known() -> list[str]:
    """The names of the profiles, as the AWS command line lists them; what cannot be read has none."""
    found: dict[str, None] = {}
    for variable, usual in _FILES.items():
        parser = configparser.RawConfigParser(default_section="", strict=False)
        try:
            parser.read(Path(os.environ.get(variable) or usual).expanduser(), encoding="utf-8")
        except (OSError, RuntimeError, ValueError, configparser.Error):
            continue
        for section in parser.sections():
            name = _name(section, is_config=variable == "AWS_CONFIG_FILE")
            if name is not None:
                found[name] = None
    return list(found)


def _name(section: str, *, is_config: bool) -> str | None:
    """The profile that a section is of, if it is of one."""
    if not is_config or section == "default":
        return section
    try:
        kind, name = shlex.split(section)
    except ValueError:
        return None
    return name if kind == "profile" else None
