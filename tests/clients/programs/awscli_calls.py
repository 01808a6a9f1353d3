"""The AWS CLI, which has no verb for streams of events."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import asked


def aws(*arguments, check=True):
    """Run `aws bedrock-runtime`."""
    command = [Path(sys.executable).with_name("aws"), "bedrock-runtime", *arguments]
    return subprocess.run(command, check=check, capture_output=True, text=True, timeout=1200)


def converse(messages, *more, model=asked.MODEL, check=True):
    """Run its verb `converse`."""
    return aws("converse", "--model-id", model, "--messages", json.dumps(messages), *more, check=check)


tools = ("--tool-config", json.dumps(asked.TOOLS))
called = json.loads(converse(asked.TOOL_MESSAGES, *tools).stdout)
thinking = ("--inference-config", json.dumps(asked.LIMIT), "--additional-model-request-fields")
thought = json.loads(converse(asked.MESSAGES, *thinking, json.dumps(asked.THINKING)).stdout)
with tempfile.TemporaryDirectory() as folder:
    body, file = Path(folder, "body"), Path(folder, "answer")
    body.write_text(asked.BODY)
    aws("invoke-model", "--model-id", asked.MODEL, "--body", f"fileb://{body}", str(file))
    own = json.loads(file.read_text())["content"][0]["text"]

asked.tell(
    {
        "whole": asked.text_of(json.loads(converse(asked.MESSAGES).stdout)),
        "own": own,
        "called": asked.call_of(called)["input"],
        "concluded": asked.text_of(json.loads(converse(asked.with_result(called), *tools).stdout)),
        "thought": asked.thought_of(thought)["text"],
        "refused": converse(asked.MESSAGES, model=asked.NOBODY, check=False).stderr.split("(")[1].split(")")[0],
    }
)
