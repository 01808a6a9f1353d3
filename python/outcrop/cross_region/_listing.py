"""AWS's lists of one source Region, fetched without a thread: the calls run behind Python and are taken later."""

from __future__ import annotations

import itertools
import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

from outcrop import _credentials
from outcrop.cross_region._facts import (
    Listed,
    Lists,
    RegionFacts,
    bundled_models,
    bundled_profiles,
    rows_of_models,
    rows_of_profiles,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcrop.cross_region.profile import Profile

_numbers = itertools.count(1)
"""What was asked for later is newer, whenever it comes."""

_PROFILES, _APPLICATIONS, _MODELS = range(3)
_LISTS: dict[int, tuple[str, dict[str, Any], str]] = {
    _PROFILES: (
        "ListInferenceProfiles",
        {"typeEquals": "SYSTEM_DEFINED", "maxResults": 1000},
        "inferenceProfileSummaries",
    ),
    _APPLICATIONS: (
        "ListInferenceProfiles",
        {"typeEquals": "APPLICATION", "maxResults": 1000},
        "inferenceProfileSummaries",
    ),
    _MODELS: ("ListFoundationModels", {}, "modelSummaries"),
}


class Listing:
    """The lists of one Region, under way or done.

    Args:
        client: A client of the service `bedrock` in the source Region.
        tags: Whether to fetch the tags of application profiles, which is a call for each.
    """

    def __init__(self, client: Any, *, tags: bool) -> None:
        self._region = client.meta.region_name
        self._number = next(_numbers)
        self._calls = _credentials.calls(client._native)  # noqa: SLF001  -- the package's own
        self._tags = tags
        self._found: dict[int, list[dict[str, Any]]] = {number: [] for number in _LISTS}
        self._tagged: dict[int, dict[str, Any]] = {}
        self._waiting = set(_LISTS)
        self._failed: dict[int, Exception] = {}
        self._lock = threading.Lock()
        for number, (operation, arguments, _) in _LISTS.items():
            self._calls.start(number, operation, arguments)

    def wait(self, until: float | None = None) -> RegionFacts | None:
        """What the Region's lists say; the bundled facts where they cannot be had.

        Args:
            until: The moment, by `time.monotonic`, after which it is `None` instead.
        """

        def left() -> float | None:
            return None if until is None else max(0.0, until - monotonic())

        patience = left()
        # Whoever comes first takes what arrives; the others find it done.
        if not self._lock.acquire(timeout=-1 if patience is None else patience):
            return None
        try:
            while self._waiting:
                if not self._take(left()):
                    return None
        finally:
            self._lock.release()
        return self._facts()

    def poll(self) -> RegionFacts | None:
        """The same if all of it has arrived."""
        with self._lock:
            while self._waiting and self._take(0.0):
                pass
            return None if self._waiting else self._facts()

    def _take(self, timeout: float | None) -> bool:
        taken = self._calls.take(timeout)
        if taken is None:
            return False
        number, result = taken
        self._waiting.discard(number)
        if isinstance(result, Exception):
            self._failed[number] = result
        elif number in _LISTS:
            self._page(number, result)
        else:
            tags = {tag["key"]: tag["value"] for tag in result.get("tags", [])}
            self._tagged[number]["tags"] = tags
        return True

    def _page(self, number: int, result: dict[str, Any]) -> None:
        operation, arguments, member = _LISTS[number]
        found = result.get(member, [])
        self._found[number] += found
        if token := result.get("nextToken"):
            self._start(number, operation, arguments | {"nextToken": token})
        if number == _APPLICATIONS and self._tags:
            for summary in found:
                behind = len(_LISTS) + len(self._tagged)
                self._tagged[behind] = summary
                self._start(behind, "ListTagsForResource", {"resourceARN": summary["inferenceProfileArn"]})

    def _start(self, number: int, operation: str, arguments: dict[str, Any]) -> None:
        self._waiting.add(number)
        self._calls.start(number, operation, arguments)

    def _facts(self) -> RegionFacts:
        region, models = self._region, self._found[_MODELS]

        def profiles(number: int) -> tuple[Profile, ...]:
            return rows_of_profiles(region, self._found[number], models)

        applications = self._listed(_APPLICATIONS, lambda: profiles(_APPLICATIONS), lambda why: Listed((), why=why))
        return RegionFacts(
            region,
            Lists(
                self._listed(_PROFILES, lambda: profiles(_PROFILES), lambda why: bundled_profiles(region, why)),
                applications,
                self._listed(_MODELS, lambda: rows_of_models(region, models), lambda why: bundled_models(region, why)),
            ),
        )

    def _listed(
        self, number: int, read: Callable[[], tuple[Profile, ...]], otherwise: Callable[[str], Listed]
    ) -> Listed:
        """A list as AWS gave it; what else is known where that failed, or is not to be read."""
        operation = _LISTS[number][0]
        if number in self._failed:
            return otherwise(f"because {operation} failed: {self._failed[number]}")
        try:
            return Listed(read(), self._number)
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            return otherwise(f"because {operation} gave what cannot be read ({type(error).__name__}: {error})")
