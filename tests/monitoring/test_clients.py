"""Where monitoring's calls go: what the session says, and never by surprise to AWS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import outcrop
from outcrop import monitoring
from outcrop.monitoring.clients import Clients

if TYPE_CHECKING:
    from outcrop.emulator import Emulator
    from tests.monitoring.conftest import Moto

KEYS = {"region_name": "us-east-1", "aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
LOCAL = "http://127.0.0.1:9"


def session_of(bedrock: Emulator, region: str = "us-east-1") -> outcrop.Session:
    return outcrop.Session(
        region_name=region,
        endpoint_url=bedrock.endpoint_url,
        aws_access_key_id=bedrock.access_key_id,
        aws_secret_access_key=bedrock.secret_access_key,
    )


def test_an_outcrop_session_gives_region_credentials_and_endpoint(emulator: Emulator, moto: Moto) -> None:
    others = dict.fromkeys(("iam", "sts", "logs"), moto.endpoint_url)
    plan = monitoring.enable(session_of(emulator, "eu-west-1"), endpoint_urls=others)
    assert all(step.done and step.region == "eu-west-1" for step in plan.changes)
    wanted = plan.receipts["eu-west-1"].configuration_after
    control = emulator.client("bedrock", region_name="eu-west-1")
    assert (
        control.get_model_invocation_logging_configuration()["loggingConfig"]["cloudWatchConfig"]
        == (wanted["cloudWatchConfig"])
    )
    assert moto.client("logs", "eu-west-1").describe_log_groups()["logGroups"]
    assert emulator.journal[0].principal == emulator.access_key_id


def test_a_local_session_sends_nothing_to_aws(emulator: Emulator) -> None:
    text = f"endpoint_url is {emulator.endpoint_url}, but where sts is was not said"
    with pytest.raises(monitoring.MonitoringError, match=re.escape(text)):
        monitoring.enable(session_of(emulator))
    assert not emulator.journal


def test_the_environment_may_name_the_other_stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://127.0.0.1:10")
    clients = Clients(outcrop.Session(endpoint_url=LOCAL, **KEYS))
    assert clients.get("logs", "us-east-1").meta.endpoint_url == "http://127.0.0.1:10"
    assert clients.get("bedrock", "us-east-1").meta.endpoint_url == LOCAL
    with pytest.raises(monitoring.MonitoringError, match="where iam is was not said"):
        clients.get("iam", "us-east-1")


def test_a_service_can_be_sent_to_aws_on_purpose() -> None:
    clients = Clients(outcrop.Session(endpoint_url=LOCAL, **KEYS), {"logs": None})
    assert clients.get("logs", "us-east-1").meta.endpoint_url == "https://logs.us-east-1.amazonaws.com"


def test_a_session_tells_the_endpoint_it_was_given_or_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcrop.Session(**KEYS).endpoint_url is None
    assert outcrop.Session(endpoint_url=LOCAL, **KEYS).endpoint_url == LOCAL
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:11")
    assert outcrop.Session(**KEYS).endpoint_url == "http://127.0.0.1:11"
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK", "http://127.0.0.1:12")
    assert outcrop.Session(**KEYS).endpoint_url == "http://127.0.0.1:12"


def test_an_unknown_region_asks_for_one() -> None:
    clients = Clients(outcrop.Session(**KEYS))
    assert clients.regions(None) == ["us-east-1"]
    assert clients.regions(["b", "a", "b"]) == ["b", "a"]
    with pytest.raises(monitoring.MonitoringError, match="regions is empty"):
        clients.regions([])
