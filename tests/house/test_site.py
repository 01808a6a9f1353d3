"""The site builds without a warning, and every link and anchor in it leads somewhere."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup

import outcrop

from .documents import ROOT

SPHINX = Path(sys.prefix) / "site"
pytestmark = pytest.mark.skipif(not SPHINX.exists(), reason="`make site` brings Sphinx")


@pytest.fixture(scope="module")
def site():
    environment = {**os.environ, "PYTHONPATH": str(SPHINX)}
    command = [sys.executable, "-m", "tools.documentation"]
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


def test_tables_of_notebooks_look_as_all_others_do(site):
    """With room between their columns, and scrolled where a screen is narrow."""
    pages = (site / "notebooks").glob("*.html")
    tables = [table for page in pages for table in BeautifulSoup(page.read_text(), "html.parser").find_all("table")]
    assert tables
    assert all(table["class"] == ["docutils"] for table in tables)
    assert all("table-wrapper" in table.parent["class"] for table in tables)


def test_a_reader_without_a_network_misses_nothing(site):
    """Search included: its index is a script beside the pages, which name no other host's."""
    for page in site.rglob("*.html"):
        for tag in BeautifulSoup(page.read_text(), "html.parser").find_all(["script", "link", "img", "iframe"]):
            assert "//" not in (tag.get("src") or tag.get("href") or "").partition("data:")[0], f"{page}: {tag}"
    index = (site / "searchindex.js").read_text()
    # Sphinx keeps the stems of words.
    assert all(re.search(rf'[{{,"]{stem}"?:', index) for stem in ("resid", "throttl"))


def test_readers_that_are_programs_have_a_list(site):
    lines = [line for line in (site / "llms.txt").read_text().splitlines() if line.startswith("- [")]
    assert len(lines) > 40
    for line in lines:
        page = site / re.search(r"\]\(([^)]*)\)", line)[1]
        assert page.exists(), line
        assert "automodule" not in page.read_text(), line
    assert "converse(" in (site / "reference" / "clients.txt").read_text()


@pytest.fixture(scope="module")
def described(site):
    """The names that the reference describes, as Sphinx's inventory has them."""
    head, _, packed = (site / "objects.inv").read_bytes().partition(b"using zlib.\n")
    assert head
    rows = [line.split(" ") for line in zlib.decompress(packed).decode().splitlines()]
    # Where a thing was defined is kept with the lowest priority: it is looked for there, and not shown so.
    return {name for name, kind, priority, *_ in rows if kind.startswith("py:") and priority != "-1"}


@pytest.mark.parametrize(
    "module",
    ["", ".cross_region", ".emulator", ".monitoring", ".telemetry", ".langchain", ".boto3", ".exceptions", ".types"],
)
def test_the_reference_has_what_is_public(described, module):
    home = importlib.import_module(f"outcrop{module}")
    # What `outcrop` has as well stands there.
    names = {name for name in home.__all__ if not module or name not in outcrop.__all__}
    modules = {"types", "__version__"}
    assert [name for name in sorted(names - modules) if f"outcrop{module}.{name}" not in described] == []


def test_what_is_described_can_be_imported_by_that_name(described):
    assert [name for name in sorted(described) if re.search(r"\._[a-z]", name)] == []
    for name in described:
        path, _, last = name.rpartition(".")
        if re.fullmatch(r"outcrop\.types(\.bedrock)?", path):
            assert hasattr(importlib.import_module(path), last), name


def test_calls_have_their_types_and_lead_to_them(site):
    page = BeautifulSoup((site / "reference" / "clients.html").read_text(), "html.parser")
    signature = page.find(id="outcrop.BedrockRuntimeClient.converse")
    targets = {link["href"] for link in signature.find_all("a", class_="reference")}
    assert {f"types_bedrock_runtime.html#outcrop.types.{it}" for it in ("MessageUnion", "ConverseResponse")} <= targets
    assert "Ellipsis" not in signature.get_text()
