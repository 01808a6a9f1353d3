"""What the suites about the command line share."""

from __future__ import annotations

import pytest

from outcrop.cli import main


@pytest.fixture
def outcrop(capsys):
    """`outcrop(words…)`: the exit status, what was printed, what was complained of."""

    def call(*words):
        try:
            status = main(words)
        except SystemExit as ended:
            status = ended.code
        said = capsys.readouterr()
        return status, said.out, said.err

    return call
