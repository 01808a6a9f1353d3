"""Examples are written for AWS; here the environment points them at a local Bedrock, as a user may do."""

from __future__ import annotations

import pytest


@pytest.fixture
def example_environment(emulator, monkeypatch, tmp_path):
    """What an example may rely on: credentials, a Region, and a folder of its own to write into."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_access_key)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.chdir(tmp_path)
    return {"bedrock": emulator, "__name__": "__example__"}
