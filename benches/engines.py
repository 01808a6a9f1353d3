"""Rows a second through two actors of Ray: outcrop's, Ray's own HTTP stage, and actors of boto3; and what survives.

One run on one machine, the local Bedrock included, which takes `--latency` seconds for an answer. First outcrop alone
with what a long job meets: a Region that throttles, quotas that both actors share, an actor that is killed midway.

Usage:
    make test-engines
    PYTHONPATH=python .venv/engines/bin/python benches/engines.py --rows 20000
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ray
import ray.data
from ray.data import ActorPoolStrategy

import outcrop
import outcrop.ray
from outcrop.emulator import Emulator

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
SOURCES = ["us-east-1", "us-west-2", "us-east-2"]
SETTINGS = {"maxTokens": 20}
ACTORS = {"compute": ActorPoolStrategy(size=2), "num_cpus": 0.5}


def router(sources):
    return outcrop.CrossRegion(MODEL, sources=sources, geographies=["us"], residency="us", catalogue="snapshot")


def messages(text):
    return [{"role": "user", "content": [{"text": str(text)}]}]


def dataset(rows):
    made = [{"id": number, "q": f"number {number}"} for number in range(rows)]
    return ray.data.from_items(made, override_num_blocks=max(4, rows // 1000))


class Loop:
    """What is written first: a client of boto3's, and a loop over the rows."""

    def __init__(self):
        import boto3

        self.client = boto3.client("bedrock-runtime", region_name=SOURCES[0])

    def ask(self, text):
        answer = self.client.converse(modelId=MODEL, messages=messages(text), inferenceConfig=SETTINGS)
        return answer["output"]["message"]["content"][0]["text"]

    def __call__(self, batch):
        return {**batch, "answer": [self.ask(text) for text in batch["q"]]}


class Threads(Loop):
    """What is written next: the same on 32 threads, with as many connections."""

    def __init__(self):
        import boto3
        from botocore.config import Config

        self.client = boto3.client("bedrock-runtime", region_name=SOURCES[0], config=Config(max_pool_connections=32))
        self.pool = ThreadPoolExecutor(32)

    def __call__(self, batch):
        return {**batch, "answer": list(self.pool.map(self.ask, batch["q"]))}


class Known(outcrop.ray.Converse):
    """Writes down in which process it is."""

    def __init__(self, *, pids, **options):
        super().__init__(**options)
        Path(pids, str(os.getpid())).touch()


def kill_one(bedrock, pids, after, killed):
    """Kill an actor's process when so many calls were answered."""
    while bedrock.journal.total < after and not killed.is_set():
        time.sleep(0.05)
    if not killed.is_set():
        os.kill(int(next(Path(pids).iterdir()).name), signal.SIGKILL)
        killed.set()


