"""Fixtures of the tests that run OpenAI's and Anthropic's clients, and what is built on them, through outcrop."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

NEEDED = ("anthropic", "httpx2", "openai")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The clients lie in an environment of their own, laid over this one."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        reason = f"{', '.join(missing)} missing: make test-apis makes the environment that these run in"
        for item in items:
            if "tests/apis/" in item.nodeid:
                item.add_marker(pytest.mark.skip(reason=reason))
