"""Parameters that a model refuses are left out, whichever API carries them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outcrop._models import refuses
from outcrop.langchain.capabilities import thinking_in
from outcrop.langchain.errors import warn

SAMPLING = {"temperature": "temperature", "top_p": "top_p", "topP": "top_p", "top_k": "top_k", "topK": "top_k"}
"""Names of sampling parameters, and the table's words for them."""


def refused_sampling(model: str, profile: Any, fields: dict[str, Any], given: dict[str, Any]) -> set[str]:
    """Return which of a call's sampling parameters its model refuses, after a warning that they are left out.

    Args:
        model: The base model id; empty if it is not known, and then nothing is left out.
        profile: The model's profile.
        fields: The parameters of the model itself, which say whether it thinks.
        given: Parameters under any name; what is `None` counts as not given.
    """
    names = [name for name, value in given.items() if name in SAMPLING and value is not None]
    if not names:
        return set()
    never = {"temperature", "top_p"} if (profile or {}).get("temperature") is False else set()
    refused = {name for name in names if SAMPLING[name] in never or refuses(model, SAMPLING[name])}
    if refused:
        _warn(refused, f"model {model} does not support {{}}")
    left = [name for name in names if name not in refused]
    if thinking_in(fields) and refuses(model, "sampling while thinking"):
        kinds = {name for name in left if SAMPLING[name] != "top_p"}
        now = {name for name in kinds if not (SAMPLING[name] == "temperature" and given[name] == 1)}
        if now:
            _warn(now, f"model {model} does not support {{}} while it thinks")
        refused |= now
        left = [name for name in left if name not in now]
    words = {SAMPLING[name] for name in left}
    if {"temperature", "top_p"} <= words and refuses(model, "temperature with top_p"):
        both = {name for name in left if SAMPLING[name] == "top_p"}
        _warn(both, f"model {model} does not support {{}} beside temperature")
        refused |= both
    return refused


def usable_stops(model: str, stops: Iterable[str] | None) -> list[str]:
    """Return a call's stop sequences without those that are refused, after a warning that they are left out.

    Args:
        model: The base model id; empty if it is not known.
        stops: What was given: an empty one is refused by every model, one of white space alone by Claude.
    """
    given = [stops] if isinstance(stops, str) else list(stops or ())
    blank = refuses(model, "blank stops")
    made = [stop for stop in given if stop and not (blank and stop.isspace())]
    if len(made) < len(given):
        warn("a stop sequence that is empty or blank is refused; ignoring what was given.")
    return made


def _warn(names: Iterable[str], reason: str) -> None:
    said = " or ".join(sorted({SAMPLING[name] for name in names}))
    warn(f"{reason.format(said)}; ignoring what was given.")
