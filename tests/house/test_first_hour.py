"""Tests that pages name are there."""

from __future__ import annotations

import re

import pytest

from .documents import ROOT, tracked

NAMED = [
    (page.name, file, test)
    for page in tracked("docs/*.md")
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text("utf-8"))
]


def test_there_are_some():
    assert len(NAMED) > 40


@pytest.mark.parametrize(("page", "file", "test"), NAMED)
def test_a_test_that_a_page_names_is_there(page, file, test):
    found = (ROOT / file).read_text("utf-8")
    assert re.search(rf"^(async )?def {test}\(", found, re.MULTILINE), f"{page} names {file}::{test}"
