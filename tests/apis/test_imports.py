"""`import outcrop` needs none of the packages whose clients it can carry."""

from __future__ import annotations

import subprocess
import sys

from tests.support.waiting import PATIENCE

OTHERS = "anthropic", "httpx", "httpx2", "langchain_core", "openai", "pydantic"


def test_importing_outcrop_imports_nobody_elses_client():
    program = f"import sys, outcrop; print([name for name in {OTHERS!r} if name in sys.modules])"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.strip() == "[]"
