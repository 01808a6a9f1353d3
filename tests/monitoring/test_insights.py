"""Logs Insights: the query, its pages and limits, and the fields it does not find by itself."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from outcrop import monitoring
from outcrop.monitoring import insights
from outcrop.monitoring.insights import query
from tests.monitoring.conftest import _session
from tests.monitoring.insights import Insights
from tests.monitoring.records import NOON, a_morning, lines, record
from tests.monitoring.test_report import is_the_morning
from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

HOUR: dict[str, Any] = {"since": NOON, "until": NOON + timedelta(hours=1), "source": "insights"}


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """No pause takes time; what they would have been."""
    # boto3 has retries of its own, which do take time.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    pauses: list[float] = []
    take: Callable[[float], None] = pauses.append
    defaults = {**(insights.add_query.__kwdefaults__ or {}), "sleep": take}
    monkeypatch.setattr(insights.add_query, "__kwdefaults__", defaults)
    return pauses


def report(service: Insights, **options: Any) -> monitoring.RoutingReport:
    with Server(answer=service.answer) as server:
        return monitoring.routing_report(_session("us-east-1"), endpoint_urls=server.url, **HOUR, **options)


def test_the_report_is_that_of_the_records(paused: list[float]) -> None:
    service = Insights(lines(a_morning()), page=2, running=3)
    is_the_morning(report(service))
    assert len(service.queries) == 1
    assert paused == [1, 2, 4]


def test_fields_beyond_the_two_hundredth_are_found_in_the_text(paused: list[float]) -> None:
    large = {f"member{number}": number for number in range(300)}
    records = [{"identity": each.pop("identity"), "large": large, **each} for each in a_morning()]
    is_the_morning(report(Insights(lines(records))))


def test_a_prompt_that_looks_like_a_record_changes_nothing(paused: list[float]) -> None:
    fake = json.dumps({"inputTokenCount": 99999, "inferenceRegion": "mars-1", "latencyMs": 1})
    records = [{**each, "requestMetadata": {"a": fake, **{str(n): n for n in range(300)}}} for each in a_morning()]
    is_the_morning(report(Insights(lines(records))))


def test_more_rows_than_a_query_gives_are_asked_for_in_halves(
    paused: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insights, "LIMIT", 4)
    service = Insights(lines(a_morning()))
    is_the_morning(report(service, every="1m"))
    assert len(service.queries) > 2
    asked = sorted((each["startTime"], each["endTime"]) for each in service.queries)
    assert all(since <= until for since, until in asked)


def test_one_bucket_with_too_many_rows_is_an_error(paused: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(insights, "LIMIT", 2)
    records = [record(number, model=f"model-{number}") for number in range(5)]
    with pytest.raises(monitoring.QueryError, match="pass a shorter every"):
        report(Insights(lines(records)), every="1h")


def test_a_busy_account_is_waited_for(paused: list[float]) -> None:
    service = Insights(lines(a_morning()), busy=3, running=0)
    is_the_morning(report(service))
    assert paused == [1, 2, 4]


def test_an_account_that_stays_busy_is_an_error(paused: list[float]) -> None:
    with pytest.raises(monitoring.QueryError, match=r"stayed busy \(LimitExceededException\)"):
        report(Insights([], busy=100))
    assert paused == [1, 2, 4, 8, 16, 32, 32]


def test_a_query_that_fails_is_an_error(paused: list[float]) -> None:
    service = Insights([])
    service.status = "Failed"
    with pytest.raises(monitoring.QueryError, match="ended as Failed: try a shorter window"):
        report(service)


def test_a_query_that_never_ends_is_stopped(paused: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(insights, "_TIMEOUT", 5.0)
    service = Insights([], running=100)
    with pytest.raises(monitoring.QueryError, match="did not end within 5 s"):
        report(service)
    assert sum(paused) >= 5


def test_the_query_is_short_enough() -> None:
    assert len(query(300)) < 2_500
