"""Every limit that anybody recorded, documents or reports is kept."""

from __future__ import annotations

from tests.emulator.limits import count


def test_every_limit_is_kept():
    asked, kept, broken = count()
    assert broken == []
    assert kept == asked
    assert asked["recorded"] >= 17
    assert asked["documented"] >= 8
    assert asked["reported"] >= 32
    assert asked["in the reference"] >= 24
    assert asked.total() - asked["reported"] >= 68
