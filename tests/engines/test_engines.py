"""Ray, Spark and Dask give each row its answer once, whatever dies; `make test-engines` installs them."""

from __future__ import annotations

import json
from collections import Counter

from .test_calls import asked, calls_of
from .test_quotas import most_in_a_minute

QUOTAS = {"us-east-1": 6000, "us-west-2": 3000, "us-east-2": 3000}


def test_ray_keeps_one_limit_over_its_actors_while_a_region_throttles_and_an_actor_dies(emulator, engine):
    for region, quota in QUOTAS.items():
        emulator.regions[region].quota(requests=quota)
    emulator.fault("throttling", region="us-east-1")
    quotas = {region: {"requests_per_minute": quota} for region, quota in QUOTAS.items()}
    told = engine("ray_rows.py", json.dumps({"rows": 1500, "quotas": quotas, "kill": 300, "batch": 100}))
    assert told["killed"]
    assert (told["rows"], told["ids"], told["twice"], told["right"]) == (1500, 1500, 0, 1500)
    assert not told["errors"]
    assert set(told["regions"]) == {"us-west-2", "us-east-2"}
    # What the dead actor had under way is paid for again, and no more: the journal has the rest.
    paid = Counter(asked(entry) for entry in calls_of(emulator) if entry.status == 200)
    assert len(paid) == 1500
    assert sum(paid.values()) - 1500 <= 100
    assert told["from_journal"] > 0
    # Nobody but the throttled Region throttled, and that one was asked now and then.
    refused = Counter(entry.region for entry in calls_of(emulator) if entry.status != 200)
    assert set(refused) == {"us-east-1"}
    assert refused["us-east-1"] < 400
    for region in ("us-west-2", "us-east-2"):
        came = [(entry.time.timestamp(), 1.0) for entry in calls_of(emulator) if entry.region == region]
        assert most_in_a_minute(came) <= QUOTAS[region]


def test_spark_runs_the_callable_and_its_schema_is_the_declared_one(emulator, engine):
    told = engine("spark_rows.py", "600")
    assert told["first"] == {"rows": 600, "ids": 600, "errors": 0, "right": 600, "from_journal": 0}
    assert told["second"] == {"rows": 600, "ids": 600, "errors": 0, "right": 600, "from_journal": 600}
    assert told["schema"].startswith("struct<id:bigint,q:string,answer:string,stop_reason:string,input_tokens:bigint")
    assert told["refused"].startswith("ParamValidationError: ")
    assert len(calls_of(emulator)) == 600


def test_dask_runs_the_callable_and_never_on_rows_that_it_made_up(emulator, engine):
    told = engine("dask_rows.py", "400")
    assert "without meta= Dask would send rows that it made up to the model" in told["without_meta"]
    assert told["same_name"] == [True, False]
    assert (told["rows"], told["ids"], told["errors"], told["right"]) == (400, 400, 0, 400)
    assert told["in_order"]
    assert told["types"] == told["meta"]
    assert len(calls_of(emulator)) == 400


def test_record_batches_of_arrow(emulator, engine):
    told = engine("arrow_rows.py")
    assert told["in_order"]
    assert told["kept"]
    assert (told["rows"], told["errors"], told["right"], told["struct"]) == (1000, 0, 1000, [""])
    assert told["types"] == ["bool", "int64", "string"]
