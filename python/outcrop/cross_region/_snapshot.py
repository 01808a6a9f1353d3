"""The bundled facts about profiles, for when AWS cannot be asked; its live answers win over them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from outcrop import _native

_EVERYWHERE = -1
"""Among the numbers of a set: every commercial Region. In place of a set: the destinations are not documented."""


@dataclass(frozen=True)
class SnapshotProfile:
    """A profile as it is called from one source Region: its destinations, or `None` where they are not known."""

    id: str
    base_model: str
    everywhere: bool
    destinations: tuple[str, ...] | None


@dataclass(frozen=True)
class SnapshotModel:
    """A foundation model, and the Regions where it can be called itself.

    `elsewhere` are those that bedrock-mantle alone serves, which is another endpoint.
    """

    id: str
    name: str
    provider: str
    lifecycle: str
    input_modalities: tuple[str, ...]
    output_modalities: tuple[str, ...]
    streaming: bool
    regions: tuple[str, ...]
    elsewhere: bool = False


class Facts:
    """The facts of one day.

    Args:
        text: The compact catalogue, as JSON.
    """

    def __init__(self, text: str) -> None:
        table = json.loads(text)
        self._regions: list[str] = table["regions"]
        self._sets: list[list[int]] = table["sets"]
        self._profiles: dict[str, dict] = table["profiles"]
        self.date: str = table["source"]["date"]
        self.regions = frozenset(self._regions)
        self.models = {
            name: SnapshotModel(
                name,
                row["name"],
                row["provider"],
                row["lifecycle"],
                tuple(row["input"]),
                tuple(row["output"]),
                row["streaming"],
                tuple(self._regions[index] for index in row["regions"]),
                row.get("mantle", False),
            )
            for name, row in table["models"].items()
        }
        self.providers = frozenset(name.partition(".")[0] for name in self.models)
        self.geographies = frozenset(name.partition(".")[0] for name in self._profiles)

    def profiles(self, source: str) -> list[SnapshotProfile]:
        """The profiles that can be called from a Region."""
        if source not in self.regions:
            return []
        index = self._regions.index(source)
        return [
            self._profile(name, row["model"], number)
            for name, row in self._profiles.items()
            for number, sources in row["sources"]
            if index in sources
        ]

    def knows(self, name: str) -> bool:
        """Whether a model or a profile is known by this id, wherever it can be called."""
        return name in self.models or name in self._profiles

    def sources(self, profile: str) -> list[str]:
        """The Regions that a profile can be called from."""
        rows = self._profiles.get(profile, {"sources": []})["sources"]
        return sorted(self._regions[index] for _, sources in rows for index in sources)

    def _profile(self, name: str, model: str, number: int) -> SnapshotProfile:
        if number == _EVERYWHERE:
            return SnapshotProfile(name, model, everywhere=False, destinations=None)
        indexes = self._sets[number]
        named = tuple(self._regions[index] for index in indexes if index != _EVERYWHERE)
        return SnapshotProfile(name, model, _EVERYWHERE in indexes, named)


@cache
def facts() -> Facts:
    """The facts that come with this release, read when first asked for."""
    return Facts(_native.catalogue_facts())
