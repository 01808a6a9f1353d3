"""From calls to the report on one machine: emulator → CloudWatch Logs → report, held against the emulator's journal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

import outcrop
from outcrop import monitoring
from outcrop.emulator import Emulator
from outcrop.monitoring.metric_filters import metric_filters
from tests.monitoring.conftest import _session
from tests.monitoring.insights import Insights
from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.monitoring.conftest import Moto

PROFILE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
REGIONS = ["us-east-1", "us-east-2", "us-west-2"]
GROUP = "bedrock-model-invocation-logging"


@pytest.fixture
def logged(moto: Moto) -> Iterator[Emulator]:
    """Three Regions whose calls are logged to moto; us-east-1 has no room, so its calls are served elsewhere."""
    regions: dict[str, Any] = {"us-east-1": {"health": "throttled"}}
    with Emulator(logs_endpoint_url=moto.endpoint_url, regions=regions) as bedrock:
        yield bedrock


def session(bedrock: Emulator, region: str) -> outcrop.Session:
    keys = {"aws_access_key_id": bedrock.access_key_id, "aws_secret_access_key": bedrock.secret_access_key}
    return outcrop.Session(region_name=region, endpoint_url=bedrock.endpoint_url, retries={"max_attempts": 1}, **keys)


def test_the_report_is_the_journal(logged: Emulator, moto: Moto) -> None:
    elsewhere = dict.fromkeys(("iam", "sts", "logs"), moto.endpoint_url)
    for region in REGIONS:
        monitoring.enable(session(logged, region), endpoint_urls=elsewhere)
    answers = []
    for number in range(30):
        runtime = session(logged, REGIONS[number % 3]).client("bedrock-runtime")
        body: dict[str, Any] = {"messages": [{"role": "user", "content": [{"text": f"Question {number}"}]}]}
        if number % 5:
            answers.append(runtime.converse(modelId=PROFILE, **body))
        else:
            answer = runtime.converse_stream(modelId=PROFILE, **body)
            assert list(answer["stream"])
            answers.append(answer)
    logged.fault("throttling", region="us-east-2", times=2)
    for _ in range(2):
        with pytest.raises(outcrop.exceptions.ThrottlingException):
            session(logged, "us-east-2").client("bedrock-runtime").converse(modelId=PROFILE, **body)
    logged.invocation_log.flush()

    calls = [entry for entry in logged.journal if entry.service == "bedrock-runtime"]
    served = [entry for entry in calls if entry.status == 200]
    rerouted = [entry for entry in served if entry.rerouted]
    assert rerouted

    report = monitoring.routing_report(
        session(logged, "us-east-1"), regions=REGIONS, since="10m", endpoint_urls=elsewhere
    )
    assert report.source == f"log group {GROUP}"
    assert (report.served, report.rerouted) == (len(served), len(rerouted))
    assert report.rerouted_percentage == pytest.approx(100 * len(rerouted) / len(served))
    pairs = Counter((entry.region, entry.serving_region) for entry in served)
    assert pairs == {
        (row.source_region, row.serving_region): row.served
        for row in report.by("source_region", "serving_region")
        if row.served
    }
    assert (report.total.input_tokens, report.total.output_tokens) == (
        sum(entry.input_tokens for entry in served),
        sum(entry.output_tokens for entry in served),
    )
    assert str(report.by()) == str(monitoring.routing_report(logged).by())

    by_id = {entry.request_id: entry for entry in served}
    for answer in answers[:6]:
        entry = by_id[answer["ResponseMetadata"]["RequestId"]]
        here = session(logged, entry.region)
        assert monitoring.where(answer, here, endpoint_urls=elsewhere).serving_region == entry.serving_region

    # The very records, as text: what Logs Insights makes of them, and what the metric filter counts.
    events = {
        region: [
            event["message"] for event in moto.client("logs", region).filter_log_events(logGroupName=GROUP)["events"]
        ]
        for region in REGIONS
    }
    for region in REGIONS:
        with Server(answer=Insights(events[region], running=0).answer) as server:
            found = monitoring.routing_report(
                _session(region), since="10m", source="insights", endpoint_urls=server.url
            )
        here = [entry for entry in served if entry.region == region]
        assert (found.served, found.rerouted) == (len(here), sum(entry.rerouted for entry in here))
        [rerouting] = metric_filters("rerouted", region)
        judged = sum(monitoring.FilterPattern(rerouting.pattern).matches(text) for text in events[region])
        assert judged == found.rerouted


def test_what_was_set_up_is_taken_down_again(logged: Emulator, moto: Moto) -> None:
    elsewhere = dict.fromkeys(("iam", "sts", "logs"), moto.endpoint_url)
    here = session(logged, "us-east-1")
    monitoring.enable(here, endpoint_urls=elsewhere)
    control = logged.client("bedrock", region_name="us-east-1")
    assert control.get_model_invocation_logging_configuration()["loggingConfig"]
    monitoring.disable(here, delete_logs=True, endpoint_urls=elsewhere)
    assert "loggingConfig" not in control.get_model_invocation_logging_configuration()
    assert not moto.client("logs").describe_log_groups()["logGroups"]
    assert not [role for role in moto.client("iam").list_roles()["Roles"] if "Bedrock" in role["RoleName"]]
