"""Instrumentors of botocore see of a client that outcrop carries what they see of boto3's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .environment import run

if TYPE_CHECKING:
    from pathlib import Path

    from outcrop.emulator import Emulator

CALLS = {"whole", "streamed", "own", "own_streamed", "refused"}
INSTRUMENTORS = ("otel_botocore", "openinference", "openllmetry", "ddtrace", "sentry")


@pytest.mark.parametrize("name", INSTRUMENTORS)
def test_the_spans_are_those_of_boto3(name: str, emulator: Emulator, tmp_path: Path) -> None:
    told = run("frameworks", f"{name}_calls.py", "boto3", "carried", "plain", emulator=emulator, folder=tmp_path)
    for call in CALLS:
        by_boto3 = told["boto3"][call]
        assert len(by_boto3["spans"]) == 1, call
        assert told["carried"][call] == by_boto3, call
        # They patch classes and makers that a plain client does not come from.
        assert told["plain"][call] == {"answer": by_boto3["answer"], "spans": []}, call
    assert by_boto3["answer"]
