"""Where a cache point may stand: Bedrock refuses one at a beginning, behind thoughts and behind some documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Block = dict[str, Any]

MAX_CACHE_POINTS = 4
"""Bedrock takes so many in a request."""


def is_cache_point(block: Any) -> bool:
    """Whether a block of content, system or tools is a cache point."""
    point = block.get("cachePoint") if isinstance(block, dict) else None
    return isinstance(point, dict) and point.get("type") is not None


def point_place(content: list[Block]) -> int | None:
    """Return where a cache point goes that would go to the end of some blocks, or `None` if there is no place.

    Claude refuses one behind a document that is no PDF ("Field required", reported 2026): it goes before the run of
    these. Behind a thought, at the beginning, and beside another point there is no place.
    """
    place = len(content)
    while place and _hides_points(content[place - 1]):
        place -= 1
    if not place or "reasoningContent" in content[place - 1] or "cachePoint" in content[place - 1]:
        return None
    return place


def _hides_points(block: Block) -> bool:
    document = block.get("document")
    return isinstance(document, dict) and document.get("format") != "pdf"


def with_points_in_place(content: list[Block], note: Callable[[str], None]) -> list[Block]:
    """Move cache points to where they may stand, and leave out those for which there is no place."""
    made: list[Block] = []
    for block in content:
        if "cachePoint" not in block:
            made.append(block)
            continue
        place = point_place(made)
        if place is None:
            note("a cache point was left out where Bedrock takes none")
        elif place < len(made):
            note("a cache point was moved before a document that Bedrock takes none behind")
            made.insert(place, block)
        else:
            made.append(block)
    return made
