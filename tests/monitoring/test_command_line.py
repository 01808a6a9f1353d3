"""`outcrop monitor`, from the words to the calls."""

from __future__ import annotations

import io
import json
import socket
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from outcrop.cli import main
from tests.monitoring.records import PROFILE, a_morning
from tests.monitoring.test_report import GROUP, deliver, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.monitoring.conftest import Moto


@pytest.fixture
def outcrop(moto: Moto, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`outcrop(words)` → exit status, what was printed, what was complained about."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto.endpoint_url)
    monkeypatch.setenv("COLUMNS", "200")

    def call(words: str) -> tuple[int, str, str]:
        status = main(["monitor", *words.split()])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def test_enable_and_disable(outcrop: Any, moto: Moto) -> None:
    status, said, _ = outcrop("enable --dry-run --metadata-only")
    assert (status, "Would be done (a dry run)" in said) == (0, True)
    assert not moto.client("logs").describe_log_groups()["logGroups"]
    policy = json.loads(outcrop("enable --policy")[1])
    assert {action for each in policy["Statement"] for action in each["Action"]} >= {"iam:CreateRole", "iam:PassRole"}
    steps = json.loads(outcrop("enable --json --metadata-only")[1])
    assert all(step["done"] for step in steps)
    configured = moto.client("bedrock").get_model_invocation_logging_configuration()["loggingConfig"]
    assert configured["textDataDeliveryEnabled"] is False
    assert "nothing to change" in outcrop("enable --metadata-only")[1]
    theirs = {"s3Config": {"bucketName": "theirs"}}
    moto.client("bedrock", "eu-west-1").put_model_invocation_logging_configuration(loggingConfig=theirs)
    status, _, complaint = outcrop("enable --region eu-west-1")
    assert (status, "use existing='adopt'" in complaint) == (2, True)
    assert outcrop("metric --variant rerouted --variant calls")[0] == 0
    assert len(moto.client("logs").describe_metric_filters()["metricFilters"]) == 2
    assert outcrop("disable --delete-logs")[0] == 0
    assert not moto.client("logs").describe_log_groups()["logGroups"]


def test_a_table_in_a_pipe_keeps_names_whole(outcrop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    path = tmp_path / "export.json"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in a_morning()), encoding="utf-8")
    status, said, _ = outcrop(f"report --file {path}")
    assert status == 0
    assert f"us-east-1\tus-east-1\t{PROFILE}\t" in said
    assert "us-west-2\tus-east-1" in said


def test_report_and_where(outcrop: Any, moto: Moto) -> None:
    deliver(moto, a_morning(datetime.now(timezone.utc) - timedelta(hours=1)))
    status, said, _ = outcrop("report --since 2h --from events")
    assert status == 0
    assert "us-west-2" in said
    assert "9 calls answered, 3 by another Region (33.3 %), 1 failed" in said
    assert json.loads(outcrop("report --since 2h --from events --json")[1])["rerouted"] == 3
    assert outcrop("where request-5 --since 2h")[1] == "request-5: served in us-west-2, re-routed from us-east-1\n"
    assert json.loads(outcrop("where request-5 --since 2h --json")[1])["inferenceRegion"] == "us-west-2"
    status, _, complaint = outcrop("where request-50 --since 2h")
    assert (status, complaint.startswith("outcrop monitor where: no record of request-50")) == (1, True)
    assert outcrop("report --log-group nobody --from events")[0] == 2


def test_a_report_of_files_with_a_picture(outcrop: Any, tmp_path: Path) -> None:
    path = written(tmp_path, a_morning(), "log.json.gz")
    status, said, _ = outcrop(f"report --file {path} --plot {tmp_path}/report.png")
    assert (status, PROFILE in said) == (0, True)
    assert (tmp_path / "report.png").read_bytes().startswith(b"\x89PNG")


def test_a_report_of_standard_input_and_of_a_folder(
    outcrop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, a_morning(), "log.json.gz")
    for word in ("-", str(tmp_path)):
        with path.open("rb") as stream:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream))
            status, said, _ = outcrop(f"report --file {word}")
        assert (status, "9 calls answered, 3 by another Region" in said) == (0, True)


def test_what_goes_to_amazon_s3_only_is_undone_with_its_receipts(outcrop: Any, moto: Moto, tmp_path: Path) -> None:
    moto.client("s3").create_bucket(Bucket="records")
    kept = tmp_path / "receipts.json"
    assert outcrop(f"enable --no-cloudwatch --bucket records --receipts {kept}")[0] == 0
    status, _, complaint = outcrop("disable")
    assert (status, "receipts" in complaint) == (2, True)
    assert outcrop(f"disable --receipts {kept}")[0] == 0
    assert moto.client("bedrock").get_model_invocation_logging_configuration()["loggingConfig"] == {}


def test_tags_are_set(outcrop: Any, moto: Moto) -> None:
    assert outcrop("enable --tag team=data --tag stage=test")[0] == 0
    [group] = moto.client("logs").describe_log_groups()["logGroups"]
    tags = moto.client("logs").list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"]
    assert (tags["team"], tags["stage"]) == ("data", "test")


def test_what_cannot_be_done_is_told_in_a_line(outcrop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, a_morning())
    status, _, complaint = outcrop(f"report --file {path} --plot {tmp_path}/nowhere/report.png")
    assert (status, "No such file or directory" in complaint, len(complaint.splitlines())) == (2, True, 1)
    # A port that is bound and does not listen answers nobody.
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        status, _, complaint = outcrop("report --from events")
    assert (status, len(complaint.splitlines())) == (2, 1)
    assert "gave no answer to work with: Could not connect to the endpoint URL" in complaint


def test_dashboard_and_alarms(outcrop: Any, moto: Moto, tmp_path: Path) -> None:
    assert "widgets" in json.loads(outcrop("dashboard --dry-run")[1])
    assert outcrop(f"dashboard --model {PROFILE} --quota {PROFILE}=200000")[0] == 0
    assert moto.client("cloudwatch").list_dashboards()["DashboardEntries"]
    template = tmp_path / "alarms.tf.json"
    said = outcrop(f"alarms --model {PROFILE} --allowed-region us-east-1 --write {template} --format terraform")[1]
    assert said.strip() == str(template)
    assert "resource" in json.loads(template.read_text())
    assert not moto.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert "us-east-1: bedrock" in outcrop(f"alarms --model {PROFILE}")[1]
    assert moto.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert outcrop("alarms --quota 5")[2].strip() == "outcrop monitor alarms: '5' is no pair: write NAME=VALUE"


def test_each_verb_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("", "enable", "disable", "metric", "report", "where", "dashboard", "alarms"):
        with pytest.raises(SystemExit) as ended:
            main(["monitor", *verb.split(), "--help"])
        assert ended.value.code == 0
    assert GROUP not in capsys.readouterr().err
