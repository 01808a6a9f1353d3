"""Rows through what Spark does with a callable, without Spark: as one line of JSON."""

from __future__ import annotations

import json
import sys

import cloudpickle
import pyarrow as pa

import outcrop
import outcrop.spark

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
router = outcrop.CrossRegion(
    MODEL, sources=["us-east-1", "us-west-2"], geographies=["us"], residency="us", catalogue="snapshot"
)
converse = outcrop.spark.Converse(
    router, request=lambda row: {"messages": [{"role": "user", "content": row["content"]}]}, response=True
)
content = [[{"text": f"number {number}"}] for number in range(1000)]
table = pa.table({"id": pa.array(range(1000), pa.int32()), "content": content})
batches = [*table.to_batches(max_chunksize=400), pa.RecordBatch.from_pylist([], schema=table.schema)]
made = list(cloudpickle.loads(cloudpickle.dumps(converse))(iter(batches)))
rows = pa.Table.from_batches(made)
# A consumer that leaves in the middle leaves nothing behind.
left = converse(iter(batches))
next(left)
left.close()
structs = pa.table({"request": [{"messages": [{"role": "user", "content": [{"text": "a", "image": None}]}]}]})
[wide] = outcrop.spark.Converse(router, request="request")(structs.to_batches())
sys.stdout.write(
    json.dumps(
        {
            "rows": rows.num_rows,
            "in_order": rows["id"].to_pylist() == list(range(1000)),
            "kept": rows.schema.field("id").type == pa.int32(),
            "errors": sum(text != "" for text in rows["__inference_error__"].to_pylist()),
            "right": sum(
                answer.startswith(f"You asked: number {number}.")
                for number, answer in enumerate(rows["answer"].to_pylist())
            ),
            "types": sorted({str(field.type) for field in rows.schema if field.name not in ("id", "content")}),
            "struct": wide["__inference_error__"].to_pylist(),
        }
    )
    + "\n"
)
