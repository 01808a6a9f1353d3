"""What was repaired in a conversation: said in a log and in the answer, or refused where nobody wants it."""

from __future__ import annotations

import logging
from typing import Any

from outcrop._conversation.api import in_order, refusal

logger = logging.getLogger(__name__)


def settled(notes: list[str], strict: bool) -> list[str]:
    """Return what was repaired, the same once.

    Raises:
        ValueError: If something was, and `strict` forbids it.
    """
    if not notes:
        return notes
    made = in_order(notes)
    if strict:
        raise ValueError(refusal(made) + "mend its messages, or leave strict_history out")
    logger.debug("a conversation was repaired for Bedrock: %s", "; ".join(made))
    return made


def told(repaired: list[str]) -> dict[str, Any]:
    """Return what an answer's `response_metadata` says of repairs, if there were any."""
    return {"outcrop": {"repaired": repaired}} if repaired else {}
