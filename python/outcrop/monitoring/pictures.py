"""Figures that a notebook shows without being told how."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from outcrop.monitoring.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def picture(width: float, height: float) -> Figure:
    """An empty figure of so many inches, which belongs to the caller alone: pyplot does not know of it.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plot") from error

    class Picture(Figure):
        """A figure that notebooks show by itself."""

        def _repr_png_(self) -> bytes:
            drawn = BytesIO()
            self.savefig(drawn, dpi=110)
            return drawn.getvalue()

    return Picture(figsize=(width, height), layout="constrained")
