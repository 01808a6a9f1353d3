"""Makes `catalogue.json`, the emulator's list of models and inference profiles, out of the fuller reference table.

The reference table says for every profile and source Region where a call may be served, with the origin of each row.
The emulator needs that and nothing more, so Regions and destination sets are kept once and named by their index. A
model's Regions are those where bedrock-runtime serves it itself; where only bedrock-mantle does is left out.

    python build.py profiles.json catalogue.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

PROVIDERS = {
    "ai21": "AI21 Labs",
    "amazon": "Amazon",
    "anthropic": "Anthropic",
    "cohere": "Cohere",
    "deepseek": "DeepSeek",
    "google": "Google",
    "luma": "Luma AI",
    "meta": "Meta",
    "minimax": "MiniMax",
    "mistral": "Mistral AI",
    "moonshot": "Moonshot AI",
    "moonshotai": "Moonshot AI",
    "nvidia": "NVIDIA",
    "openai": "OpenAI",
    "qwen": "Qwen",
    "stability": "Stability AI",
    "twelvelabs": "TwelveLabs",
    "writer": "Writer",
    "xai": "xAI",
    "zai": "Z.AI",
}
UPPER_CASE = {"gpt": "GPT", "oss": "OSS", "glm": "GLM", "vl": "VL", "sd3": "SD3", "it": "IT", "k2": "K2", "k3": "K3"}


def display_name(model_id: str) -> str:
    """`anthropic.claude-3-5-sonnet-20240620-v1:0` → `Claude 3.5 Sonnet`; the table holds ids only."""
    stem = re.sub(r"(-v\d+)?:\d+$|-v\d+$", "", model_id.split(".", 1)[1])
    stem = re.sub(r"-20\d{6}$", "", stem)
    stem = re.sub(r"(?<=\d)-(?=\d(?:-|$))", ".", stem)
    return " ".join(UPPER_CASE.get(word, word[:1].upper() + word[1:]) for word in stem.split("-"))


def compact_model(model_id: str, model: dict, index: dict[str, int]) -> dict:
    """A model's row; `mantle` where bedrock-mantle alone serves it, another endpoint that knows no profiles."""
    row = {
        "name": display_name(model_id),
        "provider": PROVIDERS.get(model_id.split(".", 1)[0], model_id.split(".", 1)[0].title()),
        "lifecycle": model["lifecycle"] or "ACTIVE",
        "input": model["input"] or ["TEXT"],
        "output": model["output"] or ["TEXT"],
        "streaming": bool(model["streaming"]),
        "regions": sorted(index[region] for region in model["on_demand_regions"] or []),
    }
    return row if model["runtime_supported"] else row | {"mantle": True}


def build(reference: dict) -> dict:
    """The compact form: `regions`, `sets` of region indexes, `models` and `profiles`."""
    models, profiles = reference["models"], reference["profiles"]
    names = {region for model in models.values() for region in model["on_demand_regions"] or []}
    for profile in profiles.values():
        for source, destinations in profile["sources"].items():
            names.update({source, *(destinations or [])})
    regions = sorted(names - {"*"})
    index = {name: position for position, name in enumerate(regions)} | {"*": -1}
    sets: list[list[int]] = []

    def set_of(destinations: list[str] | None) -> int:
        if destinations is None:
            return -1
        numbers = sorted(index[name] for name in destinations)
        if numbers not in sets:
            sets.append(numbers)
        return sets.index(numbers)

    compact_profiles = {}
    for profile_id, profile in sorted(profiles.items()):
        by_set: dict[int, list[int]] = {}
        for source, destinations in sorted(profile["sources"].items()):
            by_set.setdefault(set_of(destinations), []).append(index[source])
        compact_profiles[profile_id] = {"model": profile["model_id"], "sources": sorted(by_set.items())}
    compact_models = {}
    for model_id, model in sorted(models.items()):
        compact_models[model_id] = compact_model(model_id, model, index)
    for profile in compact_profiles.values():
        # Profiles that only an older list names have models that the newer list no longer has.
        model_id = profile["model"]
        compact_models.setdefault(
            model_id,
            {
                "name": display_name(model_id),
                "provider": PROVIDERS.get(model_id.split(".", 1)[0], model_id.split(".", 1)[0].title()),
                "lifecycle": "LEGACY",
                "input": ["TEXT"],
                "output": ["TEXT"],
                "streaming": True,
                "regions": [],
            },
        )
    return {
        "source": {
            "made_by": "src/emulator/catalogue/build.py",
            "date": "2026-10-27",
            "from": reference["_note"]["sources"],
            "reading": "sets are lists of region indexes; -1 in a set is every commercial Region; set -1 is unknown",
        },
        "regions": regions,
        "sets": sets,
        "models": dict(sorted(compact_models.items())),
        "profiles": compact_profiles,
    }


def main() -> None:
    """Reads the reference table named first and writes the compact one named second."""
    reference = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_text(json.dumps(build(reference), separators=(",", ":"), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
