"""Regions that a user sets: health, latency, capacity and quota."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

from outcrop import _values
from outcrop.emulator import _arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcrop import _native

Health = Literal["healthy", "throttled", "unavailable", "unreachable"]


class Limits(NamedTuple):
    """What fits into a minute, which starts with the first call in it. `None` is no limit."""

    requests: int | None = None
    tokens: int | None = None


class LimitSettings(TypedDict, total=False):
    """What fits into a minute."""

    requests: int | None
    """Calls a minute; no limit if left out."""
    tokens: int | None
    """Input tokens and reserved output tokens a minute; no limit if left out."""


class RegionSettings(TypedDict, total=False):
    """What can be set for a Region when the emulator is made."""

    health: Health
    """`healthy` if left out."""
    latency: float
    """Seconds to the first byte of whatever is served there; 0 if left out."""
    capacity: LimitSettings
    """What each model can serve there in a minute; no limit if left out."""
    quota: LimitSettings
    """What may be asked of each model or profile through its endpoint in a minute; no limit if left out."""


class Region:
    """One Region, which can be changed while calls are under way."""

    def __init__(self, native: _native.Emulator, name: str) -> None:
        self._native = native
        self.name = name

    @property
    def health(self) -> Health:
        """How the Region fares.

        `healthy`: its endpoint answers and it serves. `throttled`: its endpoint answers, and it has no room: profiles
        are served elsewhere, and calls of a model are throttled. `unavailable`: its endpoint answers 503 to
        everything, and it serves nothing for others. `unreachable`: its endpoint closes every connection, and it
        serves nothing for others.
        """
        return self._native.region(self.name)[0]

    @health.setter
    def health(self, health: Health) -> None:
        self._native.set_health(self.name, health)

    @property
    def latency(self) -> float:
        """Seconds to the first byte of whatever is served here."""
        return self._native.region(self.name)[1]

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._native.set_latency(self.name, _arguments.span("latency", seconds))

    @property
    def limits(self) -> Limits:
        """What each model can serve here in a minute, unless set for it alone."""
        return Limits(*self._native.region(self.name)[2])

    def capacity(self, *, requests: int | None = None, tokens: int | None = None, model: str | None = None) -> None:
        """Sets what a model can serve here in a minute, whoever asks and from wherever.

        A profile is served in its source Region while that has room, then in its other destinations one by one; when
        all are full it is throttled. Each model is counted by itself. A call reserves its input tokens and
        `maxTokens` (4,096 if it sets none) and gives back what it did not use.

        Args:
            requests: Calls a minute; `None` is no limit.
            tokens: Tokens a minute; `None` is no limit.
            model: The id of the one model that is meant; all if left out.
        """
        limits = (_arguments.limit("requests", requests), _arguments.limit("tokens", tokens))
        self._native.set_capacity(self.name, model, limits)

    def quota(self, *, requests: int | None = None, tokens: int | None = None) -> None:
        """Sets what may be asked of each model or profile through this Region's endpoint in a minute.

        Unlike capacity it counts wherever the call is served: each source Region has its own.

        Args:
            requests: Calls a minute; `None` is no limit.
            tokens: Tokens a minute; `None` is no limit.
        """
        limits = (_arguments.limit("requests", requests), _arguments.limit("tokens", tokens))
        self._native.set_quota(self.name, limits)

    def __repr__(self) -> str:
        health, latency, capacity, quota = self._native.region(self.name)
        return f"<Region {self.name} {health} latency={latency:g}s capacity={Limits(*capacity)} quota={Limits(*quota)}>"


class Regions(Mapping[str, Region]):
    """All Regions that the catalogue knows, by name."""

    def __init__(self, native: _native.Emulator) -> None:
        self._native = native

    def __getitem__(self, name: str) -> Region:
        if name not in self._native.region_names():
            known = ", ".join(self._native.region_names())
            msg = (
                f"the emulator has no Region {_values.shown(name)}: it has {known}, and those that add_model and "
                "add_profile name"
            )
            raise KeyError(msg)
        return Region(self._native, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._native.region_names())

    def __len__(self) -> int:
        return len(self._native.region_names())

    def __repr__(self) -> str:
        return f"<Regions: {len(self)} of them, by name>"

    def reset(self) -> None:
        """Forgets what the running minute has served, in all Regions."""
        self._native.reset_windows()

    def apply(self, settings: Mapping[str, RegionSettings]) -> None:
        """Sets several Regions at once.

        Args:
            settings: What to set, by Region.

        Raises:
            KeyError: There is no such Region.
            ValueError: A setting is unknown or has a value that it cannot have.
        """
        for name, wanted in settings.items():
            region = self[name]
            if unknown := sorted(set(wanted) - set(RegionSettings.__annotations__)):
                known = ", ".join(RegionSettings.__annotations__)
                msg = f"unknown setting {_values.shown(unknown[0])} for {name}: use {known}"
                raise ValueError(msg)
            if "health" in wanted:
                region.health = wanted["health"]
            if "latency" in wanted:
                region.latency = wanted["latency"]
            if "capacity" in wanted:
                region.capacity(**wanted["capacity"])
            if "quota" in wanted:
                region.quota(**wanted["quota"])
