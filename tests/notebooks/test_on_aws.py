"""Notebooks on a machine with credentials call nobody, or AWS if told to, and leave nothing behind however they end."""

from __future__ import annotations

import json
import logging

import boto3
import nbformat
import pytest
from moto.core.model_instances import reset_model_data
from moto.logs.responses import LogsResponse
from moto.server import ThreadedMotoServer
from nbclient.exceptions import CellExecutionError

from outcrop.emulator import Emulator
from outcrop.monitoring import FilterPattern
from tests.house.test_notebooks import NOTEBOOKS, runner


def judge_records(logs):
    """TestMetricFilter, which AWS has and moto has not."""
    asked = json.loads(logs.body)
    pattern = FilterPattern(asked["filterPattern"])
    counted = [at for at, record in enumerate(asked["logEventMessages"], 1) if pattern.matches(record)]
    return json.dumps({"matches": [{"eventNumber": at} for at in counted]})


@pytest.fixture
def stand_ins(monkeypatch):
    """Bedrock and the rest of AWS on loopback, as environment variables of a machine with credentials."""
    monkeypatch.setattr(LogsResponse, "test_metric_filter", judge_records, raising=False)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    moto = f"http://{host}:{port}"
    try:
        with Emulator(logs_endpoint_url=moto) as bedrock:
            yield bedrock, {"OUTCROP_AWS": "1", **bedrock.environment, "AWS_ENDPOINT_URL": moto}
    finally:
        server.stop()
        reset_model_data()


REGIONS = ("us-east-1", "us-east-2", "us-west-2")


def left_behind(bedrock, environment):
    """What a notebook made, in Bedrock and elsewhere, and did not take away."""
    found = []
    keys = {"aws_access_key_id": bedrock.access_key_id, "aws_secret_access_key": bedrock.secret_access_key}
    for region in REGIONS:
        control = bedrock.client("bedrock", region_name=region)
        if configuration := control.get_model_invocation_logging_configuration().get("loggingConfig"):
            found.append((region, configuration))
        found += control.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"]
        for service, operation in [
            ("iam", "list_roles"),
            ("logs", "describe_log_groups"),
            ("cloudwatch", "list_dashboards"),
            ("cloudwatch", "describe_alarms"),
        ]:
            url = environment["AWS_ENDPOINT_URL"]
            answer = getattr(boto3.client(service, endpoint_url=url, region_name=region, **keys), operation)()
            found += [
                (service, each) for name, held in answer.items() if name != "ResponseMetadata" for each in held or []
            ]
    return found


# What each may change, so that a change that is new has to be named here, and in its first cell.
CHANGES = {
    "01_cross_region_inference": {"CreateInferenceProfile", "DeleteInferenceProfile"},
    "04_monitoring": {"PutModelInvocationLoggingConfiguration", "DeleteModelInvocationLoggingConfiguration"},
}
# Each cell of those; that the others change nothing is seen when they run as a whole.
CELLS = [
    (path, number)
    for path in NOTEBOOKS
    if path.stem in CHANGES
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells)
    if cell.cell_type == "code"
]


@pytest.mark.parametrize(("path", "number"), CELLS, ids=[f"{path.stem}-{number}" for path, number in CELLS])
def test_a_notebook_that_fails_on_aws_after_any_cell_leaves_nothing_behind(stand_ins, path, number):
    bedrock, environment = stand_ins
    with pytest.raises(CellExecutionError, match=r"RuntimeError.*put in"):
        runner().execute(path, environment=environment, fails_at=number)
    assert left_behind(bedrock, environment) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_aws_and_leaves_nothing_behind(stand_ins, path):
    bedrock, environment = stand_ins
    executed = runner().execute(path, environment=environment)
    first = next(cell for cell in executed.cells if cell.cell_type == "code")
    assert "paid call" in first.outputs[0].text, "what it will cost is not told first"
    changes = {entry.operation for entry in bedrock.journal if entry.operation.startswith(("Put", "Create", "Delete"))}
    assert changes == CHANGES.get(path.stem, set())
    assert left_behind(bedrock, environment) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opened_with_credentials_calls_nobody(stand_ins, path):
    bedrock, environment = stand_ins
    runner().execute(path, environment={**environment, "OUTCROP_AWS": ""})
    assert len(bedrock.journal) == 0
