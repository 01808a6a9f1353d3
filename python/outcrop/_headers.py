"""Numbers in headers: whoever stands in between may write anything there, and an answer must not be lost over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIGITS = 18
"""Of the longest number that is believed; no count of tokens comes near."""


def count(headers: Mapping[str, str], name: str) -> int | None:
    """The whole number in a header; `None` where there is none, or nothing that one could count to.

    Args:
        headers: The headers, names in lower case.
        name: Which.
    """
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
