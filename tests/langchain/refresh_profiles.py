"""Make `outcrop/langchain/data/profiles.json` from the model profiles that LangChain publishes in langchain-aws."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
from pathlib import Path
from typing import Any

from outcrop.langchain.identity import identify

TARGET = Path(__file__).parents[2] / "python" / "outcrop" / "langchain" / "data" / "profiles.json"


def published() -> dict[str, dict[str, Any]]:
    """Read the published table without importing langchain-aws, and boto3 with it."""
    package = importlib.util.find_spec("langchain_aws")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("langchain-aws is not installed")
    path = Path(package.submodule_search_locations[0], "data", "_profiles.py")
    spec = importlib.util.spec_from_file_location("published_profiles", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module._PROFILES


def condensed(profiles: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Keep base models, and of geographic profiles those that differ from their base model or have none here."""
    kept: dict[str, dict[str, Any]] = {}
    for model_id, profile in sorted(profiles.items()):
        base_id = identify(model_id).base_model_id or model_id
        base = profiles.get(base_id)
        if base_id == model_id or base is None or _substance(base) != _substance(profile):
            kept[model_id] = profile
        if base is None:
            kept.setdefault(base_id, profile)
    return dict(sorted(kept.items()))


def _substance(profile: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in profile.items() if key not in ("name", "last_updated", "release_date")}


def rendered(profiles: dict[str, dict[str, Any]], version: str) -> str:
    lines = ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in profiles.items())
    source = {"package": "langchain-aws", "version": version, "license": "MIT", "origin": "models.dev"}
    return f'{{"source":{json.dumps(source)},\n"profiles":{{\n{lines}\n}}}}\n'


if __name__ == "__main__":
    TARGET.write_text(rendered(condensed(published()), importlib.metadata.version("langchain-aws")), encoding="utf-8")
