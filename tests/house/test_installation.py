"""The wheel alone, in an empty environment, is a whole outcrop."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from .documents import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="outcrop has wheels for Linux and macOS only")

OPTIONAL = {"boto3", "botocore", "langchain_core", "numpy", "pandas", "pydantic", "asyncio", "opentelemetry", "rich"}
"""What `import outcrop` and a blocking call must not bring in, even where it is installed."""

SLOW = {"ast", "base64", "dataclasses", "email", "http", "inspect", "json", "logging", "ssl", "threading", "urllib"}
"""Modules of Python's own that take long to import, which `import outcrop` alone must not bring in."""

CALL = """
import sys
import outcrop

print(*sorted(name for name in sys.modules if "." not in name))
client = outcrop.client("bedrock-runtime")
messages = [{"role": "user", "content": [{"text": "Name a rock."}]}]
answer = client.converse(modelId="us.amazon.nova-lite-v1:0", messages=messages)
assert answer["output"]["message"]["role"] == "assistant"
print(*sorted(name for name in sys.modules if "." not in name))
# Not ru_maxrss: it remembers what this process was before it became this program.
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    maturin = Path(sys.executable).with_name("maturin")
    command = [maturin, "build", "--profile", "dev-opt", "--locked", "--quiet", "--out", folder]
    subprocess.run(command, cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The folder of programs of an environment with nothing but the wheel in it."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=True)
    pip = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--no-index", wheel], check=True)
    return folder / "bin"


@pytest.fixture
def call(example_environment):
    """`call(python)`: one answer in a fresh process; the modules that were there before and after, and its peak memory
    in KiB."""

    def made(python):
        done = subprocess.run([python, "-c", CALL], check=True, capture_output=True, text=True)
        imported, modules, peak = done.stdout.splitlines()
        return set(imported.split()), set(modules.split()), int(peak)

    return made


def test_a_call_needs_nothing_but_the_wheel(installed, call):
    imported, _, _ = call(installed / "python")
    assert "outcrop" in imported
    assert not imported & SLOW


def test_importing_brings_nothing_optional_in(call):
    """Here everything optional is installed, so an import of it would succeed and be seen."""
    _, modules, _ = call(sys.executable)
    assert not modules & OPTIONAL


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_a_process_that_made_a_call_stays_small(installed, call):
    *_, peak = call(installed / "python")
    assert peak <= 30 * 1024, f"{peak / 1024:.1f} MiB"


def test_the_command_explains_itself(installed):
    done = subprocess.run([installed / "outcrop", "--help"], check=True, capture_output=True, text=True)
    assert "emulator" in done.stdout


def test_the_wheel_is_what_it_says(wheel):
    assert "cp310-abi3" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()
    assert "outcrop/py.typed" in names
    assert "outcrop/_native.pyi" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    needed = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert not needed
    assert "Requires-Python: >=3.10" in metadata
    foreign = [name for name in names if not name.startswith(("outcrop/", "outcrop-"))]
    assert not foreign
