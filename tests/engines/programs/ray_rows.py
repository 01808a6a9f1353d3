"""Rows through two actors of Ray: what comes of them, as one line of JSON.

Arguments: what is asked of it as JSON: `rows`, `source` and `quotas`, and `kill`, after how many rows an actor is.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections import Counter
from pathlib import Path

import ray
import ray.data
from ray.data import ActorPoolStrategy

import outcrop
import outcrop.ray

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
asked = json.loads(sys.argv[1])
journal = Path.cwd() / "answers"


class Dying(outcrop.ray.Converse):
    """The first actor that finds so many answers in the journal dies, in the middle of a batch."""

    async def __call__(self, batch):
        import asyncio

        mark = journal.with_name("killed")

        async def kill():
            while sum(1 for _ in journal.rglob("*.json")) < asked["kill"]:  # noqa: ASYNC110  -- another process's files
                await asyncio.sleep(0.02)
            try:
                mark.touch(exist_ok=False)
            except FileExistsError:
                return
            os._exit(1)

        if not mark.exists():
            self._killing = asyncio.ensure_future(kill())
        return await super().__call__(batch)


def main():
    router = outcrop.CrossRegion(
        MODEL,
        sources=["us-east-1", "us-west-2", "us-east-2"],
        geographies=["us"],
        residency="us",
        catalogue="snapshot",
    )
    rows = [{"id": number, "q": f"number {number}"} for number in range(asked["rows"])]
    dataset = ray.data.from_items(rows, override_num_blocks=asked.get("blocks", 8))
    told = {
        "client": router,
        "prompt": "q",
        "id": "id",
        "journal": str(journal),
        "limits": {"quotas": asked["quotas"]} if asked.get("quotas") else None,
    }
    began = time.monotonic()
    done = dataset.map_batches(
        Dying if asked.get("kill") else outcrop.ray.Converse,
        fn_constructor_kwargs=told,
        compute=ActorPoolStrategy(size=2),
        batch_size=asked.get("batch", 64),
        num_cpus=0.5,
        udf_modifying_row_count=False,
    ).take_all()
    seconds = time.monotonic() - began
    ids = Counter(row["id"] for row in done)
    sys.stdout.write(
        json.dumps(
            {
                "rows": len(done),
                "ids": len(ids),
                "twice": sum(count > 1 for count in ids.values()),
                "errors": [row["__inference_error__"] for row in done if row["__inference_error__"]][:3],
                "right": sum(row["answer"].startswith(f"You asked: {row['q']}.") for row in done),
                "from_journal": sum(bool(row["from_journal"]) for row in done),
                "regions": Counter(row["source_region"] for row in done),
                "killed": journal.with_name("killed").exists(),
                "seconds": seconds,
                "columns": list(done[0]),
            }
        )
        + "\n"
    )


if __name__ == "__main__":
    ray.init(
        num_cpus=2,
        object_store_memory=80 * 2**20,
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.ERROR,
    )
    try:
        main()
    finally:
        ray.shutdown()
