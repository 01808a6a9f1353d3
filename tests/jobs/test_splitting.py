"""How records are divided: each into one job, and each job within its Region's quotas."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcrop._jobs.quotas import Quotas, of, same_model
from outcrop._jobs.splitting import split

QUOTAS = st.builds(
    lambda least, more, file_records, file_bytes, job_bytes: Quotas(
        least, least + more, file_records, file_bytes, max(file_bytes, job_bytes), 20
    ),
    st.integers(1, 20),
    st.integers(0, 60),
    st.integers(1, 60),
    st.integers(30, 500),
    st.integers(30, 5_000),
)


@given(sizes=st.lists(st.integers(1, 60), max_size=300), quotas=st.lists(QUOTAS, min_size=1, max_size=4))
def test_every_record_is_in_one_job_within_the_quotas(sizes, quotas):
    ends = [0, *accumulate(sizes)]
    try:
        shards = split(ends, quotas)
    except ValueError as error:
        said = str(error)
        assert any(text in said for text in ("a job takes", "cannot be divided", "send it as a call"))
        return
    assert shards[0].start == 0
    assert shards[-1].stop == len(sizes)
    assert all(one.stop == other.start for one, other in pairwise(shards))
    assert [shard.place for shard in shards] == sorted(shard.place for shard in shards)
    for shard in shards:
        limits = quotas[shard.place]
        assert limits.minimum_records <= shard.stop - shard.start <= limits.records
        assert ends[shard.stop] - ends[shard.start] <= limits.job_bytes
        assert all(one[1] == other[0] for one, other in pairwise(shard.files))
        for start, stop in shard.files:
            assert 0 < stop - start <= limits.file_records
            assert ends[stop] - ends[start] <= limits.file_bytes


@given(count=st.integers(100, 5_000), regions=st.integers(1, 5))
def test_records_that_fit_are_never_refused(count, regions):
    shards = split(range(count + 1), [Quotas()] * regions)
    used = {shard.place for shard in shards}
    assert used == set(range(min(regions, count // 100)))
    assert len(shards) == len(used)


def test_a_job_may_have_several_files_and_a_region_several_jobs():
    ends = [number * 10 for number in range(1_001)]
    shards = split(ends, [Quotas(records=400, file_records=300)])
    assert [(shard.start, shard.stop) for shard in shards] == [(0, 333), (333, 666), (666, 1_000)]
    assert [len(shard.files) for shard in shards] == [2, 2, 2]


@pytest.mark.parametrize(
    ("ends", "quotas", "says"),
    [
        (range(100), Quotas(), "there are 99 records, and a job takes 100 at least: send them as calls"),
        ([0, 50], Quotas(1, file_bytes=20), "record 0 has 50 bytes, and a file of a job 20 at most"),
        ([0, 50, 100], Quotas(2, job_bytes=60), "2 records of 100 bytes cannot be divided into jobs of at least 2"),
    ],
)
def test_what_does_not_fit_is_told(ends, quotas, says):
    with pytest.raises(ValueError, match=says):
        split(ends, [quotas])


@pytest.mark.parametrize(
    ("given_quotas", "says"),
    [({"record": 1}, "record"), ({"records": 0}, "the quota records"), ({"us-east-1": {"slots": "x"}}, "slots")],
)
def test_quotas_that_cannot_be_are_refused(given_quotas, says):
    with pytest.raises((ValueError, TypeError), match=says):
        of(given_quotas, "us-east-1", "Nova Lite")


class ServiceQuotas:
    """`list_service_quotas` in two pages, as boto3's client gives them."""

    pages = (
        {
            "Minimum number of records per batch inference job for Nova Lite V1": 10.0,
            "Records per batch inference job for Nova Lite V1": 70_000.0,
            "Records per batch inference job for Nova Pro V1": 1.0,
            "Batch inference input file size (in GB) for Nova Lite V1": 1.0,
        },
        {
            "Records per input file per batch inference job for Nova Lite V1": 60_000.0,
            "Batch inference job size for Nova Lite V1 (in GB)": 100.0,
            "Sum of in-progress and submitted batch inference jobs using a base model for Nova Lite V1": 7.0,
            "Sum of in-progress and submitted batch inference jobs using a custom model for Nova Lite V1": 3.0,
            "On-demand model inference requests per minute for Amazon Nova Lite": 1.0,
        },
    )

    def get_paginator(self, name):
        assert name == "list_service_quotas"
        return self

    def paginate(self, *, ServiceCode):
        assert ServiceCode == "bedrock"
        for page in self.pages:
            yield {"Quotas": [{"QuotaName": name, "Value": value} for name, value in page.items()]}


def test_service_quotas_are_matched_by_their_whole_names():
    asked = []
    found = of(lambda region: asked.append(region) or ServiceQuotas(), "us-west-2", "Nova Lite")
    assert found == Quotas(10, 70_000, 60_000, 10**9, 100 * 10**9, 7)
    assert asked == ["us-west-2"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Claude Sonnet 4.6", "Claude Sonnet 4.6", True),
        ("Claude Sonnet 4.6", "Anthropic Claude Sonnet 4.6", True),
        ("Claude Sonnet 4.6", "Claude Sonnet 4", False),
        ("Claude 3 Haiku", "Claude 3.5 Haiku", False),
        ("Claude 3.5 Sonnet v2", "Claude 3.5 Sonnet", False),
        ("Nova Lite V1", "Nova Lite", True),
        ("Nova Lite V1", "", False),
    ],
)
def test_names_of_models_are_compared_whole(one, other, same):
    assert same_model(one, other) == same
