"""What the suites about cross-Region calls share."""

from __future__ import annotations

import pytest

from outcrop import _native
from outcrop.cross_region import _store

MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"
"""Called through profiles only."""
ON_DEMAND = "amazon.nova-lite-v1:0"
"""Called itself, too."""


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    """Each test asks its own emulator."""
    _store.forget()
    _native.forget_targets()
    yield
    _store.forget()


def ask(text: str = "What is an outcrop?") -> dict:
    return {"messages": [{"role": "user", "content": [{"text": text}]}]}
