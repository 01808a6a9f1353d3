"""The source distribution of langchain-aws: recorded Bedrock traffic and tests that are not ours.

It is fetched through pip once a machine, pinned by version and hash in requirements/anchor.txt, and kept in the
user's cache; nothing of it is in this repository.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_REQUIREMENT = _ROOT / "requirements" / "anchor.txt"


def _version() -> str:
    return next(line.split()[0] for line in _REQUIREMENT.read_text().splitlines() if not line.startswith("#"))


@cache
def folder() -> Path:
    """The unpacked distribution. Several processes may ask at once: the first to finish wins, by a rename."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "outcrop" / "anchor"
    unpacked = caches / _version().replace("==", "-")
    if not unpacked.exists():
        caches.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=caches) as work:
            _fetch(Path(work), unpacked)
    return unpacked


def _fetch(work: Path, unpacked: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--no-deps"]
    subprocess.run(
        [*pip, "--no-binary=langchain-aws", "--require-hashes", "--requirement", _REQUIREMENT, "--dest", work],
        check=True,
    )
    with tarfile.open(next(work.glob("*.tar.gz"))) as archive:
        archive.extractall(work / "unpacked", filter="data")
    try:
        next((work / "unpacked").iterdir()).rename(unpacked)
    except OSError:
        if not unpacked.exists():
            raise
