"""deny.toml holds for what is linked, whether or not cargo-deny is installed; and the layers stay apart."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache

import pytest

from .documents import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RULES = tomllib.loads((ROOT / "deny.toml").read_text())


@cache
def metadata():
    # Linux and macOS are what outcrop is built for; a crate for another system is never linked.
    targets = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "aarch64-apple-darwin"]
    filters = [word for target in targets for word in ("--filter-platform", target)]
    command = ["cargo", "metadata", "--format-version=1", "--locked", "--all-features", *filters]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


@cache
def linked(crate):
    """Names of all that the crate is built from, with its build scripts and without its tests."""
    nodes = {node["id"]: node for node in metadata()["resolve"]["nodes"]}
    names = {package["id"]: package["name"] for package in metadata()["packages"]}
    waiting = [identifier for identifier, its_name in names.items() if its_name == crate]
    seen = set(waiting)
    while waiting:
        for dependency in nodes[waiting.pop()]["deps"]:
            used = any(kind["kind"] != "dev" for kind in dependency["dep_kinds"])
            if used and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                waiting.append(dependency["pkg"])
    return {names[identifier] for identifier in seen}


def allowed(expression):
    """Whether an SPDX expression can be met: every AND by some OR."""
    alternatives = [
        part.strip(" ()") for part in re.split(r"\bOR\b|/", expression.replace("(", " ( ").replace(")", " ) "))
    ]
    if "(" in expression and "AND" in expression:
        return all(allowed(part.strip(" ()")) for part in expression.split(" AND "))
    return any(
        all(name.strip() in RULES["licenses"]["allow"] for name in alternative.split(" AND "))
        for alternative in alternatives
    )


def test_every_licence_is_allowed():
    packages = [package for package in metadata()["packages"] if package["name"] in linked("outcrop-python")]
    assert len(packages) > 50
    refused = {p["name"]: p["license"] for p in packages if not p["license"] or not allowed(p["license"])}
    assert not refused


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("GPL-3.0", False),
        ("MIT OR GPL-3.0", True),
        ("MIT/Apache-2.0", True),
        ("MIT AND GPL-3.0", False),
        ("(MIT OR GPL-3.0) AND ISC", True),
        ("(MIT OR Apache-2.0) AND GPL-3.0", False),
    ],
)
def test_licence_expressions(expression, expected):
    assert allowed(expression) is expected


def dependents(crate):
    """Names of the crates that are built from this one directly."""
    names = {package["id"]: package["name"] for package in metadata()["packages"]}
    return {
        names[node["id"]]
        for node in metadata()["resolve"]["nodes"]
        for dependency in node["deps"]
        if names[dependency["pkg"]] == crate and any(kind["kind"] != "dev" for kind in dependency["dep_kinds"])
    }


@pytest.mark.parametrize("rule", RULES["bans"]["deny"], ids=lambda rule: rule["name"])
def test_no_banned_crate_is_linked(rule):
    """A crate with wrappers may be used by those, and by nobody else."""
    if "wrappers" in rule:
        assert dependents(rule["name"]) <= set(rule["wrappers"])
    else:
        assert rule["name"] not in linked("outcrop-python")


def test_every_crate_comes_from_the_registry_or_from_here():
    sources = {package["source"] for package in metadata()["packages"]}
    assert sources == {None, "registry+https://github.com/rust-lang/crates.io-index"}


def features(*selection):
    """Each crate with its features, as cargo would compile it for this selection."""
    command = ["cargo", "tree", "--locked", "--prefix=none", "--format={p} {f}", *selection]
    lines = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return {line.removesuffix(" (*)") for line in lines}


def test_tests_compile_no_dependency_twice():
    """A feature that only tests switch on would make cargo compile that crate, and all above it, once more."""
    wheel = features("--package=outcrop-python", "--edges=normal,build")
    assert not wheel - features("--workspace", "--edges=all")


def of_the_sdk(crate):
    """What a crate is built from that is of AWS's SDK, the codec of frames and its types excepted."""
    frames_and_their_types = {"aws-smithy-eventstream", "aws-smithy-types"}
    return {name for name in linked(crate) if name.startswith("aws-")} - frames_and_their_types


def test_the_layers_stay_apart():
    """The client and the emulator know no Python; the emulator, an independent witness, knows no AWS SDK."""
    assert not {"pyo3", "pyo3-ffi", "jiter"} & (linked("outcrop-client") | linked("outcrop-emulator"))
    assert not of_the_sdk("outcrop-emulator")
    # The rule can be broken: the client, which stands on the SDK, would break it.
    assert {"aws-sdk-sts", "aws-sdk-bedrockruntime", "aws-sigv4"} <= of_the_sdk("outcrop-client")


LOCKED_ALONE = ["benches/native/Cargo.toml", "src/client/fuzz/Cargo.toml", "src/emulator/fuzz/Cargo.toml"]


@pytest.mark.parametrize("manifest", LOCKED_ALONE)
def test_locks_beside_the_workspace_are_current(manifest):
    """What a crate takes up is in the locks of those that use it; `make lock` brings them up to date."""
    command = ["cargo", "metadata", "--locked", "--format-version=1", "--manifest-path", manifest]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
