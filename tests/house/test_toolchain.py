"""What is missing to build outcrop is said in one sentence, before anything else happens."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from .documents import ROOT

NEEDED = re.search(r'^rust-version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)


@pytest.fixture
def check(tmp_path):
    """`check(cargo, python)`: the exit code and words of the check, with a cargo of that version, or none."""

    def run(cargo, python=sys.executable):
        programs = tmp_path / "bin"
        programs.mkdir()
        for name in ("cut", "dirname", "head", "sed", "sort"):
            (programs / name).symlink_to(f"/usr/bin/{name}")
        if cargo is not None:
            (programs / "cargo").write_text(f"#!/bin/sh\necho 'cargo {cargo} (0123456789 2026-01-01)'\n")
            (programs / "cargo").chmod(0o755)
        command = ["/bin/sh", ROOT / ".ci" / "toolchain", python]
        done = subprocess.run(command, env={"PATH": str(programs)}, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr.strip()

    return run


@pytest.mark.parametrize("version", [NEEDED, "1.999.0", "2.0.0", f"{NEEDED}-nightly"])
def test_what_is_new_enough_passes_in_silence(check, version):
    assert check(version) == (0, "")


@pytest.mark.parametrize("version", ["1.70.0", "1.9.9"])
def test_an_old_rust_is_named(check, version):
    assert check(version) == (
        1,
        f"outcrop needs Rust {NEEDED} or newer and this is Rust {version}: run 'rustup update stable'.",
    )


def test_a_missing_rust_is_named(check):
    code, words = check(None)
    assert code == 1
    assert re.fullmatch(
        rf"outcrop needs Rust {re.escape(NEEDED)} or newer and 'cargo' was not found: .*rustup.*\.", words
    )


def test_a_missing_python_is_named(check):
    code, words = check(NEEDED, "python-that-is-not-there")
    assert code == 1
    assert words.startswith("outcrop needs Python 3.10 or newer and 'python-that-is-not-there' is not: ")
    assert "\n" not in words


def test_make_alone_prints_the_verbs():
    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    verbs = {line.split()[1] for line in printed.splitlines()}
    promised = {"setup", "demo", "build", "test", "lint", "bench", "docs", "notebooks", "wheel", "clean", "help"}
    assert promised <= verbs
