"""A fixture for suites whose emulators must not hear of each other: what a process knows of Regions is forgotten."""

from __future__ import annotations

import pytest

from outcrop import _native
from outcrop.cross_region import _retention, _store


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    """Each test asks its own emulator."""
    _store.forget()
    _retention.forget()
    _native.forget_targets()
    yield
    _store.forget()
    _retention.forget()
