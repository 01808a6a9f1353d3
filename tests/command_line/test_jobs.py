"""`outcrop jobs`: batch jobs seen from elsewhere."""

from __future__ import annotations

import json

import boto3
import pytest

from outcrop.cli import main
from tests.jobs.world import BUCKETS, jobs_of, made, requests_of
from tests.support.moto import moto_server


@pytest.fixture
def outcrop(capsysbinary, emulator, monkeypatch):
    """`outcrop("list", …)`: the exit status, what was printed, what was complained of."""
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)

    def call(*words):
        try:
            status = main(["jobs", *words, "--source", ",".join(BUCKETS)])
        except SystemExit as ended:
            status = ended.code
        said = capsysbinary.readouterr()
        return status, said.out.decode(), said.err.decode()

    return call


def test_jobs_are_listed_by_the_name_that_they_were_given(outcrop, emulator):
    assert outcrop("list")[0] == 0
    assert outcrop("list", "rocks")[0] == 1
    jobs_of(emulator).submit(requests_of(200))
    jobs_of(emulator, name="rocks-2").submit(requests_of(200))
    status, said, _ = outcrop("list", "rocks", "--json")
    rows = json.loads(said)
    assert status == 0
    assert [row["source_region"] for row in rows] == list(BUCKETS)
    assert all(row["name"].startswith("rocks-r1-") for row in rows)
    assert len(json.loads(outcrop("list", "--json")[1])) == 4
    for one in (rows[0]["name"], rows[0]["arn"]):
        assert len(json.loads(outcrop("list", one, "--json")[1])) == 1
    assert outcrop("list", "rocks")[1].splitlines()[0].split("\t")[:3] == ["source Region", "job", "status"]


def test_a_source_is_all_that_must_be_named(outcrop, monkeypatch, capsysbinary):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    assert outcrop("list")[0] == 0
    assert main(["jobs", "list"]) == 2
    assert b"You must specify a region" in capsysbinary.readouterr().err


def test_jobs_are_watched_until_all_have_ended(outcrop, emulator, monkeypatch):
    emulator.jobs.course(region="us-west-2", failing=0.5, times=1)
    jobs_of(emulator).submit(requests_of(200))
    waited = []
    monkeypatch.setattr("time.sleep", lambda seconds: waited.append(seconds) or emulator.clock.advance(30))
    status, said, _ = outcrop("watch", "rocks", "--every", "7")
    assert waited == [7.0, 7.0]
    assert "InProgress" in said
    assert said.count("Completed") == 2
    # A record has no answer.
    assert status == 1
    assert outcrop("watch", "gems")[0] == 1
    assert outcrop("watch", "rocks", "--every", "0")[2].startswith("outcrop jobs watch: argument --every: '0' is no")


def test_jobs_are_stopped(outcrop, emulator):
    jobs_of(emulator).submit(requests_of(200))
    status, said, _ = outcrop("stop", "rocks", "--json")
    assert (status, len(json.loads(said))) == (0, 2)
    assert {job["status"] for job in made(emulator)} == {"Stopping"}
    assert outcrop("stop", "rocks")[0] == 1


def test_what_jobs_wrote_is_printed(outcrop, emulator, monkeypatch):
    jobs_of(emulator).submit(requests_of(200))
    status, said, complaint = outcrop("results", "rocks")
    assert (status, said) == (1, "")
    assert json.loads(outcrop("results", "rocks", "--json")[1]) == []
    assert complaint.count("has not ended: it is Submitted") == 2
    emulator.clock.advance(60)
    with moto_server() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        status, said, complaint = outcrop("results", "rocks")
        assert status == 2
        assert "S3 was asked for what rocks-r1-0000-" in complaint
        s3 = boto3.client("s3", region_name="us-east-1")
        for uri in BUCKETS.values():
            bucket = uri.split("/")[2]
            s3.create_bucket(Bucket=bucket)
            for found in emulator.objects.below(f"s3://{bucket}/"):
                s3.put_object(Bucket=bucket, Key=found.removeprefix(f"s3://{bucket}/"), Body=emulator.objects[found])
        status, said, _ = outcrop("results", "rocks")
        listed = json.loads(outcrop("results", "rocks", "--json")[1])
        s3.close()
    records = [json.loads(line) for line in said.splitlines()]
    assert status == 0
    assert {record["recordId"] for record in records} == {f"{number:011d}" for number in range(200)}
    assert records == listed
    assert len(records) == 200
    assert all("modelOutput" in record for record in records)


def test_help_is_shown_where_no_verb_is_named(capsys):
    assert main(["jobs"]) == 0
    assert "outcrop jobs" in capsys.readouterr().out
