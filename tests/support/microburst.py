"""microburst, a proxy of somebody else's that stands before MiniStack and makes faults in AWS's own forms."""

from __future__ import annotations

import contextlib
import json
import urllib.request
from typing import TYPE_CHECKING, Any

from tests.support.neighbours import serving
from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator


class Microburst:
    """A running proxy.

    Args:
        url: Where it listens.
        regions: The Regions whose requests it writes down.
    """

    def __init__(self, url: str, regions: tuple[str, ...]) -> None:
        self.url = url
        self._regions = regions

    def play(self, *faults: dict[str, Any]) -> None:
        """Put these faults in place of all before, the first that fits a request first, and begin to write down."""
        # It keeps a list of faults, not of requests: a latency of nothing gets what passed unharmed into it.
        watched = [{"region": region, "latency": 0} for region in self._regions]
        # It cannot tell Bedrock's operations apart, but goes by the name that signatures have.
        self._ask("POST", "rules", [{"service": "bedrock", **rule} for rule in (*faults, *watched)])
        self._ask("DELETE", "fired")

    def seen(self) -> list[tuple[str, str]]:
        """The requests since then: the Region that signed each, and what was done to it (`match` is nothing)."""
        return [(it["region"], it["action"]) for it in self._ask("GET", "fired?limit=1000")]

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/_microburst/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)


@contextlib.contextmanager
def microburst(upstream: str, *regions: str) -> Iterator[Microburst]:
    """A proxy before `upstream` that writes down what these Regions are asked."""
    words = ["--upstream", upstream, "--host", "127.0.0.1", "--no-resign"]
    with serving("microburst", lambda port: [*words, "--port", str(port)], lambda _port: {}) as url:
        yield Microburst(url, regions)
