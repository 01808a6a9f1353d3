"""One call and its record: which Region served it."""

from __future__ import annotations

import gzip
import tracemalloc
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

import outcrop
from outcrop import monitoring
from tests.monitoring.records import a_morning, record
from tests.monitoring.test_report import deliver

if TYPE_CHECKING:
    from outcrop.emulator import Emulator
    from tests.monitoring.conftest import Moto

PROFILE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
LOGGING = {"cloudWatchConfig": {"logGroupName": "calls", "roleArn": "arn:aws:iam::123456789012:role/r"}}
REQUEST: dict[str, Any] = {"modelId": PROFILE, "messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
AN_HOUR_AGO = datetime.now(timezone.utc) - timedelta(hours=1)
SINCE = {"since": "2h"}


def test_an_answer_is_joined_with_its_record(emulator: Emulator) -> None:
    emulator.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=LOGGING)
    runtime = emulator.client("bedrock-runtime")
    answers = [runtime.converse(**REQUEST) for _ in range(8)]
    journal = {entry.request_id: entry for entry in emulator.journal}
    for answer in answers:
        found = monitoring.where(answer, emulator)
        entry = journal[answer["ResponseMetadata"]["RequestId"]]
        assert (found.serving_region, found.source_region) == (entry.serving_region, entry.region)
        assert found.rerouted is entry.rerouted
        assert (found.model_id, found.operation) == (PROFILE, "Converse")


def test_in_a_log_group(moto: Moto) -> None:
    deliver(moto, a_morning(AN_HOUR_AGO))
    options: dict[str, Any] = {"endpoint_urls": moto.endpoint_url, **SINCE}
    away = monitoring.where("request-5", moto.session(), **options)
    assert str(away) == "request-5: served in us-west-2, re-routed from us-east-1"
    here = monitoring.where({"ResponseMetadata": {"RequestId": "request-0"}}, moto.session(), **options)
    assert str(here) == "request-0: served in us-east-1, where it was called: us-east-1"
    failed = monitoring.where("request-9", moto.session(), **options)
    assert str(failed) == "request-9: ThrottlingException, called in us-east-1; no Region served it"
    assert (failed.serving_region, failed.rerouted) == (None, False)


def test_a_session_of_the_environment_does(moto: Moto, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(moto, [record(1, start=AN_HOUR_AGO)])
    for name, value in {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    assert monitoring.where("request-1", endpoint_urls=moto.endpoint_url, **SINCE).serving_region == "us-east-1"


def test_no_record_says_what_to_do(moto: Moto) -> None:
    deliver(moto, [record(1, start=AN_HOUR_AGO)])
    with pytest.raises(
        monitoring.RecordNotFoundError, match=r"no record of request-2 in us-east-1 .* wait_seconds=120"
    ):
        monitoring.where("request-2", moto.session(), endpoint_urls=moto.endpoint_url, **SINCE)


def test_a_record_that_comes_late_is_waited_for(moto: Moto, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(moto, [record(1, start=AN_HOUR_AGO)])
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            line = '{"requestId":"late","region":"us-east-1","timestamp":"2026-04-02T12:00:00Z"}'
            event = {"timestamp": int(AN_HOUR_AGO.timestamp() * 1000), "message": line}
            names = {
                "logGroupName": "bedrock-model-invocation-logging",
                "logStreamName": "aws/bedrock/modelinvocations",
            }
            moto.client("logs").put_log_events(**names, logEvents=[event])

    monkeypatch.setattr("outcrop.monitoring.serving.time.sleep", sleep)
    found = monitoring.where("late", moto.session(), endpoint_urls=moto.endpoint_url, wait_seconds=60, **SINCE)
    assert (found.serving_region, len(pauses)) == ("us-east-1", 3)


@pytest.mark.parametrize("request_id", ["", "a b", 'x" || $.a = "*'])
def test_what_is_no_request_id_is_not_sent(request_id: str) -> None:
    with pytest.raises(monitoring.FilterPatternError, match="is no request id"):
        monitoring.where(request_id)


def test_what_is_no_answer() -> None:
    with pytest.raises(monitoring.MonitoringError, match=r"an answer with ResponseMetadata\.RequestId"):
        monitoring.where({"output": {}})


def test_nothing_is_sent_to_aws_from_a_local_session() -> None:
    keys = {"region_name": "us-east-1", "aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
    session = outcrop.Session(endpoint_url="http://127.0.0.1:9", **keys)
    with pytest.raises(monitoring.MonitoringError, match="where logs is was not said"):
        monitoring.where("request-1", session)


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_line_without_an_end_is_not_gathered(moto: Moto, end: str) -> None:
    """Some hundred kilobytes of a file unpack to a line of 64 MiB, which is no record."""
    at = datetime.now(timezone.utc)
    folder = f"AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/{at:%Y/%m/%d/%H}"
    s3 = moto.client("s3")
    s3.create_bucket(Bucket="long")
    line = b"request-7" + b"x" * (64 << 20) + end.encode()
    s3.put_object(Bucket="long", Key=f"{folder}/a.json.gz", Body=gzip.compress(line, 1))
    del line
    options: dict[str, Any] = {"endpoint_urls": moto.endpoint_url, "bucket": "long", **SINCE}
    tracemalloc.start()
    try:
        with pytest.raises(monitoring.RecordNotFoundError):
            monitoring.where("request-7", moto.session(), **options)
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()
