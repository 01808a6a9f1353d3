"""The site builds without a warning, and every link and anchor in it leads somewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup

from .documents import ROOT

SPHINX = Path(sys.prefix) / "site"
pytestmark = pytest.mark.skipif(not SPHINX.exists(), reason="`make site` brings Sphinx")


@pytest.fixture(scope="module")
def site():
    environment = {**os.environ, "PYTHONPATH": str(SPHINX)}
    command = [sys.executable, ROOT / "tools" / "documentation.py"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return ROOT / "dist" / "site"


def test_every_link_leads_somewhere(site):
    pages = {page: BeautifulSoup(page.read_text(), "html.parser") for page in site.rglob("*.html")}
    anchors = {page: {tag.get("id") for tag in soup.find_all(id=True)} for page, soup in pages.items()}
    dead = []
    for page, soup in pages.items():
        for tag in soup.find_all(["a", "img", "link", "script"]):
            target = tag.get("href") or tag.get("src")
            if not target or "://" in target or target.startswith(("mailto:", "data:")):
                continue
            path, anchor = urldefrag(target)
            file = (page.parent / unquote(path.partition("?")[0])).resolve() if path else page
            if not file.exists() or (anchor and file in anchors and unquote(anchor) not in anchors[file]):
                dead.append(f"{page.relative_to(site)}: {target}")
    # The top of a page has no anchor of its own.
    assert [link for link in dead if not link.endswith("#")] == []


def test_readers_that_are_programs_have_a_list(site):
    lines = [line for line in (site / "llms.txt").read_text().splitlines() if line.startswith("- [")]
    assert len(lines) > 30
    for line in lines:
        assert (site / line.rpartition("(")[2].rstrip(")")).exists(), line


def test_the_reference_names_what_is_public(site):
    import outcrop

    text = "".join(page.read_text() for page in (site / "reference").glob("*.html"))
    for name in outcrop.__all__:
        if name not in {"__version__", "types"}:
            assert name in text, name
