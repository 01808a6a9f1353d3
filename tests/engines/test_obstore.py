"""Batch jobs keep their files in obstore's stores as they do in boto3's S3."""

from __future__ import annotations

import pytest

from tests.support.moto import moto_server


@pytest.fixture(scope="module")
def moto():
    with moto_server() as url:
        yield url


def test_objects_go_through_obstore_s_stores(engine, moto):
    told = engine("obstore_objects.py", moto)
    assert (told["memory"].pop("region"), told["s3"].pop("region")) == (None, "us-east-1")
    # What lies in memory comes at once.
    assert (told["memory"].pop("in_pieces"), told["s3"].pop("in_pieces")) == (False, True)
    length = 9 * (1 << 20) + 8 + 7
    for found in told.values():
        assert found == {
            "missing": "there is no object s3://rocks/in/a.jsonl",
            "sizes": [None, length],
            "same": True,
            "lines": [7, length - 15, 6],
            "empty": [],
        }
