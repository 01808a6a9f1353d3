"""HTTP/2 with prior knowledge, as outcrop's own client and curl speak it."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.support.waiting import PATIENCE

MODEL = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]


def test_calls_and_streams_over_http2(emulator):
    with emulator.client("bedrock-runtime", http_version="2") as client:
        whole = client.converse(modelId=MODEL, messages=MESSAGES)["output"]["message"]["content"][0]["text"]
        events = client.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"]
        assert "".join(event.get("contentBlockDelta", {}).get("delta", {}).get("text", "") for event in events) == whole
    assert {entry.http_version for entry in emulator.journal} == {"2"}


def test_curl_speaks_http2(emulator):
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    asked = [
        curl,
        "--disable",
        "--noproxy",
        "*",
        "--silent",
        "--show-error",
        "--globoff",
        "--http2-prior-knowledge",
        "--write-out",
        "%{http_version}",
        "--header",
        f"Authorization: Bearer {emulator.bearer_token}",
        f"{emulator.endpoint_url}/inference-profiles?maxResults=1",
    ]
    ran = subprocess.run(asked, capture_output=True, check=False, timeout=PATIENCE)
    assert ran.returncode == 0, ran
    answered = ran.stdout
    assert answered.endswith(b"}2")
    assert emulator.journal[-1].http_version == "2"
