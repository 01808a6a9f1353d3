"""The signatures that type checkers read come from the operation tables."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
import typing

import pytest

from tools.stubs import written

WRITTEN = written()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_committed_file_is_what_the_tables_say(path):
    assert path.read_text() == WRITTEN[path], "run python -m tools.stubs"


@pytest.mark.parametrize("module", ["outcrop.types.bedrock", "outcrop.types.bedrock_runtime"])
def test_the_types_can_be_looked_up_while_a_program_runs(module):
    """As pydantic does, to check a request."""
    found = importlib.import_module(module)
    for name in found.__all__:
        kind = getattr(found, name)
        if inspect.isclass(kind):
            assert hasattr(kind, "__total__"), name
            typing.get_type_hints(kind, include_extras=True)


def test_importing_outcrop_imports_no_types():
    made = "outcrop.client('bedrock-runtime', region_name='us-east-1')"
    script = f"import sys, outcrop; {made}; print('outcrop.types' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
