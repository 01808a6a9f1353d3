"""aiobotocore talks to the emulator unchanged; it pins a botocore, so it runs in the environment that MiniStack has."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.neighbours import program
from tests.support.waiting import PATIENCE


@pytest.mark.ministack
def test_aiobotocore_talks_to_it_unchanged(emulator):
    python = program("python")
    calls = Path(__file__).with_name("aiobotocore_calls.py")
    # The first call meets a throttled Region, so that aiobotocore's own retries are seen too.
    throttled = emulator.fault("throttling", times=1)
    environment = {**emulator.environment, "PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run([python, calls], env=environment, check=True, capture_output=True, timeout=PATIENCE)
    told = json.loads(done.stdout)
    assert told["whole"] == told["streamed"] == told["native"] != ""
    assert told["answered"] == 20
    assert told["refused"] == "ValidationException"
    assert "eu.amazon.nova-lite-v1:0" in told["profiles"]
    assert not any(profile.startswith("us.") for profile in told["profiles"])
    assert throttled.hits == 1
    statuses = [entry.status for entry in emulator.journal.where(region="us-east-1")]
    assert statuses == [429] + [200] * 23 + [400]
    assert {entry.region for entry in emulator.journal.where(service="bedrock")} == {"eu-west-1"}
    [agent] = {entry.headers["user-agent"].split()[0].split("/")[0] for entry in emulator.journal}
    assert agent == "aiobotocore"
