"""Residency: the set of Regions that data may reach."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from types import CoroutineType
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop import _values
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
            may reach it. `None` sets no limit. A function answers with a value that is true or false, at once: what is
            to be awaited is refused, and so is an object without a truth of its own, which would always be true.

    Raises:
        TypeError: The rule is none of these, or is to be awaited.
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
            if _is_awaited(rule):
                raise TypeError(_AWAITED)
            self.rule = rule
            return
        names = _names((rule,) if isinstance(rule, str) else rule)
        if not names:
            raise ValueError(
                "residency must name at least one Region: an empty set forbids everything; None sets no limit"
            )
        self._names = names
        self._regions = frozenset(region for name in names for region in _regions(name))

    @classmethod
    def of(cls, rule: ResidencyRule | Residency) -> Residency:
        """The residency of a rule; one that is made already is taken as it is.

        Args:
            rule: As for `Residency`. What a subclass answers in `permits` is a rule like any function.
        """
        if not isinstance(rule, Residency):
            return Residency(rule)
        return rule if type(rule) is Residency else Residency(rule.permits)

    def permits(self, region: str) -> bool:
        """Whether data may reach a Region.

        Args:
            region: Its name.

        Returns:
            Whether it may.
        """
        if self.rule is not None:
            return _truth(self.rule(region))
        return self._regions is None or region in self._regions

    def verdict(self, regions: Iterable[str]) -> Verdict:
        """What it says of some Regions, now; a rule is asked once about each.

        Args:
            regions: All that may matter: what was not asked about is refused.

        Returns:
            The verdict.

        Raises:
            TypeError: The rule's answer says neither yes nor no.
        """
        return Verdict(None if self.unlimited else frozenset(it for it in sorted(set(regions)) if self.permits(it)))

    def refusal(self, profile: Profile) -> str | None:
        """Why a profile must not be called, if it must not.

        Args:
            profile: As it is called from its source Region.

        Returns:
            The reason, or `None` if it may be called.
        """
        return self.verdict(profile.reach).refusal(profile)

    @property
    def unlimited(self) -> bool:
        """Whether there is no limit."""
        return self.rule is None and self._regions is None

    @property
    def regions(self) -> frozenset[str] | None:
        """The Regions that are named; `None` for a function or no limit."""
        return self._regions

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


class Verdict(NamedTuple):
    """What a residency says at one time.

    Attributes:
        permitted: The Regions that data may reach; `None` is anywhere. A Region that is not among them is refused.
    """

    permitted: frozenset[str] | None

    def refusal(self, profile: Profile) -> str | None:
        """Why a profile must not be called, if it must not.

        Args:
            profile: As it is called from its source Region.

        Returns:
            The reason, or `None` if it may be called.
        """
        if self.permitted is None:
            return None
        if profile.scope == "global":
            return "a global profile may be served in any commercial Region, which fits no residency"
        if profile.scope == "unknown":
            return "where it may be served is not known"
        outside = [region for region in profile.destination_regions if region not in self.permitted]
        if outside:
            return f"it may be served in {', '.join(outside)}, outside the residency"
        if profile.source_region not in self.permitted:
            return f"its source Region {profile.source_region} is outside the residency"
        return None


_AWAITED = (
    "a residency's function must answer at once, and this one is to be awaited: look up what it needs beforehand, and "
    "answer from that"
)
#: `inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR`; importing inspect costs as much as all of outcrop.
_ASYNC = 0x80 | 0x200


def _is_awaited(rule: Callable[[str], object]) -> bool:
    """Whether a function's form says that its answers are to be awaited; `_truth` looks at the answers."""
    while isinstance(rule, functools.partial):
        rule = rule.func
    # An object that can be called has its code in its class.
    code = getattr(rule, "__code__", None) or getattr(vars(type(rule)).get("__call__"), "__code__", None)
    return bool(code is not None and code.co_flags & _ASYNC)


def _truth(answer: object) -> bool:
    """Whether a rule said yes.

    Raises:
        TypeError: It said nothing: the answer is to be awaited, or is true whatever was meant.
    """
    if isinstance(answer, bool) or answer is None:
        return bool(answer)
    kind = type(answer)
    if hasattr(kind, "__await__") or hasattr(kind, "__anext__"):
        if isinstance(answer, CoroutineType):
            answer.close()
        raise TypeError(_AWAITED)
    # All that is said by most objects' truth is that they are there: a future, a generator, a function.
    if not (hasattr(kind, "__bool__") or hasattr(kind, "__len__") or isinstance(answer, re.Match)):
        raise TypeError(f"a residency's function must answer with True or False, not {kind.__name__}")
    return bool(answer)


def _names(rule: Iterable[str]) -> tuple[str, ...]:
    if isinstance(rule, Mapping):
        # Its keys alone would be taken, whatever it says of each.
        raise TypeError(
            "residency must not be a mapping, which may say no to some of its Regions: name those that data may reach"
        )
    names: tuple[Any, ...] = tuple(rule) if isinstance(rule, Iterable) else (None,)
    if not all(isinstance(name, str) for name in names):
        raise TypeError(
            "residency must be Regions ({'eu-west-1', 'eu-central-1'}), a jurisdiction ('eu'), a function from a "
            "Region's name to bool, or None"
        )
    return tuple(sorted({_values.plain(name) for name in names}))


_REGION = re.compile(r"[a-z]+(-[a-z]+)+-[0-9]+")


def _regions(name: str) -> tuple[str, ...]:
    if name.lower() in JURISDICTIONS:
        return JURISDICTIONS[name.lower()]
    # A Region ends with a number; whatever else was meant must not pass for one that simply permits nothing.
    if name in _snapshot.facts().regions or _REGION.fullmatch(name):
        return (name,)
    known = ", ".join(JURISDICTIONS)
    raise ValueError(
        f"residency {_values.shown(name)} is neither a Region, such as eu-west-1, nor one of the jurisdictions {known}"
    )