def survives(bedrock, rows):
    """20,000 rows, each once, while a Region throttles and an actor is killed."""
    quotas = {"us-east-1": 18_000, "us-west-2": 9_000, "us-east-2": 9_000}
    for region, quota in quotas.items():
        bedrock.regions[region].quota(requests=quota)
    fault = bedrock.fault("throttling", region="us-east-1")
    bedrock.journal.clear()
    with tempfile.TemporaryDirectory() as folder:
        told = {
            "client": router(SOURCES),
            "prompt": "q",
            "call": {"inferenceConfig": SETTINGS},
            "id": "id",
            "journal": f"{folder}/answers",
            "limits": {"quotas": {region: {"requests_per_minute": quota} for region, quota in quotas.items()}},
        }
        killed = threading.Event()
        before = bedrock.journal.total
        pids = Path(folder, "pids")
        pids.mkdir()
        told["pids"] = str(pids)
        threading.Thread(target=kill_one, args=(bedrock, pids, before + rows // 2, killed), daemon=True).start()
        began = time.monotonic()
        done = (
            dataset(rows)
            .map_batches(Known, fn_constructor_kwargs=told, batch_size=256, udf_modifying_row_count=False, **ACTORS)
            .take_all()
        )
        seconds = time.monotonic() - began
        was_killed = killed.is_set()
        killed.set()
    fault.remove()
    for region in quotas:
        bedrock.regions[region].quota()
    calls = [entry for entry in bedrock.journal if entry.operation == "Converse"]
    paid = Counter(entry.body for entry in calls if entry.status == 200)
    minutes = {}
    for region, quota in quotas.items():
        times = sorted(entry.time.timestamp() for entry in calls if entry.region == region and entry.status == 200)
        first, most = 0, 0
        for last, when in enumerate(times):
            while times[first] <= when - 60:
                first += 1
            most = max(most, last - first + 1)
        minutes[region] = most / quota
    return {
        "rows": len(done),
        "distinct ids": len({row["id"] for row in done}),
        "errors": sum(bool(row["__inference_error__"]) for row in done),
        "an actor was killed": was_killed,
        "calls answered": sum(paid.values()),
        "answered twice": sum(paid.values()) - len(paid),
        "throttled": Counter(entry.region for entry in calls if entry.status == 429),
        "most of a quota in a minute": minutes,
        "seconds": seconds,
    }


def timed(bedrock, made, rows):
    """Rows a second from the first call to the last: how fast actors start is Ray's affair."""
    bedrock.journal.clear()
    done = made(dataset(rows)).take_all()
    assert len(done) == rows
    assert all(row["answer"] for row in done)
    times = [entry.time.timestamp() for entry in bedrock.journal if entry.operation == "Converse"]
    assert len(times) == rows, (len(times), rows)
    return rows / (max(times) - min(times) + bedrock.regions[SOURCES[0]].latency)


def contenders(bedrock):
    """What makes answered rows of rows, and by how much fewer it is timed, since some take long."""
    from ray.data.llm import HttpRequestProcessorConfig, build_processor

    url = f"{bedrock.endpoint_url}/model/{MODEL.replace(':', '%3A')}/converse"
    http = build_processor(
        HttpRequestProcessorConfig(
            url=url,
            headers={"Authorization": f"Bearer {bedrock.bearer_token}"},
            qps=1_000_000,
            batch_size=256,
            concurrency=2,
            http_request_stage={"num_cpus": 0.5},
        ),
        preprocess=lambda row: {**row, "payload": {"messages": messages(row["q"]), "inferenceConfig": SETTINGS}},
        postprocess=lambda row: {
            "id": row["id"],
            "answer": row["http_response"]["output"]["message"]["content"][0]["text"],
        },
    )
    told = {"client": router(SOURCES[:1]), "prompt": "q", "call": {"inferenceConfig": SETTINGS}}
    kept = {"batch_size": 256, "udf_modifying_row_count": False, **ACTORS}
    return {
        "outcrop.ray.Converse": (
            lambda rows: rows.map_batches(outcrop.ray.Converse, fn_constructor_kwargs=told, **kept),
            1,
        ),
        "Ray's HttpRequestProcessor": (http, 20),
        "boto3, 32 threads": (lambda rows: rows.map_batches(Threads, **kept), 5),
        "boto3, a loop": (lambda rows: rows.map_batches(Loop, **kept), 40),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--latency", type=float, default=0.1, help="seconds that an answer takes")
    parser.add_argument("--rounds", type=int, default=1, help="how often rows a second are timed; 0 for not at all")
    asked = parser.parse_args()
    logging.getLogger("ray").setLevel(logging.ERROR)
    with Emulator(journal_entries=10 * asked.rows, journal_bytes=2**30, reply_tokens=16) as bedrock:
        for region in SOURCES:
            bedrock.regions[region].latency = asked.latency
        os.environ.update(bedrock.environment)
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        ray.init(
            num_cpus=2,
            object_store_memory=200 * 2**20,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
        try:
            ray.data.DataContext.get_current().enable_progress_bars = False
            print(json.dumps({"survives": survives(bedrock, asked.rows)}, indent=1), flush=True)
            for number in range(asked.rounds):
                for name, (made, part) in contenders(bedrock).items():
                    rate = timed(bedrock, made, asked.rows // part)
                    print(json.dumps({"round": number, "name": name, "rows a second": round(rate, 1)}), flush=True)
        finally:
            ray.shutdown()


if __name__ == "__main__":
    main()
