"""20,000 requests over two Regions: a driver that is killed twice, a Region that fails half, and an expired job."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from multiprocessing.managers import BaseManager
from pathlib import Path

from outcrop.emulator import Emulator
from tests.support.waiting import PATIENCE

from .world import made, paid

COUNT = 20_000
PADDING = " It is a rock that many have seen and few have named." * 8
MEGABYTE = 1 << 20


class Lent:
    """The local Bedrock's objects, lent to another process, which is killed at a chosen one of its steps."""

    def __init__(self, objects):
        self._objects = objects
        self.deadly = {}
        """How many more times each step goes well."""
        self.victim = None
        self.written = 0

    def _step(self, name):
        self.deadly[name] = self.deadly.get(name, -1) - 1
        if self.deadly[name] == 0 and self.victim is not None:
            os.kill(self.victim, signal.SIGKILL)

    def read(self, uri):
        return self._objects[uri]

    def size(self, uri):
        return len(self._objects[uri]) if uri in self._objects else None

    def part(self, uri, start, length):
        if uri.endswith(".out"):
            self._step("part")
        return self._objects.part(uri, start, min(length, 1 << 18))

    def write(self, uri, body):
        if uri.endswith(".jsonl"):
            self._step("write")
            self.written += len(body)
        self._objects[uri] = body


def test_every_record_is_answered_once_and_paid_once(tmp_path):
    with Emulator() as bedrock:
        bedrock.jobs.limit(records=2_500, slots=3)
        bedrock.jobs.course(region="us-west-2", failing=0.5, shuffled=True)
        bedrock.jobs.course("Expired", region="us-east-1", times=1)
        bedrock.jobs.course(region="us-east-1", shuffled=True)
        lent = Lent(bedrock.objects)

        class Proxies(BaseManager):
            pass

        Proxies.register("objects", callable=lambda: lent, exposed=["read", "size", "part", "write"])
        Proxies.register("clock", callable=lambda: bedrock.clock, exposed=["advance"])
        server = Proxies(address=("127.0.0.1", 0), authkey=b"jobs").get_server()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        connection = {name: value for name, value in bedrock.connection.items() if name != "region_name"}
        told = json.dumps(
            {
                "port": server.address[1],
                "connection": connection,
                "count": COUNT,
                "padding": PADDING,
                "journal": str(tmp_path / "rocks.jsonl"),
            }
        )

        def run(**deadly):
            lent.deadly = deadly
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.jobs.driver", told],
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
                env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"},
            )
            lent.victim = process.pid
            said = process.communicate(timeout=6 * PATIENCE)[0]
            return process.returncode, said

        # Once while it uploads, and once while it reads what the first jobs wrote and others are still to be made.
        assert run(write=5)[0] == -signal.SIGKILL
        assert made(bedrock) == []
        assert run(part=3)[0] == -signal.SIGKILL
        assert 0 < len(made(bedrock)) < 12
        status, said = run()
        assert status == 0
        found = json.loads(said)
        assert found == {"answers": COUNT, "failures": 0, "once": True, "peak": found["peak"]}
        assert paid(bedrock) == COUNT
        states = [job["status"] for job in made(bedrock)]
        assert states.count("Expired") == 1
        assert len({job["clientRequestToken"] for job in made(bedrock)}) == len(states)
        # What is held at once is a file on its way up, and a number for each record.
        assert lent.written > 12 * MEGABYTE
        assert found["peak"] < 6 * MEGABYTE
