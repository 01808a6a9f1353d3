"""The routing report: out of every place that holds the log, the same numbers."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from outcrop import monitoring
from outcrop.monitoring.windows import Window
from tests.monitoring.records import ARN, NOON, PROFILE, a_morning, lines, record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.monitoring.conftest import Moto

GROUP = "bedrock-model-invocation-logging"
STREAM = "aws/bedrock/modelinvocations"
HOUR = {"since": NOON, "until": NOON + timedelta(hours=1)}


def written(folder: Path, records: list[Any], name: str = "log.json") -> Path:
    path = folder / name
    text = "".join(f"{line}\n" for line in lines(records))
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def deliver(moto: Moto, records: list[Any], region: str = "us-east-1") -> None:
    """As Bedrock does: into one stream of the log group."""
    logs = moto.client("logs", region)
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)
    events = [
        {
            "timestamp": int(datetime.fromisoformat(each["timestamp"][:-1] + "+00:00").timestamp() * 1000),
            "message": line,
        }
        for each, line in zip(records, lines(records), strict=True)
    ]
    answer = logs.put_log_events(logGroupName=GROUP, logStreamName=STREAM, logEvents=events)
    assert "rejectedLogEventsInfo" not in answer


def is_the_morning(report: monitoring.RoutingReport) -> None:
    assert (report.calls, report.served, report.errors, report.rerouted) == (10, 9, 1, 3)
    assert report.rerouted_percentage == pytest.approx(100 / 3)
    regions = {row.serving_region: row for row in report.by("serving_region")}
    assert {name: row.served for name, row in regions.items()} == {"us-east-1": 6, "us-west-2": 3}
    assert regions["us-west-2"].latency_p50 == pytest.approx(900, rel=0.015)
    assert regions["us-east-1"].latency_p95 == pytest.approx(404, rel=0.25)
    assert (report.total.input_tokens, report.total.output_tokens) == (90, 180)
    assert [row.profile for row in report.by("profile")] == [PROFILE]
    assert [row.error_code for row in report.by("error_code") if row.errors] == ["ThrottlingException"]
    assert sum(row.calls for row in report.by("time", "serving_region")) == 10


def test_files(tmp_path: Path) -> None:
    morning = a_morning()
    files = [written(tmp_path, morning[:4]), written(tmp_path, morning[4:], "log.json.gz")]
    report = monitoring.routing_report(files=files)
    is_the_morning(report)
    assert report.source == "2 files"


def test_a_folder_is_all_the_log_objects_below_it(tmp_path: Path) -> None:
    morning, hour = a_morning(), tmp_path / "AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2026/04/02/12"
    (hour / "data").mkdir(parents=True)
    written(hour, morning[:4], "a.json.gz")
    written(tmp_path, morning[4:])
    for beside in (hour / "data/request-1_input.json.gz", hour / "amazon-bedrock-logs-permission-check"):
        beside.write_bytes(b"no record")
    for beside in ("aws-logs-write-test", ".DS_Store"):
        (tmp_path / beside).write_bytes(b"no record")
    report = monitoring.routing_report(files=tmp_path)
    is_the_morning(report)
    assert (report.malformed, report.source) == (0, "2 files")
    (tmp_path / "empty").mkdir()
    with pytest.raises(monitoring.MonitoringError, match=r"no log object below .*empty"):
        monitoring.routing_report(files=[tmp_path / "empty"])


def test_a_folder_that_is_called_data_is_no_exception(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    written(tmp_path / "data", a_morning())
    is_the_morning(monitoring.routing_report(files=str(tmp_path)))


@pytest.mark.parametrize("name", ["log.json", "log.json.gz"])
def test_what_is_open_for_bytes_is_read_to_its_end(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, a_morning(), name)
    with path.open("rb") as stream:
        is_the_morning(monitoring.routing_report(files=stream))
    is_the_morning(monitoring.routing_report(files=[io.BytesIO(path.read_bytes())]))
    if name == "log.json":
        with path.open() as text, pytest.raises(monitoring.MonitoringError, match="open it with mode 'rb'"):
            monitoring.routing_report(files=cast("Any", text))


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    """A quarter of a gibibyte through a pipe, with prompts, in a process whose greatest size is looked at."""
    body = {"messages": [{"role": "user", "content": [{"text": "Some words of a document.\n" * 400}]}]}
    text = "\n".join(lines([{**record(number), "input": {"inputBodyJson": body}} for number in range(100)]))
    piece = tmp_path / "piece.json"
    piece.write_text(f"{text}\n", encoding="utf-8")
    program = """
import resource, sys
from outcrop import monitoring
class Log:
    def __init__(self, piece, times):
        self.piece, self.left = piece, times
    def read(self, count):
        self.left -= 1
        return self.piece if self.left >= 0 else b""
