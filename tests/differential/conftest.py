"""One server, and both clients pointed at it with the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
import pytest
from botocore.config import Config

import outcrop
from tests.support.server import ANSWER, Server, json_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.server import Answer

REGION = "us-east-1"
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}


class Pair(NamedTuple):
    """The same question to both."""

    server: Server
    ours: Any
    theirs: Any

    def play(self, *answers: Answer) -> None:
        """Play these to each: ours first, then theirs."""
        self.server.play(*answers, *answers)
        self.server.requests.clear()


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    with Server(json_answer(ANSWER)) as server:
        yield server


@pytest.fixture(scope="package")
def pairs(server: Server) -> Iterator[Callable[[str], Pair]]:
    """`pairs(service)`: clients that try once, made once."""
    made: dict[str, Pair] = {}

    def pair(service: str) -> Pair:
        if service not in made:
            where = {"region_name": REGION, "endpoint_url": server.url, **KEYS}
            once = Config(retries={"total_max_attempts": 1})
            made[service] = Pair(
                server,
                outcrop.client(service, retries={"mode": "standard", "max_attempts": 1}, **where),
                boto3.session.Session().client(service, config=once, **where),
            )
        return made[service]

    yield pair
    for each in made.values():
        each.ours.close()
        each.theirs.close()
