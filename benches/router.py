"""What a call through a router costs over one through a plain client, in CPU time.

Usage: python -m benches.router [ROUNDS]

Both make the same calls in turns, in an order that changes with every round, so that what else the machine does falls
on both alike. Read the median of the differences.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from typing import TYPE_CHECKING

from benches.clients import CrossRegion, Outcrop, together
from benches.measuring import cpu, serving

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = 200
MICRO = 1e6


def blocking(client: Outcrop) -> Callable[[], object]:
    return lambda: [client.converse() for _ in range(CALLS)]


def awaited(client: Outcrop, loop: asyncio.AbstractEventLoop, at_once: int) -> Callable[[], object]:
    return lambda: loop.run_until_complete(together(client.aconverse, CALLS, at_once))


def compare(name: str, plain: Callable[[], object], routed: Callable[[], object], rounds: int) -> None:
    """Print the medians of both, and of the difference with its quartiles, in microseconds a call."""
    plain()
    routed()
    taken: dict[Callable[[], object], list[float]] = {plain: [], routed: []}
    for number in range(rounds):
        for work in (plain, routed) if number % 2 else (routed, plain):
            began = cpu()
            work()
            taken[work].append((cpu() - began) / CALLS * MICRO)
    more = [after - before for before, after in zip(taken[plain], taken[routed], strict=True)]
    low, middle, high = statistics.quantiles(more, n=4)
    medians = " ".join(f"{statistics.median(taken[work]):7.1f}" for work in (plain, routed))
    print(f"{name:24} {medians}   the router: {middle:.1f} ({low:.1f} to {high:.1f})")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    loop = asyncio.new_event_loop()
    with serving() as url:
        plain, routed = Outcrop(url), CrossRegion(url)
        compare("blocking", blocking(plain), blocking(routed), rounds)
        for at_once in (1, 64):
            pair = (awaited(client, loop, at_once) for client in (plain, routed))
            compare(f"awaited, {at_once} in flight", *pair, rounds)
        for client in (plain, routed):
            loop.run_until_complete(client.close())
    loop.close()


if __name__ == "__main__":
    main()
