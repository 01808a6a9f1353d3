"""A program that drives jobs, in a process of its own that can be killed; the local Bedrock is another's."""

from __future__ import annotations

import json
import sys
import tracemalloc
from collections.abc import MutableMapping
from multiprocessing.managers import BaseManager

import outcrop

from .world import BUCKETS, DAY, MODEL, ROLE, request_of


class Proxies(BaseManager):
    """What the process of the local Bedrock lends."""


Proxies.register("objects")
Proxies.register("clock")


class Objects(MutableMapping):
    """The objects of the other process; no large one is copied whole where it is read."""

    def __init__(self, proxy):
        self._proxy = proxy

    def __getitem__(self, uri):
        return self._proxy.read(uri)

    def __setitem__(self, uri, body):
        self._proxy.write(uri, body)

    def __contains__(self, uri):
        return self._proxy.size(uri) is not None

    def get(self, uri, default=None):
        size = self._proxy.size(uri)
        return default if size is None else range(size)

    def part(self, uri, start, length):
        return self._proxy.part(uri, start, length)

    def __delitem__(self, uri):
        raise NotImplementedError

    def __iter__(self):
        raise NotImplementedError

    def __len__(self):
        raise NotImplementedError


def main(told: dict) -> None:
    manager = Proxies(address=("127.0.0.1", told["port"]), authkey=b"jobs")
    manager.connect()
    objects, clock = Objects(manager.objects()), manager.clock()
    router = outcrop.CrossRegion(MODEL, sources=list(BUCKETS), residency="us", **told["connection"])
    tracemalloc.start()
    with outcrop.BatchJobs(
        router,
        role_arn=ROLE,
        storage=objects,
        buckets=BUCKETS,
        name="rocks",
        journal=told["journal"],
        quotas={"records": 2_500, "slots": 3},
    ) as jobs:
        jobs.submit(request_of(number, told["padding"]) for number in range(told["count"]))
        while True:
            answers = failures = 0
            ids = bytearray(told["count"])
            for record_id, answer in jobs.results(pause=lambda _: clock.advance(DAY)):
                if isinstance(answer, Exception):
                    failures += 1
                    continue
                number = int(record_id)
                assert f"Name rock {number}." in answer["output"]["message"]["content"][0]["text"]
                assert answer["ResponseMetadata"]["BatchJob"]["RecordId"] == record_id
                ids[number] += 1
                answers += 1
            rest = jobs.rest()
            if not rest:
                break
            jobs.submit(rest)
    peak = tracemalloc.get_traced_memory()[1]
    json.dump({"answers": answers, "failures": failures, "once": set(ids) == {1}, "peak": peak}, sys.stdout)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
