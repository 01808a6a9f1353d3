"""Figures that a notebook shows without being told how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outcrop._pictures import figure
from outcrop.monitoring.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def picture(width: float, height: float) -> Figure:
    """An empty figure of so many inches, which belongs to the caller alone: pyplot does not know of it.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        return figure(width, height)
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plot") from error
