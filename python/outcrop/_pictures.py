"""Figures that a notebook shows without being told how, in colours that mean the same in all of them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe and Ito's, which colour-blind people tell apart, too; and darker ones of the same kind.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#332288", "#882255", "#44AA99")

# Those that are drawn together most stand apart from each other.
_REGIONS = {
    "us-east-1": 0,
    "us-east-2": 1,
    "us-west-2": 2,
    "us-west-1": 3,
    "eu-central-1": 4,
    "eu-west-1": 5,
    "eu-west-3": 6,
    "eu-north-1": 7,
    "ap-northeast-1": 8,
    "ap-southeast-2": 9,
}


def colour(region: str) -> str:
    """The colour of a Region, the same in every picture and every process."""
    return COLOURS[_REGIONS.get(region, crc32(region.encode()) % len(COLOURS))]


def figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches, which belongs to the caller alone: pyplot does not know of it.

    Raises:
        ImportError: matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    class Picture(Figure):
        """A figure that notebooks show by itself."""

        def _repr_png_(self) -> bytes:
            drawn = BytesIO()
            self.savefig(drawn, dpi=110)
            return drawn.getvalue()

    return Picture(figsize=(width, height), layout="constrained")
