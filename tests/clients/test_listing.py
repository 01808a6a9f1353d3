"""The guide lists the clients in the versions that are locked."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_guide_lists_what_is_locked():
    guide = (ROOT / "docs" / "emulator.md").read_text()
    lock = (ROOT / "requirements" / "clients.txt").read_text()
    versions = dict(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==([^ ]+) ", lock, re.MULTILINE))
    packages = json.loads((ROOT / "tests" / "clients" / "javascript" / "package-lock.json").read_text())["packages"]
    asked = ["boto3", "aiobotocore", "awscli", "anthropic", "litellm", "capo-bedrock-runtime"]
    expected = [versions[name] for name in asked]
    expected.append(packages["node_modules/@aws-sdk/client-bedrock-runtime"]["version"])
    assert [version for version in expected if f"| {version} |" not in guide] == []
