"""Residency: the set of Regions that data may reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from outcrop.cross_region import _snapshot

if TYPE_CHECKING:
    from outcrop.cross_region.profile import Profile

# The borders are those of law, not of AWS's names: London and Zurich are "eu-", and not in the EU.
JURISDICTIONS: dict[str, tuple[str, ...]] = {
    "au": ("ap-southeast-2", "ap-southeast-4"),
    "br": ("sa-east-1",),
    "ca": ("ca-central-1", "ca-west-1"),
    "ch": ("eu-central-2",),
    "eu": ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3", "eusc-de-east-1"),
    "il": ("il-central-1",),
    "in": ("ap-south-1", "ap-south-2"),
    "jp": ("ap-northeast-1", "ap-northeast-3"),
    "kr": ("ap-northeast-2",),
    "nz": ("ap-southeast-6",),
    "sg": ("ap-southeast-1",),
    "uk": ("eu-west-2",),
    "us": ("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    "us-gov": ("us-gov-east-1", "us-gov-west-1"),
    "za": ("af-south-1",),
}
"""The Regions that lie in a country or union, for `residency="eu"`."""

ResidencyRule = str | Iterable[str] | Callable[[str], bool] | None
"""Regions, shorthands such as `eu`, a function from a Region's name to whether data may reach it, or no limit."""


class Residency:
    """The Regions that data may reach, as a user says it.

    Args:
        rule: Names of Regions and of jurisdictions such as `eu`, or a function that says for one Region whether data
            may reach it. `None` sets no limit.

    Raises:
        TypeError: The rule is none of these.
        ValueError: A name is neither a Region nor a known jurisdiction, or the set is empty.

    Example:
        >>> Residency("ca").describe()
        'ca (ca-central-1, ca-west-1)'
        >>> Residency({"us-east-1", "us-east-2"}).permits("eu-west-1")
        False
    """

    def __init__(self, rule: ResidencyRule = None) -> None:
        self.rule: Callable[[str], bool] | None = None
        self._names: tuple[str, ...] = ()
        self._regions: frozenset[str] | None = None
        if rule is None:
            return
        if callable(rule):
            self.rule = rule
            return
        names = (rule,) if isinstance(rule, str) else _names(rule)
        if not names:
            raise ValueError(
                "residency must name at least one Region: an empty set forbids everything; None sets no limit"
            )
        self._names = names
        self._regions = frozenset(region for name in names for region in _regions(name))

    def permits(self, region: str) -> bool:
        """Whether data may reach a Region.

        Args:
            region: Its name.

        Returns:
            Whether it may.
        """
        if self.rule is not None:
            return bool(self.rule(region))
        return self._regions is None or region in self._regions

    def refusal(self, profile: Profile) -> str | None:
        """Why a profile must not be called, if it must not.

        Args:
            profile: As it is called from its source Region.

        Returns:
            The reason, or `None` if it may be called.
        """
        if self.unlimited:
            return None
        if profile.scope == "global":
            return "a global profile may be served in any commercial Region, which fits no residency"
        if profile.scope == "unknown":
            return "where it may be served is not known"
        outside = [region for region in profile.destination_regions if not self.permits(region)]
        if outside:
            return f"it may be served in {', '.join(outside)}, outside the residency"
        if not self.permits(profile.source_region):
            return f"its source Region {profile.source_region} is outside the residency"
        return None

    @property
    def unlimited(self) -> bool:
        """Whether there is no limit."""
        return self.rule is None and self._regions is None

    def permitted(self, regions: Iterable[str]) -> list[str] | None:
        """Those of some Regions that data may reach; `None` without a limit."""
        return None if self.unlimited else sorted(region for region in set(regions) if self.permits(region))

    @property
    def given(self) -> list[str] | Callable[[str], bool] | None:
        """The rule: the names in their order, the function, or `None` for no limit."""
        return self.rule or list(self._names) or None

    def describe(self) -> str:
        """The residency in words, shorthands with their Regions."""
        if self.rule is not None:
            return f"what {getattr(self.rule, '__name__', 'a function')} permits"
        if self._regions is None:
            return "no limit"
        return ", ".join(
            f"{name} ({', '.join(JURISDICTIONS[name])})" if name in JURISDICTIONS else name for name in self._names
        )

    def __repr__(self) -> str:
        return f"<Residency {self.describe()}>"


def _names(rule: Iterable[str]) -> tuple[str, ...]:
    names: tuple[Any, ...] = tuple(rule) if isinstance(rule, Iterable) else (None,)
    if not all(isinstance(name, str) for name in names):
        raise TypeError(
            "residency must be Regions ({'eu-west-1', 'eu-central-1'}), a jurisdiction ('eu'), a function from a "
            "Region's name to bool, or None"
        )
    return tuple(sorted(set(names)))


def _regions(name: str) -> tuple[str, ...]:
    if name in JURISDICTIONS:
        return JURISDICTIONS[name]
    # A Region ends with a number; whatever else was meant must not pass for one that simply permits nothing.
    if name in _snapshot.facts().regions or (name.count("-") > 1 and name[-1].isdigit()):
        return (name,)
    known = ", ".join(JURISDICTIONS)
    raise ValueError(f"residency {name!r} is neither a Region, such as eu-west-1, nor one of the jurisdictions {known}")
