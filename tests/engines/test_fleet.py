"""What docs/scale.md says of a fleet holds on other seeds and for fewer records."""

from __future__ import annotations

import runpy

import pytest

from tests.support.elsewhere import ROOT


@pytest.mark.parametrize("seed", [7])
def test_one_ledger_is_refused_nothing_and_uses_the_quotas(seed):
    fleet = runpy.run_path(str(ROOT / "benches" / "fleet.py"))
    records = 2_000_000
    shared, parts, alone = (kind(records, seed).play() for kind in fleet["FLEETS"].values())
    assert shared.answered == parts.answered == alone.answered == records
    assert shared.attempts - shared.paid_in_vain == records
    capacity = shared.seconds * 12 * fleet["TOKENS_PER_MINUTE"] / 60 / fleet["EACH"]
    assert records / capacity > 0.9
    assert shared.seconds < parts.seconds
    assert alone.attempts > 1.05 * records
    assert shared.asks / shared.seconds < 700
