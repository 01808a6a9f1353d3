"""The signatures that type checkers read come from the operation tables."""

from __future__ import annotations

import pytest

from tools.stubs import STUBS


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.name)
def test_the_committed_stub_is_what_the_tables_say(path):
    assert path.read_text() == STUBS[path](), "run python -m tools.stubs"
