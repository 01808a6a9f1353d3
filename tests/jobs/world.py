"""A router with two source Regions on a local Bedrock, and jobs in buckets of both."""

from __future__ import annotations

from typing import Any

import outcrop

MODEL = "us.amazon.nova-lite-v1:0"
ROLE = "arn:aws:iam::123456789012:role/batch"
BUCKETS = {"us-east-1": "s3://rocks-east/in", "us-west-2": "s3://rocks-west/in"}
DAY = 24 * 3600.0


def request_of(number: int, padding: str = "") -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"text": f"Name rock {number}.{padding}"}]}]}


def requests_of(count: int) -> list[dict[str, Any]]:
    return [request_of(number) for number in range(count)]


def router_of(bedrock: Any, model: str = MODEL, **options: Any) -> outcrop.CrossRegion:
    connection = {name: value for name, value in bedrock.connection.items() if name != "region_name"}
    chosen = {"sources": list(BUCKETS), "residency": "us", **options}
    return outcrop.CrossRegion(model, **chosen, **connection)


def jobs_of(bedrock: Any, router: Any = None, **options: Any) -> outcrop.BatchJobs:
    chosen = {"role_arn": ROLE, "storage": bedrock.objects, "buckets": BUCKETS, "name": "rocks", **options}
    return outcrop.BatchJobs(router or router_of(bedrock), **chosen)


def made(bedrock: Any) -> list[dict[str, Any]]:
    """All jobs of all Regions, as Bedrock lists them."""
    found: list[dict[str, Any]] = []
    for region in BUCKETS:
        pages = bedrock.client("bedrock", region_name=region).get_paginator("list_model_invocation_jobs").paginate()
        found += [job for page in pages for job in page["invocationJobSummaries"]]
    return found


def paid(bedrock: Any) -> int:
    """How many answers there were to be paid for."""
    return sum(job["successRecordCount"] for job in made(bedrock))


def all_rounds(jobs: outcrop.BatchJobs, bedrock: Any) -> dict[str, Any]:
    """What is there when the rest has been submitted until there is none: each record once."""
    while True:
        results = list(jobs.results(pause=lambda _: bedrock.clock.advance(DAY)))
        assert len(results) == len(dict(results))
        rest = jobs.rest()
        if not rest:
            return dict(results)
        jobs.submit(rest)
