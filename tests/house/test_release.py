"""The release workflow builds what the issue of a release needs, and no more than it may."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools.sbom import completed

from .documents import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"


def test_a_linter_for_workflows_finds_nothing():
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run([zizmor, "--offline", "--no-progress", WORKFLOW], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_platform_has_a_wheel():
    jobs = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    built = {(row["target"], row["libc"]) for row in jobs["wheels"]["strategy"]["matrix"]["include"]}
    linux = {
        (f"{processor}-unknown-linux-{libc}", tag)
        for processor in ("x86_64", "aarch64")
        for libc, tag in (("gnu", "manylinux_2_28"), ("musl", "musllinux_1_2"))
    }
    others = {
        (f"{it}-{system}", "auto") for it in ("x86_64", "aarch64") for system in ("apple-darwin", "pc-windows-msvc")
    }
    assert built == linux | others
    assert set(jobs["publish"]["needs"]) == {"wheels", "free_threaded", "source"}


def test_actions_are_pinned_and_only_publishing_may_ask_for_an_identity():
    text = WORKFLOW.read_text()
    assert all(re.search(r"@[0-9a-f]{40} # ", line) for line in text.splitlines() if "uses:" in line)
    jobs = yaml.safe_load(text)["jobs"]
    assert [name for name, job in jobs.items() if "id-token" in job["permissions"]] == ["publish"]


def test_maturin_is_the_one_that_is_locked():
    version = yaml.safe_load(WORKFLOW.read_text())["env"]["MATURIN"]
    assert f"maturin=={version} " in (ROOT / "requirements" / "development.txt").read_text()


def test_the_list_of_contents_names_sqlite():
    crates = [{"name": "libsqlite3-sys", "version": "0.38.0"}, {"name": "aws-lc-sys", "version": "0.40.0"}]
    found = completed({"bomFormat": "CycloneDX", "components": crates}, "3.54.1")["components"]
    assert {row["name"]: row["version"] for row in found}.items() >= {"sqlite": "3.54.1", "aws-lc": "0.40.0"}.items()
    with pytest.raises(ValueError, match="names no libsqlite3-sys"):
        completed({"components": []}, "3.54.1")