with open(sys.argv[1], "rb") as file:
    piece = file.read()
monitoring.routing_report(files=Log(piece, 3))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
report = monitoring.routing_report(files=Log(piece, 256 * 1024 * 1024 // len(piece)))
print(report.calls, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", program, piece], check=True, capture_output=True, text=True)
    calls, more = map(int, done.stdout.split())
    assert calls > 20_000
    assert more < 16 * 1024


def test_one_path_is_one_file(tmp_path: Path) -> None:
    path = written(tmp_path, a_morning())
    is_the_morning(monitoring.routing_report(files=str(path)))
    is_the_morning(monitoring.routing_report(files=path))


def test_events_of_a_log_group(moto: Moto) -> None:
    # CloudWatch Logs takes no events older than two weeks.
    deliver(moto, a_morning(datetime.now(timezone.utc) - timedelta(hours=1)))
    report = monitoring.routing_report(moto.session(), since="3h", source="events", endpoint_urls=moto.endpoint_url)
    is_the_morning(report)


def test_log_objects_in_a_bucket(moto: Moto) -> None:
    s3 = moto.client("s3")
    s3.create_bucket(Bucket="logs")
    folder = "bedrock/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2026/04/02"
    morning = a_morning()
    for name, records in {
        "12/a.json.gz": morning[:5],
        "13/b.json.gz": morning[5:],
        "09/early.json.gz": morning,
    }.items():
        body = gzip.compress("\n".join(lines(records)).encode())
        s3.put_object(Bucket="logs", Key=f"{folder}/{name}", Body=body)
    s3.put_object(Bucket="logs", Key=f"{folder}/12/data/request-1_input.json.gz", Body=b"no record")
    s3.put_object(Bucket="logs", Key=f"{folder}/12/amazon-bedrock-logs-permission-check", Body=b"no record")
    options: dict[str, Any] = {"bucket": "logs", "key_prefix": "bedrock", "endpoint_urls": moto.endpoint_url}
    report = monitoring.routing_report(moto.session(), **HOUR, **options)
    is_the_morning(report)
    assert report.malformed == 0
    week = monitoring.routing_report(moto.session(), since=NOON - timedelta(days=3), until=HOUR["until"], **options)
    assert week.calls == 20
    found = monitoring.where("request-6", moto.session(), **HOUR, **options)
    assert (found.serving_region, found.source_region, found.rerouted) == ("us-west-2", "us-east-1", True)


def test_absent_means_served_where_it_was_called(tmp_path: Path) -> None:
    old = {"timestamp": "2026-04-02T12:00:00Z", "region": "eu-west-1", "modelId": "m", "requestId": "r"}
    report = monitoring.routing_report(files=[written(tmp_path, [old, {**old, "inferenceRegion": ""}])])
    assert [(row.serving_region, row.served) for row in report.by("serving_region")] == [("eu-west-1", 2)]
    assert report.rerouted == 0


def test_damage_is_counted_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text("\n".join([*lines(a_morning()), '{"region":"us-ea', "no json"]))
    report = monitoring.routing_report(files=[path])
    is_the_morning(report)
    assert report.malformed == 2
    assert "2 lines of the log are no records" in report._repr_html_()


def test_a_cut_gzip_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "cut.json.gz"
    path.write_bytes(gzip.compress(b"x" * 1000)[:-9])
    with pytest.raises(monitoring.MonitoringError, match=r"cut\.json\.gz cannot be read as a log"):
        monitoring.routing_report(files=[path])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["us-east-1", "us-west-2"]),
            st.sampled_from([None, "us-east-1", "us-east-2"]),
            st.sampled_from([PROFILE, ARN, "m"]),
            st.sampled_from([None, "ThrottlingException"]),
            st.integers(0, 59),
        ),
        max_size=30,
    )
)
def test_rows_add_up_to_what_plain_python_counts(tmp_path_factory: Any, calls: list[Any]) -> None:
    records = [
        record(number, region=region, served=None if error else served, model=model, error=error, minutes=minute)
        for number, (region, served, model, error, minute) in enumerate(calls)
    ]
    report = monitoring.routing_report(files=[written(tmp_path_factory.mktemp("log"), records)])
    answered = [each for each in records if "errorCode" not in each]
    away = [each for each in answered if each.get("inferenceRegion", each["region"]) != each["region"]]
    assert (report.calls, report.served, report.rerouted) == (len(records), len(answered), len(away))
    for dimension in ("serving_region", "source_region", "profile", "time", "error_code"):
        assert sum(row.calls for row in report.by(dimension)) == len(records)


def test_a_window_limits_files_too(tmp_path: Path) -> None:
    path = written(tmp_path, a_morning())
    report = monitoring.routing_report(files=[path], since=NOON, until=NOON + timedelta(minutes=30), every="10m")
    assert (report.calls, report.rerouted) == (5, 0)
    assert [row.time.minute for row in report.by("time") if row.time] == [0, 10, 20]


