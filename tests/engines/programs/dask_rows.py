"""Rows through two processes of Dask: what comes of them, as one line of JSON."""

from __future__ import annotations

import json
import sys

import dask.dataframe as dd
import pandas as pd
from dask.distributed import Client, LocalCluster

import outcrop
import outcrop.dask

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"


def main(rows):
    router = outcrop.CrossRegion(
        MODEL, sources=["us-east-1", "us-west-2"], geographies=["us"], residency="us", catalogue="snapshot"
    )
    frame = dd.from_pandas(
        pd.DataFrame({"id": range(rows), "q": [f"number {number}" for number in range(rows)]}), npartitions=4
    )
    converse = outcrop.dask.Converse(router, prompt="q", id="id")
    told = {}
    try:
        frame.map_partitions(converse)
    except Exception as error:  # noqa: BLE001  -- what Dask makes of it
        told["without_meta"] = str(error)
    answered = frame.map_partitions(converse, meta=converse.meta(frame))
    again = outcrop.dask.Converse(router, prompt="q", id="id")
    other = outcrop.dask.Converse(router, prompt="q", id="id", concurrency=3)
    names = [frame.map_partitions(each, meta=each.meta(frame))._name for each in (again, other)]
    told["same_name"] = [answered._name == name for name in names]
    done = answered.compute()
    told |= {
        "rows": len(done),
        "ids": int(done.id.nunique()),
        "errors": int((done["__inference_error__"] != "").sum()),
        "right": sum(row.answer.startswith(f"You asked: {row.q}.") for row in done.itertuples()),
        "in_order": list(done.id) == list(range(rows)),
        "types": {name: str(kind) for name, kind in done.dtypes.items()},
        "meta": {name: str(kind) for name, kind in answered.dtypes.items()},
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    with (
        LocalCluster(n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        main(int(sys.argv[1]))
