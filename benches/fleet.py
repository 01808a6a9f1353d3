"""A job past these machines, played in virtual time, and drawn: docs/fleet.svg.

100 million records over 3 Regions of 4 accounts each, by 500 actors. Each of the 12 targets has a quota of tokens that
refills all the time, as Bedrock's does. A Region is away for twenty minutes, a third of the actors is lost for ten,
and each dies now and then. Three fleets do it: one whose actors lease from one ledger (`outcrop._engines.quotas`, the
very code), one in which each has its part of the quotas, and one in which each finds out for itself what there is.

Usage:
    PYTHONPATH=python python benches/fleet.py play --records 100000000 > fleet.json
    PYTHONPATH=python python benches/fleet.py draw fleet.json docs/fleet.svg
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

from outcrop._engines.quotas import Amount, Ledger

REGIONS, ACCOUNTS, ACTORS = ("us-east-1", "us-west-2", "us-east-2"), 4, 500
TOKENS_PER_MINUTE = 100e6
"""Of each account in each Region: what a job of this size asks AWS for; Haiku 4.5 begins with 5 million."""
INPUT, OUTPUT, BURNDOWN = 900, 150, 5
EACH = INPUT + OUTPUT * BURNDOWN
PRICE = (INPUT * 1.0 + OUTPUT * 5.0) / 1e6
"""Dollars a record, at Claude Haiku 4.5's price."""
LATENCY = 4
"""Seconds of an answer; what is under way when something is lost was paid for."""
MOST = 60
"""Calls that an actor can begin in a second."""
OUTAGE = (1800, 3000)
LOST = (4800, 5400)
LOSS = 1 / 3
LIFE = 6 * 3600
"""Seconds after which an actor dies, on average."""
BACK = 60
"""Seconds until it is there again."""
UNEVEN = 0.15
"""The share of its time that an actor has nothing to do, between blocks of rows."""


@dataclass
class Target:
    """A source Region of an account, as Bedrock has it."""

    region: int
    level: float = TOKENS_PER_MINUTE
    answered: int = 0
    refused: int = 0

    def fill(self) -> None:
        self.level = min(TOKENS_PER_MINUTE, self.level + TOKENS_PER_MINUTE / 60)
        self.answered = self.refused = 0

    def take(self, calls: int, *, away: bool) -> int:
        """How many of so many calls are answered."""
        room = 0 if away else min(calls, int(self.level / EACH))
        self.level -= room * EACH
        self.answered += room
        self.refused += calls - room
        return room


@dataclass
class Outcome:
    """What came of a fleet."""

    seconds: int = 0
    answered: int = 0
    attempts: int = 0
    paid_in_vain: int = 0
    asks: int = 0
    used: list[float] = field(default_factory=list)
    """By minute, the share of the quotas that answers took."""
    refused: list[float] = field(default_factory=list)
    """By minute, refused attempts for each answer."""


