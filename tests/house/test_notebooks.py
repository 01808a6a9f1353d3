"""Every notebook runs from top to bottom on the emulator, and the outputs it is kept with are those of a run."""

from __future__ import annotations

import importlib.util

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from outcrop.emulator import Emulator
from tests.support.moto import moto_server

from .documents import ROOT, tracked

NOTEBOOKS = tracked("notebooks/*.ipynb")


def runner():
    spec = importlib.util.spec_from_file_location("notebooks_run", ROOT / "notebooks" / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs(path):
    executed = runner().execute(path)
    errors = [output for cell in executed.cells for output in cell.get("outputs", []) if output.output_type == "error"]
    assert not errors
    assert [cell.source for cell in executed.cells] == [cell.source for cell in nbformat.read(path, as_version=4).cells]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_is_kept_with_its_outputs(path):
    """Executed in order, in one run, and nothing in them warns or breaks."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert any(output.output_type != "stream" for output in outputs), "nothing is shown"
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


@pytest.fixture
def stand_ins():
    """Bedrock and the rest of AWS on loopback, as environment variables of a machine with credentials."""
    with moto_server() as moto, Emulator(logs_endpoint_url=moto) as bedrock:
        yield (
            bedrock,
            {
                "OUTCROP_AWS": "1",
                "AWS_ENDPOINT_URL": moto,
                "AWS_ENDPOINT_URL_BEDROCK": bedrock.endpoint_url,
                "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.endpoint_url,
                "AWS_ACCESS_KEY_ID": bedrock.access_key_id,
                "AWS_SECRET_ACCESS_KEY": bedrock.secret_access_key,
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_REGION": "us-east-1",
            },
        )


def left_behind(bedrock):
    """What a notebook made and did not take away."""
    found = []
    for region in ("us-east-1", "us-east-2", "us-west-2"):
        control = bedrock.client("bedrock", region_name=region)
        if configuration := control.get_model_invocation_logging_configuration().get("loggingConfig"):
            found.append((region, configuration))
        found += control.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"]
    return found


def cell_with(path, text):
    [number] = [number for number, cell in enumerate(nbformat.read(path, as_version=4).cells) if text in cell.source]
    return number


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("01_cross_region_inference", "create_inference_profile("),
        ("04_monitoring", "enter_context(monitoring.enabled("),
        ("04_monitoring", "monitoring.reroute_metric("),
    ],
)
def test_a_notebook_that_fails_on_aws_leaves_nothing_behind(stand_ins, name, text):
    bedrock, environment = stand_ins
    path = ROOT / "notebooks" / f"{name}.ipynb"
    with pytest.raises(CellExecutionError, match=r"put in|TestMetricFilter"):
        runner().execute(path, environment=environment, fails_at=cell_with(path, text))
    assert any(entry.operation.startswith(("Put", "Create")) for entry in bedrock.journal), "it made nothing"
    assert left_behind(bedrock) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opened_with_credentials_calls_nobody(stand_ins, path):
    bedrock, environment = stand_ins
    runner().execute(path, environment={**environment, "OUTCROP_AWS": ""})
    assert len(bedrock.journal) == 0
