"""Complete the list of what a wheel holds: name the C libraries that crates compile in, SQLite first of all.

Usage: python tools/sbom.py outcrop.cdx.json > complete.cdx.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

BUNDLED = {"libsqlite3-sys": "sqlite", "aws-lc-sys": "aws-lc"}
"""Crates that compile a library in, and the library."""


def sqlite_version(lockfile: str) -> str:
    """The version of SQLite that the locked crate brings, which says so in its build metadata or its sources."""
    version = re.search(r'name = "libsqlite3-sys"\nversion = "([^"]+)"', lockfile)
    if version is None:
        raise ValueError("Cargo.lock has no libsqlite3-sys: nothing compiles SQLite in any more")
    for header in Path.home().glob(f".cargo/registry/src/*/libsqlite3-sys-{version[1]}/sqlite3/sqlite3.h"):
        found = re.search(r'#define SQLITE_VERSION\s+"([^"]+)"', header.read_text(errors="replace"))
        if found:
            return found[1]
    raise ValueError(f"the sources of libsqlite3-sys {version[1]} are not here: run cargo fetch --locked first")


def completed(listed: dict[str, Any], sqlite: str) -> dict[str, Any]:
    """The list with a component for each library that is compiled in."""
    components = list(listed.get("components", ()))
    crates = {component["name"]: component for component in components}
    for crate, library in BUNDLED.items():
        if crate in crates:
            version = sqlite if library == "sqlite" else crates[crate]["version"]
            purl = f"pkg:generic/{library}@{version}"
            components.append({"type": "library", "name": library, "version": version, "purl": purl, "bom-ref": purl})
    if not any(component["name"] == "sqlite" for component in components):
        raise ValueError("the list names no libsqlite3-sys, and so no SQLite: was it made of another crate?")
    return {**listed, "components": components}


if __name__ == "__main__":
    lockfile = (Path(__file__).parent.parent / "Cargo.lock").read_text()
    print(json.dumps(completed(json.loads(Path(sys.argv[1]).read_text()), sqlite_version(lockfile)), indent=2))
