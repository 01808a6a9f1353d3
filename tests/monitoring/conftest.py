"""A real moto server in a process of its own, and sessions that speak to it."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.support.moto import moto_server
from tests.support.waiting import PATIENCE

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
        urllib.request.urlopen(request, timeout=PATIENCE).close()


# Sessions and clients are kept: boto3 reads megabytes of models for each new session.
@lru_cache
def _session(region: str) -> boto3.Session:
    return boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=region)


@lru_cache
def _client(endpoint_url: str, service: str, region: str) -> Any:
    return _session(region).client(service, endpoint_url=endpoint_url)


@pytest.fixture(scope="session")
def moto_process() -> Iterator[Moto]:
    with moto_server() as endpoint_url:
        yield Moto(endpoint_url)


@pytest.fixture
def moto(moto_process: Moto) -> Moto:
    moto_process.reset()
    return moto_process
