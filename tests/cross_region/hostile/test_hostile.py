"""A Region that misbehaves, by both sides: what the caller gets, and that all who count agree with what was sent."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Any

import pytest
import trustme

import outcrop
from outcrop.cross_region import HeldClock
from tests.cross_region.conftest import CLAUDE_BODY, MODEL, ask
from tests.house.documents import ROOT

from .servers import Conversation, Region, well
from .table import SCENARIOS, table

if TYPE_CHECKING:
    from .scenario import Scenario

PRIMARY, SECOND = "us-east-1", "us-west-2"
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
BUDGET = 500
COST = {"failed": 14, "throttled": 0, "daily": 0}
COUNTS = {
    # Calls, failures and throttled calls of the first target.
    "answered": (1, 0, 0),
    "failed": (1, 1, 0),
    "throttled": (1, 0, 1),
    "daily": (1, 1, 0),
    "paid": (1, 1, 0),
    "caller": (1, 0, 0),
    "late": (1, 1, 0),
    "late throttled": (1, 0, 1),
    "late caller": (1, 0, 0),
}


@pytest.fixture(params=["blocking", "async"])
def kind(request):
    return request.param


class Called:
    """One call through a router of one kind, its answer or its error."""

    def __init__(self, kind: str, scenario: Scenario, **options: Any) -> None:
        self.answer: dict[str, Any] | None = None
        self.error: Any = None
        make = outcrop.CrossRegion if kind == "blocking" else outcrop.AsyncCrossRegion
        self.router: Any = make(
            MODEL,
            sources=[PRIMARY, SECOND],
            geographies=["us"],
            catalogue="snapshot",
            shared=False,
            clock=HeldClock(),
            http_version="2" if scenario.over == "HTTP/2" else "1.1",
            timeouts={
                **dict.fromkeys(("connect", "first_byte", "idle"), 0.2 if scenario.silent else 30.0),
                **({"total": 0.5} if scenario.endless else {}),
            },
            **KEYS,
            **options,
        )
        self._operation = scenario.operation
        self._arguments = ask() if scenario.operation.startswith("converse") else {"body": CLAUDE_BODY}
        self._call = self._blocking if kind == "blocking" else lambda: asyncio.run(self._awaited())

    def make(self) -> None:
        try:
            self._call()
        except outcrop.exceptions.OutcropError as error:
            self.error = error

    def _blocking(self) -> None:
        answer = getattr(self.router, self._operation)(**self._arguments)
        self.answer = answer
        for _ in self._events(answer) or ():
            pass

    async def _awaited(self) -> None:
        answer = await getattr(self.router, self._operation)(**self._arguments)
        self.answer = answer
        if (events := self._events(answer)) is not None:
            async for _ in events:
                pass

    def _events(self, answer: dict[str, Any]) -> Any:
        return {"converse_stream": answer.get("stream"), "invoke_model_with_response_stream": answer.get("body")}.get(
            self._operation
        )

    @property
    def record(self) -> dict[str, Any]:
        if self.error is not None:
            return self.error.cross_region
        assert self.answer is not None
        return self.answer["ResponseMetadata"]["CrossRegion"]


def play(kind: str, scenario: Scenario, authority: trustme.CA, folder: Any) -> tuple[Called, int, int, list[int]]:
    """Make a call before the two Regions: the call, the requests that each got, and the budget as the second saw it."""
    budgets: list[int] = []
    options: dict[str, Any] = {}
    context = None
    if scenario.over == "TLS":
        context = _context(scenario, authority, folder, options)

    def second(conversation: Conversation) -> None:
        well(conversation, operation=scenario.operation, http2=scenario.over == "HTTP/2")

    with contextlib.ExitStack() as stack:
        first = stack.enter_context(Region(scenario.play, context))
        other = stack.enter_context(Region(second, on_request=lambda: budgets.append(called.router.retry_budget)))
        url = first.url.replace("http:", "https:") if scenario.over == "TLS" else first.url
        if scenario.over == "nothing":
            taken = stack.enter_context(socket.socket())
            taken.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        called = Called(kind, scenario, endpoint_urls={PRIMARY: url, SECOND: other.url}, **options)
        called.make()
        return called, first.posts, other.posts, budgets


def _context(scenario: Scenario, authority: trustme.CA, folder: Any, options: dict[str, Any]) -> Any:
    import ssl

    if "certificate" not in scenario.name:
        # It never comes to a handshake, or to its end.
        return None
    stranger = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stranger.issue_cert("127.0.0.1").configure_cert(context)
    options["ca_bundle"] = str(folder / "authority.pem")
    authority.cert_pem.write_to_path(options["ca_bundle"])
    return context


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.mark.parametrize(
    "scenario", SCENARIOS, ids=[f"{each.over} {each.operation}: {each.name}" for each in SCENARIOS]
)
def test_all_who_count_agree(kind, scenario, authority, tmp_path):
    called, first, second, budgets = play(kind, scenario, authority, tmp_path)
    fate, record = scenario.fate, called.record
    seen = [(attempt["Target"]["SourceRegion"], attempt["Error"]) for attempt in record["Attempts"]]
    goes_on = fate in COST
    late = fate.startswith("late")

    # What became of it, and who was asked.
    expected = [(PRIMARY, scenario.error)] + [(SECOND, None)] * goes_on
    assert seen == expected
    assert (called.error is None) == (fate == "answered" or goes_on)
    stopped = "it was sent, so it was probably paid for"
    assert record["Stopped"] == (stopped if fate == "paid" else None)
    assert (first, second) == (scenario.posts, int(goes_on))

    # The answer says how often it was tried, and so do the metrics.
    if called.answer is not None:
        assert called.answer["ResponseMetadata"]["RetryAttempts"] == len(seen) - 1
    metrics = called.router.metrics()
    attempts = {(it.labels["region"], it.labels["outcome"]): it.calls for it in metrics.attempts}
    assert sum(attempts.values()) == len(seen)
    assert {region for region, _ in attempts} == {region for region, _ in seen}
    assert ((PRIMARY, "ok") in attempts) == (fate == "answered")
    (series,) = metrics.series
    assert (series.calls, series.retries) == (1, len(seen) - 1)
    assert (series.labels["outcome"] == "ok") == (called.error is None)

    # The retry was paid for before it was made, and was worth it.
    assert budgets == ([BUDGET - COST[fate]] if goes_on else [])
    assert called.router.retry_budget == BUDGET

    # The breaker of the Region counts the call once, as what it was.
    health = called.router.health()[0]
    assert (health.calls, health.failures, health.throttled) == COUNTS[fate]
    assert health.state == ("open" if fate == "daily" else "closed")
    assert not late or health.under_way == 0


def test_there_are_enough_of_them():
    names = [(each.over, each.operation, each.name) for each in SCENARIOS]
    assert len(set(names)) == len(names) >= 60


def test_the_page_has_the_table():
    page = (ROOT / "docs" / "dev" / "router.md").read_text()
    assert table() in page, "docs/dev/router.md: put the table of tests/cross_region/hostile/table.py there"
