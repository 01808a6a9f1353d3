"""One suite, two servers: the emulator and MiniStack, both called with boto3, neither knowing of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from outcrop.emulator import Emulator
from tests.support.ministack import ministack

from .differences import DIFFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVERS = [pytest.param("emulator"), pytest.param("ministack", marks=pytest.mark.ministack)]


class Server:
    """A local Bedrock, and boto3 clients of it."""

    def __init__(self, name: str, url: str, keys: dict[str, str], account: str) -> None:
        self.name = name
        self.account = account
        self._url = url
        self._keys = keys
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """A boto3 client that asks once: what is tested is the answer, not the retries."""
        if (service, region) not in self._clients:
            self._clients[service, region] = boto3.session.Session().client(
                service,
                region_name=region,
                endpoint_url=self._url,
                config=boto3.session.Config(retries={"total_max_attempts": 1}),
                **self._keys,
            )
        return self._clients[service, region]

    def close(self) -> None:
        """Closes the clients."""
        for client in self._clients.values():
            client.close()


@pytest.fixture(scope="session", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "emulator":
        with Emulator() as bedrock:
            keys = {
                "aws_access_key_id": bedrock.access_key_id,
                "aws_secret_access_key": bedrock.secret_access_key,
            }
            running = Server("emulator", bedrock.endpoint_url, keys, bedrock.account_id)
            yield running
            running.close()
    else:
        with ministack(authenticate=False) as url:
            keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
            running = Server("ministack", url, keys, "000000000000")
            yield running
            running.close()


@pytest.fixture
def runtime(server: Server) -> Any:
    return server.client("bedrock-runtime")


@pytest.fixture
def control(server: Server) -> Any:
    return server.client("bedrock")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A difference is an expected failure, and strict: one that is gone must leave the list."""
    for item in items:
        test, _, parameters = item.name.partition("[")
        difference = DIFFERENCES.get(item.name) or DIFFERENCES.get(test)
        if difference and "ministack" in parameters:
            item.add_marker(pytest.mark.xfail(reason=f"{difference.ministack}; {difference.source}", strict=True))