class Fleet:
    """What is common: who lives, and what is counted."""

    def __init__(self, records: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.left = records
        self.now = 0
        self.targets = [Target(region) for region in range(len(REGIONS)) for _ in range(ACCOUNTS)]
        self.back_at = [0] * ACTORS
        self.under_way = [[0] * ACTORS for _ in range(LATENCY)]
        self.outcome = Outcome()
        self.minute = [0, 0]

    def play(self) -> Outcome:
        while self.left > 0:
            for target in self.targets:
                target.fill()
            self.lose()
            began = self.under_way[self.now % LATENCY]
            for actor in range(ACTORS):
                began[actor] = 0
            before = self.left
            self.second(began)
            answered = before - self.left
            refused = sum(target.refused for target in self.targets)
            self.outcome.answered += answered
            self.outcome.attempts += answered + refused
            self.minute[0] += answered
            self.minute[1] += refused
            self.now += 1
            if self.now % 60 == 0:
                quota = len(self.targets) * TOKENS_PER_MINUTE
                self.outcome.used.append(self.minute[0] * EACH / quota)
                self.outcome.refused.append(self.minute[1] / max(1, self.minute[0]))
                self.minute = [0, 0]
        self.outcome.seconds = self.now
        return self.outcome

    def lose(self) -> None:
        """Actors die; what they had under way was paid for, and is asked again."""
        dying = [actor for actor in range(ACTORS) if self.random.random() < 1 / LIFE and self.lives(actor)]
        if self.now == LOST[0]:
            dying = [actor for actor in range(ACTORS) if self.random.random() < LOSS]
        for actor in dying:
            lost = sum(second[actor] for second in self.under_way)
            for second in self.under_way:
                second[actor] = 0
            self.left += lost
            self.outcome.answered -= lost
            self.outcome.paid_in_vain += lost
            self.back_at[actor] = self.now + (LOST[1] - LOST[0] if self.now == LOST[0] else BACK)
            self.gone(actor)

    def lives(self, actor: int) -> bool:
        return self.now >= self.back_at[actor]

    def busy(self, actor: int) -> bool:
        return self.lives(actor) and (self.now // 60 * 7919 + actor * 104729) % 1000 >= UNEVEN * 1000

    def away(self, target: Target) -> bool:
        return target.region == 0 and OUTAGE[0] <= self.now < OUTAGE[1]

    def call(self, actor: int, target: Target, calls: int, began: list[int]) -> int:
        answered = target.take(calls, away=self.away(target))
        answered = min(answered, self.left)
        began[actor] += answered
        self.left -= answered
        return answered

    def second(self, began: list[int]) -> None:
        raise NotImplementedError

    def gone(self, actor: int) -> None:
        """What an actor knew is lost with it."""


class Shared(Fleet):
    """All lease from one ledger."""

    def __init__(self, records: int, seed: int) -> None:
        super().__init__(records, seed)
        self.names = [f"{target.region}-{number}" for number, target in enumerate(self.targets)]
        quotas = {name: {"tokens_per_minute": TOKENS_PER_MINUTE} for name in self.names}
        self.clock = 0.0
        self.ledger = Ledger(quotas, clock=lambda: self.clock)
        self.by_name = dict(zip(self.names, self.targets, strict=True))
        # Who prefers which account is spread, as rows' prompts would.
        self.order = [
            self.names[actor % len(self.names) :] + self.names[: actor % len(self.names)] for actor in range(ACTORS)
        ]
        self.met: list[dict[str, tuple[int, int]]] = [{} for _ in range(ACTORS)]
        self.due = [(self.random.random(), actor) for actor in range(ACTORS)]
        heapq.heapify(self.due)

    def gone(self, actor: int) -> None:
        self.met[actor] = {}

    def second(self, began: list[int]) -> None:
        want = Amount(MOST, MOST * EACH)
        while self.due[0][0] < self.now + 1 and self.left > 0:
            self.clock, actor = heapq.heappop(self.due)
            if not self.busy(actor):
                heapq.heappush(self.due, (self.clock + 1.0, actor))
                continue
            order = self.order[actor]
            granted = self.ledger.lease(str(actor), dict.fromkeys(order, want), None, self.met[actor])
            self.met[actor] = {}
            self.outcome.asks += 1
            for name, amount in granted.amounts.items():
                calls = int(amount.requests)
                answered = self.call(actor, self.by_name[name], calls, began)
                self.met[actor][name] = answered, calls - answered
            heapq.heappush(self.due, (self.clock + max(granted.wait, 0.02), actor))


class Parts(Fleet):
    """Each has its part of the quotas, and leaves a target alone that refuses."""

    def __init__(self, records: int, seed: int) -> None:
        super().__init__(records, seed)
        self.part = TOKENS_PER_MINUTE / 60 / ACTORS / EACH
        self.purse = [[0.0] * len(self.targets) for _ in range(ACTORS)]
        self.until = [[0] * len(self.targets) for _ in range(ACTORS)]
        self.pause = [[1] * len(self.targets) for _ in range(ACTORS)]

    def second(self, began: list[int]) -> None:
        for actor in self.random.sample(range(ACTORS), ACTORS):
            busy = self.busy(actor)
            purse, until, pause = self.purse[actor], self.until[actor], self.pause[actor]
            for number, target in enumerate(self.targets):
                purse[number] = min(purse[number] + self.part, max(2.0, 2 * self.part))
                calls = int(purse[number])
                if not busy or not calls or self.now < until[number] or self.left <= 0:
                    continue
                purse[number] -= calls
                if self.call(actor, target, calls, began) < calls:
                    until[number], pause[number] = self.now + pause[number], min(30, pause[number] * 2)
                else:
                    pause[number] = 1


class Alone(Fleet):
    """Each finds out for itself: more while it is answered, less when it is throttled."""

    def __init__(self, records: int, seed: int) -> None:
        super().__init__(records, seed)
        self.rate = [[1.0] * len(self.targets) for _ in range(ACTORS)]
        self.until = [[0] * len(self.targets) for _ in range(ACTORS)]
        self.pause = [[1] * len(self.targets) for _ in range(ACTORS)]

    def gone(self, actor: int) -> None:
        self.rate[actor] = [1.0] * len(self.targets)

    def second(self, began: list[int]) -> None:
        for actor in self.random.sample(range(ACTORS), ACTORS):
            if not self.busy(actor):
                continue
            rate, until, pause = self.rate[actor], self.until[actor], self.pause[actor]
            room = MOST
            for number, target in enumerate(self.targets):
                if self.now < until[number] or room <= 0 or self.left <= 0:
                    continue
                wanted = min(room, int(rate[number] + self.random.random()))
                if not wanted:
                    rate[number] *= 1.04
                    continue
                answered = self.call(actor, target, wanted, began)
                room -= answered
                if answered == wanted:
                    # As `concurrency="auto"`: 4 % faster every second, and 0.75 of what was answered after throttling.
                    rate[number], pause[number] = min(MOST, rate[number] * 1.04), 1
                elif answered:
                    rate[number] = max(0.1, 0.75 * answered)
                else:
                    rate[number] = max(0.1, rate[number] * 0.75)
                    until[number], pause[number] = self.now + pause[number], min(30, pause[number] * 2)


FLEETS = {"one ledger": Shared, "a part each": Parts, "each for itself": Alone}


def play(records: int, seed: int) -> dict[str, dict]:
    played = {}
    for name, fleet in FLEETS.items():
        came = fleet(records, seed).play()
        steady = came.used[10 : OUTAGE[0] // 60]
        quiet = came.refused[10 : OUTAGE[0] // 60]
        played[name] = {
            "hours": came.seconds / 3600,
            "attempts a record": came.attempts / records,
            "refused": came.attempts - came.answered - came.paid_in_vain,
            "paid in vain": came.paid_in_vain,
            "dollars": (records + came.paid_in_vain) * PRICE,
            "share of quota, undisturbed": sum(steady) / max(1, len(steady)),
            "refused for each answer, undisturbed": sum(quiet) / max(1, len(quiet)),
            "share of quota, Region away": mean(came.used, OUTAGE),
            "share of quota, actors lost": mean(came.used, LOST),
            "asks of the ledger a second": came.asks / came.seconds,
            "used": came.used,
            "refused by minute": came.refused,
        }
        print(name, {key: value for key, value in played[name].items() if not isinstance(value, list)}, file=sys.stderr)
    return played


def mean(values: list[float], span: tuple[int, int]) -> float:
    # The minutes in which it begins and ends are neither.
    part = values[span[0] // 60 + 1 : span[1] // 60 - 1]
    return sum(part) / max(1, len(part))


COLOURS = {"one ledger": "#0b6e4f", "a part each": "#c98a1b", "each for itself": "#a23b3b"}


def draw(source: str, target: str) -> None:
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    played = json.loads(Path(source).read_text())
    # Names in a file instead of random ones, so that drawing it again changes nothing.
    mpl.rcParams["svg.hashsalt"] = "fleet"
    figure, (used, refused) = plt.subplots(2, 1, sharex=True, figsize=(9, 6))
    for name, colour in COLOURS.items():
        hours = f"{name}: {played[name]['hours']:.1f} hours, {played[name]['attempts a record']:.2f} attempts a record"
        used.plot([100 * share for share in played[name]["used"]], color=colour, label=hours, lw=1.2)
        refused.plot(played[name]["refused by minute"], color=colour, lw=1.2)
    for axes in (used, refused):
        for span in (OUTAGE, LOST):
            axes.axvspan(span[0] / 60, span[1] / 60, color="#00000018", lw=0)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_xlim(0, 140)
    used.set_ylabel("quota of all targets used (%)")
    used.set_ylim(0, 105)
    used.legend(loc="lower right", frameon=False)
    refused.set_ylabel("refused attempts for each answer")
    refused.set_ylim(bottom=0)
    refused.set_xlabel("minutes; a Region of three is away, then a third of the actors is lost")
    figure.align_ylabels()
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    verbs = parser.add_subparsers(required=True, dest="verb")
    playing = verbs.add_parser("play")
    playing.add_argument("--records", type=int, default=100_000_000)
    playing.add_argument("--seed", type=int, default=1)
    drawing = verbs.add_parser("draw")
    drawing.add_argument("played")
    drawing.add_argument("target")
    asked = parser.parse_args()
    if asked.verb == "play":
        json.dump(play(asked.records, asked.seed), sys.stdout)
    else:
        draw(asked.played, asked.target)


if __name__ == "__main__":
    main()
