"""A real moto server in a process of its own, and sessions that speak to it."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import urllib.request
from dataclasses import dataclass
from functools import lru_cache
from queue import Queue
from typing import TYPE_CHECKING, Any

import boto3
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "us-east-1"


@dataclass
class Moto:
    """The moto server: where it is, and how to speak to it."""

    endpoint_url: str

    def client(self, service: str, region: str = REGION) -> Any:
        return _client(self.endpoint_url, service, region)

    def session(self, region: str = REGION) -> boto3.Session:
        return _session(region)

    def reset(self) -> None:
        request = urllib.request.Request(f"{self.endpoint_url}/moto-api/reset", method="POST")
        urllib.request.urlopen(request, timeout=30).close()


# Sessions and clients are kept: boto3 reads megabytes of models for each new session.
@lru_cache
def _session(region: str) -> boto3.Session:
    return boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=region)


@lru_cache
def _client(endpoint_url: str, service: str, region: str) -> Any:
    return _session(region).client(service, endpoint_url=endpoint_url)


@pytest.fixture(scope="session")
def moto_process() -> Iterator[Moto]:
    process = subprocess.Popen(
        [sys.executable, "-c", "from moto.server import main; main(['-H', '127.0.0.1', '-p', '0'])"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    said: list[str] = []
    found: Queue[str | None] = Queue()

    def read() -> None:
        # To the end: a server whose stderr is not read stops when the pipe is full.
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            running = re.search(r"Running on (http://127\.0\.0\.1:\d+)", line)
            if running:
                found.put(running[1])
        found.put(None)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        endpoint_url = found.get(timeout=60)
        if endpoint_url is None:
            pytest.fail(f"moto did not start: {''.join(said)}")
        yield Moto(endpoint_url)
    finally:
        process.terminate()
        process.wait(timeout=30)
        reader.join(timeout=30)
        assert process.stderr is not None
        process.stderr.close()


@pytest.fixture
def moto(moto_process: Moto) -> Moto:
    moto_process.reset()
    return moto_process
