"""What a router knows of its sources. Its copies and its twin share it: what one finds, all know."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

from outcrop import _native
from outcrop._models import refuses
from outcrop.cross_region._quotas import Drawn, codes_of
from outcrop.cross_region.planning import Candidate, Plan, Told, judged, next_models, of_models
from outcrop.cross_region.residency import Verdict
from outcrop.cross_region.resolving import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcrop.cross_region._facts import RegionFacts
    from outcrop.cross_region.identifiers import Identifier
    from outcrop.cross_region.profile import Profile
    from outcrop.cross_region.residency import Residency
    from outcrop.cross_region.terms import Mode, Terms

    Laid = tuple[int, str, str | None, list[str] | None, bool, int, list[str], str | None]
    Listed = tuple[int, int, int, list[Laid]]

_lock = threading.Lock()
"""One for all routers: it is held for as long as it takes to compare lists."""


def _begin_anew() -> None:
    global _lock  # noqa: PLW0603  -- in a child, a lock that another thread held is held for ever
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)

_LISTS: dict[str, int] = {"SYSTEM_DEFINED": 0, "APPLICATION": 1, "FOUNDATION_MODEL": 2}


class Known:
    """The newest of what was found, in the core's hands as well.

    Args:
        router: The native half, which keeps an order of its own: nothing older than what it knows gets in.
        identifiers: The models, the preferred first.
        geographies: In the order of preference, or `None`.
        residency: What data may reach.
        terms: What is demanded of sources beside.
    """

    def __init__(
        self,
        router: _native.Router,
        identifiers: Sequence[Identifier],
        geographies: Sequence[str] | None,
        residency: Residency,
        *,
        terms: Terms,
    ) -> None:
        self._router = router
        self._identifiers = identifiers
        self._geographies = geographies
        self._residency = residency
        self._terms = terms
        self._modes: list[Mode] = []
        self._candidates: list[Candidate] = []
        self._reach: list[frozenset[str]] = []
        self._regions: frozenset[str] = frozenset()
        self.facts: list[RegionFacts] = []
        self.fresh_until = 0.0
        """The moment, by `time.monotonic`, at which a call looks at the lists again."""

    def learn(self, found: list[RegionFacts], fresh_for: float | None = None) -> None:
        """Take in what was found, as far as it is newer.

        Args:
            found: What is known of each source, in their order.
            fresh_for: For how many seconds no call needs to look again.
        """
        with _lock:
            if self.facts:
                found = [known.with_newer(it) for known, it in zip(self.facts, found, strict=True)]
            if found != self.facts:
                laid_out = of_models(self._identifiers, self._geographies, found)
                targets = [row.target.profile for row in laid_out if row.target.exists]
                self._router.learn(self._listed(laid_out, found))
                self._reach = [profile.reach for profile in targets if profile.scope == "regions"]
                self._regions = frozenset().union(*self._reach)
                self._candidates, self.facts = laid_out, found
            if fresh_for is not None:
                self.fresh_until = time.monotonic() + fresh_for

    def retain(self, found: list[Mode]) -> None:
        """Take in what was found of the sources' data retention, as far as it is newer.

        Args:
            found: What is known of each source, in their order.
        """
        with _lock:
            known = self._modes or found
            self._modes = [new if new.number >= old.number else old for old, new in zip(known, found, strict=True)]
            self._router.retain([(at, mode.number, mode.mode) for at, mode in enumerate(found) if mode.number])

    @property
    def notes(self) -> list[str]:
        """The next models, the projects and the modes of data retention, in words."""
        models = next_models(self._identifiers)
        return [*models, *self._terms.notes(self._modes)]

    def plan(self, verdict: Verdict | None = None) -> Plan:
        """Every target, allowed or refused and why.

        Args:
            verdict: What the residency says; it is asked if left out.
        """
        if verdict is None:
            verdict = self._residency.verdict(self._regions)
        told = Told(self._terms, self._modes)
        return judged(self._identifiers, self._candidates, self._residency, verdict, self.facts, told=told)

    def require(self) -> None:
        """See that a target may be called, where that is known without asking a rule.

        Raises:
            NoTargetError: There is none. The next call looks again.
        """
        if self._residency.rule is None and not (plan := self.plan()).allowed:
            self.fresh_until = 0.0
            require(plan)

    def ask(self) -> frozenset[str]:
        """Ask the rule for one call: the Regions that it permits, of all that a target may reach.

        Raises:
            NoTargetError: It permits no target.
        """
        reach = self._reach
        verdict = self._residency.verdict(self._regions)
        permitted = verdict.permitted or frozenset()
        if not any(regions <= permitted for regions in reach):
            require(self.plan(verdict))
        return permitted

    def drawn(self) -> list[Drawn]:
        """The targets, and the quotas that they draw on."""
        rows = [(row.source, row.target.profile) for row in self._candidates if row.target.exists]
        return [Drawn(source, it.source_region, it.model_id, codes_of(it)) for source, it in rows]

    def number_of(self, model_id: Any) -> int:
        """Which of the models a call names; the first where it names none, or what nobody knows."""
        for number, identifier in enumerate(self._identifiers):
            if model_id in (identifier.text, identifier.name):
                return number
        rows = (
            row.model
            for row in self._candidates
            if model_id in (row.target.model_id, row.target.profile.id, row.target.profile.base_model)
        )
        return min(rows, default=0)

    def standing(self) -> tuple[frozenset[str] | None, Plan]:
        """What the rule permits now, `None` where there is none, and the plan that follows: both for a report.

        A rule that fails permits nothing: a call would have ended with it, and a report is none.
        """
        try:
            verdict = self._residency.verdict(self._regions)
        except Exception:  # noqa: BLE001  -- whatever it is
            verdict = Verdict(frozenset())
        return None if self._residency.rule is None else verdict.permitted, self.plan(verdict)

    def _listed(self, laid_out: Sequence[Candidate], found: Sequence[RegionFacts]) -> list[Listed]:
        """The targets as the core takes them: each in the list of its source that says so, with the list's number."""
        rows: dict[tuple[int, int], list[Laid]] = {}
        for source, facts in enumerate(found):
            for number in range(len(facts.lists)):
                rows[source, number] = []
        for place, source, target, model in laid_out:
            if target.exists:
                profile = target.profile
                last = (model, _refused(profile, model), codes_of(profile).key)
                rows[source, _LISTS[profile.type]].append((place, *_laid(profile), *last))
        return [
            (source, number, found[source].lists[number].number, listed) for (source, number), listed in rows.items()
        ]


def _refused(profile: Profile, model: int) -> list[str]:
    """What a next model refuses, of what the core looks for in requests that were written for another."""
    if model == 0 or profile.base_model is None:
        return []
    return [feature for feature in _native.request_features() if refuses(profile.base_model, feature)]


def _laid(profile: Profile) -> tuple[str, str | None, list[str] | None, bool]:
    destinations = list(profile.destination_regions) if profile.scope == "regions" else None
    return profile.model_id, profile.base_model, destinations, profile.scope == "global"
