"""Which langchain-core the tests ran with: `make test-langchain` lays others over the environment."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

import langchain_core
import pytest
from langchain_core.version import VERSION

LINES = ("1.6", "1.7", "1.8")


@pytest.mark.skipif(
    os.environ.get("OUTCROP_LANGCHAIN_CORE") == "1.8" and sys.version_info < (3, 11),
    reason="langchain-core 1.8 needs Python 3.11",
)
def test_the_langchain_core_under_test_is_the_one_that_was_asked_for():
    assert version("langchain-core") == VERSION, langchain_core.__file__
    line = VERSION.rpartition(".")[0]
    assert line == os.environ.get("OUTCROP_LANGCHAIN_CORE", line)
    assert line in LINES