def test_to_pandas(tmp_path: Path) -> None:
    report = monitoring.routing_report(files=[written(tmp_path, a_morning())])
    frame = report.to_pandas("serving_region")
    assert list(frame.columns[:3]) == ["serving_region", "calls", "errors"]
    assert frame.set_index("serving_region").served.to_dict() == {"us-east-1": 6, "us-west-2": 3}
    assert frame["share"].sum() == pytest.approx(100)
    assert str(report.to_pandas().time.dt.tz) == "UTC"
    empty = tmp_path / "empty.json"
    empty.touch()
    nothing = monitoring.routing_report(files=[empty])
    assert nothing.to_pandas().empty
    assert nothing.rerouted_percentage == 0


def test_tables_for_people(tmp_path: Path) -> None:
    report = monitoring.routing_report(files=[written(tmp_path, a_morning())])
    console = Console(file=StringIO(), width=160)
    console.print(report)
    for text in (console.file.getvalue(), report._repr_html_()):  # type: ignore[attr-defined]
        for part in ("us-west-2", "33.3 %", "90", PROFILE, "ThrottlingException 1", "9 calls answered, 3 by another"):
            assert part in text
    assert json.loads(json.dumps(report.to_dict()))["rerouted"] == 3
    assert repr(report).startswith("<RoutingReport: 9 calls answered")


def test_the_picture(tmp_path: Path) -> None:
    report = monitoring.routing_report(files=[written(tmp_path, a_morning())])
    shares, latency = report.plot().axes
    assert [text.get_text() for text in shares.get_legend().get_texts()] == ["us-east-1", "us-west-2"]
    heights = [bar.get_height() for bar in shares.patches]
    assert sum(heights) == pytest.approx(100 * len(report.by("time")))
    assert [label.get_text() for label in latency.get_yticklabels()] == ["us-west-2", "us-east-1"]
    drawn = BytesIO()
    report.plot().savefig(drawn)
    assert drawn.getvalue().startswith(b"\x89PNG")


def test_the_picture_says_what_it_cannot_show(tmp_path: Path) -> None:
    report = monitoring.routing_report(files=[written(tmp_path, [record(1, latency=None)])])
    assert "records without bodies" in report.plot().axes[1].texts[0].get_text()
    failed = monitoring.routing_report(files=[written(tmp_path, [record(1, error="X")])])
    assert "no call was answered" in failed.plot().axes[0].texts[0].get_text()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"session": None}, "give a session"),
        ({"files": ["missing.json"]}, r"missing\.json cannot be read"),
        ({"source": "cloudtrail"}, "choose 'auto', 'insights', 'events' or 's3'"),
        ({"files": [], "source": "s3"}, "needs the bucket"),
        ({"files": [], "since": "soon"}, "since is 'soon': give a span such as '90m'"),
        ({"files": [], "since": "1h", "every": "5 minutes"}, "every is '5 minutes': give a number"),
        ({"files": [], "since": "1h", "every": "0.1s"}, "a time bucket lasts a second or more"),
        ({"files": [], "since": NOON, "until": NOON}, "the window is empty"),
    ],
)
def test_arguments_that_cannot_be(arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(monitoring.MonitoringError, match=text):
        monitoring.routing_report(**arguments)


def test_an_unknown_dimension(tmp_path: Path) -> None:
    report = monitoring.routing_report(files=[written(tmp_path, [])])
    with pytest.raises(monitoring.MonitoringError, match="not told apart by 'country': choose from serving_region"):
        report.by("country")  # type: ignore[arg-type]


def test_a_missing_log_group_names_the_way_out(moto: Moto) -> None:
    for source in ("events", "insights"):
        with pytest.raises(monitoring.MonitoringError, match=r"run monitoring\.enable first"):
            monitoring.routing_report(moto.session(), source=source, endpoint_urls=moto.endpoint_url)  # type: ignore[arg-type]


def test_windows() -> None:
    window = Window.parse("1h", now=NOON)
    assert (window.since, window.every) == (NOON - timedelta(hours=1) + timedelta(milliseconds=1), timedelta(minutes=5))
    assert Window.parse("2d", "1d", now=NOON).until == NOON - timedelta(days=1)
    assert Window.parse("2026-04-02T11:00:00Z", now=NOON).since == NOON - timedelta(hours=1)
    assert Window.parse("7d", now=NOON).every == timedelta(hours=6)
    first, second = Window.parse("1h", NOON, "10m").halves() or (None, None)
    assert first is not None
    assert second is not None
    assert (first.since, first.until, second.until) == (NOON - timedelta(hours=1), second.since, NOON)
    assert Window.parse("5m", NOON, "10m").halves() is None
