"""Rows through Spark, twice: what comes of them, as one line of JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession

import outcrop
import outcrop.spark

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"


def main(spark, rows):
    router = outcrop.CrossRegion(
        MODEL, sources=["us-east-1", "us-west-2"], geographies=["us"], residency="us", catalogue="snapshot"
    )
    frame = spark.range(rows).selectExpr("id", "concat('number ', id) AS q").repartition(3)
    converse = outcrop.spark.Converse(router, prompt="q", id="id", journal=str(Path.cwd() / "answers"))
    answered = frame.mapInArrow(converse, converse.schema(frame.schema))
    told = {"schema": answered.schema.simpleString()}
    for name in ("first", "second"):
        done = answered.collect()
        told[name] = {
            "rows": len(done),
            "ids": len({row.id for row in done}),
            "errors": sum(row["__inference_error__"] != "" for row in done),
            "right": sum(row.answer.startswith(f"You asked: {row.q}.") for row in done),
            "from_journal": sum(row.from_journal for row in done),
        }
    # A function among the arguments is pickled by value, and a stage's errors bypass the next.
    routed = outcrop.spark.Converse(router, request=lambda row: {"messages": row["q"]}, prefix="second_")
    twice = answered.limit(20).mapInArrow(routed, routed.schema(answered.schema)).collect()
    told["refused"] = twice[0]["__inference_error__"]
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    try:
        main(spark, int(sys.argv[1]))
    finally:
        spark.stop()
