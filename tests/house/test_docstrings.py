"""The examples in docstrings run, against a local Bedrock."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import outcrop

_FINDER = doctest.DocTestFinder(exclude_empty=True)
_OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


_ELSEWHERE = {"outcrop.langchain.apis.anthropic", "outcrop.langchain.apis.openai"}
"""Modules whose packages lie in another environment: tests/apis runs their examples."""


def modules():
    """Every module of outcrop but those. Some need an extra; all other extras are there where the tests run."""
    yield outcrop
    for found in pkgutil.walk_packages(outcrop.__path__, "outcrop."):
        if not found.name.endswith(("__main__", "._native")) and found.name not in _ELSEWHERE:
            yield importlib.import_module(found.name)


def examples():
    for module in modules():
        for test in _FINDER.find(module):
            if test.examples:
                yield pytest.param(test, id=test.name)


@pytest.mark.parametrize("test", list(examples()))
def test_the_example_runs(test, example_environment):
    test.globs.update(example_environment)
    written: list[str] = []
    result = doctest.DocTestRunner(optionflags=_OPTIONS).run(test, out=written.append)
    assert result.failed == 0, "".join(written)
