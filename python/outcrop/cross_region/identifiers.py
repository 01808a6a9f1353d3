"""What a model identifier says by its form alone: a model, a profile, or an ARN of one.

Geographies are read from the structure, `geography.provider.model`, never from a list: a new one appears every few
months. What the form leaves open (`qwen.qwen3.5` is a model, no geography `qwen`) is settled by the providers and
geographies that the catalogue knows. It is a guess still: what can be called, and where that leads, only lists say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from outcrop import _values
from outcrop._model_ids import split

_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):bedrock:(?P<region>[a-z0-9-]*):(?P<account>\d*):(?P<kind>[a-z-]+)/(?P<name>.+)"
)

Kind = Literal["model", "profile", "application"]

_KINDS: dict[str, Kind] = {
    "foundation-model": "model",
    "inference-profile": "profile",
    "application-inference-profile": "application",
}


@dataclass(frozen=True)
class Identifier:
    """A model identifier, taken apart.

    Attributes:
        text: The identifier as given.
        kind: `model`, `profile` (system-defined) or `application` (an application inference profile, by ARN).
        name: The id without the ARN around it; opaque for an application profile.
        geography: What stands before the first dot of a profile's id; `None` for all others.
        base_model: The id of the model itself; `None` where only AWS knows it, behind an application profile.
        region: The Region in the ARN; `None` without one.
        account: The account that an application profile belongs to; `None` for all that no account owns.
    """

    text: str
    kind: Kind
    name: str
    geography: str | None
    base_model: str | None
    region: str | None
    account: str | None = None

    @property
    def is_arn(self) -> bool:
        """Whether it was given as an ARN, which can be called in its own Region only."""
        return self.text != self.name


def parse(text: str) -> Identifier:
    """Take a model identifier apart.

    Args:
        text: A model's id, a profile's id, or an ARN of a model, a profile or an application profile.

    Returns:
        Its parts.

    Raises:
        TypeError: It is no text.
        ValueError: It has none of these forms.

    Example:
        >>> parse("us.anthropic.claude-haiku-4-5-20251001-v1:0").geography
        'us'
        >>> parse("openai.gpt-6.1-sol").geography is None
        True
    """
    if not isinstance(text, str):
        raise TypeError(f"a model identifier must be a str, not {type(text).__name__}")
    if not text.startswith("arn:"):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]*", text):
            raise ValueError(
                f"{_values.shown(text)} is no model identifier: give a model's id (anthropic.claude-…), a profile's "
                f"(us.…) or an ARN"
            )
        return _from_id(text, text, None)
    match = _ARN.fullmatch(text)
    if match is None or match["kind"] not in _KINDS:
        kinds = ", ".join(_KINDS)
        raise ValueError(f"{_values.shown(text)} is no ARN that can be routed: its resource must be one of {kinds}")
    region = match["region"] or None
    if _KINDS[match["kind"]] == "application":
        if region is None or not match["account"]:
            raise ValueError(
                f"{_values.shown(text)} lacks its Region or account: an application profile is called by its whole ARN"
            )
        return Identifier(text, "application", match["name"], None, None, region, match["account"])
    if _KINDS[match["kind"]] == "model":
        return Identifier(text, "model", match["name"], None, match["name"], region)
    # Whatever its id looks like, the ARN says that it is a profile.
    geography, _, base_model = match["name"].partition(".")
    return Identifier(text, "profile", match["name"], geography, base_model or None, region)


def _from_id(name: str, text: str, region: str | None) -> Identifier:
    geography, base_model = split(name)
    return Identifier(text, "model" if geography is None else "profile", name, geography, base_model, region)
