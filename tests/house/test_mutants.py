"""What `make mutants` breaks is still there to be broken."""

from __future__ import annotations

import ast

import pytest

from tools import mutants

from .documents import ROOT

ROOMS = {"python": ROOT / "python/outcrop/cross_region", "rust": ROOT / "src/client/src"}


@pytest.mark.parametrize(("room", "listed"), [("python", mutants.PYTHON), ("rust", mutants.RUST)])
def test_each_mutant_breaks_one_place(room, listed):
    found = {it.name: (ROOMS[room] / it.file).read_text().count(it.before) for it in listed}
    assert {name: count for name, count in found.items() if count != 1} == {}
    assert len(found) == len(listed)
    assert all(it.before != it.after for it in listed)


@pytest.mark.parametrize("mutant", mutants.PYTHON, ids=lambda it: it.name)
def test_each_mutant_is_a_program_still(mutant):
    """One that does not compile would say nothing of the tests."""
    ast.parse((ROOMS["python"] / mutant.file).read_text().replace(mutant.before, mutant.after))
