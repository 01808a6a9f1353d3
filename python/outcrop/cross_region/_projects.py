"""Projects of Bedrock's: each is one account's in one Region, so it belongs to one source."""

from __future__ import annotations

import re

from outcrop import _values

_ARN = re.compile(r"arn:aws[a-z-]*:bedrock:([a-z0-9-]{1,20}):([0-9]{12}):project/([A-Za-z0-9_-]+)")
DEFAULT = "default"


def checked(region: str, name: str) -> str:
    """A project of a source Region, by its id or its ARN.

    Raises:
        ValueError: It is none, or is of another Region.
    """
    arn = _ARN.fullmatch(name)
    if arn is None and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
        raise ValueError(f"a project is an id such as proj_… or its ARN, not {_values.shown(name)}")
    if arn is not None and arn[1] != region:
        raise ValueError(f"the project {_values.shown(name)} belongs to {arn[1]}, not to {region}")
    return name


def is_default(name: str) -> bool:
    """Whether it is the project that every account has: calls that name none go in it."""
    return name == DEFAULT or name.endswith(f":project/{DEFAULT}")


def owner(name: str) -> str | None:
    """The account that a project's ARN names; an id names none."""
    arn = _ARN.fullmatch(name)
    return None if arn is None else arn[2]
